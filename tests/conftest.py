"""Settings that all tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# One thread a process, before PyTorch is imported: its threads wait for each other on busy cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples every time, no deadline on a busy machine, no file of past failures.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all the tests of a worker; skipped, or failed where one is required, without it."""
    from website.serving import running_browser  # here, because Playwright is slow to import

    with running_browser() as browser:
        yield browser
