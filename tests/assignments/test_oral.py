"""The questions for five minutes of talk: complete, in the variant's numbers, in the course's folder and never in a release."""

from __future__ import annotations

import re

import pytest

from assignments.tooling.oral import oral, questions, write_oral
from assignments.tooling.release import write_course
from assignments.tooling.source import ASSIGNMENTS, SETS, variant

SEEDS = ("autumn-2027", "1")


@pytest.mark.parametrize("name", SETS)
def test_three_parts_of_three_questions_each_with_a_good_and_a_weak_answer(name):
    text = oral(name, SEEDS[0])
    parts = questions(text)
    assert list(parts) == ["Your numbers", "Your code", "What if"]
    assert all(len(each) == 3 for each in parts.values())
    for block in text.split("### ")[1:]:
        assert block.count("- **Good:** ") == block.count("- **Weak:** ") == 1
        assert min(len(line) for line in block.splitlines() if line.startswith("- ")) > 30


@pytest.mark.parametrize("name", SETS)
def test_the_variants_numbers_and_its_wrong_solution_are_filled_in(name):
    one, other = (oral(name, seed) for seed in SEEDS)
    assert one != other and "VARIANT" not in one + other
    for seed, text in zip(SEEDS, (one, other)):
        assert variant(name, seed)["suspect_line"] in text
        assert variant(name, seed)["suspect_belief"] in text


def test_they_lie_in_the_courses_folder_and_not_in_the_books_own(tmp_path):
    write_course(tmp_path, SEEDS[0], ["ps1"])
    assert (tmp_path / "oral/ps1.md").read_text(encoding="utf-8") == oral("ps1", SEEDS[0])
    assert not (ASSIGNMENTS / "oral").exists()


@pytest.mark.parametrize("name", SETS)
def test_nothing_of_them_is_released(name):
    released = (ASSIGNMENTS / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    for question in sum(questions(oral(name, "book")).values(), []):
        plain = re.sub(r"[`\"]", "", question)
        assert plain[:40] not in released


def test_a_set_without_questions_has_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr("assignments.tooling.source.SETS_FOLDER", tmp_path)
    assert write_oral(tmp_path, "ps1", "a") is None and not (tmp_path / "oral").exists()
