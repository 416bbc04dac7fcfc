"""``make grade SUBMISSIONS=folder``: autograded scores, feedback pages and tables of a folder of submissions.

    python -m assignments.tooling.grade submissions --seed autumn-2027

Everything nbgrader does can also be done with its own commands in the course's folder.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from assignments.tooling.arrival import about, read
from assignments.tooling.collect import Submission, collect, submit
from assignments.tooling.container import where
from assignments.tooling.deleted import deleted
from assignments.tooling.parallel import autograde
from assignments.tooling.platforms import write_imports
from assignments.tooling.release import course_folder, nbgrader
from assignments.tooling.roster import Roster
from assignments.tooling.source import BOOK_SEED, SETS
from assignments.tooling.students import Students, StudentsFileError
from assignments.tooling.suspicion import of_a_notebook
from assignments.tooling.tables import (
    CELL_COLUMNS,
    COLUMNS,
    FILE_COLUMNS,
    LOOK,
    earlier_notes,
    marks,
    table,
    what_became,
    with_earlier,
    write_table,
)

SUSPICION_FILE = "suspicions.csv"
SUSPICION_COLUMNS = ("student", "problem_set", "seen")


def grade(folder: Path, course: Path, sets: Sequence[str] = SETS, jobs: int = 1) -> list[dict]:
    """Grade what is new in a folder of submissions, write the tables, and say what became of each file.

    Args:
        folder: the submissions.
        course: the course's folder, with the gradebook that the release was written into.
        sets: the problem sets to look for.
        jobs: how many notebooks run at the same time.

    Returns:
        One row for each student and problem set, as in ``grades.csv``.

    Raises:
        FileNotFoundError: if there is no folder or no release.
        StudentsFileError: if the course's ``students.json`` holds something else.
    """
    if not (course / "gradebook.db").is_file():
        raise FileNotFoundError(f"{course} has no gradebook: run `make assignments` first")
    enrolled = Students.load(course)
    released = sorted(path.name for path in (course / "source").glob("*"))
    roster = Roster.load(course, released)
    collected = collect(folder, sets, enrolled, roster)
    enrolled.save(course)
    notes = earlier_notes(course)
    waiting: dict[str, list[str]] = {name: [] for name in sets}
    for submission in collected.submissions:
        said = [
            submission.note,
            of_another_variant(submission, course),
            deleted(submission, course),
        ]
        said.append(roster.unknown(submission.student))
        key = submission.student, submission.name
        notes[key] = submission.problem or "; ".join(filter(None, said))
        if not submission.problem and submit(submission, course):
            waiting[submission.name].append(submission.student)
    if any(waiting.values()):
        print(where(os.environ), flush=True)
    for name, students in waiting.items():
        if not students:
            continue
        print(f"{name}: grading {len(students)} submissions", flush=True)
        if autograde(course, name, students, jobs):  # went on after the one that failed
            for student in students:
                if not (course / "autograded" / student / name / f"{name}.ipynb").is_file():
                    notes[student, name] = "nbgrader could not grade it: see its error above"
    keep_names(course, roster, enrolled)
    for name in sets:
        if any((course / "autograded").glob(f"*/{name}")):
            nbgrader(course, "generate_feedback", name, "--force")
    suspected = look(course, released, notes)
    write_table(course / SUSPICION_FILE, SUSPICION_COLUMNS, suspected)
    rows, cells = table(course, notes, roster)
    write_table(course / "grades.csv", COLUMNS, rows)
    write_table(course / "cells.csv", CELL_COLUMNS, cells)
    files = what_became(collected, folder, course, notes)
    write_table(course / "files.csv", FILE_COLUMNS, with_earlier(files, course))
    write_table(course / "marks.csv", *marks(rows, released))
    write_imports(course, rows, released)
    show(rows, files, course)
    return rows


def look(course: Path, sets: Sequence[str], notes: dict[tuple[str, str], str]) -> list[dict]:
    """The rows of ``suspicions.csv``; whoever has some gets a note."""
    rows = []
    for name in sets:
        for path in sorted((course / "autograded").glob(f"*/{name}/{name}.ipynb")):
            student = path.parts[-3]
            seen = of_a_notebook(nbformat.read(path, as_version=4))
            rows += [{"student": student, "problem_set": name, "seen": each} for each in seen]
            if seen:
                lines = "1 line" if len(seen) == 1 else f"{len(seen)} lines"
                said = f"{LOOK}: {lines} in suspicions.csv"
                notes[student, name] = "; ".join(filter(None, [notes.get((student, name)), said]))
    return rows


def keep_names(course: Path, roster: Roster, enrolled: Students) -> None:
    """Write the students' names into the gradebook, for feedback pages and formgrader."""
    names = {student: name for name, student in enrolled.ids.items()}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "s2s") as gradebook:
        for each in gradebook.students:
            name = roster.name(each.id) or names.get(each.id, "")
            if name and (each.first_name, each.last_name) != ("", name[:128]):
                gradebook.update_or_create_student(each.id, first_name="", last_name=name[:128])


def of_another_variant(submission: Submission, course: Path) -> str:
    """A note for a notebook that was released from another seed, such as last year's."""
    official = course / "source" / submission.name / f"{submission.name}.ipynb"
    if submission.problem or not official.is_file():
        return ""
    tag, expected = (about(read(path)[0]).get("variant") for path in (submission.path, official))
    if tag in (None, expected):  # Colab may drop what it does not know
        return ""
    return f"made from another course's release ({tag}, not {expected})"


def show(rows: Sequence[dict], files: Sequence[dict], course: Path) -> None:
    """Print the grades, where the tables are, which files were left out, and how many."""
    for row in rows:
        by_hand = f", {row['to_grade_by_hand']} by hand" if row["to_grade_by_hand"] else ""
        note = f"  ({row['note']})" if row["note"] else ""
        score = f"{row['score']:g} of {row['max_score'] or 0:g}"
        print(f"{row['student']:24} {row['problem_set']:4} {score}{by_hand}{note}")
    shown = os.path.relpath(course)
    print(f"Tables: {shown}/grades.csv, {shown}/cells.csv, {shown}/files.csv, {shown}/marks.csv")
    print(f"Feedback: {shown}/feedback")
    left_out = [row for row in files if not row["graded"]]
    for row in left_out:
        print(f"Left out: {row['file']}  ({row['note']})")
    count = f"{len(files)} files in, {len(files) - len(left_out)} graded"
    print(f"{count}, {len(left_out)} left out")


def main(arguments: list[str] | None = None) -> int:
    """Grade a folder and show the result."""
    parser = argparse.ArgumentParser(description="Grade a folder of submissions.")
    parser.add_argument("submissions", type=Path, help="the folder")
    parser.add_argument("--seed", default=BOOK_SEED, help="the seed the release was made from")
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS, metavar="psN")
    parser.add_argument("--jobs", type=int, default=1, help="notebooks that run at the same time")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack the letters of a name
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        course = course_folder(options.seed)
        grade(options.submissions, course, options.sets, options.jobs)
    except (FileNotFoundError, StudentsFileError, ValueError) as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
