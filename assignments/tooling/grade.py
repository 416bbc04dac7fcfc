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

from nbgrader.api import Gradebook

from assignments.tooling import by_hand
from assignments.tooling.arrival import about, read
from assignments.tooling.collect import Collected, Submission, collect, submit
from assignments.tooling.container import where
from assignments.tooling.deleted import deleted
from assignments.tooling.oral import oral_points
from assignments.tooling.pages import Made, look, make_pages
from assignments.tooling.parallel import autograde
from assignments.tooling.platforms import write_imports
from assignments.tooling.release import course_folder
from assignments.tooling.roster import Roster
from assignments.tooling.source import BOOK_SEED, SETS
from assignments.tooling.students import Students, StudentsFileError
from assignments.tooling.tables import (
    CELL_COLUMNS,
    COLUMNS,
    FILE_COLUMNS,
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
        ValueError: if a table of the teacher's (roster, due dates, talks) cannot be right.
    """
    if not (course / "gradebook.db").is_file():
        raise FileNotFoundError(f"{course} has no gradebook: run `make assignments` first")
    enrolled = Students.load(course)
    released = sorted(path.name for path in (course / "source").glob("*"))
    roster = Roster.load(course, released)
    collected = collect_all(folder, course, sets, enrolled, roster)
    enrolled.save(course)
    handed_in = {path.name for path in (course / "submitted").glob("*")}
    oral = oral_points(course, released, handed_in | set(enrolled.ids.values()), roster)
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
    made = Made(course)
    suspected = look(course, released, notes, made)
    write_table(course / SUSPICION_FILE, SUSPICION_COLUMNS, suspected)
    make_pages(course, sets, made)
    made.save()
    rows, cells = table(course, notes, roster, oral)
    write_table(course / "grades.csv", COLUMNS, rows)
    write_table(course / "cells.csv", CELL_COLUMNS, cells)
    files = what_became(collected, folder, course, notes)
    write_table(course / "files.csv", FILE_COLUMNS, with_earlier(files, course))
    write_table(course / "marks.csv", *marks(rows, released))
    write_table(course / by_hand.FILE, by_hand.COLUMNS, by_hand.waiting(course, roster))
    write_imports(course, rows, released)
    show(rows, files, course)
    return rows


def collect_all(
    folder: Path, course: Path, sets: Sequence[str], enrolled: Students, roster: Roster
) -> Collected:
    """What is in a folder; where nbgrader has collected it into the course's own, folders are called by ids already."""
    if folder.resolve() != (course / "submitted").resolve():
        return collect(folder, sets, enrolled, roster)
    ids = Students({student: student for student in enrolled.ids.values()})
    collected = collect(folder, sets, ids, roster)
    enrolled.enrol(ids.ids.keys() - set(enrolled.ids.values()))
    return collected


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
        unread = f", {row['to_grade_by_hand']} by hand" if row["to_grade_by_hand"] else ""
        note = f"  ({row['note']})" if row["note"] else ""
        score = f"{row['score']:g} of {row['max_score'] or 0:g}"
        talk = f", talk {row['oral']:g}" if row["oral"] != "" else ""
        print(f"{row['student']:24} {row['problem_set']:4} {score}{talk}{unread}{note}")
    shown = os.path.relpath(course)
    print(f"Tables: {shown}/grades.csv, {shown}/cells.csv, {shown}/files.csv, {shown}/marks.csv")
    if waiting := sum(row["to_grade_by_hand"] for row in rows):
        print(f"By hand: {waiting} answers wait for a reader, {shown}/by-hand.csv")
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
