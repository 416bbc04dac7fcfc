"""From a folder of submissions, however it came from the learning platform, to nbgrader's layout.

Understood are ``STUDENT/ps2/ps2.ipynb`` (nbgrader's own), ``STUDENT/ps2.ipynb`` (a folder for each
student, as platforms pack them) and ``STUDENT_ps2.ipynb`` or ``STUDENT-ps2.ipynb`` (all in one
folder), in folders of groups, sets or downloads, with what Moodle, Canvas, Blackboard, GitHub Classroom
and Teams add to a student's name. What Colab, Jupyter and browsers add to a file's name, "Copy of" and
"(1)", does not matter. Every notebook is a submission or left out with a reason.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assignments.tooling.arrivals import ARCHIVE, WORK, notebooks, relative, text_of
from assignments.tooling.late import handed_in_at, keep_time
from assignments.tooling.roster import Roster
from assignments.tooling.students import Students
from assignments.tooling.whose import NOTEBOOK, Place, names_of, place, readable

MAX_BYTES = 100_000_000
STUB = 'raise NotImplementedError("not implemented yet")'


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


@dataclass(frozen=True)
class Arrival:
    """A file before it is known whose it is."""

    path: Path
    place: Place
    name: str
    problem: str
    changed: float
    untouched: bool = False

    @property
    def is_notebook(self) -> bool:
        """Whether it is called a notebook."""
        return bool(NOTEBOOK.search(self.path.name))

    @property
    def order(self) -> tuple:
        """The later of a student's files are greater."""
        return self.place.attempt, self.changed, self.place.copy, str(self.path)


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


def identify(path: Path, folder: Path, sets: Sequence[str]) -> Arrival:
    """What a file's place says, and for which problem set it is: by its name, else by what stands in it."""
    problem, content, changed = "", {}, 0.0
    try:
        changed = handed_in_at(path).timestamp()
        content, problem = read(path) if NOTEBOOK.search(path.name) else ({}, no_notebook(path))
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}"
    parts = [readable(part) for part in path.relative_to(folder).parts]

    def mentioned(text: str) -> list[str]:
        return [n for n in sets if re.search(rf"(?<![a-z]){re.escape(n)}(?!\d)", text, re.I)]

    names = mentioned(parts[-1]) + [name for name in sets if name in parts[:-1]]
    names += [name for name in sets if name == about(content).get("set")]
    names += [name for part in parts[:-1] for name in mentioned(part)]
    if not names and len(sets) == 1 and not NOTEBOOK.search(path.name):
        names = list(sets)
    if not names and not problem:
        problem = f"neither its name nor its cells say which of {', '.join(sets)} it is"
    inside = path.relative_to(folder)
    where = place(inside.with_name(WORK.sub("", inside.name)), sets)
    fresh = untouched(content) if not problem else False
    return Arrival(path, where, next(iter(names), ""), problem, changed, fresh)


def no_notebook(path: Path) -> str:
    """Why a script, a document or an archive is not graded."""
    if ARCHIVE.search(path.name):
        return "an archive: unpack it if there are notebooks in it"
    return f"no notebook but a {path.suffix} file: ask for the .ipynb"


def archive(each: Arrival) -> bool:
    """Whether notebooks may be in it."""
    return bool(ARCHIVE.search(each.path.name))


def untouched(content: dict) -> bool:
    """Whether every function that a notebook leaves to its student is still the stub that was released."""
    left = []
    for cell in content.get("cells", ()):
        metadata = cell.get("metadata") if isinstance(cell, dict) else None
        marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        if isinstance(marks, dict) and marks.get("solution") and cell.get("cell_type") == "code":
            left.append("".join(cell.get("source", "")))
    return bool(left) and all(STUB in text for text in left)


def read(path: Path) -> tuple[dict, str]:
    """What stands in a notebook, and what is wrong with it, or ""."""
    if path.stat().st_size > MAX_BYTES:
        return {}, f"the file is larger than {MAX_BYTES // 10**6} MB"
    text = text_of(path)
    if not text.strip():
        return {}, "the file is no notebook: it is empty"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}, "the file is no valid JSON: it was cut off, or is not a notebook"
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        return {}, "the file is no notebook of nbformat 4"
    return content, ""


def about(content: object) -> dict:
    """What a notebook's metadata say of the problem set and its variant, or nothing."""
    metadata = content.get("metadata") if isinstance(content, dict) else None
    found = metadata.get("s2s") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


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
    handed in stays with it, as nbgrader keeps it (``timestamp.txt``).
    """
    home = course / "submitted" / submission.student / submission.name
    target = home / f"{submission.name}.ipynb"
    fresh = text_of(submission.path).encode()
    graded = course / "autograded" / submission.student / submission.name
    if target.is_file() and target.read_bytes() == fresh and graded.is_dir():
        return False
    when = handed_in_at(submission.path)
    old = [graded, course / "feedback" / submission.student / submission.name]
    if home.resolve() not in submission.path.resolve().parents:
        old.append(home)
    for each in old:
        shutil.rmtree(each, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    target.write_bytes(fresh)
    keep_time(home, when)
    return True
