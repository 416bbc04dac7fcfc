"""What a check may not do: run for ever, or call the package's own version of what it checks."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import s2s_tutorial


class OutOfTime(BaseException):
    """A check ran too long. Not an Exception, so that ``except Exception`` does not swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`OutOfTime` in the body after so many seconds, where the system can do it.

    It can on Unix, in the main thread, and while Python runs: not inside one long tensor operation.
    """
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "setitimer")):
        yield
        return

    def ring(number, frame):
        raise OutOfTime(f"stopped: it ran for more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    # Rings again every second, for code that catches everything and goes on.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def refuse(*arguments, **options):
    """Stand in for what is withheld. (Only built-in names: its code runs in other modules.)"""
    raise RuntimeError("this exercise is to be solved without the package's own version of it")


@contextmanager
def withhold(names: Sequence[str]) -> Iterator[None]:
    """Let the named functions and classes of the package raise RuntimeError in the body.

    However they were imported: a function's own code is exchanged, a class's ways to make and
    to call an instance.
    """
    saved = []
    for name in names:
        thing = getattr(s2s_tutorial, name)
        if isinstance(thing, type):
            for method in ("__init__", "__call__"):
                saved.append((thing, method, vars(thing).get(method)))
                setattr(thing, method, refuse)
        else:
            saved.append((thing, "__code__", thing.__code__))
            thing.__code__ = refuse.__code__
    try:
        yield
    finally:
        for thing, attribute, value in saved:
            if value is None:
                delattr(thing, attribute)
            else:
                setattr(thing, attribute, value)
