"""What answers show: the numbers are those of their definitions, and what cannot be known is said."""

from __future__ import annotations

import csv
import math
import re

import numpy as np
import pytest
from inventory_sheets import SECRET, VERSIONS, letters, sheet, written

from assignments.inventory import report
from assignments.inventory.make import write_inventory
from assignments.inventory.results import (
    both_times,
    discrimination,
    gain_interval,
    item_rows,
    misconception_rows,
    normalised_gain,
    table_of,
    versions_compared,
)


class TestNumbers:
    def test_gain_is_what_was_gained_of_what_could_be(self):
        before, after = np.array([0.25, 0.35]), np.array([0.5, 0.8])
        assert normalised_gain(before, after) == pytest.approx((0.65 - 0.3) / (1 - 0.3))
        assert normalised_gain(after, before) < 0
        assert math.isnan(normalised_gain(np.ones(3), np.ones(3)))

    def test_the_interval_holds_the_true_gain_as_often_as_it_says(self):
        rng, held = np.random.default_rng(1), 0
        for _ in range(60):
            skill = rng.uniform(-0.1, 0.1, 40)
            before, after = (rng.binomial(18, p + skill) / 18 for p in (0.4, 0.7))
            low, high = gain_interval(before, after, paired=True)
            held += low <= 0.5 <= high
        assert 52 <= held <= 60

    def test_few_students_have_no_interval(self):
        assert gain_interval(np.full(4, 0.2), np.full(4, 0.5), paired=True) is None
        assert gain_interval(np.ones(6), np.ones(6), paired=True) is None

    def test_discrimination_is_the_correlation_with_the_rest(self):
        marked = np.random.default_rng(0).integers(0, 2, (30, 6)).astype(float)
        rest = marked.sum(axis=1) - marked[:, 2]
        wanted = np.corrcoef(marked[:, 2], rest)[0, 1]
        assert discrimination(marked, 2) == pytest.approx(wanted)
        marked[:, 1] = 1
        assert math.isnan(discrimination(marked, 1)) and math.isnan(discrimination(marked[:9], 2))

    def test_versions_that_are_alike_tie_and_others_do_not(self):
        pattern = [2, 3, 2, 3, 2, 3, 2, 3, 2, 3]
        same = [
            sheet(f"{v}{n}", "before", v, wrong) for v in "AB" for n, wrong in enumerate(pattern)
        ]
        harder = [
            sheet(f"{v}{n}", "after", v, wrong + 6 * (v == "B"))
            for v in "AB"
            for n, wrong in enumerate(pattern)
        ]
        found = versions_compared([*same, *harder], VERSIONS)
        assert found["before"].verdict == "tie" and found["after"].verdict == "higher"
        one_version = [each for each in same if each.version == "A"]
        assert versions_compared(one_version, VERSIONS) == {}

    def test_students_are_matched_by_their_code(self):
        sheets = [sheet("a", "after", "B"), sheet("b", "before", "A"), sheet("a", "before", "A", 2)]
        assert both_times(sheets) == [sheet("a", "before", "A", 2), sheet("a", "after", "B")]

    def test_items_and_misconceptions_are_counted(self):
        sheets = [
            sheet("a", "before", "A", 2),
            sheet("b", "before", "B"),
            sheet("a", "after", "B", 1),
        ]
        assert table_of(sheets, "before", VERSIONS).sum() == 16 + 18
        rows = item_rows(sheets, VERSIONS)
        assert [rows[0]["right_before"], rows[0]["right_after"]] == [0.5, 0.0]
        assert rows[0]["right_before_A"] == 0 and rows[0]["right_before_B"] == 1
        assert math.isnan(rows[0]["right_after_A"]) and rows[1]["gain"] == 1.0
        found = {row["misconception"]: row for row in misconception_rows(sheets, VERSIONS)}
        place = ord(letters("B", 1)[0]) - 65
        chosen = VERSIONS["B"][0]["answers"][place]["misconception"]
        assert found[chosen]["after"] == 1.0 and len(found) == 54
        assert sum(row["before"] for row in found.values()) == 1.0


class TestCommand:
    @pytest.fixture
    def course(self, tmp_path, monkeypatch):
        monkeypatch.setattr(report, "course_folder", lambda seed: tmp_path)
        write_inventory(tmp_path / "inventory", SECRET, "autumn-2027")
        return tmp_path

    def rows(self, wrong_before=9):
        found = []
        for n in range(12):
            first, second = ("A", "B") if n % 2 else ("B", "A")
            found.append([f"s{n}", "before", first, *letters(first, wrong_before + n % 4)])
            found.append([f"s{n}", "after", second, *letters(second, 3 + n % 3)])
        return found

    def test_it_says_what_the_class_gained(self, course, capsys):
        assert report.main([str(written(course, self.rows())), "--seed", "x"]) == 0
        told = capsys.readouterr().out
        assert "12 sheets before, 12 after; 12 students answered both times." in told
        assert re.search(r"After less before: higher: \+0\.3", told)
        assert re.search(r"Normalised gain 0\.6\d, 95 % interval \[0\.\d\d, 0\.\d\d\]", told)
        assert told.count("Version A less version B") == 2
        items = list(
            csv.DictReader((course / "inventory/instructor/items.csv").open(encoding="utf-8"))
        )
        assert [row["right_after"] for row in items[:2]] == ["0.0", "0.0"]
        assert items[17]["right_before"] == "1.0" and items[17]["gain"] == ""
        path = course / "inventory/instructor/misconceptions.csv"
        assert len(path.read_text(encoding="utf-8").splitlines()) == 55

    def test_it_says_what_it_cannot_know(self, course, capsys):
        rows = [["a", "before", "A", *letters("A", 9)], ["b", "before", "A", *letters("A", 4)]]
        assert report.main([str(written(course, rows)), "--seed", "x"]) == 0
        told = capsys.readouterr().out
        assert "two sheets before and two after are needed" in told
        assert "cannot say whether they are equally hard" in told

    def test_errors_are_told_and_nothing_is_written(self, course, capsys):
        rows = [["a", "before", "X", *letters("A")]]
        assert report.main([str(written(course, rows)), "--seed", "x"]) == 2
        assert "'version' should be A or B" in capsys.readouterr().err
        assert not (course / "inventory/instructor/items.csv").exists()

    def test_a_course_without_an_inventory_is_told_what_to_run(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(report, "course_folder", lambda seed: tmp_path)
        assert report.main([str(written(tmp_path, self.rows())), "--seed", "x"]) == 2
        assert "run `make inventory` first" in capsys.readouterr().err
