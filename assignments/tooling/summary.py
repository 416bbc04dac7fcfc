"""What a feedback page opens with: for each exercise what was earned, and one line for each check that failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

HEADING = re.compile(r"^##+ (\d+\.\d+)\s+(.*?)(?:\s*\([\d.]+ points?[^)]*\))?\s*$", re.MULTILINE)
ANSWER = re.compile(r"answer to (\d+\.\d+)", re.IGNORECASE)
CHAPTER = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]*/chapters/[^)\s]+)\)")
FAILED = re.compile(r"^  \[failed\] (.*)\n((?:^ {11}.*\n?)*)", re.MULTILINE)
SAYS = re.compile(r"^Exercise (\d+\.\d+)", re.MULTILINE)


@dataclass
class Exercise:
    """One exercise of a problem set, as its student reads of it."""

    number: str
    title: str
    earned: float = 0.0
    points: float = 0.0
    first: str = ""
    unread: float = 0.0  # points that wait for a reader
    failed: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    chapters: list[tuple[str, str]] = field(default_factory=list)


def summary(notebook: NotebookNode) -> list[Exercise]:
    """The exercises of a graded notebook, in order; graded cells before the first heading make one without number."""
    found: dict[str, Exercise] = {}
    current = Exercise("", "")
    intro: list[tuple[str, str]] = []
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and not about.get("solution"):
            links = [
                (f"chapter {t}" if t.isdigit() else t, u) for t, u in CHAPTER.findall(cell.source)
            ]
            if heading := HEADING.search(cell.source):
                current = found.setdefault(heading[1], Exercise(heading[1], heading[2]))
            if not current.number:
                intro += links
            current.chapters += [each for each in links if each not in current.chapters]
        if about.get("grade"):
            number = number_of(cell) or current.number
            take(cell, about, found.setdefault(number, Exercise(number, "")))
        elif about.get("comment"):
            current.comments.append(str(about["comment"]))
    for each in found.values():
        each.chapters = each.chapters or intro
    return [each for each in found.values() if each.points]


def number_of(cell: NotebookNode) -> str:
    """The exercise that a graded cell names itself, or ""."""
    said = (
        ANSWER.search(cell.source) if cell.cell_type == "markdown" else SAYS.search(printed(cell))
    )
    return said[1] if said else ""


def printed(cell: NotebookNode) -> str:
    """What a cell printed."""
    return "".join(
        out.get("text", "") for out in cell.get("outputs", ()) if out.get("name") == "stdout"
    )


def take(cell: NotebookNode, about: dict, exercise: Exercise) -> None:
    """Add a graded cell to its exercise."""
    exercise.earned = round(exercise.earned + float(about.get("score") or 0), 2)
    exercise.points = round(exercise.points + float(about.get("points") or 0), 2)
    exercise.first = exercise.first or about["grade_id"]
    if about.get("needs_manual_grade"):
        exercise.unread += float(about.get("points") or 0)
    if about.get("comment"):
        exercise.comments.append(str(about["comment"]))
    exercise.failed += [each for each in failures(cell) if each not in exercise.failed]


def failures(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    """What was claimed and what came out instead, for each check that failed, and for a cell that did not run."""
    text = printed(cell)
    for claim, lines in FAILED.findall(text):
        yield claim, " ".join(lines.split()).removeprefix("AssertionError: ")
    if "not implemented yet, 0 of" in text:
        yield "not implemented yet", ""
    for out in cell.get("outputs", ()):
        if out.get("output_type") == "error":
            yield "the checks could not run", f"{out.ename}: {out.evalue}"[:300]
