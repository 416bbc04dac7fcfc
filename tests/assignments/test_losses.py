"""What used to be lost between hand-in and marks: each loss that was found, and its kind."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone

import pytest
from handed_in import handed_in, write
from places import ROOT

from assignments.tooling.arrival import STUB, untouched
from assignments.tooling.collect import Submission, collect, find, submit
from assignments.tooling.deleted import deleted
from assignments.tooling.late import days_late, due_dates, handed_in_at, time_kept
from assignments.tooling.tables import (
    COLUMNS,
    FILE_COLUMNS,
    LOOK,
    NOTHING,
    earlier_notes,
    with_earlier,
    write_table,
)

SETS = ("ps1", "ps2")


def notebook(*sources: str) -> str:
    """A notebook of these code cells."""
    cells = [
        {"cell_type": "code", "source": source, "metadata": {"nbgrader": {"solution": k == 0}}}
        for k, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


WRITTEN = notebook("def double(x):\n    return 2 * x", "@checks('a')\ndef check(): pass")
EMPTY = notebook(f"def double(x):\n    {STUB}", "@checks('a')\ndef check(): pass")


def test_of_two_notebooks_an_empty_one_does_not_win_because_it_is_newer(tmp_path):
    os.utime(write(tmp_path / "ada/ps1.ipynb", WRITTEN), (1, 1))
    write(tmp_path / "ada/ps1 (1).ipynb", EMPTY)
    found = collect(tmp_path, SETS)
    (submission,) = found.submissions
    assert submission.path.name == "ps1.ipynb"
    assert submission.note == "2 notebooks: ada/ps1.ipynb counts, not ada/ps1 (1).ipynb"
    assert "nothing in it was written" in found.left_out[0].reason


def test_of_two_written_ones_the_newer_counts_and_the_row_says_so(tmp_path):
    os.utime(write(tmp_path / "ada/ps1.ipynb", WRITTEN), (1, 1))
    write(tmp_path / "ada/ps1 (1).ipynb", WRITTEN)
    (submission,) = find(tmp_path, SETS)
    assert submission.path.name == "ps1 (1).ipynb" and "not ada/ps1.ipynb" in submission.note


@pytest.mark.parametrize(
    ("path", "student", "reason"),
    [
        ("ben/ps1.zip", "ben", "unpack"),
        ("ben_ps1.py", "ben", "no notebook but a .py file"),
        ("ben/ps1/solution.pdf", "ben", "no notebook but a .pdf file"),
        ("Ben Li_17_assignsubmission_file_/ps1.html", "Ben_Li", "no notebook but a .html file"),
    ],
)
def test_who_handed_in_no_notebook_has_a_row(tmp_path, path, student, reason):
    handed_in(tmp_path, "ada/ps1.ipynb", path)
    ben = next(each for each in find(tmp_path, SETS) if each.student != "ada")
    assert (ben.student, ben.name) == (student, "ps1") and reason in ben.problem


def test_a_script_beside_a_notebook_is_no_submission_and_makes_nobody_a_student(tmp_path):
    handed_in(tmp_path, "ada/ps1.ipynb", "ada/helpers.py", "ada/notes/a.md", "ben/ps1.ipynb")
    assert [each.student for each in find(tmp_path, SETS)] == ["ada", "ben"]


def test_names_that_differ_in_a_space_are_two_students(tmp_path):
    handed_in(tmp_path, "A B/ps1.ipynb", "A_B/ps1.ipynb", "a b/ps1.ipynb")
    students = [each.student for each in find(tmp_path, SETS)]
    assert len({each.casefold() for each in students}) == 3


def test_pointed_at_the_courses_own_folder_nothing_is_deleted(tmp_path):
    home = write(tmp_path / "submitted/ada/ps1/ps1.ipynb").parent
    write(home / "timestamp.txt", "2027-10-30 21:00:00.000000 Europe/Berlin\n")
    write(home / "data.csv", "1")
    (found,) = find(tmp_path / "submitted", SETS)
    assert submit(found, tmp_path)
    assert (home / "timestamp.txt").read_text().endswith("Europe/Berlin\n")
    assert (home / "data.csv").exists()


def test_what_nbgrader_collected_again_is_graded_again(tmp_path):
    home = write(tmp_path / "submitted/ada/ps1/ps1.ipynb").parent
    write(home / "timestamp.txt", "2027-10-30 21:00:00.000000 UTC\n")
    graded = tmp_path / "autograded/ada/ps1"
    write(graded / "timestamp.txt", (home / "timestamp.txt").read_text())
    (found,) = find(tmp_path / "submitted", SETS)
    assert not submit(found, tmp_path) and graded.is_dir()
    write(home / "timestamp.txt", "2027-10-31 09:00:00.000000 UTC\n")
    assert submit(found, tmp_path) and not graded.exists()


def test_when_it_was_handed_in_goes_with_it(tmp_path):
    path = write(tmp_path / "in/ada_ps1.ipynb")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    (found,) = find(tmp_path / "in", SETS)
    submit(found, tmp_path)
    expected = datetime.fromtimestamp(1_000_000_000, timezone.utc)
    assert time_kept(tmp_path / "submitted/ada/ps1") == expected
    attempt = write(tmp_path / "PS1_ada_attempt_2027-11-01-08-30-00_ps1.ipynb")
    assert handed_in_at(attempt) == datetime(2027, 11, 1, 8, 30, tzinfo=timezone.utc)


def test_late_days_are_days_begun(tmp_path):
    (tmp_path / "due.csv").write_text("problem_set,due\nps1,2027-10-30 23:59 Europe/Berlin\n")
    due = due_dates(tmp_path)["ps1"]
    assert due == datetime(2027, 10, 30, 21, 59, tzinfo=timezone.utc)
    late = [days_late(due + timedelta(hours=hours), due) for hours in (-1, 0, 1, 24, 25)]
    assert late == [0, 0, 1, 1, 2]
    assert days_late(due, None) == ""
    (tmp_path / "due.csv").write_text("problem_set,due\nps1,tomorrow?\n")
    with pytest.raises(ValueError, match="rows such as"):
        due_dates(tmp_path)


@pytest.mark.parametrize("name", ["ps1", "ps2", "ps3", "ps4"])
def test_the_sets_releases_are_empty_and_what_is_deleted_from_them_is_named(tmp_path, name):
    release = json.loads((ROOT / f"assignments/release/{name}/{name}.ipynb").read_text("utf-8"))
    solved = json.loads((ROOT / f"assignments/source/{name}/{name}.ipynb").read_text("utf-8"))
    assert (untouched(release), untouched(solved)) == (True, False)

    def said(cells):
        path = write(tmp_path / "a.ipynb", json.dumps(solved | {"cells": cells}))
        return deleted(Submission(path, "ada", name), ROOT / "assignments")

    cells = solved["cells"]
    mine = [each for each in cells if each["metadata"].get("nbgrader", {}).get("solution")]
    function = next(each for each in mine if "".join(each["source"]).startswith("def "))
    called = "".join(function["source"]).split("(")[0].removeprefix("def ")
    assert said(cells) == ""
    assert said([each for each in cells if each is not function]) == f"deleted or renamed: {called}"
    assert "Your answer to" in said([each for each in cells if each is not mine[-1]])


def test_a_run_over_another_folder_keeps_the_rows_and_notes_of_the_first(tmp_path):
    first = {"folder": "a", "file": "ada_ps1.ipynb", "note": "", "graded": 1}
    write_table(tmp_path / "files.csv", FILE_COLUMNS, [first])
    second = [{"folder": "b", "file": "ben_ps1.ipynb", "note": "", "graded": 1}]
    assert [each["file"] for each in with_earlier(second, tmp_path)] == [
        "ada_ps1.ipynb",
        "ben_ps1.ipynb",
    ]
    assert with_earlier([first], tmp_path) == [first], "the same folder again: no row twice"
    rows = [
        {"student": "ada", "problem_set": "ps1", "note": f"cut off; {LOOK}: 1 line"},
        {"student": "ben", "problem_set": "ps1", "note": NOTHING},
    ]
    write_table(tmp_path / "grades.csv", COLUMNS, rows)
    assert earlier_notes(tmp_path) == {("ada", "ps1"): "cut off"}
