"""The figure of the bottleneck: a sentence followed token by token through encoder and decoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2s_tutorial.plotting.arrays import check_tokens, to_array
from s2s_tutorial.widgets.step_figure import StepFigure
from s2s_tutorial.widgets.trace import captions as captions_of
from s2s_tutorial.widgets.trace.captions import Distribution
from s2s_tutorial.widgets.trace.drawing import Trace
from s2s_tutorial.widgets.trace.layouts import compact_layout, wide_layout

_TOP = 3  # words drawn of each distribution


def encoder_decoder_trace(
    src_tokens: Sequence[str],
    tgt_tokens: Sequence[str],
    encoder_states: Any,
    decoder_states: Any,
    probabilities: Sequence[Distribution] | None = None,
    title: str = "One sentence through encoder and decoder",
    units: int = 8,
) -> StepFigure:
    r"""A figure to step through: the encoder reads, one vector crosses, the decoder writes.

    It draws :math:`h_j = f(x_j, h_{j-1})`, :math:`c = h_S` and :math:`s_i = f(y_{i-1}, s_{i-1})` with
    :math:`s_0 = c`, the model of Cho et al. (2014) and Sutskever et al. (2014), from the real numbers
    of a trained model.

    Args:
        src_tokens: the ``S`` source tokens.
        tgt_tokens: the tokens written, with or without a final ``<eos>``.
        encoder_states: ``(S, hidden)``, the states :math:`h_1` to :math:`h_S`, in [-1, 1].
        decoder_states: ``(T, hidden)``, the states :math:`s_1` to :math:`s_T`; ``T`` is the number of
            tokens written, ``<eos>`` counted. One row less means that the decoder was cut off before
            it wrote ``<eos>``.
        probabilities: for each of the ``T`` steps the most probable words, ``[(word, p), ...]``; the
            first three, by probability, are drawn.
        title: heading of the figure.
        units: how many numbers of each state are drawn.

    Returns:
        The figure, with one step a token read, one for the context, and two a token written.

    Raises:
        TypeError: if tokens are a plain string or states are no numbers.
        ValueError: if the counts do not fit together, a number lies outside [-1, 1], or a probability
            outside [0, 1].

    Example:
        >>> states = np.zeros((2, 3))
        >>> figure = encoder_decoder_trace(["il", "gatto"], ["cat", "<eos>"], states, states)
        >>> figure.steps  # 2 tokens read, 1 context, 2 for each token written
        7
    """
    states = [_states("encoder_states", encoder_states), _states("decoder_states", decoder_states)]
    src = check_tokens("src_tokens", src_tokens, len(states[0]), "rows of encoder_states")
    written = _written(tgt_tokens, len(states[1]))
    guesses = _guesses(probabilities, len(written))
    if units < 1:
        raise ValueError(f"units must be 1 or more, but it is {units}")

    trace = Trace(src, written, states, guesses, units)
    size = states[0].shape[1]
    captions = [
        captions_of.reading(j, token, len(src), size, min(units, size))
        for j, token in enumerate(src, start=1)
    ]
    captions.append(captions_of.squeezing(len(src), size))
    for i, token in enumerate(written, start=1):
        same = states[1].shape[1] == size
        captions.append(captions_of.updating(i, trace.inputs[i - 1], same))
        top = guesses[i - 1] if guesses else None
        captions.append(captions_of.writing(i, token, len(written), top, size))
    return StepFigure(
        trace.draw(wide_layout),
        captions,
        title=title,
        overview=captions_of.overview(len(src), written),
        compact=trace.draw(compact_layout),
    )


def _states(name: str, states: Any) -> np.ndarray:
    array = to_array(name, states, "(tokens, hidden)")
    if not (np.abs(array) <= 1 + 1e-6).all():  # also False for NaN
        raise ValueError(
            f"{name} must lie in [-1, 1], as the states of an RNN, GRU or LSTM do, but they span "
            f"{array.min()} to {array.max()}"
        )
    return array.clip(-1.0, 1.0)


def _written(tgt_tokens: Any, rows: int) -> list[str]:
    """The tokens written, one for each decoder state, with ``<eos>`` where it was reached."""
    if isinstance(tgt_tokens, Sequence) and not isinstance(tgt_tokens, str):
        tgt_tokens = list(tgt_tokens)
        if tgt_tokens[-1:] != ["<eos>"] and rows == len(tgt_tokens) + 1:
            tgt_tokens.append("<eos>")
    return check_tokens("tgt_tokens", tgt_tokens, rows, "rows of decoder_states (<eos> counts)")


def _guesses(probabilities: Any, steps: int) -> list[Distribution] | None:
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
