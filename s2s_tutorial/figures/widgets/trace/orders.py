"""The figure of the two orders: Bahdanau's step and Luong's, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from s2s_tutorial.figures.plotting.arrays import check_labels, check_weights, to_array
from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.step_figure import StepFigure
from s2s_tutorial.figures.widgets.trace.orders_drawing import PANEL, Orders

OVERVIEW = (
    "One step of two decoders. Left (on a phone: above), Bahdanau: the state before asks, and the answer "
    "enters the new state. Right (below), Luong: first the new state, then it asks, and the answer joins "
    "it in h̃. Step through it with the buttons or the arrow keys."
)
CAPTIONS = (
    "First. Bahdanau has nothing to compute yet. Luong moves: the new state sᵢ is made from the state "
    "before and the last word yᵢ₋₁. No source enters.",
    "Somebody asks. Bahdanau: sᵢ₋₁, which has not been told the word yᵢ₋₁. Luong: sᵢ, which has. "
    "The scores become the weights αᵢ (drawn alike on both sides).",
    "The answer is the same kind of thing on both sides: the context cᵢ, a mean of the states h under "
    "these weights.",
    "What the answer is for. Bahdanau: it goes into the recurrent cell, together with yᵢ₋₁ and sᵢ₋₁, and "
    "makes sᵢ. Luong: it is mixed with sᵢ in one layer, h̃ᵢ = tanh(W[cᵢ; sᵢ]), outside the recurrence.",
    "The word. Bahdanau writes it from sᵢ, cᵢ and yᵢ₋₁, Luong from h̃ᵢ alone.",
    "What the next step is given. Bahdanau’s sᵢ carries the context along. Luong’s sᵢ has never seen it, "
    "unless h̃ᵢ is handed on too (dashed): that is input feeding.",
)


def attention_orders(
    src_tokens: Sequence[str],
    weights: Any,
    title: str = "Ask, then move; or move, then ask",
) -> StepFigure:
    r"""A figure to step through: one step of Bahdanau's decoder and of Luong's, in their orders.

    .. math:: \text{Bahdanau:}\quad s_{i-1} \to \alpha_i \to c_i \to s_i

    .. math:: \text{Luong:}\quad s_i \to \alpha_i \to c_i \to \tilde h_i

    (Bahdanau et al., 2015, section 3.1; Luong et al., 2015, sections 3 and 3.3.)

    Args:
        src_tokens: the ``S`` source tokens, from 1 to 6.
        weights: ``(S,)``, the weights :math:`\alpha_i` to draw, on both sides.
        title: heading of the figure.

    Returns:
        The figure; it has six steps.

    Raises:
        TypeError: if the tokens are a plain string or the weights are no numbers.
        ValueError: if there are more than 6 tokens, their number is not that of the weights, or a
            weight lies outside 0 to 1.

    Example:
        >>> figure = attention_orders(["il", "gatto"], [0.2, 0.8])
        >>> figure.steps, "input feeding" in figure.captions[6]
        (6, True)
    """
    alpha = to_array("weights", weights, "(src_len,)")
    src = check_labels("src_tokens", src_tokens, len(alpha), "weights")
    if len(src) > 6:
        raise ValueError(f"there is room for 6 source tokens, but {len(src)} came")
    orders = Orders(src, check_weights(alpha).tolist())
    width, height = PANEL
    wide = [*orders.bahdanau(0), *orders.luong(width + 12)]
    below = svg.group(*orders.luong(0), transform=f"translate({svg.at(0, height + 10)})")
    narrow = [*orders.bahdanau(0), below]
    label = "One step of Bahdanau's decoder and of Luong's"
    return StepFigure(
        svg.drawing(2 * width + 12, height, *wide, label=label),
        CAPTIONS,
        title=title,
        overview=OVERVIEW,
        compact=svg.drawing(width, 2 * height + 10, *narrow, label=label),
    )
