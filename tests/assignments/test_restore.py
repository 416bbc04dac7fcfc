"""Submissions as Colab, editors and students leave them come back into the order of the release."""

from __future__ import annotations

import random

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from assignments.tooling.restore import Official, restore

TESTS = "checks()\n### BEGIN HIDDEN TESTS\nsecret()\n### END HIDDEN TESTS\nreport()"


def official(name: str, text: str, solution: bool = False, kind: str = "code") -> Official:
    return Official(name, kind, text, {"grade_id": name, "solution": solution, "grade": False})


OFFICIALS = [
    official("set-up", "import torch"),
    official("f", "def f(x):\n    raise NotImplementedError", solution=True),
    official("f-checks", TESTS),
    official("why", "**Your answer to 1**\n\n*Here.*", solution=True, kind="markdown"),
]
MINE = "def f(x):\n    return x"
ANSWER = "**Your answer to 1**\n\nBecause of the mask."


def submitted(**changed: str) -> list:
    """The release as a student hands it in, by nbgrader's metadata."""
    texts = {"f": MINE, "why": ANSWER, "f-checks": "checks()\nreport()"} | changed
    cells = []
    for each in OFFICIALS:
        make = new_code_cell if each.cell_type == "code" else new_markdown_cell
        cell = make(texts.get(each.name, each.source))
        cell.metadata["nbgrader"] = {"grade_id": each.name}
        cells.append(cell)
    return cells


def sources(cells: list) -> list[str]:
    return [cell.source for cell in restore(cells, OFFICIALS)]


RIGHT = ["import torch", MINE, TESTS, ANSWER]


def test_hidden_tests_come_back_and_answers_stay():
    assert sources(submitted()) == RIGHT
    assert [cell.id for cell in restore(submitted(), OFFICIALS)] == [e.name for e in OFFICIALS]


@pytest.mark.parametrize("seed", range(5))
def test_order_does_not_matter(seed):
    cells = submitted()
    random.Random(seed).shuffle(cells)
    assert sources(cells) == RIGHT


def test_deleted_cells_come_back():
    assert sources([]) == [each.source for each in OFFICIALS]
    assert sources([cell for cell in submitted() if cell.source != "checks()\nreport()"]) == RIGHT


def test_edited_tests_are_restored():
    assert sources(submitted(**{"f-checks": "100", "set-up": "import os"})) == RIGHT


@pytest.mark.parametrize("where", ["id", "metadata", "nowhere"])
def test_cells_without_nbgraders_metadata_are_recognised(where):
    cells = submitted()
    for cell, each in zip(cells, OFFICIALS):
        cell.metadata = type(cell)({"id": each.name} if where == "metadata" else {})
        if where == "id":
            cell.id = each.name
    assert sources(cells) == RIGHT


def test_of_two_copies_the_changed_one_counts():
    cells = submitted()
    empty = submitted(f=OFFICIALS[1].source)[1]
    for copies in ([empty, cells[1]], [cells[1], empty]):
        found = sources([cells[0], *copies, *cells[2:]])
        assert [text for text in found if text not in OFFICIALS[1].source] == RIGHT


def test_of_two_changed_copies_the_last_one_counts_and_comes_last():
    cells = submitted()
    other = submitted(f="def f(x):\n    return 2")[1]
    assert sources([cells[0], other, *cells[1:]])[1:3] == [other.source, MINE]


def test_cells_that_were_added_stay_in_front_of_their_neighbour():
    cells = submitted()
    cells.insert(1, new_code_cell("def helper(): pass"))
    cells.append(new_markdown_cell("The end"))
    random_order = [cells[3], cells[1], cells[2], cells[0], *cells[4:]]
    expected = [RIGHT[0], "def helper(): pass", *RIGHT[1:], "The end"]
    assert sources(cells) == sources(random_order) == expected


def test_a_cell_of_the_wrong_type_gets_its_own_back():
    cells = submitted()
    cells[3] = new_code_cell(ANSWER)
    cells[3].metadata["nbgrader"] = {"grade_id": "why"}
    assert [cell.cell_type for cell in restore(cells, OFFICIALS)] == [
        "code",
        "code",
        "code",
        "markdown",
    ]


@pytest.mark.parametrize("metadata", [{"nbgrader": None}, {"nbgrader": {}}, {"id": 7}])
def test_odd_metadata_does_no_harm(metadata):
    cells = submitted()
    odd = new_code_cell("1 + 1")
    odd.metadata = type(odd)(metadata)
    assert sources([*cells, odd]) == [*RIGHT, "1 + 1"]
    assert restore([*cells, odd], OFFICIALS)[-1].metadata == {}
