"""Folders of submissions as learning platforms, Colab and browsers make them."""

from __future__ import annotations

import json
import os

import pytest

from assignments.tooling.collect import find, submit

SETS = ("ps1", "ps2")


def write(path, content=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(content if content is not None else json.dumps(empty), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("path", "student", "name"),
    [
        ("ada/ps2/ps2.ipynb", "ada", "ps2"),
        ("ada/ps1.ipynb", "ada", "ps1"),
        ("ada_ps1.ipynb", "ada", "ps1"),
        ("ada-ps1.ipynb", "ada", "ps1"),
        ("ps1_ada.lovelace@example.org.ipynb", "ada.lovelace@example.org", "ps1"),
        ("ada/Copy of ps2.ipynb", "ada", "ps2"),
        ("ada/Copy of PS2 (3).ipynb", "ada", "ps2"),
        ("ps2/ada/ps2.ipynb", "ada", "ps2"),
        ("Ada Lovelace_4711_assignsubmission_file_/ps2.ipynb", "Ada_Lovelace", "ps2"),
        ("Ada Lovelace_4711_assignsubmission_file_ps2.ipynb", "Ada_Lovelace", "ps2"),
        ("lovelaceada_4711_99801_ps2.ipynb", "lovelaceada_4711", "ps2"),
        ("lovelaceada_LATE_4711_99802_ps2-1.ipynb", "lovelaceada_4711", "ps2"),
        ("Zoë_ps1.ipynb", "Zoë", "ps1"),
    ],
)
def test_whose_and_which(tmp_path, path, student, name):
    write(tmp_path / path)
    (found,) = find(tmp_path, SETS)
    assert (found.student, found.name, found.problem) == (student, name, "")


def test_two_students_of_one_name_are_two(tmp_path):
    for number in (17, 23):
        write(tmp_path / f"Wei Wang_{number}_assignsubmission_file_/ps1.ipynb")
    write(tmp_path / "Wei Wang_29_assignsubmission_file_/ps2.ipynb")
    found = [(each.student, each.name) for each in find(tmp_path, SETS)]
    assert found == [
        ("Wei_Wang", "ps2"),
        ("Wei_Wang_17_assignsubmission_file", "ps1"),
        ("Wei_Wang_23_assignsubmission_file", "ps1"),
    ]


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
    monkeypatch.setattr("assignments.tooling.collect.MAX_BYTES", 10)
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


def test_checkpoints_and_other_files_are_no_submissions(tmp_path):
    write(tmp_path / "ada/.ipynb_checkpoints/ps1-checkpoint.ipynb")
    write(tmp_path / "ada/ps1.pdf")
    assert find(tmp_path, SETS) == []


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
