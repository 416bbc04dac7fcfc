"""The tables of a course: ``grades.csv``, ``cells.csv``, ``files.csv``, ``marks.csv``. What an earlier run found stays.

A row of ``grades.csv`` goes when its student hands in again, a row of ``files.csv`` when the same folder is graded again.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from assignments.tooling.arrivals import relative
from assignments.tooling.collect import Collected
from assignments.tooling.late import days_late, due_dates, time_kept
from assignments.tooling.roster import Roster

COLUMNS = (
    "student",
    "name",
    "section",
    "problem_set",
    "score",
    "max_score",
    "to_grade_by_hand",
    "oral",
    "days_late",
    "note",
)
FILE_COLUMNS = ("folder", "file", "student", "problem_set", "graded", "note")
CELL_COLUMNS = ("student", "problem_set", "cell", "score", "max_score", "to_grade_by_hand")
NOTHING = "nothing handed in"
LOOK = "look at it"  # begins a note that each run writes anew


def mark(score: float | None) -> float:
    """A score as people write it: two decimals, not 29.759999999999998."""
    return round(float(score or 0), 2)


def read_table(path: Path) -> list[dict]:
    """The rows of a table, or none."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def earlier_notes(course: Path) -> dict[tuple[str, str], str]:
    """The notes of earlier runs, without those that each run writes anew."""
    notes = {}
    for row in read_table(course / "grades.csv"):
        if row["note"] != NOTHING:
            kept = [each for each in row["note"].split("; ") if not each.startswith(LOOK)]
            notes[row["student"], row["problem_set"]] = "; ".join(kept)
    return notes


def table(
    course: Path,
    notes: dict[tuple[str, str], str],
    roster: Roster,
    oral: dict[tuple[str, str], float],
) -> tuple[list[dict], list[dict]]:
    """The rows of ``grades.csv`` and ``cells.csv``: the gradebook, what never got into it, who handed in nothing."""
    rows, cells, due = [], [], due_dates(course)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "s2s") as gradebook:
        maximum = {each.name: each.max_score for each in gradebook.assignments}
        keys = {(each.student.id, each.assignment.name) for each in all_submissions(gradebook)}
        keys |= {*notes, *oral}
        began = {name for _, name in keys if name}
        missing = {(student, name) for student in roster.people for name in began} - keys
        for student, name in sorted(keys | missing):
            said = notes.get((student, name), NOTHING if (student, name) in missing else "")
            when = time_kept(course / "submitted" / student / name)
            row = {"student": student, "problem_set": name, "note": said}
            row |= {"name": roster.name(student), "section": roster.section(student)}
            row |= {
                "score": 0.0,
                "max_score": maximum.get(name, ""),
                "to_grade_by_hand": 0,
                "graded": 0,
            }
            row["days_late"] = days_late(when, due.get(name))
            row["oral"] = oral.get((student, name), "")
            autograded = course / "autograded" / student / name / f"{name}.ipynb"
            try:
                graded = gradebook.find_submission(name, student)
            except MissingEntry:
                graded = None
            if graded is None or not autograded.is_file():  # it could not be read, or not be run
                rows.append(row)
                continue
            grades = [grade for notebook in graded.notebooks for grade in notebook.grades]
            waiting = sum(grade.needs_manual_grade for grade in grades)
            rows.append(
                row | {"score": mark(graded.score), "to_grade_by_hand": waiting, "graded": 1}
            )
            for grade in grades:
                cells.append(
                    {
                        "student": student,
                        "problem_set": name,
                        "cell": grade.name,
                        "score": mark(grade.score),
                        "max_score": grade.max_score,
                        "to_grade_by_hand": int(grade.needs_manual_grade),
                    }
                )
    return rows, cells


def what_became(
    collected: Collected, folder: Path, course: Path, notes: dict[tuple[str, str], str]
) -> list[dict]:
    """The rows of ``files.csv``: every notebook that came in, whether it was graded, and why if not."""
    files = []
    for each in collected.submissions:
        autograded = course / "autograded" / each.student / each.name / f"{each.name}.ipynb"
        graded = not each.problem and autograded.is_file()
        row = {"student": each.student, "problem_set": each.name, "graded": int(graded)}
        row |= {"file": relative(each.path, folder), "note": notes[each.student, each.name]}
        files.append(row)
    for each in collected.left_out:
        files.append({"file": relative(each.path, folder), "graded": 0, "note": each.reason})
    here = os.path.relpath(folder.resolve(), course.resolve()).replace(os.sep, "/")
    return [{"folder": here} | row for row in sorted(files, key=lambda row: row["file"])]


def with_earlier(files: Sequence[dict], course: Path) -> list[dict]:
    """The rows of ``files.csv`` with those of other folders."""
    folders = {row["folder"] for row in files}
    kept = [r for r in read_table(course / "files.csv") if r.get("folder") not in folders]
    return sorted([*kept, *files], key=lambda row: (row["folder"] or "", row["file"]))


def marks(rows: Sequence[dict], sets: Sequence[str]) -> tuple[list[str], list[dict]]:
    """The columns and rows of ``marks.csv``: a row for each student, a column for each set, the sum, late days.

    Where there were talks (``oral.csv``), what they were worth is a column of its own, and in the sum.
    """
    students: dict[str, dict] = {}
    for row in rows:
        found = students.setdefault(
            row["student"], {k: row[k] for k in ("student", "name", "section")}
        )
        found[row["problem_set"]] = row["score"]
    for student, found in students.items():
        own = [row for row in rows if row["student"] == student]
        found["oral"] = mark(sum(row.get("oral") or 0 for row in own))
        found["total"] = mark(sum(row["score"] for row in own) + found["oral"])
        found["days_late"] = sum(row["days_late"] or 0 for row in own)
    talks = ["oral"] * any(row.get("oral", "") != "" for row in rows)
    columns = ["student", "name", "section", *sets, *talks, "total", "days_late"]
    return columns, list(students.values())


def all_submissions(gradebook: Gradebook) -> list:
    """Every submission in the gradebook."""
    return [each for name in gradebook.assignments for each in name.submissions]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[dict]) -> None:
    """Write rows as CSV, a heading first."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
