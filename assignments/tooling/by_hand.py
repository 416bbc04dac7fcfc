"""``by-hand.csv``: the answers that wait for a reader, by section, each with the way to it in formgrader."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook

from assignments.tooling.roster import Roster

FILE = "by-hand.csv"
COLUMNS = ("section", "student", "problem_set", "cell", "page")
PAGE = (
    "/formgrader/submissions/{}/#{}"  # behind the server's address, such as http://localhost:8888
)


def waiting(course: Path, roster: Roster) -> list[dict]:
    """A row for each answer that waits, in the order of sections, sets and students."""
    rows = []
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "s2s") as gradebook:
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                student = submission.student.id
                row = {"student": student, "section": roster.section(student)}
                row["problem_set"] = assignment.name
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        if grade.needs_manual_grade:
                            page = PAGE.format(notebook.id, grade.name)
                            rows.append(row | {"cell": grade.name, "page": page})
    return sorted(rows, key=lambda row: [row[k] for k in ("section", "problem_set", "student")])
