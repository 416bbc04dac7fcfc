"""What a run shows and says while it trains; if nobody can read it any more, it trains on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from tqdm.auto import tqdm

from s2s_tutorial.training.state import TrainingState


class _Unbroken:
    """Standard error, or what is left of it: a closed terminal or pipe is no reason to stop."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, AttributeError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, AttributeError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __eq__(self, other: object) -> bool:  # tqdm.write asks what is drawn on the same screen
        return self._stream is other or self is other

    __hash__ = None


@contextmanager
def progress(state: TrainingState) -> Iterator[tqdm]:
    """A bar of the updates made, if it is wanted; and one sentence if a run is broken off."""
    quiet = not state.config.progress or bool(os.environ.get("TQDM_DISABLE"))
    bar = tqdm(
        total=state.config.steps,
        initial=state.history.steps_done,
        disable=quiet or state.processes.rank > 0,
        file=_Unbroken(sys.stderr),
    )
    try:
        with bar:
            yield bar
    except KeyboardInterrupt:
        if state.config.checkpoint:
            _say(state, _what_is_left(state))
        raise


def say_how_to_go_on(state: TrainingState) -> None:
    """One sentence after a stop."""
    _say(
        state,
        f"stopped after update {state.history.steps_done}, kept in {state.config.checkpoint}; "
        "fit(..., resume=True), or s2s train with --resume, goes on",
    )


def _what_is_left(state: TrainingState) -> str:
    file = state.config.checkpoint
    if not state.kept_at:
        return f"stopped at once; nothing of this run was kept in {file}"
    return f"stopped at once; {file} holds the run as it was after update {state.kept_at}"


def _say(state: TrainingState, sentence: str) -> None:
    if state.processes.rank == 0:
        with suppress(OSError):
            tqdm.write(sentence)
