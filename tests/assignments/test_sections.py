"""Every exercise sends its students to sections of chapters, and these are there, under the addresses given."""

from __future__ import annotations

import re

import nbformat
import pytest
from places import ROOT

from assignments.tooling.sections import SECTIONS, ways
from assignments.tooling.source import SETS, compile_set
from assignments.tooling.summary import HEADING, summary

BOOK = "https://example.org/chapters/"


def headings(file: str) -> list[str]:
    """The titles of a chapter's sections."""
    cells = nbformat.read(ROOT / f"chapters/{file}.ipynb", as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.findall(r"^###? (.+)$", text, re.MULTILINE)


def test_every_exercise_has_its_sections():
    exercises = [
        number
        for name in SETS
        for cell in compile_set(name).cells
        if cell.cell_type == "markdown"
        for number, _ in HEADING.findall(cell.source)
    ]
    assert sorted(SECTIONS) == sorted(exercises)


@pytest.mark.parametrize("file", sorted({file for s in SECTIONS.values() for file, _ in s}))
def test_the_sections_are_in_the_chapters(file):
    there = headings(file)
    wanted = {title for each in SECTIONS.values() for own, title in each if own == file}
    assert wanted and all(there.count(title) == 1 for title in wanted), wanted - set(there)


@pytest.mark.parametrize("exercise", SECTIONS)
def test_their_addresses_are_those_of_the_built_site(exercise):
    if not (ROOT / "_build/html/chapters").is_dir():
        pytest.skip("the site is not built")
    for _, address in ways(exercise, BOOK):
        file, _, anchor = address.removeprefix(BOOK).partition("#")
        page = (ROOT / "_build/html/chapters" / file).read_text(encoding="utf-8")
        assert f'id="{anchor}"' in page, address


@pytest.mark.parametrize("name", SETS)
def test_a_feedback_page_has_the_address_that_the_set_itself_names(name):
    notebook = compile_set(name)
    home = re.search(r"https://\S+?/chapters/", notebook.cells[0].source)[0]
    for exercise in summary(notebook):
        assert exercise.chapters == ways(exercise.number, home)
