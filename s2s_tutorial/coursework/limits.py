"""What a check may not do: run for ever, or call the package's own version of what it checks."""

from __future__ import annotations

import importlib
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch

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


def look_up(name: str) -> tuple[object, str]:
    """Return where a name is found and its last part: in the package, or in the module named before it.

    Raises:
        ModuleNotFoundError: if there is no such module, so that nothing can be used of it either.
    """
    if "." not in name:
        return s2s_tutorial, name
    module, _, last = name.rpartition(".")
    if module == "torch._VF":  # an object, not a module that can be imported
        return torch._VF, last
    return importlib.import_module(module), last


@contextmanager
def withhold(names: Sequence[str]) -> Iterator[None]:
    """Let the named functions and classes raise RuntimeError in the body.

    However they were imported: a function's own code is exchanged, a class's ways to make and
    to call an instance. Only what is not written in Python is exchanged where it stands.

    Args:
        names: of the package, such as ``"Encoder"``, or of another one, such as
            ``"torch.nn.LSTM"``; a package that is not installed is passed over.
    """
    saved = []
    for name in names:
        try:
            place, last = look_up(name)
        except ModuleNotFoundError:
            continue
        thing = getattr(place, last)
        if isinstance(thing, type):
            changes = [(thing, method) for method in ("__init__", "__call__")]
        elif hasattr(thing, "__code__"):
            changes = [(thing, "__code__")]
        else:
            changes = [(place, last)]
        for owner, attribute in changes:
            code = attribute == "__code__"
            saved.append((owner, attribute, thing.__code__ if code else vars(owner).get(attribute)))
            setattr(owner, attribute, refuse.__code__ if code else refuse)
    try:
        yield
    finally:
        for owner, attribute, value in saved:
            if value is None:
                delattr(owner, attribute)
            else:
                setattr(owner, attribute, value)
