"""Feedback pages and the list of suspicions, made anew only where what they are made of has changed.

``made.json`` in the course's folder remembers digests: of each graded notebook, and of all that stands on its page. A run with
nothing new reads and hashes files, and starts no nbgrader.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, SubmittedAssignment

from assignments.tooling.release import nbgrader
from assignments.tooling.suspicion import of_a_notebook
from assignments.tooling.tables import LOOK

FILE = "made.json"
HERE = Path(__file__).parent
CODE = ("feedback.py", "summary.py", "sections.py", "equations.py", "suspicion.py")


def digest(*parts: bytes) -> str:
    """The SHA-256 of what was put together."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


class Made:
    """What earlier runs have made for each graded notebook: ``notebook``, ``page`` (digests) and ``seen`` (suspicions).

    Args:
        course: the course's folder; what its ``made.json`` says counts if it was written by the same code.
    """

    def __init__(self, course: Path):
        self.path = course / FILE
        self.code = digest(*[(HERE / each).read_bytes() for each in CODE])
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            self.of: dict[str, dict] = dict(kept["of"]) if kept["code"] == self.code else {}
        except (OSError, ValueError, KeyError, TypeError):  # nothing yet, or cut off: make all
            self.of = {}

    def save(self) -> None:
        """Write the file."""
        kept = {"code": self.code, "of": self.of}
        self.path.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")


def graded(course: Path, name: str) -> dict[str, Path]:
    """The graded notebooks of a set by student."""
    paths = sorted((course / "autograded").glob(f"*/{name}/{name}.ipynb"))
    return {path.parts[-3]: path for path in paths}


def look(
    course: Path, sets: Sequence[str], notes: dict[tuple[str, str], str], made: Made
) -> list[dict]:
    """The rows of ``suspicions.csv``; whoever has some gets a note. Only notebooks that are new to ``made`` are read."""
    rows = []
    for name in sets:
        for student, path in graded(course, name).items():
            known = made.of.setdefault(f"{student}/{name}", {})
            now = digest(path.read_bytes())
            if known.get("notebook") != now:
                seen = of_a_notebook(nbformat.read(path, as_version=4))
                known |= {"notebook": now, "seen": seen}
            rows += [{"student": student, "problem_set": name, "seen": s} for s in known["seen"]]
            if number := len(known["seen"]):
                lines = "1 line" if number == 1 else f"{number} lines"
                said = f"{LOOK}: {lines} in suspicions.csv"
                notes[student, name] = "; ".join(filter(None, [notes.get((student, name)), said]))
    return rows


def make_pages(course: Path, sets: Sequence[str], made: Made) -> None:
    """Make the feedback pages that are missing, or whose notebook, scores, comments or name are others than before.

    To be called after :func:`look`, which hashes the notebooks.
    """
    for name in sets:
        notebooks = graded(course, name)
        if not notebooks:
            continue
        said = what_it_says(course, name)
        changed = {}
        for student in notebooks:
            known = made.of.setdefault(f"{student}/{name}", {})
            now = digest(known.get("notebook", "").encode(), said.get(student, "").encode())
            page = course / "feedback" / student / name / f"{name}.html"
            if known.get("page") != now or not page.is_file():
                shutil.rmtree(page.parent, ignore_errors=True)  # nbgrader makes what is missing
                changed[student] = page, now
        if changed:
            nbgrader(course, "generate_feedback", name)
        for student, (page, now) in changed.items():
            made.of[f"{student}/{name}"]["page"] = now if page.is_file() else ""


def what_it_says(course: Path, name: str) -> dict[str, str]:
    """By student, as text: the name, points and comments that the gradebook has for a page of a set."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "s2s") as gradebook:
        return {each.student.id: on_a_page(each) for each in gradebook.assignment_submissions(name)}


def on_a_page(submission: SubmittedAssignment) -> str:
    """What the gradebook has for one page."""
    student = submission.student
    grades = [
        (g.name, g.score, g.max_score, bool(g.needs_manual_grade))
        for notebook in submission.notebooks
        for g in notebook.grades
    ]
    comments = [(c.name, c.comment) for notebook in submission.notebooks for c in notebook.comments]
    return json.dumps([student.first_name, student.last_name, sorted(grades), sorted(comments)])
