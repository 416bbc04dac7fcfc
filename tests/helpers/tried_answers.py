"""The solutions in ``tests/assignments/tried``, written as in a problem set's ``answers.py``.

``psN.py`` has those of a set, ``pairs.py`` those pairs of a batch and its mask that serve three sets.
"""

from __future__ import annotations

from places import ROOT

from assignments.tooling.inprocess import Answer, answers_in
from assignments.tooling.source import BOOK_SEED, SETS

HERE = ROOT / "tests/assignments/tried"
OF_BATCHES = ("ps1", "ps2", "ps3")


def tried(name: str, seed: str = BOOK_SEED) -> list[Answer]:
    """The solutions that were tried for one problem set."""
    files = [name, "pairs"] if name in OF_BATCHES else [name]
    return [answer for file in files for answer in answers_in(HERE / f"{file}.py", name, seed)]


TRIED = {name: tried(name) for name in SETS}
