"""The figure of a stack of layers: a sentence followed upwards and through time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2s_tutorial.figures.plotting.arrays import check_labels as check_tokens
from s2s_tutorial.figures.plotting.arrays import to_array
from s2s_tutorial.figures.widgets.step_figure import StepFigure
from s2s_tutorial.figures.widgets.trace import stacked_captions as captions_of
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.given import check_guesses, check_states, check_written
from s2s_tutorial.figures.widgets.trace.stacked_drawing import StackTrace
from s2s_tutorial.figures.widgets.trace.stacked_layout import one_below_the_other, side_by_side

_LOOKED = 2  # source tokens listed for each token written


def stacked_lstm_trace(
    src_tokens: Sequence[str],
    tgt_tokens: Sequence[str],
    encoder_states: tuple[Any, Any],
    decoder_states: tuple[Any, Any],
    weights: Any = None,
    probabilities: Sequence[Distribution] | None = None,
    title: str = "One sentence through a stack of layers",
    units: int = 6,
) -> StepFigure:
    r"""A figure to step through: every layer at every position, and the pairs that cross.

    It draws, from the real numbers of a trained model,

    .. math:: (h^{(l)}_t, c^{(l)}_t) = \mathrm{LSTM}^{(l)}(h^{(l-1)}_t, h^{(l)}_{t-1}, c^{(l)}_{t-1})

    with the embedding as :math:`h^{(0)}_t`, on both sides; each layer of the decoder starts from the
    final pair of the encoder's (Sutskever et al., 2014). Cells are drawn as
    :math:`\tanh c`, which is what the output gate sees of them.

    Args:
        src_tokens: the ``S`` source tokens.
        tgt_tokens: the tokens written, with or without a final ``<eos>``.
        encoder_states: the pair of hidden states in [-1, 1] and cell states, each
            ``(layers, S, hidden)``.
        decoder_states: the same for the decoder, ``(layers, T, hidden)``; ``T`` is the number of
            tokens written, ``<eos>`` counted.
        weights: ``(T, S)``, the attention weights of each step; None for a model without attention.
        probabilities: as for :func:`encoder_decoder_trace`.
        title: heading of the figure.
        units: how many numbers of each state are drawn.

    Returns:
        The figure: a step for each layer at each position, one for what crosses, and one for each
        token written.

    Raises:
        TypeError: if tokens are a plain string, or states no pair of numbers.
        ValueError: if the counts do not fit together, a hidden state lies outside [-1, 1], or a
            weight or probability outside [0, 1].

    Example:
        >>> read, wrote = torch.zeros(2, 3, 5), torch.zeros(2, 2, 5)  # 2 layers, 5 units
        >>> figure = stacked_lstm_trace(
        ...     ["il", "gatto", "nero"], ["cat", "<eos>"], (read, read), (wrote, wrote)
        ... )
        >>> figure.steps  # 2 layers at 3 positions, 1 crossing, 2 layers and a word at 2 positions
        13
    """
    encoder = _check_pair("encoder_states", encoder_states)
    decoder = _check_pair("decoder_states", decoder_states)
    src = check_tokens("src_tokens", src_tokens, encoder.shape[2], "positions of encoder_states")
    written = check_written(tgt_tokens, decoder.shape[2])
    layers, size = encoder.shape[1], encoder.shape[3]
    if (layers, size) != (decoder.shape[1], decoder.shape[3]):
        raise ValueError(
            f"encoder_states have {layers} layers of {size} numbers, but decoder_states "
            f"{decoder.shape[1]} of {decoder.shape[3]}; a layer hands over to one of its own size"
        )
    if units < 1:
        raise ValueError(f"units must be 1 or more, but it is {units}")
    looked = None if weights is None else _most_looked_at(weights, src, len(written))
    guesses = check_guesses(probabilities, len(written))

    trace = StackTrace(src, written, (encoder, decoder), looked, guesses, units)
    numbers, few = range(1, layers + 1), min(units, size)
    captions = [
        captions_of.reading(layer, j, token, size, few, looked is not None and layer == layers)
        for j, token in enumerate(src, start=1)
        for layer in numbers
    ]
    captions.append(captions_of.crossing(layers, size, looked is not None))
    for i, token in enumerate(written, start=1):
        fed = trace.inputs[i - 1]
        captions += [captions_of.updating(layer, i, fed) for layer in numbers]
        most, best = (given[i - 1] if given else None for given in (looked, guesses))
        captions.append(captions_of.writing(i, token, most, best))
    return StepFigure(
        trace.draw(side_by_side, wide=True),
        captions,
        title=title,
        overview=captions_of.overview(layers, len(src), written),
        compact=trace.draw(one_below_the_other, wide=False),
    )


def _check_pair(name: str, states: Any) -> np.ndarray:
    """The pair as one array ``(2, layers, tokens, hidden)``: hidden states, tanh of the cells."""
    if not isinstance(states, (tuple, list)) or len(states) != 2:
        raise TypeError(
            f"{name} must be the pair (h, c) of an LSTM, each (layers, tokens, hidden), not "
            f"{type(states).__name__}"
        )
    hidden, cells = (to_array(name, half, "(layers, tokens, hidden)") for half in states)
    if hidden.shape != cells.shape:
        raise ValueError(f"{name} must be alike, but h has shape {hidden.shape}, c {cells.shape}")
    flat = check_states(name, hidden.reshape(-1, hidden.shape[-1]))
    return np.stack([flat.reshape(hidden.shape), np.tanh(cells)])


def _most_looked_at(weights: Any, src: list[str], steps: int) -> list[list[tuple[str, float]]]:
    alpha = to_array("weights", weights, "(tgt_len, src_len)")
    if alpha.shape != (steps, len(src)):
        raise ValueError(
            f"weights must have shape ({steps}, {len(src)}), a row for each token written and a "
            f"column for each one read, but their shape is {alpha.shape}"
        )
    if not ((alpha >= -1e-6) & (alpha <= 1 + 1e-6)).all():  # also False for NaN
        raise ValueError(
            f"weights must lie between 0 and 1, but they span {alpha.min()} to {alpha.max()}; are "
            "these scores from before the softmax?"
        )
    count = min(_LOOKED, len(src))
    return [captions_of.most_looked_at(src, row.clip(0.0, 1.0), count) for row in alpha]
