"""Marks as Canvas and Moodle import them, in the tables that they export, and Moodle's archive of feedback files.

``canvas.csv`` in the course's folder is the gradebook as Canvas exports it; ``moodle-ps2.csv`` is the grading worksheet of
the assignment as Moodle exports it. What is written beside them, ``canvas-import.csv`` and ``moodle-ps2-import.csv``, has their
columns and ids, and the marks of those who have one. Where work waits for a reader, could
not be graded, or was not handed in, the platform's own mark stays: a 0 is for the teacher to give. What a talk about a set was
worth (``oral.csv``) is added to the set's mark.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from assignments.tooling.oral import MOST
from assignments.tooling.roster import Roster, rows_of

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def write_imports(course: Path, rows: Sequence[dict], sets: Sequence[str]) -> list[Path]:
    """Write the tables to import, for those platforms whose export is there; return their paths."""
    roster = Roster.load(course, sets)
    talks = {r["problem_set"] for r in rows if r.get("oral", "") != ""}
    ready = {
        (r["student"], r["problem_set"]): with_oral(r, r["problem_set"] in talks)
        for r in rows
        if r["graded"] and not r["to_grade_by_hand"]
    }
    written = []
    if (course / "canvas.csv").is_file():
        written.append(canvas(course, ready, sets, roster))
    for name in sets:
        if (course / f"moodle-{name}.csv").is_file():
            written += [moodle(course, ready, name, roster), feedback_zip(course, name, roster)]
    return written


def with_oral(row: dict, talked: bool) -> dict:
    """A row whose score has the talk's points, out of as many more where there were talks about the set."""
    if not talked:
        return row
    score, most = row["score"] + (row.get("oral") or 0), row["max_score"] + MOST
    return row | {"score": round(score, 2), "max_score": most}


def columns_of(path: Path) -> list[str]:
    """The heading of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def write(path: Path, columns: Sequence[str], rows: Sequence[dict]) -> Path:
    """Write a table with these columns only."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def canvas(course: Path, ready: dict, sets: Sequence[str], roster: Roster) -> Path:
    """``canvas-import.csv``: Canvas's own first columns, and a column for each set, called as in Canvas.

    Canvas calls a column by the assignment's title and number, *Problem set 2 (31415)*; one that names a set
    is that set's. A set without a column gets one of its own name, from which Canvas makes an assignment.
    """
    path = course / "canvas.csv"
    heading = columns_of(path)
    names = {
        each: column_for(each, heading) or each for each in sets if any(n == each for _, n in ready)
    }
    rows = rows_of(path, *CANVAS[:2])
    for row in rows:
        student = roster.find(f"canvas {row['ID']}") or roster.find(row.get("SIS Login ID", ""))
        for name, column in names.items():
            if row["ID"].strip() and (found := ready.get((student, name))):
                row[column] = f"{found['score']:g}"
            elif row["Student"].strip() == "Points Possible" and column not in heading:
                row[column] = next(
                    f"{r['max_score']:g}" for (_, n), r in ready.items() if n == name
                )
    columns = [each for each in heading if each in CANVAS] + list(names.values())
    return write(course / "canvas-import.csv", columns, rows)


def column_for(name: str, heading: Sequence[str]) -> str:
    """The column of a problem set in Canvas: its title has *ps2*, *PS 2* or *Problem set 2*; or ""."""
    number = re.sub(r"\D", "", name)
    pattern = rf"(?<![a-z])(?:{re.escape(name)}|(?:ps|problem set)[\s_-]*{number})(?!\d)"
    return next((each for each in heading if re.search(pattern, each, re.IGNORECASE)), "")


def moodle(course: Path, ready: dict, name: str, roster: Roster) -> Path:
    """``moodle-ps2-import.csv``: the worksheet with its columns as they were, and the marks in *Grade*."""
    path = course / f"moodle-{name}.csv"
    rows = rows_of(path, "Identifier", "Full name", "Grade")
    for row in rows:
        student = roster.numbers.get(name, {}).get(re.sub(r"\D", "", row["Identifier"]), "")
        if found := ready.get((student, name)):
            row["Grade"] = f"{found['score']:.2f}"
    return write(course / f"moodle-{name}-import.csv", columns_of(path), rows)


def feedback_zip(course: Path, name: str, roster: Roster) -> Path:
    """``moodle-ps2-feedback.zip`` for *Upload multiple feedback files in a zip*: a folder for each participant.

    Moodle reads name, number and kind from the folder's name, cut at each ``_``; so a name has none.
    """
    target = course / f"moodle-{name}-feedback.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, student in sorted(roster.numbers.get(name, {}).items()):
            page = course / "feedback" / student / name / f"{name}.html"
            if page.is_file():
                plain = re.sub(r"[_/\\\\:]", " ", roster.name(student))
                archive.write(page, f"{plain}_{number}_assignfeedback_file_/{name}.html")
    return target
