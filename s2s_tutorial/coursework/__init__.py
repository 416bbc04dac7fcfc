"""What the problem sets use: checks that say what came out, within a time limit. Open :mod:`checks` first."""

from s2s_tutorial.coursework.checks import Checks, close, plain, unchanged, waits_for
from s2s_tutorial.coursework.limits import time_limit, withhold
from s2s_tutorial.coursework.pairs import one_apart
from s2s_tutorial.coursework.prediction import Commitment, commit

__all__ = [
    "Checks",
    "Commitment",
    "close",
    "commit",
    "one_apart",
    "plain",
    "time_limit",
    "unchanged",
    "waits_for",
    "withhold",
]
