"""Of several files of a student the one that counts, what is wrong with a file, and what nbgrader gets."""

from __future__ import annotations

import json
import os

import pytest
from handed_in import files_in, handed_in, shown, write

from assignments.tooling.collect import collect, find, submit

SETS = ("ps1", "ps2")


def test_metadata_say_which_if_the_name_does_not(tmp_path):
    write(
        tmp_path / "ada/Untitled.ipynb",
        json.dumps({"cells": [], "metadata": {"s2s": {"set": "ps2"}}}),
    )
    write(tmp_path / "ben/Untitled.ipynb")
    ada, ben = find(tmp_path, SETS)
    assert (ada.name, ada.problem) == ("ps2", "")
    assert "which of ps1, ps2" in ben.problem


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"worksheets": []}', '{"cells": 3}', "[" * 10**5]
)
def test_what_is_no_notebook_is_named(tmp_path, content):
    write(tmp_path / "ada_ps1.ipynb", content)
    (found,) = find(tmp_path, SETS)
    assert found.problem.startswith("the file is no")


def test_what_is_too_large_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("assignments.tooling.arrival.MAX_BYTES", 10)
    write(tmp_path / "ada_ps1.ipynb")
    (found,) = find(tmp_path, SETS)
    assert "larger than" in found.problem


def test_the_last_of_several_files_counts(tmp_path):
    old, new = write(tmp_path / "ada/ps1.ipynb"), write(tmp_path / "ada/ps1 (1).ipynb")
    os.utime(old, (1, 1))
    (found,) = find(tmp_path, SETS)
    assert found.path == new
    os.utime(new, (0, 0))
    (found,) = find(tmp_path, SETS)
    assert found.path == old


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("ada/ps1.ipynb", "ada/ps1 (1).ipynb"),
        ("ada/ps1 (2).ipynb", "ada/ps1 (10).ipynb"),
        ("ada/Version 9/ps1.ipynb", "ada/Version 10/ps1.ipynb"),
        (
            "ps1_ada_attempt_2027-10-30-12-00-00_b.ipynb",
            "ps1_ada_attempt_2027-11-01-08-00-00_a.ipynb",
        ),
        ("ada_ps1.ipynb", "ada_ps1-Copy1.ipynb"),
    ],
)
def test_where_the_disk_has_one_time_the_later_attempt_counts(tmp_path, early, late):
    for path in (late, early):
        os.utime(write(tmp_path / path), (1, 1))
    found = collect(tmp_path, SETS)
    assert shown(tmp_path, [each.path for each in found.submissions]) == [late]
    (left_out,) = found.left_out
    assert left_out.path == tmp_path / early and late in left_out.reason


def test_a_later_file_that_cannot_be_read_takes_no_place(tmp_path):
    os.utime(write(tmp_path / "ada/ps1.ipynb"), (1, 1))
    write(tmp_path / "ada/ps1 (1).ipynb", "{")
    os.utime(write(tmp_path / "ada/ps1-old.ipynb", "{"), (0, 0))
    found = collect(tmp_path, SETS)
    (submission,) = found.submissions
    assert submission.path.name == "ps1.ipynb" and not submission.problem
    assert "ps1 (1).ipynb" in submission.note and "cut off" in submission.note
    assert "ps1-old" not in submission.note, "it came before"
    assert ["cut off" in each.reason for each in found.left_out] == [True, True]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-8"])
def test_what_an_editor_saved_in_another_encoding_is_read_and_handed_on_in_utf_8(
    tmp_path, encoding
):
    text = json.dumps({"cells": [], "metadata": {"title": "Zoë"}}, ensure_ascii=False)
    path = tmp_path / "ada_ps1.ipynb"
    path.write_bytes(text.encode(encoding))
    (found,) = find(tmp_path, SETS)
    assert found.problem == ""
    submit(found, tmp_path / "course")
    assert (tmp_path / "course/submitted/ada/ps1/ps1.ipynb").read_bytes() == text.encode()


def test_letters_of_an_unknown_encoding_stop_nobody(tmp_path):
    path = tmp_path / "ada_ps1.ipynb"
    path.write_bytes('{"cells": [], "metadata": {"title": "Zoë"}}'.encode("latin-1"))
    (found,) = find(tmp_path, SETS)
    assert found.problem == ""
    submit(found, tmp_path / "course")
    handed_on = (tmp_path / "course/submitted/ada/ps1/ps1.ipynb").read_text(encoding="utf-8")
    assert json.loads(handed_on)["metadata"]["title"] == "Zo\ufffd"


def test_a_changed_submission_is_graded_again(tmp_path):
    path, course = write(tmp_path / "in/ada_ps1.ipynb"), tmp_path / "course"
    (found,) = find(tmp_path / "in", SETS)
    assert submit(found, course)
    assert (course / "submitted/ada/ps1/ps1.ipynb").read_bytes() == path.read_bytes()
    assert submit(found, course), "it was never graded"
    graded = write(course / "autograded/ada/ps1/ps1.ipynb")
    assert not submit(found, course) and graded.exists()
    write(path, json.dumps({"cells": [], "nbformat": 4}))
    assert submit(found, course) and not graded.exists()


def test_scratch_notebooks_make_nobody_a_student_and_are_all_named(tmp_path):
    handed_in(tmp_path, "ada/ps1.ipynb", "ada/a.ipynb", "ada/b.ipynb", "ada/venv/lib/c.ipynb")
    found = collect(tmp_path, SETS)
    assert [(each.student, each.name) for each in found.submissions] == [
        ("ada", ""),
        ("ada", "ps1"),
    ]
    named = [each.path for each in found.submissions] + [each.path for each in found.left_out]
    assert shown(tmp_path, named) == sorted(files_in(tmp_path))
    assert all("which of ps1, ps2" in each.reason for each in found.left_out)
