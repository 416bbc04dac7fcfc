"""The solutions in ``tests/assignments/tried/psN.py``, written as in a problem set's ``answers.py``."""

from __future__ import annotations

from places import ROOT

from assignments.tooling.inprocess import answers_in
from assignments.tooling.source import SETS

HERE = ROOT / "tests/assignments/tried"
TRIED = {name: answers_in(HERE / f"{name}.py", name) for name in SETS}
