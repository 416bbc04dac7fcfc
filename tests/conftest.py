"""Settings that all tests share, and the tiers that a folder or a fixture decides."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# One thread a process, before PyTorch is imported: its threads wait for each other on busy cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples every time, no deadline on a busy machine, no file of past failures.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

# A shell in the background starts its programs deaf to Ctrl-C, and `nohup` to a lost terminal; some tests send both.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

HERE = Path(__file__).parent
MARKED_FOLDERS = {
    "assignments": "course",
    "coursework": "course",
    "benchmarks": "slow",
    "site": "slow",
}
MARKED_FIXTURES = {"browser": "browser", "mirrored": "network", "server": "network"}


@pytest.hookimpl(tryfirst=True)  # before pytest looks at -m
def pytest_collection_modifyitems(items) -> None:
    for item in items:
        folder = item.path.relative_to(HERE).parts[0] if HERE in item.path.parents else ""
        marks = [MARKED_FOLDERS.get(folder)]
        marks += [MARKED_FIXTURES.get(name) for name in getattr(item, "fixturenames", ())]
        for mark in {mark for mark in marks if mark}:
            item.add_marker(mark)
    # What takes minutes begins first, so that no process is left alone with it at the end.
    minutes = {item.path for item in items if takes_minutes(item)}
    items.sort(key=lambda item: item.path not in minutes)


def takes_minutes(item) -> bool:
    """Whether a test is a chapter, or stands among those that run notebooks or open the whole site."""
    if HERE not in item.path.parents or item.get_closest_marker("notebook"):
        return True
    return item.path.relative_to(HERE).parts[0] in ("assignments", "site")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all the tests of a worker; skipped, or failed where one is required, without it."""
    from website.serving import running_browser  # here, because Playwright is slow to import

    with running_browser() as browser:
        yield browser
