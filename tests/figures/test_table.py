"""Tables: read back from their HTML by an independent parser, and as text."""

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup

import s2s_tutorial as s2s

ROWS = [["gru", 0.5173, 300, "0.5 0.6"], ["lstm <b>", float("nan"), 12_000, None]]
TABLE = s2s.Table(["model", "exact match", "updates", "seeds"], ROWS, 'Which "one" & why', digits=3)


def page(table: s2s.Table) -> BeautifulSoup:
    return BeautifulSoup(table._repr_html_(), "html.parser")


def test_every_entry_arrives_under_its_column_beside_its_row():
    found = page(TABLE)
    assert [th.text for th in found.select("thead th[scope=col]")] == TABLE.columns
    assert [th.text for th in found.select("tbody th[scope=row]")] == ["gru", "lstm <b>"]
    cells = [[td.text for td in tr.select("td")] for tr in found.select("tbody tr")]
    assert cells == [["0.517", "300", "0.5 0.6"], ["–", "12,000", "–"]]


def test_text_is_escaped_and_the_caption_is_the_box_s_name():
    found = page(TABLE)
    assert not found.find("b")
    assert found.caption.text == found.div["aria-label"] == 'Which "one" & why'
    assert found.div["role"] == "region" and found.div["tabindex"] == "0"


def test_numbers_stand_to_the_right_and_words_to_the_left():
    right = [th.text for th in page(TABLE).select("thead th.number")]
    assert right == ["exact match", "updates", "seeds"]  # a dash for a missing number is one
    lines = str(s2s.Table(["a", "b"], [["x", 1], ["longer", 1000]])).split("\n")
    assert lines == ["a           b", "x           1", "longer  1,000"]


def test_numpy_and_torch_numbers_are_numbers():
    table = s2s.Table(
        ["", "x"], [["a", np.float32(0.25)], ["b", np.int64(7)], ["c", torch.ones(1)]]
    )
    assert [row[1] for row in table.rows] == ["0.25", "7", "1.00"]


def test_the_caption_leads_the_text():
    assert str(TABLE).split("\n")[0] == 'Which "one" & why'


@pytest.mark.parametrize(
    ("columns", "rows", "options", "error", "message"),
    [
        ("ab", [], {}, TypeError, "columns must be a list, not 'ab'"),
        (["a"], ["x"], {}, TypeError, "row 0 must be a list, not 'x'"),
        (["a", "b"], [["x", 1], ["y"]], {}, ValueError, "row 1 has 1 entries, but there are 2"),
        (["a"], [], {"digits": -1}, ValueError, "digits must be 0 or more"),
    ],
)
def test_what_is_no_table(columns, rows, options, error, message):
    with pytest.raises(error, match=message):
        s2s.Table(columns, rows, **options)
