"""From the text of a problem set and a seed to the notebook that nbgrader works on.

A problem set is ``assignments/sets/NAME/``: ``notebook.py`` in cells, ``variant.py`` with what a
seed chooses, ``answers.py`` with right and wrong solutions for the tests. A cell begins with a line
``# %% KIND NAME``:

* ``[markdown]``: text, every line a comment;
* ``setup``: the chapters' set-up cell goes here;
* ``given NAME``: code that students read and run; ``run NAME`` the same, where it takes long;
* ``solution NAME``: what they write, with ``BEGIN SOLUTION`` and ``END SOLUTION`` around it;
* ``checks NAME``, ``hidden NAME``: graded tests of the solution NAME, the points in ``points=``;
* ``trace NAME points=N``: what a committed prediction is worth (:mod:`assignments.tooling.traces`);
* ``answer NAME points=N``: text that is graded by hand.

``VARIANT.name`` stands for the value that the seed gives to ``name``, the lines ``### SUSPECT`` and ``### PAIR`` for the wrong
solution that it draws (:mod:`assignments.tooling.suspects`).
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import runpy
from dataclasses import dataclass
from pathlib import Path

import nbformat

from assignments.tooling import suspects
from assignments.tooling.alone import standing_alone
from assignments.tooling.cells import split_cells as split_cells

ASSIGNMENTS = Path(__file__).resolve().parents[1]
ROOT = ASSIGNMENTS.parent
SETS_FOLDER = ASSIGNMENTS / "sets"
SETS = tuple(sorted(path.parent.name for path in SETS_FOLDER.glob("ps*/notebook.py")))
BOOK_SEED = "book"
KINDS = ("[markdown]", "setup", "given", "run", "solution", "checks", "hidden", "trace", "answer")
GRADED = ("checks", "hidden", "trace", "answer")
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}


@dataclass(frozen=True)
class Cell:
    """One cell of a problem set: its kind, its name (what it is about) and its text."""

    kind: str
    name: str
    source: str
    points: float = 0.0

    @property
    def grade_id(self) -> str:
        """What nbgrader calls the cell."""
        return (
            f"{self.name}-{self.kind}" if self.kind in ("checks", "hidden", "trace") else self.name
        )


def read_cells(text: str) -> list[Cell]:
    """The cells of a ``notebook.py``.

    Raises:
        ValueError: if a cell has an unknown kind, no name, or no points where it needs them; the
            message quotes the cell.
    """
    cells: list[Cell] = []
    for words, body in split_cells(text):
        kind, rest = words[0], words[1:]
        quoted = f"the cell '# %% {' '.join(words)}'"
        if kind not in KINDS:
            raise ValueError(f"{quoted} should begin with one of {', '.join(KINDS)}")
        if kind in ("[markdown]", "answer"):
            body = re.sub(r"^# ?", "", body, flags=re.MULTILINE)
        if kind in ("[markdown]", "setup"):
            rest = [f"text-{len(cells)}" if kind == "[markdown]" else "set-up"]
        if not rest:
            raise ValueError(f"{quoted} needs a name")
        points = re.search(r"points=([\d.]+)", " ".join(rest[1:]) if kind == "answer" else body)
        graded = kind in GRADED
        if graded and not points:
            raise ValueError(f"{quoted} needs points=...")
        cells.append(Cell(kind, rest[0], body, float(points[1]) if graded else 0.0))
    ids = [cell.grade_id for cell in cells]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise ValueError(f"these cells are there twice: {', '.join(sorted(twice))}")
    return cells


def load(name: str) -> list[Cell]:
    """The cells of the problem set of this name, such as ``"ps2"``."""
    return read_cells((SETS_FOLDER / name / "notebook.py").read_text(encoding="utf-8"))


def variant(name: str, seed: str) -> dict[str, object]:
    """What the seed chooses for a problem set, by name, and ``total``, the sum of its points."""
    choose = runpy.run_path(str(SETS_FOLDER / name / "variant.py"))["choose"]
    chosen = choose(random.Random(f"{seed} {name}"))
    total = sum(cell.points for cell in load(name))
    drawn = suspects.values(suspects.drawn(SETS_FOLDER / name, f"{seed} {name}"))
    return chosen | drawn | {"total": f"{total:g}"}


def variant_tag(name: str, seed: str) -> str:
    """Eight characters that tell a variant (or a whole course) from another without betraying the seed."""
    return hashlib.sha256(f"variant {seed} {name}".encode()).hexdigest()[:8]


def fill_in(text: str, values: dict[str, object], code: bool) -> str:
    """Replace each ``VARIANT.name`` by its value: as Python writes it in code, plainly in text.

    Raises:
        ValueError: if in code a word would come to stand inside quotes, with quotes of its own.
    """

    def value(match: re.Match) -> str:
        found = values[match[2]]
        if code and match[1] and isinstance(found, str):
            raise ValueError(f"write VARIANT.{match[2]} without quotes: its value brings them")
        return match[1] + (repr(found) if code else str(found))

    return re.sub(r"(['\"]?)\bVARIANT\.(\w+)", value, text)


def set_up_source() -> str:
    """The set-up cell, word for word as the first chapter has it."""
    chapter = json.loads((ROOT / "chapters/01_text_to_batches.ipynb").read_text(encoding="utf-8"))
    first = next(cell for cell in chapter["cells"] if cell["cell_type"] == "code")
    return "".join(first["source"])


def compile_set(name: str, seed: str = BOOK_SEED) -> nbformat.NotebookNode:
    """The instructor's notebook of a problem set: solutions and hidden tests are in it."""
    values = variant(name, seed)
    notebook = nbformat.v4.new_notebook(metadata=nbformat.from_dict(METADATA))
    notebook.metadata["s2s"] = {"set": name, "variant": variant_tag(name, seed)}
    sources = {(cell.kind, cell.name): cell.source for cell in load(name)}
    imports = sources.get(("given", "imports"), "")
    suspect = suspects.drawn(SETS_FOLDER / name, f"{seed} {name}")
    for cell in load(name):
        text = cell.kind in ("[markdown]", "answer")
        make = nbformat.v4.new_markdown_cell if text else nbformat.v4.new_code_cell
        source = set_up_source() if cell.kind == "setup" else cell.source
        source = suspects.put_in(source, suspect)
        if cell.kind in ("checks", "hidden"):
            visible = sources.get(("checks", cell.name), "")
            source = standing_alone(source, cell.kind, imports, visible)
        made = make(fill_in(source, values, code=not text), id=cell.grade_id)
        if cell.kind != "[markdown]":
            made.metadata["nbgrader"] = nbgrader_metadata(cell)
        notebook.cells.append(made)
    return notebook


def nbgrader_metadata(cell: Cell) -> dict[str, object]:
    """What tells nbgrader whether the cell is written by students, locked, and worth points."""
    graded = cell.kind in GRADED
    written = cell.kind in ("solution", "answer")
    found: dict[str, object] = {
        "grade": graded,
        "grade_id": cell.grade_id,
        "locked": not written,
        "schema_version": 3,
        "solution": written,
        "task": False,
    }
    return found | ({"points": cell.points} if graded else {})
