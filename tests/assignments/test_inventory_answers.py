"""A table of answers is read as people and platforms write it, and what cannot be is named by its row."""

from __future__ import annotations

import pytest
from inventory_sheets import HEADING, VERSIONS, letters, sheet, written

from assignments.inventory.answers import read_answers
from assignments.inventory.results import marks
from assignments.inventory.words import to_plain


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_letters(tmp_path, delimiter, encoding):
    rows = [["ada", "before", "A", *letters("A", 3)], ["é", " After ", "b", *letters("B")]]
    path = written(tmp_path, rows, delimiter=delimiter, encoding=encoding)
    assert read_answers(path, VERSIONS) == [
        sheet("ada", "before", "A", 3),
        sheet("é", "after", "B"),
    ]


def test_texts_as_platforms_export_them(tmp_path):
    texts = [
        to_plain(next(a["answer"] for a in q["answers"] if a["correct"])) for q in VERSIONS["A"]
    ]
    texts = [f"_{each}_" if n % 3 == 0 else f" {each}\n" for n, each in enumerate(texts)]
    heading = ["Surname", "student", "when", "version", "Grade/18.00"]
    heading += [f"Response {n}" for n in range(1, 19)]
    row = ["L", "ada", "before", "A", "18.00", *texts]
    assert read_answers(written(tmp_path, [row], heading), VERSIONS) == [
        sheet("ada", "before", "A")
    ]


def test_what_was_left_out_is_nothing(tmp_path):
    row = ["ada", "before", "A", "", "-", *letters("A")[2:]]
    (found,) = read_answers(written(tmp_path, [row]), VERSIONS)
    assert found.chosen[:2] == (None, None) and marks(found, VERSIONS).sum() == 16


def test_columns_may_stand_in_any_order(tmp_path):
    row = ["ada", "before", "A", *letters("A", 5)]
    path = written(tmp_path, [row[::-1]], HEADING[::-1])
    assert read_answers(path, VERSIONS) == [sheet("ada", "before", "A", 5)]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["", "before", "A"], "row 2: 'student' is empty"),
        (["ada", "then", "A"], "'when' should be before or after, not 'then'"),
        (["ada", "before", "C"], "'version' should be A or B, not 'C'"),
        (["ada", "before", "A", "E"], "item 1 should be A, B, C, D, .* not 'E'"),
        (["ada", "before", "A", "A", "AB"], "item 2 should be .* not 'AB'"),
    ],
)
def test_a_row_that_cannot_be_is_named(tmp_path, row, told):
    with pytest.raises(ValueError, match=told):
        read_answers(written(tmp_path, [row + [""] * (21 - len(row))]), VERSIONS)


def test_a_student_answers_once_each_time(tmp_path):
    rows = [["ada", "before", version, *letters(version)] for version in "AB"]
    with pytest.raises(ValueError, match="row 3: ada has a row 'before' already"):
        read_answers(written(tmp_path, rows), VERSIONS)


def test_many_errors_are_not_all_told(tmp_path):
    rows = [[f"s{n}", "then", "A", *letters("A")] for n in range(12)]
    with pytest.raises(ValueError) as told:
        read_answers(written(tmp_path, rows), VERSIONS)
    assert str(told.value).count("'when' should") == 8 and "and 4 more" in str(told.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "has no answers"),
        (",".join(HEADING).encode(), "has no answers"),
        (b"student,when,1\nada,before,A\n", "lacks the columns version, 2, 3"),
        ("student\nJos\xe9\n".encode("latin-1"), "not in UTF-8"),
    ],
)
def test_a_table_that_is_none_is_named(tmp_path, content, told):
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=told):
        read_answers(path, VERSIONS)


def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match="answers.csv cannot be read: No such file"):
        read_answers(tmp_path / "answers.csv", VERSIONS)
