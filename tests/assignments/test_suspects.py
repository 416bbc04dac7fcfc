"""Every wrong solution that a course can be given to explain: it is wrong, its key fits it, and its exercise is graded as the others are."""

from __future__ import annotations

from functools import cache

import pytest
from tried_answers import tried

from assignments.tooling.inprocess import Workbench, answers
from assignments.tooling.source import SETS, SETS_FOLDER, compile_set, variant
from assignments.tooling.suspects import pool

POOLS = {name: pool(SETS_FOLDER / name) for name in SETS}
EACH = [(name, key) for name in SETS for key in POOLS[name]]
OF_THE_SET_BEFORE = {
    "ps2": ("ps1", "encode", "encode = suspect"),
    "ps3": (
        "ps2",
        "masked_softmax",
        "def masked_softmax(scores, mask, temperature=1.0):\n"
        "    if scores.dim() == 2:\n"
        "        return suspect(scores / temperature, mask)\n"
        "    return torch.stack([suspect(each / temperature, mask) for each in scores.unbind(1)], 1)",
    ),
    "ps4": ("ps3", "difference", "difference = suspect"),
}


def seed_of(name: str, key: str) -> str:
    """A seed that draws this one of the pool."""
    return next(s for s in map(str, range(200)) if variant(name, s)["suspect"] == key)


@cache
def workbench(name: str, key: str) -> Workbench:
    return Workbench(name, seed_of(name, key))


def test_every_set_has_a_pool():
    assert all(len(each) >= 4 for each in POOLS.values())
    keys = [each for name in SETS for each in POOLS[name].values()]
    assert len({each.function for each in keys}) == len(keys)


@pytest.mark.parametrize(("name", "key"), EACH)
def test_its_line_is_in_it_and_nothing_else_of_its_key_is_released(name, key):
    suspect = POOLS[name][key]
    assert f"{suspect.line.strip('`')}\n" in f"{suspect.function}\n"
    assert "suspect" in suspect.function and len(suspect.belief) > 60
    notebook = compile_set(name, seed_of(name, key))
    (given,) = (cell.source for cell in notebook.cells if cell.id == "suspect")
    assert suspect.function in given
    key_cell = next(cell for cell in notebook.cells if cell.id == "explanation")
    for text in (suspect.line, suspect.belief):
        assert key_cell.source.partition("### BEGIN SOLUTION")[2].count(text) == 1
    others = "".join(cell.source for cell in notebook.cells if cell.id != "explanation")
    assert suspect.belief not in others


@pytest.mark.parametrize(("name", "key"), EACH)
def test_right_pairs_get_all_points_and_wrong_ones_lose_a_tenth(name, key):
    bench, seed = workbench(name, key), seed_of(name, key)
    every = [*answers(name, seed), *tried(name, seed)]
    here = [each for each in every if each.exercise == "minimal_pair"]
    assert sum(each.right for each in here) >= 10 and sum(not each.right for each in here) >= 20
    points = bench.exercises["minimal_pair"]
    assert bench.score("minimal_pair") == points
    found = {each.about: bench.score("minimal_pair", each.source) for each in here}
    lost = {each.about: found[each.about] for each in here if each.right}
    assert lost == dict.fromkeys(lost, points)
    kept = {about: score for about, score in found.items() if about not in lost}
    assert max(kept.values()) <= 0.9 * points, kept


@pytest.mark.parametrize(("name", "key"), [each for each in EACH if each[0] in OF_THE_SET_BEFORE])
def test_handed_in_for_its_own_exercise_it_loses_points(name, key):
    before, exercise, bind = OF_THE_SET_BEFORE[name]
    bench = workbench(before, next(iter(POOLS[before])))
    found = bench.score(exercise, f"{POOLS[name][key].function}\n\n\n{bind}")
    assert found <= 0.9 * bench.exercises[exercise]
