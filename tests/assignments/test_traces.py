"""A committed prediction is worth its points when the stored outputs show it before the experiment: sessions as students have them."""

from __future__ import annotations

import contextlib
import io
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from assignments.tooling.summary import failures, number_of
from assignments.tooling.traces import Settle, kept, settled
from s2s_tutorial.coursework import commit

POINTS = 3
ASKED = {"longest": (2, 14)}
FIRST = {"longest": 9, "because": "more bits do not fit in"}
OTHER = FIRST | {"longest": 5}


class Session:
    """A student at work: the cell that commits and the experiment's, run as often and in which order one likes."""

    def __init__(self):
        self.cells = {"commit": new_code_cell(), "training": new_code_cell()}
        self.restart()

    def restart(self) -> Session:
        self.sealed, self.count = None, 0
        return self

    def run(self, name: str, cell: str, action) -> Session:
        self.count += 1
        with contextlib.redirect_stdout(io.StringIO()) as said:
            action()
        cell = self.cells.setdefault(cell, new_code_cell())
        cell.outputs = [new_output("stream", name="stdout", text=said.getvalue())]
        cell.execution_count = self.count
        return self

    def commit(self, prediction=FIRST, cell="commit") -> Session:
        def action():
            self.sealed = commit("1.8", lambda: prediction, ASKED, self.sealed)

        return self.run("commit", cell, action)

    def experiment(self, cell="training") -> Session:
        return self.run("training", cell, lambda: self.sealed.begin())

    def without(self, *names: str) -> Session:
        for name in names:
            self.cells[name].outputs = []
        return self

    def counts(self, *counts) -> Session:
        for cell, count in zip(self.cells.values(), counts):
            cell["execution_count"] = count
        return self


def seal_of(prediction) -> str:
    with contextlib.redirect_stdout(io.StringIO()):
        return commit("1.8", lambda: prediction, ASKED).seal


def score(session: Session, handed_in=FIRST) -> tuple[float, str]:
    """What the grader gives, who runs the prediction that was handed in once more."""
    cells = [new_markdown_cell("# 1.8"), *session.cells.values()]
    stored = nbformat.reads(
        json.dumps(nbformat.v4.new_notebook(cells=cells) | {"nbformat_minor": 4}), 4
    )
    return settled("1.8", POINTS, seal_of(handed_in), kept(stored.cells))


RIGHT = {
    "from top to bottom": lambda: Session().commit().experiment(),
    "the experiment twice": lambda: Session().commit().experiment().experiment(),
    "another prediction before anything ran": lambda: Session().commit(OTHER).commit().experiment(),
    "committed twice, and once more afterwards": lambda: (
        Session().commit().commit().experiment().commit()
    ),
    "restarted and run again from the top": lambda: (
        Session().commit(OTHER).experiment().restart().commit().experiment()
    ),
    "an editor that keeps no counts": lambda: Session().commit().experiment().counts(None, None),
    "the cell that commits stands twice, the first one old": lambda: (
        Session().commit(OTHER).commit(cell="copy").experiment()
    ),
    "other output before the line, and the training again after a restart": lambda: (
        Session().run("noise", "noise", lambda: print("Prediction: 9")).commit().experiment()
    ),
    "the table's cell stands for the training's, whose output is too long to keep": lambda: (
        Session().commit().experiment().experiment("table").without("training")
    ),
}
WRONG = {
    "handed in without outputs": lambda: (
        Session().commit().experiment().without("commit", "training")
    ),
    "without the output that commits": lambda: Session().commit().experiment().without("commit"),
    "the experiment never ran": lambda: Session().commit(),
    "without the experiment's output": lambda: Session().commit().experiment().without("training"),
    "changed after the run, and not committed again": lambda: Session().commit(OTHER).experiment(),
    "changed after the run, and committed again": lambda: (
        Session().commit(OTHER).experiment().commit()
    ),
    "committed again, and run again without a restart": lambda: (
        Session().commit(OTHER).experiment().commit().experiment()
    ),
    "run with one prediction, then restarted to commit another": lambda: (
        Session().commit(OTHER).experiment().restart().commit()
    ),
    "nothing but the seal, written by hand": lambda: Session().run(
        "commit", "commit", lambda: print(seal_of(FIRST))
    ),
    "another exercise's outputs": lambda: other_exercise(),
    "nothing was run at all": lambda: Session(),
}


def other_exercise() -> Session:
    session = Session().commit().experiment()
    for cell in session.cells.values():
        cell.outputs[0]["text"] = cell.outputs[0]["text"].replace("1.8", "2.8")
    return session


@pytest.mark.parametrize("about", RIGHT)
def test_a_prediction_that_was_there_first_earns_all_points(about):
    found, said = score(RIGHT[about]())
    assert found == POINTS, said


@pytest.mark.parametrize("about", WRONG)
def test_one_that_was_not_earns_a_third_and_says_why(about):
    found, said = score(WRONG[about]())
    cell = new_code_cell(outputs=[new_output("stream", name="stdout", text=said)])
    assert found == POINTS / 3
    ((claim, why),) = failures(cell)
    assert claim == "committed before the experiment ran" and len(why) > 20
    assert number_of(cell) == "1.8"


def test_no_prediction_earns_nothing_whatever_the_outputs_say():
    assert score(Session().commit().experiment(), handed_in={})[0] == 0


def test_what_it_does_not_hold_off():
    """Run, look, restart, commit what came out, run again: a perfect trace. The guide says so."""
    session = Session().commit(OTHER).experiment().restart().commit().experiment()
    assert score(session)[0] == POINTS


def locked(source: str, name: str, **more) -> nbformat.NotebookNode:
    about = {"locked": True, "grade_id": name, "grade": bool(more)} | more
    return new_code_cell(source, metadata={"nbgrader": about})


def handed_in_and_run(session: Session, prediction) -> nbformat.NotebookNode:
    """A notebook behind the grader's run, with what was kept of the one that was handed in."""
    again = Session().commit(prediction)
    commits = locked('sealed = commit("1.8", prediction, asked)', "commitment")
    commits.outputs = again.cells["commit"].outputs
    reports = locked("sealed.report(points=3)", "prediction-trace", points=3)
    reports.outputs = [new_output("execute_result", {"text/plain": "3.0"})]
    lines = kept(list(session.cells.values()))
    notebook = nbformat.v4.new_notebook(cells=[commits, reports])
    notebook.metadata["s2s"] = nbformat.from_dict({"traces": lines})
    return notebook


@pytest.mark.parametrize(("prediction", "points"), [(FIRST, "3.0"), (OTHER, "1.0"), ({}, "0.0")])
def test_the_cell_gets_what_the_trace_is_worth_and_not_what_it_printed(prediction, points):
    notebook = handed_in_and_run(Session().commit().experiment(), prediction)
    notebook, _ = Settle().preprocess(notebook, {})
    said, result = notebook.cells[1].outputs
    assert result["data"]["text/plain"] == points
    assert said["text"].startswith("Exercise 1.8, prediction: ")


def test_a_notebook_without_predictions_is_left_as_it_is():
    notebook = nbformat.v4.new_notebook(cells=[locked("1", "a-checks", points=3)])
    before = nbformat.writes(notebook)
    assert nbformat.writes(Settle().preprocess(notebook, {})[0]) == before
