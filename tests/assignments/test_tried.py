"""Twenty wrong and ten right solutions of every exercise: those of ``answers.py``, and more in ``tried/psN.py``.

The latter were written to get past the tests, or to trip over them: 57 of 382 wrong ones did when they were first tried, and 2 of 192 right ones.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import torch

from assignments.tooling.inprocess import Answer, Workbench, answers, answers_in
from assignments.tooling.source import SETS
from assignments.tooling.suspicion import suspicions

HERE = Path(__file__).parent / "tried"


def tried(name: str) -> list[Answer]:
    """The solutions in ``tried/NAME.py``, written as in a problem set's ``answers.py``."""
    return answers_in(HERE / f"{name}.py", name)


TRIED = {name: tried(name) for name in SETS}
EACH = [(name, answer) for name in SETS for answer in TRIED[name]]
IDS = [f"{name}-{each.exercise}-{each.about}" for name, each in EACH]


@cache
def workbench(name: str) -> Workbench:
    return Workbench(name)


@pytest.mark.parametrize(("name", "answer"), EACH, ids=IDS)
def test_right_solutions_get_all_points_and_wrong_ones_lose_a_tenth(name, answer):
    bench = workbench(name)
    found, points = bench.score(answer.exercise, answer.source), bench.exercises[answer.exercise]
    if answer.right:
        assert found == points
    else:
        assert found <= 0.9 * points


def test_right_solutions_are_not_suspected():
    right = [answer for _, answer in EACH if answer.right]
    assert len(right) > 100
    assert {each.about: seen for each in right if (seen := suspicions(each.source))} == {}


@pytest.mark.parametrize("name", SETS)
def test_every_exercise_has_twenty_wrong_and_ten_right_solutions(name):
    every = [*TRIED[name], *answers(name)]
    number = Counter((each.exercise, each.right) for each in every)
    for exercise in workbench(name).exercises:
        wrong, right = (10, 5) if exercise == "minimal_pair" else (20, 10)  # see test_suspects.py
        assert number[exercise, False] >= wrong and number[exercise, True] >= right, exercise
    twice = [each for each, n in Counter(each.source for each in every).items() if n > 1]
    assert not twice


@pytest.mark.parametrize("name", SETS)
def test_what_cells_before_have_imported_or_switched_off_does_not_matter(name):
    lines = [f"from {each} import *" for each in ("pylab", "numpy", "torch")]
    scratch = "\n".join([*lines, "import torch", "torch.set_grad_enabled(False)"])
    bench = workbench(name)
    with torch.enable_grad():  # and back to it
        for exercise, points in bench.exercises.items():
            found = bench.score(exercise, scratch=scratch)
            assert found == points, exercise
