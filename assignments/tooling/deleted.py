"""What a student deleted of what was theirs to write, so that a missing exercise is not taken for a wrong one."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from assignments.tooling.arrival import read
from assignments.tooling.collect import Submission


def deleted(submission: Submission, course: Path) -> str:
    """A note that names the functions and answers of the release which are nowhere in a submission, or ""."""
    official = course / "source" / submission.name / f"{submission.name}.ipynb"
    if submission.problem or not official.is_file():
        return ""
    cells = [each for each in read(submission.path)[0]["cells"] if isinstance(each, dict)]
    text = "\n".join("".join(each.get("source", "")) for each in cells)
    marked = {
        each["metadata"]["nbgrader"].get("grade_id")
        for each in cells
        if isinstance(each.get("metadata"), dict)
        and isinstance(each["metadata"].get("nbgrader"), dict)
    }
    lost = [
        name
        for cell in nbformat.read(official, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
        for name in signs(cell)
        if not is_there(name, cell, text, marked)
    ]
    return f"deleted or renamed: {', '.join(lost)}" if lost else ""


def is_there(name: str, cell: nbformat.NotebookNode, text: str, marked: set) -> bool:
    """Whether a function is defined in a text, or an answer is there by its mark or its first line."""
    if cell.cell_type == "code":
        defined = rf"^[ \t]*(?:(?:async[ ]+)?def|class)[ ]+{name}\b|^{name}[ ]*=(?!=)"
        return bool(re.search(defined, text, re.MULTILINE))
    return cell.metadata["nbgrader"]["grade_id"] in marked or name in text


def signs(cell: nbformat.NotebookNode) -> list[str]:
    """What tells that a cell is there: the functions and classes that it defines, or an answer's first line."""
    if cell.cell_type == "code":
        return re.findall(r"^(?:def|class) (\w+)", cell.source, re.MULTILINE)
    first = re.search(r"Your answer[^*\n]*", cell.source)
    return [first[0].strip()] if first else []
