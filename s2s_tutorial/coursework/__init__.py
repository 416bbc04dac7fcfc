"""What the problem sets use: checks that say what came out, within a time limit. Open :mod:`checks` first."""

from s2s_tutorial.coursework.checks import Checks, close, plain, unchanged, waits_for
from s2s_tutorial.coursework.limits import time_limit, withhold

__all__ = ["Checks", "close", "plain", "time_limit", "unchanged", "waits_for", "withhold"]
