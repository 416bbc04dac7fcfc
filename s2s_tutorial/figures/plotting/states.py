"""States and contexts, each a small column of bars over its token, as in the figures to step through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import FancyBboxPatch, Rectangle

from s2s_tutorial.figures.looks import LOOKS, POINT, bars_of
from s2s_tutorial.figures.plotting.arrays import check_labels, check_states, to_array
from s2s_tutorial.figures.plotting.fonts import drawable
from s2s_tutorial.figures.style import COLORS

_FONT = 9.5  # points
_CHIP = 24.0  # pixels from the foot of a vector to the middle of its token


def plot_states(
    states: Any,
    tokens: Sequence[str],
    ax: Axes | None = None,
    *,
    color: str = "encoder",
    units: int = 8,
) -> Axes:
    r"""States :math:`h_j` or :math:`s_i`, or contexts :math:`c_i`: a column of bars for each, over its token.

    A number is a bar from the middle line, to the right edge for 1 and to the left one for -1; the first
    number stands at the top.

    Args:
        states: ``(length, size)``, in [-1, 1]; an array, nested lists or a tensor.
        tokens: the ``length`` tokens that they belong to.
        ax: axes to draw into; a new figure of fitting size if ``None``.
        color: what they are: ``"encoder"``, ``"decoder"`` or ``"context"``, as in ``COLORS``.
        units: how many numbers of each are drawn, the first ones.

    Returns:
        The axes, one unit of which is a pixel of the figures to step through.

    Raises:
        TypeError: if the states are no numbers or the tokens no list of strings.
        ValueError: if the shape does not fit the tokens, a number lies outside -1 to 1, ``units`` is
            less than 1, or the colour is none of ``COLORS``.

    Example:
        >>> ax = plot_states([[0.9, -0.4], [0.1, 1.0]], ["il", "gatto"])
        >>> [name.get_text() for name in ax.texts]
        ['il', 'gatto']
        >>> plt.close(ax.figure)
    """
    states = check_states("states", to_array("states", states, "(length, size)"))
    tokens = check_labels("tokens", tokens, len(states), "rows of states")
    if units < 1:
        raise ValueError(f"units must be 1 or more, but it is {units}")
    if color not in COLORS:
        raise ValueError(f"color must be one of {', '.join(COLORS)}, but it is {color!r}")
    width, height = LOOKS["vector"]["size"]
    pitch = max(width, *(8.0 * len(token) + 10 for token in tokens)) + 12
    size = pitch * len(tokens), height + _CHIP + 20
    if ax is None:
        _, ax = plt.subplots(figsize=[max(side, 96.0) / 96 for side in size], layout="constrained")
    for j, values in enumerate(states[:, :units]):
        for part in _vector((j + 0.5) * pitch, values.tolist(), COLORS[color]):
            ax.add_artist(part)
    names, style = drawable(tokens)
    for j, name in enumerate(names):
        place = (j + 0.5) * pitch, -height / 2 - _CHIP
        ax.text(*place, name, ha="center", va="center", fontsize=_FONT, bbox=_chip(), **style)
    ax.set(xlim=(0, size[0]), ylim=(-height / 2 - _CHIP - 16, height / 2 + 4), aspect="equal")
    ax.set_axis_off()
    return ax


def _vector(x: float, values: list[float], color: str) -> list:
    """Frame, middle line and bars, as the SVG kit's ``bars`` draws them."""
    look = LOOKS["vector"]
    width, height = look["size"]
    frame = FancyBboxPatch(
        (x - width / 2, -height / 2), width, height,
        boxstyle=f"round,pad=0,rounding_size={look['radius']}",
        facecolor=to_rgba(color, look["tint"]), edgecolor=color, linewidth=look["stroke"] * POINT,
    )  # fmt: skip
    bars = [
        Rectangle((x + left, -top - thick), length, thick)
        for left, top, length, thick in bars_of(values, width, height)
    ]
    end = height / 2 - look["inset"] + 1
    line = {"color": COLORS["text"], "alpha": look["zero-tint"], "marker": "None", "ls": "-"}
    zero = plt.Line2D([x, x], [-end, end], linewidth=look["zero"] * POINT, **line)
    return [frame, PatchCollection(bars, facecolor=color, linewidth=0), zero]


def _chip() -> dict[str, Any]:
    """The box around a token."""
    look = LOOKS["token"]
    return {
        "boxstyle": f"round,pad=0.4,rounding_size={look['radius'] * POINT / _FONT}",
        "facecolor": to_rgba(COLORS["token"], look["tint"]),
        "edgecolor": COLORS["token"],
        "linewidth": look["stroke"] * POINT,
    }
