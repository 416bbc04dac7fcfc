"""Letting the work in progress be finished and kept when somebody presses stop, or the machine does."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

# Ctrl-C or a notebook's stop button; a cluster's scheduler, or kill; a terminal that is closed.
_STOPS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last one is not known to Windows


class StopRequest:
    """Inside ``with``, Ctrl-C, SIGTERM and SIGHUP only set ``requested``.

    Whoever works there looks at it where the work can be kept. The second Ctrl-C is told that this
    is being done; the third interrupts whatever it meets. Signals that are ignored (as nohup
    ignores SIGHUP) stay so. Outside the main thread, where Python has no signals, nothing changes.

    Args:
        active: False changes nothing, and ``requested`` stays False.

    Example:
        >>> with StopRequest() as stop:
        ...     signal.raise_signal(signal.SIGTERM)
        ...     stop.requested
        True
    """

    def __init__(self, active: bool = True) -> None:
        self.active = active
        self.requested = False
        self._presses = 0
        self._last = 0
        self._at_once = False
        self._previous: dict[int, object] = {}

    def __enter__(self) -> StopRequest:
        if self.active:
            for number in _that_can_be_heard(_STOPS):
                before = signal.getsignal(number)
                if before not in (signal.SIG_IGN, None):  # None: not Python's to give back
                    self._previous[number] = before
                    signal.signal(number, self._note)
        return self

    def __exit__(self, *exception: object) -> None:
        for number, before in self._previous.items():
            signal.signal(number, before)

    @contextmanager
    def giving_up(self) -> Iterator[None]:
        """Inside, a request interrupts: work that costs nothing but to be done again.

        Raises:
            KeyboardInterrupt: as soon as there is a request, or at once if there was one.
        """
        self._at_once = True
        try:
            if self.requested:
                raise KeyboardInterrupt
            yield
        finally:
            self._at_once = False

    def pass_on(self) -> None:
        """After the ``with`` and all that had to be done: let SIGTERM or SIGHUP take its course.

        The process ends as it would have, unless it has a handler of its own.
        """
        if self._last:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError, AttributeError):  # closed, or there is none
                    stream.flush()
            signal.raise_signal(self._last)

    def _note(self, signum: int, frame: FrameType | None) -> None:
        self.requested = True
        if signum != signal.SIGINT:
            self._last = signum
        self._presses += signum == signal.SIGINT
        if self._at_once or self._presses > 2:
            self._at_once = False
            raise KeyboardInterrupt
        if self._presses == 2 and signum == signal.SIGINT:
            with suppress(OSError, RuntimeError, AttributeError):  # the stream is busy, or closed
                sys.stderr.write(
                    "\nthe update in progress is being finished, to be kept; once more Ctrl-C "
                    "stops at once, without what came after the last evaluation\n"
                )


@contextmanager
def exiting_in_order() -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP raise SystemExit, so that what was begun is put in order first.

    The exit status is the one that a shell gives a program that the signal ended.

    >>> with exiting_in_order():
    ...     signal.raise_signal(signal.SIGTERM)
    Traceback (most recent call last):
    SystemExit: 143
    """

    def leave(signum: int, frame: FrameType | None) -> None:
        sys.exit(128 + signum)

    ours = [n for n in _that_can_be_heard(_STOPS[1:]) if signal.getsignal(n) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _that_can_be_heard(names: Sequence[str]) -> list[int]:
    """The numbers of signals; none outside the main thread, where Python has no handlers."""
    if threading.current_thread() is not threading.main_thread():
        return []
    return [getattr(signal, name) for name in names if hasattr(signal, name)]
