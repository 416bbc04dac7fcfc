"""What makes a chapter readable: little code in view, claims in sentences, numbers in tables."""

import ast
import json
import re

import pytest
from places import ROOT

CHAPTERS = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))
LINES, COLUMNS = 15, 76  # of a visible code cell
PRINTED_TABLES = 8  # in the whole book
FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}


def code(path, visible=True):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        folded = FOLDED & set(cell["metadata"].get("tags", []))
        if cell["cell_type"] == "code" and not (visible and folded):
            yield cell, "".join(cell["source"])


def asserts(source):
    """The lines of a cell that only check the authors: `assert` outside of a function."""
    return [node for node in ast.parse(source).body if isinstance(node, ast.Assert)]


def printed_table(cell, source):
    """Whether a cell prints columns of numbers: three lines or more, by a format with a width."""
    printed = "".join(
        "".join(output["text"]) for output in cell["outputs"] if output["output_type"] == "stream"
    )
    with_numbers = [line for line in printed.splitlines() if len(re.findall(r"\d", line)) > 1]
    return len(with_numbers) > 2 and bool(re.search(r"[:]\W?[<>]?\d", source))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
class TestChapter:
    def test_a_cell_in_view_can_be_read_at_a_glance(self, path):
        for _, source in code(path):
            lines = source.rstrip().split("\n")
            assert len(lines) <= LINES, source
            assert max(map(len, lines)) <= COLUMNS, source
            assert "MethodType" not in source and "mock.patch" not in source, source

    def test_what_tests_the_authors_is_folded(self, path):
        for _, source in code(path):
            assert asserts(source) == [], source

    def test_a_fold_says_what_it_holds(self, path):
        for cell, source in code(path, visible=False):
            if {"hide-input", "hide-cell"} & set(cell["metadata"].get("tags", [])):
                said = cell["metadata"].get("mystnb", {})
                assert said.get("code_prompt_show") and "code_prompt_hide" in said, source


def test_number_tables_are_real_tables():
    printed = [
        f"{path.stem}: {source}"
        for path in CHAPTERS
        for cell, source in code(path, visible=False)
        if printed_table(cell, source)
    ]
    assert len(printed) <= PRINTED_TABLES, "\n\n".join(printed)


def test_a_printed_table_is_told_from_other_output():
    def cell(text):
        return {"outputs": [{"output_type": "stream", "text": [text]}]}

    table = "gru   0.52  0.61\nlstm  0.60  0.70\nrnn   0.10  0.20\n"
    assert printed_table(cell(table), 'print(f"{name:6} {a:.2f}")')
    assert not printed_table(cell("one\ntwo\nthree\n"), 'print(f"{name:6}")')
    assert not printed_table(cell(table), "print(words)")
