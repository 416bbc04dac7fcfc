"""The figure of Bahdanau's model: a sentence followed through attention, one event at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2s_tutorial.figures.plotting.arrays import check_labelled
from s2s_tutorial.figures.widgets.step_figure import StepFigure
from s2s_tutorial.figures.widgets.trace import bahdanau_captions as captions_of
from s2s_tutorial.figures.widgets.trace.bahdanau_drawing import AlignmentTrace
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.given import check_sentences, check_units, to_states


def bahdanau_trace(
    src_tokens: Sequence[str],
    tgt_tokens: Sequence[str],
    memory: Any,
    decoder_states: Any,
    weights: Any,
    probabilities: Sequence[Distribution] | None = None,
    title: str = "One sentence through attention",
    units: int = 8,
) -> StepFigure:
    r"""A figure to step through: ask, weigh, answer, renew the state, write; row by row.

    It draws, in the order of Bahdanau et al. (2015) and from the real numbers of a trained model,

    .. math:: \alpha_i = \mathrm{softmax}(e_i)

    .. math:: c_i = \sum_j \alpha_{ij} h_j

    .. math:: s_i = f(s_{i-1}, y_{i-1}, c_i)

    The rows of weights grow into the alignment matrix. Contexts are
    computed from weights and memory.

    Args:
        src_tokens: the ``S`` source tokens.
        tgt_tokens: the tokens written, with or without a final ``<eos>``.
        memory: ``(S, 2 * hidden)``, the states :math:`h_j` of a bidirectional encoder, forward half
            first, in [-1, 1].
        decoder_states: ``(T + 1, hidden)``, the states :math:`s_0` to :math:`s_T`; ``T`` is the
            number of tokens written, ``<eos>`` counted.
        weights: ``(T, S)``, the attention weights of each step.
        probabilities: as for :func:`encoder_decoder_trace`.
        title: heading of the figure.
        units: how many numbers of each state are drawn.

    Returns:
        The figure: two steps for the encoder's directions, one for the memory, one for the start,
        and three for each token written.

    Raises:
        TypeError: if tokens are a plain string or numbers are no numbers.
        ValueError: if the counts do not fit together, a state lies outside [-1, 1], a weight or
            probability outside [0, 1], or the memory has no two halves.

    Example:
        >>> memory, states = torch.zeros(2, 6), torch.zeros(3, 3)
        >>> weights = [[0.9, 0.1], [0.2, 0.8]]
        >>> figure = bahdanau_trace(["il", "gatto"], ["cat", "<eos>"], memory, states, weights)
        >>> figure.steps  # 4 before the first token, 3 for each token written
        10
    """
    memory = to_states("memory", memory)
    states = to_states("decoder_states", decoder_states)
    rows, wrote = "rows of memory", len(states) - 1
    told = check_sentences(src_tokens, tgt_tokens, probabilities, len(memory), rows, wrote)
    alpha, src, written = check_labelled(weights, told.src, told.written)
    if memory.shape[1] % 2:
        raise ValueError(
            f"memory must have a forward and a backward half, but it has {memory.shape[1]} numbers a "
            "position; take it from an encoder with bidirectional=True"
        )
    check_units(units, 2, ", one for each direction")

    forward, backward = (half[:, : units // 2] for half in np.split(memory, 2, axis=1))
    half, few = memory.shape[1] // 2, forward.shape[1]
    captions = [
        captions_of.reading("forward", len(src), half, few),
        captions_of.reading("backward", len(src), half, few),
        captions_of.remembering(len(src), half),
        captions_of.starting(),
    ]
    for i, (fed, token) in enumerate(zip(told.inputs, written), start=1):
        captions.append(captions_of.asking(i, src, alpha[i - 1]))
        captions.append(captions_of.answering(i, half))
        captions.append(captions_of.writing(i, fed, token, told.guess(i)))
    trace = AlignmentTrace(told, forward, backward, states[:, :units], alpha)
    return StepFigure(
        trace.draw(wide=True),
        captions,
        title=title,
        overview=captions_of.overview(len(src), written),
        compact=trace.draw(wide=False),
    )
