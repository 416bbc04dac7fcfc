"""What a student deleted of what was theirs to write, so that a missing exercise is not taken for a wrong one."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from assignments.tooling.collect import Submission, read


def deleted(submission: Submission, course: Path) -> str:
    """A note that names the functions and answers of the release which are nowhere in a submission, or ""."""
    official = course / "source" / submission.name / f"{submission.name}.ipynb"
    if submission.problem or not official.is_file():
        return ""
    cells = [each for each in read(submission.path)[0]["cells"] if isinstance(each, dict)]
    text = "\n".join("".join(each.get("source", "")) for each in cells)
    lost = [
        name
        for cell in nbformat.read(official, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
        for name in signs(cell)
        if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    return f"deleted or renamed: {', '.join(lost)}" if lost else ""


def signs(cell: nbformat.NotebookNode) -> list[str]:
    """What tells that a cell is there: the functions and classes that it defines, or an answer's first line."""
    if cell.cell_type == "code":
        return re.findall(r"^(?:def|class) (\w+)", cell.source, re.MULTILINE)
    first = re.search(r"Your answer[^*\n]*", cell.source)
    return [first[0].strip()] if first else []
