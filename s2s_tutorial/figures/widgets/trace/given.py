"""What the figures that follow a sentence are given, checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2s_tutorial.figures.plotting.arrays import check_labels as check_tokens
from s2s_tutorial.figures.plotting.arrays import to_array
from s2s_tutorial.figures.widgets.trace.captions import Distribution

_TOP = 3  # words drawn of each distribution


def check_states(name: str, states: Any) -> np.ndarray:
    """The states as an array ``(tokens, hidden)``; ValueError unless all lie in [-1, 1]."""
    array = to_array(name, states, "(tokens, hidden)")
    if not (np.abs(array) <= 1 + 1e-6).all():  # also False for NaN
        raise ValueError(
            f"{name} must lie in [-1, 1], as the states of an RNN, GRU or LSTM do, but they span "
            f"{array.min()} to {array.max()}"
        )
    return array.clip(-1.0, 1.0)


def check_written(tgt_tokens: Any, rows: int) -> list[str]:
    """The tokens written, one for each decoder state, with ``<eos>`` where it was reached."""
    if isinstance(tgt_tokens, Sequence) and not isinstance(tgt_tokens, str):
        tgt_tokens = list(tgt_tokens)
        if tgt_tokens[-1:] != ["<eos>"] and rows == len(tgt_tokens) + 1:
            tgt_tokens.append("<eos>")
    return check_tokens("tgt_tokens", tgt_tokens, rows, "rows of decoder_states (<eos> counts)")


def check_guesses(probabilities: Any, steps: int) -> list[Distribution] | None:
    """The likeliest words of each step, or None; ValueError for another count or no chances."""
    if probabilities is None:
        return None
    if len(probabilities) != steps:
        raise ValueError(
            f"probabilities has {len(probabilities)} distributions, but {steps} tokens are written "
            "(<eos> counts)"
        )
    guesses = []
    for i, guess in enumerate(probabilities, start=1):
        pairs = sorted(((str(word), float(p)) for word, p in guess), key=lambda pair: -pair[1])
        wrong = [p for _, p in pairs if not 0 <= p <= 1]
        if wrong or not pairs:
            raise ValueError(
                f"probabilities of step {i} must be one or more (word, p) with p in [0, 1], "
                f"but they are {list(guess)!r}"
            )
        guesses.append(pairs[:_TOP])
    return guesses
