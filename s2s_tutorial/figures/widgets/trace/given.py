"""What the figures that follow a sentence are given, checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from s2s_tutorial.figures.plotting.arrays import check_labels, check_states, to_array
from s2s_tutorial.figures.widgets.trace.captions import Distribution

_TOP = 3  # words drawn of each distribution


class Sentences(NamedTuple):
    """What was read and what was written.

    Attributes:
        src: the tokens read.
        written: the tokens written, one for each step of the decoder.
        guesses: the likeliest words of each step, if known.
    """

    src: list[str]
    written: list[str]
    guesses: list[Distribution] | None

    @property
    def inputs(self) -> list[str]:
        """What the decoder is fed at each step: the token written before."""
        return ["<bos>", *self.written[:-1]]

    @property
    def most_guesses(self) -> int:
        """Words drawn of each distribution; 0 if there are none."""
        return max(map(len, self.guesses or []), default=0)

    def guess(self, i: int) -> Distribution | None:
        """The likeliest words of step ``i``, from 1."""
        return self.guesses[i - 1] if self.guesses else None

    def words(self, *more: str) -> tuple[list[str], list[str]]:
        """What must fit into the boxes of the encoder, and of the decoder."""
        return self.src, [*self.inputs, *self.written, *more]


def check_sentences(
    src_tokens: Any, tgt_tokens: Any, probabilities: Any, read: int, rows: str, wrote: int
) -> Sentences:
    """The sentences of a figure, which must fit its ``read`` and ``wrote`` states.

    ``rows`` says what the states read are, for the message; ``<eos>`` is added where one is missing.

    Raises:
        TypeError: if tokens are a plain string or hold something else than strings.
        ValueError: if a count does not fit, or a probability lies outside [0, 1].
    """
    src = check_labels("src_tokens", src_tokens, read, rows)
    if isinstance(tgt_tokens, Sequence) and not isinstance(tgt_tokens, str):
        if list(tgt_tokens[-1:]) != ["<eos>"] and wrote == len(tgt_tokens) + 1:
            tgt_tokens = [*tgt_tokens, "<eos>"]
    where = "rows of decoder_states (<eos> counts)"
    written = check_labels("tgt_tokens", tgt_tokens, wrote, where)
    return Sentences(src, written, _check_guesses(probabilities, wrote))


def _check_guesses(probabilities: Any, steps: int) -> list[Distribution] | None:
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
        if not pairs or not all(0 <= p <= 1 for _, p in pairs):
            raise ValueError(
                f"probabilities of step {i} must be one or more (word, p) with p in [0, 1], "
                f"but they are {list(guess)!r}"
            )
        guesses.append(pairs[:_TOP])
    return guesses


def to_states(name: str, states: Any) -> np.ndarray:
    """The states as an array ``(tokens, hidden)``; ValueError unless all lie in [-1, 1]."""
    return check_states(name, to_array(name, states, "(tokens, hidden)"))


def check_units(units: int, least: int = 1, reason: str = "") -> None:
    """ValueError if so many numbers of a state are too few to draw."""
    if units < least:
        raise ValueError(f"units must be {least} or more{reason}, but it is {units}")
