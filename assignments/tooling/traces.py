"""Whether a prediction was committed before its experiment ran: read from the outputs that were handed in.

A submission's outputs are thrown away before it is graded, so :class:`Restore <assignments.tooling.restore.Restore>` keeps the
lines that :mod:`s2s_tutorial.coursework.prediction` printed. After the run :class:`Settle` compares them with what the same
prediction printed now, outside of the process that runs the student's code. The experiment prints the seal of what was committed
when it began, which only a session prints that committed before. (Cells' execution counts say no more: who runs the first cell once
again afterwards disorders them, and who writes outputs by hand writes counts too.)

A habit and a trace, not a lock: who runs the experiment, and then everything anew with another prediction, leaves a perfect trace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from assignments.tooling.summary import printed

TRACE = "-trace"
COMMITS = r'^\w+ = commit\("([\d.]+)"'
SHARE = 1 / 3  # of the points, for a prediction in full; the rest is for its trace


def kept(cells: Sequence[NotebookNode]) -> list[dict]:
    """What the outputs of a notebook say of predictions: a dict for each line, in the cells' order."""
    from s2s_tutorial.coursework.prediction import (  # not above: releases need no PyTorch
        BEGAN,
        COMMITTED,
    )

    found = []
    for cell in cells:
        text = printed(cell) if cell.cell_type == "code" else ""
        for what, pattern in (("committed", COMMITTED), ("began", BEGAN)):
            for line in pattern.finditer(text):
                late = bool(line.groupdict().get("late"))
                about = {key: line[key] for key in ("exercise", "seal")}
                found.append({"what": what, "late": late} | about)
    return found


def doubt(exercise: str, seal: str, lines: Sequence[dict]) -> str:
    """Why the outputs do not show that this prediction was there before its experiment ran, or ""."""
    here = [line for line in lines if line["exercise"] == exercise]
    committed = [line for line in here if line["what"] == "committed"]
    began = [line for line in here if line["what"] == "began"]
    in_time = [line for line in committed if line["seal"] == seal and not line["late"]]
    if not committed:
        return "the notebook was handed in without the output of the cell that commits"
    if not in_time:
        if any(line["late"] for line in committed):
            return "it was committed when the experiment had already been run"
        return "the prediction is not the one that was committed"
    if not began:
        return "the notebook was handed in without the output of the experiment"
    if not any(line["seal"] == seal for line in began):
        return "the experiment ran after another prediction"
    return ""


def settled(exercise: str, points: float, seal: str, lines: Sequence[dict]) -> tuple[float, str]:
    """The points of a prediction, and what its cell says of them, in the words of a report of checks.

    Args:
        exercise: which, such as ``"1.8"``.
        points: what the commitment is worth.
        seal: that of the prediction as it was handed in, or "" if there is none.
        lines: what :func:`kept` found.
    """
    title = f"Exercise {exercise}, prediction"
    if not seal:
        return 0.0, f"{title}: not implemented yet, 0 of {points:g} points\n"
    why = doubt(exercise, seal, lines)
    score = round(points * SHARE, 2) if why else float(points)
    said = f"  [failed] committed before the experiment ran\n           {why}\n"
    return score, (
        f"{title}: {score:g} of {points:g} points\n  [passed] a prediction, with a reason\n"
        f"{said if why else '  [passed] committed before the experiment ran'}\n"
    )


class Settle(NbGraderPreprocessor):
    """nbgrader's step behind the run: each commitment's cell gets the points that its trace is worth."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Write the outputs of the cells that report commitments."""
        lines = nb.metadata.get("s2s", {}).get("traces", [])
        locked = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("locked")]
        exercises = re.findall(COMMITS, "\n".join(cell.source for cell in locked), re.MULTILINE)
        seals = {e["exercise"]: e["seal"] for e in kept(locked) if e["what"] == "committed"}
        traces = [cell for cell in locked if cell.metadata.nbgrader.grade_id.endswith(TRACE)]
        for exercise, cell in zip(exercises, traces):
            points = cell.metadata.nbgrader.points
            score, text = settled(exercise, points, seals.get(exercise, ""), lines)
            number, data = cell.get("execution_count"), {"text/plain": f"{score}"}
            cell.outputs = [
                new_output("stream", name="stdout", text=text),
                new_output("execute_result", data, execution_count=number),
            ]
        return nb, resources
