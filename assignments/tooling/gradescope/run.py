"""Grades the one notebook in ``submission/`` as ``make grade`` does, and writes ``results/results.json``.

    python -m assignments.tooling.gradescope.run /autograder

It works in the unpacked archive, whose ``course/source`` has one problem set.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

import nbformat

from assignments.tooling.arrival import about, read
from assignments.tooling.arrivals import notebooks, relative
from assignments.tooling.deleted import is_there, signs
from assignments.tooling.grade import SUSPICION_FILE, grade
from assignments.tooling.gradescope.results import is_graded, nothing, of_a_notebook
from assignments.tooling.release import configure, release
from assignments.tooling.source import ROOT
from assignments.tooling.tables import LOOK, read_table
from assignments.tooling.whose import NOTEBOOK

STUDENT = "student"
DAMAGED = (
    "The notebook could not be graded. Open it in Jupyter or Colab, run it from top to bottom, download it and hand it in "
    "again. If that does not help, tell your teacher, who finds the reason in what this run printed."
)
OURS = "The grader failed, which is not your fault: tell your teacher, who finds the reason in what this run printed."


class Refused(Exception):
    """What was handed in is not one notebook of this set; the message tells the student."""


def handed_in(submission: Path, name: str, official: nbformat.NotebookNode) -> Path:
    """The one notebook of a problem set in a folder.

    Raises:
        Refused: if there is none, or several, or one that cannot be read, or one of another set.
    """
    files = [path for path, reason in sorted(notebooks(submission)) if not reason]
    found = [path for path in files if NOTEBOOK.search(path.name)]
    if len(found) != 1:
        names = ", ".join(relative(path, submission) for path in found or files)
        but = f", but {names}" if files else ""
        what = f"{len(found)} notebooks came in ({names})" if found else f"No notebook came in{but}"
        raise Refused(f"{what}. Hand in one file, {name}.ipynb.")
    (path,) = found
    shown = relative(path, submission)
    content, problem = read(path)
    if problem:
        raise Refused(
            f"{shown} cannot be graded: {problem}. Download it anew and hand it in again."
        )
    said = about(content).get("set")
    if said not in (None, name):
        raise Refused(f"{shown} is a notebook of {said}; here {name} is handed in.")
    text = "\n".join("".join(c.get("source", "")) for c in content["cells"] if isinstance(c, dict))
    written = [cell for cell in official.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    if said is None and not any(
        is_there(sign, cell, text, set()) for cell in written for sign in signs(cell)
    ):
        raise Refused(f"{shown} has nothing of {name} in it: none of its functions or answers.")
    return path


def graded(path: Path, name: str, official: Path) -> dict:
    """The results of one notebook, graded in a course that is made for it and removed."""
    with tempfile.TemporaryDirectory(prefix="s2s-course-") as folder:
        course = Path(folder, "course")
        configure(course)
        shutil.copytree(official.parent, course / "source" / name)
        release(course, [name])
        home = Path(folder, "handed-in", STUDENT, name)
        home.mkdir(parents=True)
        shutil.copyfile(path, home / f"{name}.ipynb")
        (row,) = grade(home.parents[1], course, [name])
        if not row["graded"]:
            raise Refused(DAMAGED)
        notes = [each for each in row["note"].split("; ") if each and not each.startswith(LOOK)]
        done = course / "autograded" / STUDENT / name / f"{name}.ipynb"
        return of_a_notebook(
            nbformat.read(official, as_version=4),
            nbformat.read(done, as_version=4),
            read_table(course / "cells.csv"),
            [f"Note: {each}." for each in notes],
            [each["seen"] for each in read_table(course / SUSPICION_FILE)],
        )


def main(base: Path) -> int:
    """Grade what is in ``base/submission``; there is always a result."""
    (official,) = (ROOT / "course/source").glob("*/*.ipynb")
    name, content = official.stem, nbformat.read(official, as_version=4)
    points = sum(
        cell.metadata.nbgrader.points
        for cell in content.cells
        if is_graded(cell) and cell.cell_type == "code"
    )
    try:
        found = graded(handed_in(base / "submission", name, content), name, official)
    except Refused as refused:
        found = nothing(name, points, str(refused))
    except Exception:
        traceback.print_exc()
        found = nothing(name, points, OURS)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    (base / "results/results.json").write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
