"""Files that are no submission are named with the reason, and a file's name does no harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from handed_in import handed_in, write

from assignments.tooling.arrivals import relative
from assignments.tooling.collect import collect, find

SETS = ("ps1", "ps2")


def test_checkpoints_and_other_files_are_no_submissions(tmp_path):
    write(tmp_path / "ada/.ipynb_checkpoints/ps1-checkpoint.ipynb")
    write(tmp_path / "ada/ps1.png")
    assert find(tmp_path, SETS) == []


def test_everything_that_is_no_submission_is_named(tmp_path):
    write(tmp_path / "ada/ps1.ipynb")
    for path in (
        "__MACOSX/ada/._ps1.ipynb",
        "ada/._ps1.ipynb",
        "ada/.ipynb_checkpoints/ps1-checkpoint.ipynb",
        "ada/.old/ps1.ipynb",
        "ada/.ps1.ipynb",
        "ben/ps1.zip",
        "cy.zip",
    ):
        write(tmp_path / path)
    (tmp_path / "di/ps1.ipynb").mkdir(parents=True)
    (tmp_path / "ed").symlink_to(tmp_path / "ada")
    write(tmp_path / "flo/other")
    (tmp_path / "flo/ps1.ipynb").symlink_to(tmp_path / "flo/other")
    (tmp_path / "gus_ps1.ipynb").symlink_to(tmp_path / "missing")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "hal_ps1.ipynb")
    found = collect(tmp_path, SETS)
    assert [(each.student, each.problem[:10]) for each in found.submissions] == [
        ("ada", ""),
        ("ben", "an archive"),
    ]
    reasons = {str(each.path.relative_to(tmp_path)): each.reason for each in found.left_out}
    expected = {
        "__MACOSX/ada/._ps1.ipynb": "macOS",
        "ada/._ps1.ipynb": "macOS",
        "ada/.ipynb_checkpoints/ps1-checkpoint.ipynb": "Jupyter",
        "ada/.old/ps1.ipynb": "hidden",
        "ada/.ps1.ipynb": "hidden",
        "cy.zip": "unpack",
        "di/ps1.ipynb": "a folder",
        "ed": "a link",
        "flo/ps1.ipynb": "a link",
        "gus_ps1.ipynb": "a link",
        "hal_ps1.ipynb": "no regular file",
    }
    assert reasons.keys() == expected.keys()
    assert all(word in reasons[path] for path, word in expected.items())


def test_an_archive_that_was_unpacked_beside_itself_is_no_news(tmp_path):
    handed_in(tmp_path, "dl.zip", "dl/ada/ps1.ipynb", "dl/ben/ps1.ipynb")
    assert collect(tmp_path, SETS).left_out == []


def test_what_cannot_be_opened_is_named(tmp_path, monkeypatch):
    handed_in(tmp_path, "ada/ps1.ipynb", "ben/ps1.ipynb", "cy/ps1.ipynb")
    scan, read_bytes = os.scandir, type(tmp_path).read_bytes

    def closed_scan(path):
        if os.path.basename(path) == "ada":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    def closed_file(path):
        if path.parent.name == "ben":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(os, "scandir", closed_scan)
    monkeypatch.setattr(type(tmp_path), "read_bytes", closed_file)
    found = collect(tmp_path, SETS)
    assert [(each.student, each.problem) for each in found.submissions] == [
        ("ben", "the file cannot be read: Permission denied"),
        ("cy", ""),
    ]
    (left_out,) = found.left_out
    assert left_out.path.name == "ada" and "Permission denied" in left_out.reason


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Zoë/ps1.ipynb", "Zoë/ps1.ipynb"),
        ("=1+1_ps1.ipynb", "./=1+1_ps1.ipynb"),
        ("@SUM(A1)/ps1.ipynb", "./@SUM(A1)/ps1.ipynb"),
        ("a\x1b[2J\nb\u202e_ps1.ipynb", r"a\x1b[2J\nb\u202e_ps1.ipynb"),
    ],
)
def test_no_terminal_and_no_spreadsheet_obeys_a_files_name(path, text):
    assert relative(Path("in", path), Path("in")) == text
