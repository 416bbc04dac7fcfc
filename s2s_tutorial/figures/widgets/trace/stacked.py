"""The figure of a stack of layers: a sentence followed upwards and through time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2s_tutorial.figures.plotting.arrays import check_labelled, check_states, to_array
from s2s_tutorial.figures.widgets.step_figure import StepFigure
from s2s_tutorial.figures.widgets.trace import stacked_captions as captions_of
from s2s_tutorial.figures.widgets.trace.captions import Distribution, largest
from s2s_tutorial.figures.widgets.trace.given import check_sentences, check_units
from s2s_tutorial.figures.widgets.trace.stacked_drawing import StackTrace

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
    _, layers, read, size = encoder.shape
    rows, wrote = "positions of encoder_states", decoder.shape[2]
    told = check_sentences(src_tokens, tgt_tokens, probabilities, read, rows, wrote)
    if (layers, size) != (decoder.shape[1], decoder.shape[3]):
        raise ValueError(
            f"encoder_states have {layers} layers of {size} numbers, but decoder_states "
            f"{decoder.shape[1]} of {decoder.shape[3]}; a layer hands over to one of its own size"
        )
    check_units(units)
    attends, looked = weights is not None, []
    if attends:
        alpha, *_ = check_labelled(weights, told.src, told.written)
        looked = [largest(told.src, row, _LOOKED) for row in alpha]

    numbers, few = range(1, layers + 1), min(units, size)
    captions = [
        captions_of.reading(layer, j, token, size, few, attends and layer == layers)
        for j, token in enumerate(told.src, start=1)
        for layer in numbers
    ]
    captions.append(captions_of.crossing(layers, size, attends))
    for i, (fed, token) in enumerate(zip(told.inputs, told.written), start=1):
        captions += [captions_of.updating(layer, i, fed) for layer in numbers]
        most = looked[i - 1] if attends else None
        captions.append(captions_of.writing(i, token, most, told.guess(i)))
    trace = StackTrace(told, encoder[..., :units], decoder[..., :units], looked)
    return StepFigure(
        trace.draw(wide=True),
        captions,
        title=title,
        overview=captions_of.overview(layers, read, told.written),
        compact=trace.draw(wide=False),
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
    return check_states(name, np.stack([hidden, np.tanh(cells)]))
