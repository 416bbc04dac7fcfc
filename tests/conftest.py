"""Settings that all tests share."""

from __future__ import annotations

from hypothesis import settings

# The same examples every time, no deadline on a busy machine, no file of past failures.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")
