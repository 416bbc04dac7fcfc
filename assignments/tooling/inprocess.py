"""Problem sets without a kernel: the official solution, and what any other solution would score.

nbgrader runs a submission in minutes; here one variant of one exercise takes well under a second, so
that graders can be tested against many wrong and many right solutions.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

from assignments.tooling import source as sets
from assignments.tooling.judge.cells import judged, run_cell, statements
from assignments.tooling.source import BOOK_SEED, compile_set, fill_in, load, split_cells, variant
from assignments.tooling.suspects import drawn, put_in
from s2s_tutorial.coursework.worker import serve

SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION$", re.M | re.S)


@dataclass(frozen=True)
class Answer:
    """A solution that somebody might hand in: whether it is right, of which exercise, and what is special."""

    right: bool
    exercise: str
    about: str
    source: str


def answers(name: str, seed: str = BOOK_SEED) -> list[Answer]:
    """The right and wrong solutions in a problem set's ``answers.py``.

    A cell's first line is ``# %% right EXERCISE: what is special`` or ``# %% wrong EXERCISE: ...``.
    """
    return answers_in(sets.SETS_FOLDER / name / "answers.py", name, seed)


def answers_in(path: Path, name: str, seed: str = BOOK_SEED) -> list[Answer]:
    """The solutions of a problem set in any file that is written as its ``answers.py`` is.

    Raises:
        ValueError: if one is called neither right nor wrong.
    """
    values, found = variant(name, seed), []
    suspect = drawn(sets.SETS_FOLDER / name, f"{seed} {name}")
    for words, body in split_cells(path.read_text(encoding="utf-8")):
        verdict, exercise, about = words[0], words[1].rstrip(":"), " ".join(words[2:])
        if verdict not in ("right", "wrong"):
            raise ValueError(f"an answer is 'right' or 'wrong', not {verdict!r}, in {path}")
        source = fill_in(put_in(body, suspect), values, code=True)
        found.append(Answer(verdict == "right", exercise, about, source))
    return found


class SameProcess:
    """A worker that is no process of its own; all the same, whatever it is given or returns crosses as text.

    Args:
        names: where the student's functions are.
    """

    def __init__(self, names: dict):
        self.names = names

    def exchange(self, request: str, answer) -> str:
        """See :class:`remote.Worker <assignments.tooling.judge.remote.Worker>`."""
        outcome = ""

        def ask(text: str) -> str:
            nonlocal outcome
            if "callback" in json.loads(text):
                return answer(text)
            outcome = text
            return ""

        serve(request, self.names, ask)
        return outcome


def run_quietly(source: str, names: dict) -> object:
    """Execute a cell as a kernel would, and return the value of its last expression."""
    with contextlib.redirect_stdout(io.StringIO()):
        return run_cell(source, names)


class Workbench:
    """A problem set made ready: everything but its long cells was run, with the official solutions.

    Args:
        name: the problem set.
        seed: the course's seed.
        solved: False for the release's empty functions instead of the official solutions.

    Attributes:
        exercises: names of the graded exercises, in order, with the points of their tests.
    """

    def __init__(self, name: str, seed: str = BOOK_SEED, solved: bool = True):
        self.cells = {cell.grade_id: cell for cell in load(name)}
        self.notebook = compile_set(name, seed)
        self.names: dict = {"__name__": "__main__"}
        for cell in self.notebook.cells:
            kind = self.cells[cell.id].kind if cell.id in self.cells else ""
            if kind in ("given", "solution"):
                source = cell.source
                if kind == "solution" and not solved:
                    source = emptied(source)
                run_quietly(source, self.names)
        locked = [c for c in self.notebook.cells if c.metadata.get("nbgrader", {}).get("locked")]
        self.given = statements(c.source for c in locked if not c.metadata.nbgrader.grade)
        self.exercises: dict[str, float] = {}
        for cell in self.cells.values():
            if cell.kind in ("checks", "hidden"):
                points = self.exercises.get(cell.name, 0.0) + cell.points
                self.exercises[cell.name] = points

    def score(
        self, exercise: str, source: str | None = None, hidden: bool = True, scratch: str = ""
    ) -> float:
        """The points that a solution of an exercise gets; the official one's if there is no source.

        Args:
            exercise: its name.
            source: the text of the solution's cell.
            hidden: False for the points of the visible checks alone.
            scratch: text of a cell that a student has added before each cell of tests.
        """
        names = dict(self.names)
        worker = SameProcess(names)
        if source is not None:
            run_quietly(source, names)
        total = 0.0
        for cell in self.notebook.cells:
            about = self.cells.get(cell.id)
            wanted = ("checks", "hidden") if hidden else ("checks",)
            if about and about.name == exercise and about.kind in wanted:
                run_quietly(scratch, names)
                total += judged(cell.source, self.given, worker)[0] or 0.0
        return total


def emptied(source: str) -> str:
    """A solution's cell as it is released."""
    return SOLUTION.sub(r'\1raise NotImplementedError("not implemented yet")', source)
