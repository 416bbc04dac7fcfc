"""The figure of the bottleneck: a sentence followed token by token through encoder and decoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from s2s_tutorial.figures.widgets.step_figure import StepFigure
from s2s_tutorial.figures.widgets.trace import bottleneck_captions as captions_of
from s2s_tutorial.figures.widgets.trace.bottleneck_drawing import BottleneckTrace
from s2s_tutorial.figures.widgets.trace.bottleneck_layout import compact_layout, wide_layout
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.given import check_sentences, check_units, to_states


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
        >>> states = torch.zeros(2, 3)
        >>> figure = encoder_decoder_trace(["il", "gatto"], ["cat", "<eos>"], states, states)
        >>> figure.steps  # 2 tokens read, 1 context, 2 for each token written
        7
    """
    read = to_states("encoder_states", encoder_states)
    wrote = to_states("decoder_states", decoder_states)
    rows = "rows of encoder_states"
    told = check_sentences(src_tokens, tgt_tokens, probabilities, len(read), rows, len(wrote))
    check_units(units)

    src, written, size = told.src, told.written, read.shape[1]
    captions = [
        captions_of.reading(j, token, len(src), size, min(units, size))
        for j, token in enumerate(src, start=1)
    ]
    captions.append(captions_of.squeezing(len(src), size))
    for i, (fed, token) in enumerate(zip(told.inputs, written), start=1):
        captions.append(captions_of.updating(i, fed, wrote.shape[1] == size))
        captions.append(captions_of.writing(i, token, len(written), told.guess(i), size))
    drawn = (states[:, :units].round(2).tolist() for states in (read, wrote))
    trace = BottleneckTrace(told, *drawn, size)
    return StepFigure(
        trace.draw(wide_layout),
        captions,
        title=title,
        overview=captions_of.overview(len(src), written),
        compact=trace.draw(compact_layout),
    )
