"""The solutions in ``tests/assignments/tried/psN.py``, written as in a problem set's ``answers.py``."""

from __future__ import annotations

from places import ROOT

from assignments.tooling.inprocess import Answer
from assignments.tooling.source import BOOK_SEED, SETS, fill_in, split_cells, variant

HERE = ROOT / "tests/assignments/tried"


def tried(name: str) -> list[Answer]:
    """The solutions that were tried for one problem set."""
    values, found = variant(name, BOOK_SEED), []
    for words, body in split_cells((HERE / f"{name}.py").read_text(encoding="utf-8")):
        exercise, about = words[1].rstrip(":"), " ".join(words[2:])
        source = fill_in(body, values, code=True)
        found.append(Answer({"right": True, "wrong": False}[words[0]], exercise, about, source))
    return found


TRIED = {name: tried(name) for name in SETS}
