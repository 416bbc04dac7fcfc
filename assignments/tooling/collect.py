"""From a folder of submissions, however it came from the learning platform, to nbgrader's layout.

Understood are ``STUDENT/ps2/ps2.ipynb`` (nbgrader's own), ``STUDENT/ps2.ipynb`` (a folder for each
student, as platforms pack them) and ``STUDENT_ps2.ipynb`` or ``STUDENT-ps2.ipynb`` (all in one
folder), in folders of groups, sets or downloads, with what Moodle, Canvas, Blackboard, GitHub Classroom
and Teams add to a student's name. What Colab, Jupyter and browsers add to a file's name, "Copy of" and
"(1)", does not matter. Every notebook is a submission or left out with a reason.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assignments.tooling.arrival import Arrival, archive, identify
from assignments.tooling.arrivals import notebooks, relative, text_of
from assignments.tooling.late import handed_in_at, keep_time, time_kept
from assignments.tooling.roster import Roster
from assignments.tooling.students import Students
from assignments.tooling.whose import names_of


@dataclass(frozen=True)
class Submission:
    """One file that was handed in: whose it is, which problem set, and what is wrong with it, if it is.

    Args:
        path: the file.
        student: nbgrader's id of the student.
        name: the problem set, or "" if it is not known.
        problem: why it cannot be graded, or "".
        label: the student's name as it came.
        note: what a teacher should know of one that is graded.
    """

    path: Path
    student: str
    name: str
    problem: str = ""
    label: str = ""
    note: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A file that came in and is no submission, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Collected:
    """What is in a folder: submissions in the order of their students, and every other notebook."""

    submissions: list[Submission]
    left_out: list[LeftOut]


def find(folder: Path, sets: Sequence[str]) -> list[Submission]:
    """The submissions in a folder, in the order of their students: see :func:`collect`."""
    return collect(folder, sets).submissions


def collect(
    folder: Path,
    sets: Sequence[str],
    students: Students | None = None,
    roster: Roster | None = None,
) -> Collected:
    """Every notebook in a folder: one submission for each student and problem set, the rest with reasons.

    Of several notebooks of one student for one problem set the last one counts that can be read:
    the last attempt where the platform counts them, else the file that was changed last.

    Args:
        folder: the submissions.
        sets: the problem sets to look for.
        students: the students of the course so far; new ones are added.
        roster: who is in the course; whom it knows by name or number has the roster's id.

    Raises:
        FileNotFoundError: if there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    students = Students() if students is None else students
    arrivals, left_out = [], []
    for path, reason in sorted(notebooks(folder)):
        if reason:
            left_out.append(LeftOut(path, reason))
        else:
            arrivals.append(identify(path, folder, sets))
    places = [each.place for each in arrivals]
    names = names_of(places, [bool(each.name) and each.is_notebook for each in arrivals])
    roster = Roster() if roster is None else roster
    known = [roster.who(n, each.place.number, each.name) for n, each in zip(names, arrivals)]
    told = students.tell_apart(
        [
            (name, each.name, "" if person else each.place.number)
            for name, each, person in zip(names, arrivals, known)
        ]
    )
    names = [person or name for person, name in zip(known, told)]
    with_notebook = {name for name, each in zip(names, arrivals) if each.is_notebook}
    students.enrol(
        name
        for name, each in zip(names, arrivals)
        if each.is_notebook or (each.name and name not in with_notebook)
    )
    groups: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for name, each in zip(names, arrivals):
        groups[name, each.name].append(each)
    submissions = []
    for (name, problem_set), group in groups.items():
        chosen, others = choose(group)
        if not chosen.is_notebook and (not problem_set or name in with_notebook):
            left_out += [LeftOut(each.path, each.problem) for each in group if archive(each)]
            continue
        student = students.ids[name]
        said = note(chosen, others, folder)
        submissions.append(
            Submission(chosen.path, student, problem_set, chosen.problem, name, said)
        )
        for each in others:
            if each.is_notebook or archive(each) or chosen.problem:
                left_out.append(LeftOut(each.path, each.problem or instead(each, chosen, folder)))
    submissions.sort(key=lambda each: (each.student, each.name))
    left_out.sort(key=lambda each: each.path)
    return Collected(submissions, left_out)


def choose(group: Sequence[Arrival]) -> tuple[Arrival, list[Arrival]]:
    """The last of a student's files for one problem set that can be read, and the others."""
    ordered = sorted(
        group,
        key=lambda each: (each.is_notebook, not each.problem, not each.untouched, each.order),
    )
    return ordered[-1], ordered[:-1]


def instead(other: Arrival, chosen: Arrival, folder: Path) -> str:
    """Why another notebook of the same student counts."""
    counted = relative(chosen.path, folder)
    if other.untouched and not chosen.untouched:
        return f"nothing in it was written; this one counts: {counted}"
    return f"the student handed in a later one: {counted}"


def note(chosen: Arrival, others: Sequence[Arrival], folder: Path) -> str:
    """What a teacher should know of the file that was chosen."""
    notes = []
    if chosen.place.nameless:
        notes.append("neither a folder nor its name says whose it is")
    rivals = [relative(each.path, folder) for each in others if not each.problem]
    if rivals:
        counted = relative(chosen.path, folder)
        notes.append(f"{len(rivals) + 1} notebooks: {counted} counts, not {', '.join(rivals)}")
    later = [
        each
        for each in others
        if each.problem and each.order > chosen.order and (each.is_notebook or archive(each))
    ]
    if later and not chosen.problem:
        last = max(later, key=lambda each: each.order)
        notes.append(f"a later file was left out, {relative(last.path, folder)}: {last.problem}")
    return "; ".join(notes)


def submit(submission: Submission, course: Path) -> bool:
    """Copy a submission to where nbgrader looks for it; return whether it is new or has changed.

    A changed one is taken out of ``autograded`` and ``feedback``, so that it is graded again. When it was
    handed in stays with it, as nbgrader keeps it (``timestamp.txt``). One that lies there already, because nbgrader
    collected it, is new if it was handed in at another time than the one that was graded.
    """
    home = course / "submitted" / submission.student / submission.name
    target = home / f"{submission.name}.ipynb"
    fresh = text_of(submission.path).encode()
    graded = course / "autograded" / submission.student / submission.name
    when = handed_in_at(submission.path)
    in_place = home.resolve() in submission.path.resolve().parents
    if target.is_file() and target.read_bytes() == fresh and graded.is_dir():
        if not in_place or time_kept(graded) in (None, when):
            return False
    old = [graded, course / "feedback" / submission.student / submission.name]
    if not in_place:
        old.append(home)
    for each in old:
        shutil.rmtree(each, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    target.write_bytes(fresh)
    keep_time(home, when)
    return True
