"""Sheets and tables of answers to one inventory, for the tests of what is read from them and computed of them."""

from __future__ import annotations

import csv

from assignments.inventory.answers import Sheet
from assignments.inventory.versions import draw_versions, right_letter

SECRET = "autumn-2027 0123456789abcdef0123456789abcdef"
VERSIONS = draw_versions(SECRET)
HEADING = ["student", "when", "version", *map(str, range(1, 19))]


def letters(version: str, wrong: int = 0) -> list[str]:
    """The right letters of a version, the first few of them exchanged for wrong ones."""
    key = [right_letter(each) for each in VERSIONS[version]]
    return [chr(65 + (ord(each) - 64) % 4) if n < wrong else each for n, each in enumerate(key)]


def sheet(student: str, when: str, version: str, wrong: int = 0) -> Sheet:
    chosen = tuple(ord(each) - 65 for each in letters(version, wrong))
    return Sheet(student, when, version, chosen)


def written(tmp_path, rows, heading=HEADING, delimiter=",", encoding="utf-8"):
    path = tmp_path / "answers.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([heading, *rows])
    return path
