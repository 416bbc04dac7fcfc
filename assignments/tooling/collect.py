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

from assignments.tooling.arrivals import notebooks, relative, text_of
from assignments.tooling.students import Students
from assignments.tooling.whose import Place, names_of, place, readable

MAX_BYTES = 100_000_000


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

    @property
    def order(self) -> tuple:
        """The later of a student's files are greater."""
        return self.place.attempt, self.changed, self.place.copy, str(self.path)


def find(folder: Path, sets: Sequence[str]) -> list[Submission]:
    """The submissions in a folder, in the order of their students: see :func:`collect`."""
    return collect(folder, sets).submissions


def collect(folder: Path, sets: Sequence[str], students: Students | None = None) -> Collected:
    """Every notebook in a folder: one submission for each student and problem set, the rest with reasons.

    Of several notebooks of one student for one problem set the last one counts that can be read:
    the last attempt where the platform counts them, else the file that was changed last.

    Args:
        folder: the submissions.
        sets: the problem sets to look for.
        students: the students of the course so far; new ones are added.

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
    names = names_of(places, [bool(each.name) for each in arrivals])
    names = students.tell_apart(
        [(name, each.name, each.place.number) for name, each in zip(names, arrivals)]
    )
    students.enrol(names)
    groups: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for name, each in zip(names, arrivals):
        groups[name, each.name].append(each)
    submissions = []
    for (name, problem_set), group in groups.items():
        chosen, others = choose(group)
        student = students.ids[name]
        said = note(chosen, others, folder)
        submissions.append(
            Submission(chosen.path, student, problem_set, chosen.problem, name, said)
        )
        later = f"{student} handed in a later one: {relative(chosen.path, folder)}"
        left_out += [LeftOut(each.path, each.problem or later) for each in others]
    submissions.sort(key=lambda each: (each.student, each.name))
    left_out.sort(key=lambda each: each.path)
    return Collected(submissions, left_out)


def identify(path: Path, folder: Path, sets: Sequence[str]) -> Arrival:
    """What a file's place says, and for which problem set it is: by its name, else by what stands in it."""
    problem, content, changed = "", {}, 0.0
    try:
        changed = path.stat().st_mtime
        content, problem = read(path)
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}"
    parts = [readable(part) for part in path.relative_to(folder).parts]

    def mentioned(text: str) -> list[str]:
        return [n for n in sets if re.search(rf"(?<![a-z]){re.escape(n)}(?!\d)", text, re.I)]

    names = mentioned(parts[-1]) + [name for name in sets if name in parts[:-1]]
    names += [name for name in sets if name == about(content).get("set")]
    names += [name for part in parts[:-1] for name in mentioned(part)]
    if not names and not problem:
        problem = f"neither its name nor its cells say which of {', '.join(sets)} it is"
    where = place(path.relative_to(folder), sets)
    return Arrival(path, where, next(iter(names), ""), problem, changed)


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
    ordered = sorted(group, key=lambda each: (not each.problem, each.order))
    return ordered[-1], ordered[:-1]


def note(chosen: Arrival, others: Sequence[Arrival], folder: Path) -> str:
    """What a teacher should know of the file that was chosen."""
    notes = []
    if chosen.place.nameless:
        notes.append("neither a folder nor its name says whose it is")
    later = [each for each in others if each.problem and each.order > chosen.order]
    if later and not chosen.problem:
        last = max(later, key=lambda each: each.order)
        notes.append(f"a later file was left out, {relative(last.path, folder)}: {last.problem}")
    return "; ".join(notes)


def submit(submission: Submission, course: Path) -> bool:
    """Copy a submission to where nbgrader looks for it; return whether it is new or has changed.

    A changed one is taken out of ``autograded`` and ``feedback``, so that it is graded again.
    """
    home = course / "submitted" / submission.student / submission.name
    target = home / f"{submission.name}.ipynb"
    fresh = text_of(submission.path).encode()
    graded = course / "autograded" / submission.student / submission.name
    if target.is_file() and target.read_bytes() == fresh and graded.is_dir():
        return False
    for old in (home, graded, course / "feedback" / submission.student / submission.name):
        shutil.rmtree(old, ignore_errors=True)
    home.mkdir(parents=True)
    target.write_bytes(fresh)
    return True
