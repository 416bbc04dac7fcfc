"""Letting the update in progress finish when the reader presses stop."""

from __future__ import annotations

import signal
import threading


class StopRequest:
    """Inside ``with``, the first Ctrl-C only sets ``requested``; a second one interrupts.

    Outside the main thread, where Python has no signals, nothing changes.
    """

    def __enter__(self) -> StopRequest:
        self.requested = False
        self._previous = None
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    def _note(self, signum: int, frame: object) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
