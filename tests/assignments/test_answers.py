"""The graders graded: official, empty, right and wrong solutions of every exercise of every problem set."""

from __future__ import annotations

import ast
import builtins
from functools import cache

import pytest

from assignments.tooling.inprocess import Answer, Workbench, answers, emptied
from assignments.tooling.source import BOOK_SEED, SETS, load

SEEDS = (BOOK_SEED, "autumn-2027")
GRADED = {name: [cell.name for cell in load(name) if cell.kind == "hidden"] for name in SETS}
EXERCISES = [(name, exercise) for name in SETS for exercise in GRADED[name]]
ANSWERS = [(name, answer) for name in SETS for answer in answers(name)]


@cache
def workbench(name: str, seed: str) -> Workbench:
    return Workbench(name, seed)


@cache
def answers_of(name: str, seed: str) -> dict[tuple, Answer]:
    return {(each.exercise, each.about): each for each in answers(name, seed)}


def about(value: object) -> str:
    return f"{value.exercise}-{value.about}" if isinstance(value, Answer) else str(value)


@pytest.mark.parametrize(("name", "exercise"), EXERCISES, ids=about)
@pytest.mark.parametrize("seed", SEEDS)
def test_official_solution_gets_all_points(name, exercise, seed):
    bench = workbench(name, seed)
    assert bench.score(exercise) == bench.exercises[exercise]


@pytest.mark.parametrize("name", SETS)
def test_empty_release_gets_none(name):
    empty = Workbench(name, solved=False)
    assert list(empty.exercises) == GRADED[name], "each exercise has hidden tests"
    assert {exercise: empty.score(exercise) for exercise in empty.exercises} == dict.fromkeys(
        empty.exercises, 0.0
    )


@pytest.mark.parametrize(("name", "answer"), ANSWERS, ids=about)
@pytest.mark.parametrize("seed", SEEDS)
def test_right_solutions_get_all_points_and_wrong_ones_lose_some(name, answer, seed):
    bench = workbench(name, seed)
    found = bench.score(
        answer.exercise, answers_of(name, seed)[answer.exercise, answer.about].source
    )
    if answer.right:
        assert found == bench.exercises[answer.exercise]
    else:
        assert found <= 0.9 * bench.exercises[answer.exercise]


@pytest.mark.parametrize(("name", "exercise"), EXERCISES, ids=about)
def test_every_exercise_has_its_wrong_and_right_solutions(name, exercise):
    here = [each for each in answers(name) if each.exercise == exercise]
    assert sum(not each.right for each in here) >= 5
    assert sum(each.right for each in here) >= 3
    assert len({each.source for each in here}) == len({each.about for each in here}) == len(here)
    assert {cell.kind for cell in workbench(name, BOOK_SEED).cells.values()} >= {
        "checks",
        "hidden",
        "answer",
    }


@pytest.mark.parametrize(("name", "exercise"), EXERCISES, ids=about)
def test_hidden_tests_catch_what_the_visible_ones_do_not(name, exercise):
    bench = workbench(name, BOOK_SEED)
    here = [each for each in answers(name) if each.exercise == exercise and not each.right]
    visible = [bench.score(exercise, each.source, hidden=False) for each in here]
    assert max(visible) == bench.score(exercise, hidden=False), "some wrong one passes all of them"
    assert min(visible) < max(visible), "and some does not"


def bound(source: str) -> set[str]:
    """The names that a cell binds."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
    return found


@pytest.mark.parametrize(("name", "exercise"), EXERCISES, ids=about)
def test_names_that_a_student_binds_do_not_matter(name, exercise):
    bench = workbench(name, BOOK_SEED)
    sources = {cell.id: cell.source for cell in bench.notebook.cells}
    taken = bound(sources[f"{exercise}-checks"]) | bound(sources[f"{exercise}-hidden"])
    taken -= bound(sources["imports"]) - {"Checks", "close"} | set(dir(builtins))
    solutions = "\n".join(sources[each] for each in bench.exercises)
    used = {node.id for node in ast.walk(ast.parse(solutions)) if isinstance(node, ast.Name)}
    scratch = "".join(f"{each} = 'mine'\n" for each in sorted(taken - used - set(bench.exercises)))
    assert "close = 'mine'" in scratch and scratch.count("\n") > 5
    assert bench.score(exercise, scratch=scratch) == bench.exercises[exercise]


def test_a_module_whose_names_hide_built_in_ones_does_not_matter():
    bench = workbench("ps2", BOOK_SEED)
    for exercise in ("masked_softmax", "additive_scores", "shifted"):  # use none of them themselves
        assert bench.score(exercise, scratch="from pylab import *") == bench.exercises[exercise]


def test_a_solution_is_emptied_as_nbgrader_does_it():
    source = 'def f():\n    """Doc."""\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION'
    assert emptied(source) == (
        'def f():\n    """Doc."""\n    raise NotImplementedError("not implemented yet")'
    )
