"""Problem sets as a whole: solved, every cell runs, the experiments too; unsolved, the experiments wait.

The experiments are shortened: their cells claim nothing that would need a trained model.
"""

from __future__ import annotations

import re

import matplotlib
import pytest

from assignments.tooling.inprocess import emptied, run_quietly
from assignments.tooling.source import SETS, compile_set, load

SEED = "winter-2028"


def shortened(source: str) -> str:
    """A cell that trains, with a few updates instead of hundreds."""
    return re.sub(r"\bsteps=\d+", "steps=5", source)


@pytest.mark.parametrize("name", SETS)
def test_solved_it_runs_from_top_to_bottom_and_unsolved_the_experiment_waits(
    name, monkeypatch, capsys
):
    matplotlib.use("agg")
    monkeypatch.setenv("TQDM_DISABLE", "1")
    cells = {cell.id: cell.source for cell in compile_set(name, SEED).cells}
    kinds = {cell.grade_id: cell for cell in load(name)}
    names: dict = {"__name__": "__main__"}
    waiting = 0
    training = [s for s in cells.values() if "TrainConfig(steps=" in s]
    assert training and all(shortened(source) != source for source in training)
    for grade_id, source in cells.items():
        if kinds[grade_id].kind in (
            "setup",
            "given",
            "run",
            "solution",
            "checks",
            "hidden",
            "trace",
        ):
            found = run_quietly(
                shortened(source) if kinds[grade_id].kind == "run" else source, names
            )
            assert found == kinds[grade_id].points or not kinds[grade_id].points
    for grade_id, source in cells.items():
        if kinds[grade_id].kind == "solution":
            run_quietly(emptied(source), names)
    for grade_id, source in cells.items():
        waits = "waits_for(" in source or "commit(" in source
        if kinds[grade_id].kind == "run" and (waiting or waits):
            run_quietly(source, names)  # in no time, and what follows it goes on
            waiting += 1
    assert waiting >= 1, "an experiment uses what the student wrote"
