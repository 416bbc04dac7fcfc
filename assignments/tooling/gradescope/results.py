"""What Gradescope shows of a graded notebook: ``results.json``, in the form that its documentation gives.

For each exercise there are two tests, the visible checks and the hidden tests. The hidden ones are shown once the marks are
published. What is shown *at once* is made of our own words only (claims, passed or failed, kinds of errors), since students
may hand in as often as they like: text that their code wrote could carry the hidden tests out, a piece each time.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Sequence

from nbformat import NotebookNode

from assignments.tooling.execute import DIED, LATE, STUCK
from assignments.tooling.summary import ANSWER, HEADING, printed
from assignments.tooling.traces import TRACE

KINDS = {name for name, value in vars(builtins).items() if isinstance(value, type)} | {"NotRun"}
EXERCISE = re.compile(r'Checks\(\s*"(\d+\.\d+)')
LONGEST = 300  # characters of a message


def nothing(name: str, points: float, why: str) -> dict:
    """The results of what could not be graded: no points, and why.

    Args:
        name: the problem set.
        points: what its tests are worth.
        why: a sentence for the student.
    """
    test = {"name": f"The notebook of {name}", "score": 0, "max_score": points, "output": why}
    return results([test | {"visibility": "visible"}], why)


def results(tests: Sequence[dict], output: str) -> dict:
    """The whole of ``results.json``."""
    score = round(sum(each["score"] for each in tests), 2)
    return {
        "score": score,
        "output": output,
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": list(tests),
    }


def of_a_notebook(
    official: NotebookNode,
    graded: NotebookNode,
    cells: Sequence[dict],
    notes: Sequence[str],
    suspicions: Sequence[str],
) -> dict:
    """The results of a notebook that was graded.

    Args:
        official: the set's notebook with hidden tests.
        graded: the submission after nbgrader has run it.
        cells: the rows of ``cells.csv``, a row for each graded cell.
        notes: what the student should know of the file.
        suspicions: what reaches for the judge; shown to teachers only.
    """
    rows = {row["cell"]: row for row in cells}
    outputs = {cell.metadata.nbgrader.grade_id: cell for cell in graded.cells if is_graded(cell)}
    tests, by_hand, number, title = [], [], "", ""
    for cell in official.cells:
        if cell.cell_type == "markdown" and (heading := HEADING.search(cell.source)):
            number, title = heading[1], heading[2]
        if not is_graded(cell):
            continue
        about, row = cell.metadata.nbgrader, rows[cell.metadata.nbgrader.grade_id]
        if cell.cell_type == "markdown":
            named = (ANSWER.search(cell.source) or [number, number])[1] or about.grade_id
            waits = "" if int(row["to_grade_by_hand"]) else ", nothing was written"
            by_hand.append(f"{named} ({about.points:g} points{waits})")
            continue
        number = (EXERCISE.search(cell.source) or ["", number])[1]
        tests.append(test(cell, outputs[about.grade_id], row, number, title))
    points = sum(each["max_score"] for each in tests)
    said = [f"Graded here: {points:g} points."]
    if by_hand:
        said.append(f"Read by your teacher, not counted here: {', '.join(by_hand)}.")
    if suspicions:
        tests.append(for_teachers(suspicions))
    return results(tests, "\n".join([*said, *notes]))


def is_graded(cell: NotebookNode) -> bool:
    """Whether a cell is worth points."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def test(official: NotebookNode, ran: NotebookNode, row: dict, number: str, title: str) -> dict:
    """One entry of ``tests``: the visible checks or the hidden tests of an exercise, or a prediction's trace."""
    hidden = "### BEGIN HIDDEN TESTS" in official.source
    trace = official.metadata.nbgrader.grade_id.endswith(TRACE)
    score, most = float(row["score"]), float(row["max_score"])
    said = [printed(ran).strip()] if trace else lines(claims(official.source), ran, messages=hidden)
    what = "committed prediction" if trace else "hidden tests" if hidden else "checks"
    return {
        "number": number,
        "name": f"{title or number}: {what}",
        "score": score,
        "max_score": most,
        "status": "passed" if score >= most else "failed",
        "output": "\n".join(said),
        "visibility": "after_published" if hidden else "visible",
    }


def for_teachers(suspicions: Sequence[str]) -> dict:
    """An entry that students never see; it is worth nothing."""
    return {
        "name": "To look at, not a verdict: what reaches for the judge",
        "score": 0,
        "max_score": 0,
        "output": "\n".join(suspicions),
        "visibility": "hidden",
    }


def claims(source: str) -> list[str]:
    """What the checks of a cell claim, in their order."""
    calls = [
        each
        for node in ast.walk(ast.parse(source))
        for each in getattr(node, "decorator_list", [])
        if isinstance(each, ast.Call) and each.args and isinstance(each.args[0], ast.Constant)
    ]
    return [str(each.args[0].value) for each in sorted(calls, key=lambda each: each.lineno)]


def lines(wanted: Sequence[str], ran: NotebookNode, messages: bool) -> list[str]:
    """A line for each claim, and for a cell that did not run.

    Args:
        wanted: the claims.
        ran: the cell after it was run.
        messages: whether to show what errors say, or only of what kind they are.
    """
    text, said = printed(ran), []
    for claim in wanted:
        pattern = rf"^  \[(passed|failed)\] {re.escape(claim)}\n((?:^ {{11}}.*\n?)*)"
        if found := re.findall(pattern, text, re.MULTILINE):
            verdict, message = found[-1]
            shown = " ".join(message.split())[:LONGEST] if messages else kind(message.strip())
            said.append(f"[{verdict}] {claim}{': ' if shown else ''}{shown}")
        elif "not implemented yet, 0 of" in text:
            said.append(f"[not implemented yet] {claim}")
        else:
            said.append(f"[not run] {claim}")
    for out in ran.get("outputs", ()):
        if out.get("output_type") == "error":
            reason = out.evalue if messages or out.evalue in (DIED, STUCK, LATE) else ""
            error = f"{kind(out.ename + ':')}{': ' if reason else ''}{reason[:LONGEST]}"
            said.append(f"The checks could not run: {error}")
    if not messages and any(not each.startswith("[passed]") for each in said):
        said.append("Run this cell in your notebook: it says what was expected and what came out.")
    return said


def kind(message: str) -> str:
    """The kind of an error, if it is one of Python's own."""
    name = message.partition(":")[0]
    return name if name in KINDS else "an error" if message else ""
