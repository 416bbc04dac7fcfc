"""Grids of cells: attention weights, and a padded batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_hex, to_rgb, to_rgba
from matplotlib.patches import Rectangle

from s2s_tutorial.figures.looks import LOOKS, POINT
from s2s_tutorial.figures.plotting.arrays import check_labelled, check_labels, to_array
from s2s_tutorial.figures.plotting.fonts import drawable
from s2s_tutorial.figures.style import COLORS, WEIGHTS_CMAP, text_color_on, weight_color


def plot_attention(
    weights: Any,
    src_tokens: Sequence[str],
    tgt_tokens: Sequence[str],
    ax: Axes | None = None,
    *,
    annotate: bool | None = None,
    colorbar: bool | None = None,
) -> Axes:
    r"""Attention weights :math:`\alpha_{ij}` as a grid: source across, target down.

    The figure of Bahdanau et al. (2015), figure 3. The colours always span 0 to 1, so that two figures
    can be compared. Letters that the figure's font lacks are taken from another one that is installed;
    where none has them, a warning names one to install.

    Args:
        weights: ``(tgt_len, src_len)``, each between 0 and 1; an array, nested lists or a tensor.
        src_tokens: the ``src_len`` source tokens.
        tgt_tokens: the ``tgt_len`` target tokens.
        ax: axes to draw into; a new figure of fitting size if ``None``.
        annotate: write the numbers into the cells; ``None`` does so up to 8 by 8.
        colorbar: draw the scale; ``None`` does so where no numbers are written.

    Returns:
        The axes.

    Raises:
        TypeError: if the weights are no numbers or the tokens no list of strings.
        ValueError: if the shape does not fit the tokens, or a weight lies outside 0 to 1.

    Example:
        >>> ax = plot_attention([[0.9, 0.1], [0.2, 0.8]], ["il", "gatto"], ["the", "cat"])
        >>> ax.get_xlabel(), [tick.get_text() for tick in ax.get_yticklabels()]
        ('source', ['the', 'cat'])
        >>> [number.get_text() for number in ax.texts]
        ['.90', '.10', '.20', '.80']
        >>> plt.close(ax.figure)
    """
    weights, src_tokens, tgt_tokens = check_labelled(weights, src_tokens, tgt_tokens)
    rows, columns = weights.shape
    if annotate is None:
        annotate = max(rows, columns) <= 8
    if colorbar is None:
        colorbar = not annotate
    if ax is None:
        size = (min(8.0, 1.6 + 0.5 * columns), min(8.0, 1.3 + 0.5 * rows))
        _, ax = plt.subplots(figsize=size)

    image = ax.imshow(weights, cmap=WEIGHTS_CMAP, vmin=0.0, vmax=1.0, interpolation="nearest")
    long_tokens = max(map(len, src_tokens)) > 3
    turned = {"rotation": 45, "ha": "left", "rotation_mode": "anchor"} if long_tokens else {}
    names, style = drawable([*src_tokens, *tgt_tokens])
    ax.set_xticks(range(columns), names[:columns], **turned, **style)
    ax.set_yticks(range(rows), names[columns:], **style)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("source")
    ax.set_ylabel("target")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    look = LOOKS["weight"]
    line = {"linewidth": POINT * look["stroke"], "alpha": look["grid-tint"]}
    ax.grid(which="minor", color=COLORS["token"], **line)
    ax.tick_params(which="minor", length=0)
    if annotate:
        for (row, column), weight in np.ndenumerate(weights):
            color = text_color_on(weight_color(weight))
            ax.text(column, row, _short(weight), ha="center", va="center", fontsize=10, color=color)
    if colorbar:
        scale = ax.inset_axes((1.03, 0.0, 0.03, 1.0))  # as tall as the grid
        bar = ax.figure.colorbar(image, cax=scale, ticks=(0.0, 0.5, 1.0))
        bar.set_label(r"weight $\alpha_{ij}$")
        bar.outline.set_visible(False)
    return ax


def _short(number: float) -> str:
    """Two decimals without the leading zero: .07, .93, 1."""
    text = f"{number:.2f}"
    return {"0.00": "0", "1.00": "1"}.get(text, text.removeprefix("0"))


def plot_padding(
    rows: Any,
    ax: Axes | None = None,
    *,
    pad: str = "<pad>",
    color: str = COLORS["token"],
    show_tokens: bool | None = None,
) -> Axes:
    """A batch as a grid: one row a sentence, one cell a token, padding hatched.

    The title says which share of the cells is padding, that is, computed for nothing.

    Args:
        rows: lists of tokens (of unequal length, or padded with ``pad``), or a mask
            ``(batch, length)`` that is true where a token is real.
        ax: axes to draw into; a new figure if ``None``.
        pad: the padding token.
        color: colour of the real tokens.
        show_tokens: write the tokens into the cells; ``None`` does so where they fit.

    Returns:
        The axes.

    Raises:
        TypeError: if a row is a plain string or holds something else than strings.
        ValueError: if there are no rows, or none holds a real token.

    Example:
        >>> ax = plot_padding([["il", "gatto"], ["no"]])
        >>> ax.get_title()
        '1 of 4 cells are padding (25%)'
        >>> plt.close(ax.figure)
    """
    real, tokens = _padding_grid(rows, pad)
    batch, length = real.shape
    if show_tokens is None:
        show_tokens = tokens is not None and length <= 14 and batch <= 16
    if ax is None:
        wide = 0.78 if show_tokens else 0.18
        size = (min(9.0, max(3.6, wide * length + 0.8)), min(5.0, max(1.6, 0.36 * batch + 0.8)))
        _, ax = plt.subplots(figsize=size)

    tint = to_hex(
        [0.5 + 0.5 * channel for channel in to_rgb(color)]
    )  # half white: text reads on it
    ax.add_collection(_cells(real, facecolor=tint, linewidth=0))
    waste = COLORS["now"]
    ax.add_collection(
        _cells(~real, facecolor=to_rgba(waste, 0.15), edgecolor=waste, hatch="////", linewidth=0)
    )
    ax.set(xlim=(-0.5, length - 0.5), ylim=(batch - 0.5, -0.5))
    if show_tokens and tokens is not None:
        places = np.argwhere(real)
        names, style = drawable([tokens[row][column] for row, column in places])
        style |= {"ha": "center", "va": "center", "fontsize": 10, "color": text_color_on(tint)}
        for (row, column), name in zip(places, names):
            ax.text(column, row, name, **style)
    padded = int((~real).sum())
    ax.set_title(f"{padded} of {real.size} cells are padding ({padded / real.size:.0%})")
    ax.set_xlabel("position")
    ax.set_ylabel("sentence")
    step = max(1, length // 10)
    ax.set_xticks(range(0, length, step), range(1, length + 1, step))
    ax.set_yticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def _cells(where: np.ndarray, **style: Any) -> PatchCollection:
    """A rectangle at every true cell, with a hair of space between neighbours."""
    gap = 0.04
    corners = ((column - 0.5 + gap, row - 0.5 + gap) for row, column in np.argwhere(where))
    side = 1 - 2 * gap
    return PatchCollection([Rectangle(corner, side, side) for corner in corners], **style)


def _padding_grid(rows: Any, pad: str) -> tuple[np.ndarray, list[list[str]] | None]:
    """Where tokens are real, ``(batch, length)`` bool, and the tokens themselves if given."""
    if hasattr(rows, "detach") or isinstance(rows, np.ndarray):
        real, tokens = to_array("rows", rows, "(batch, length)").astype(bool), None
    else:
        tokens = [check_labels(f"row {i}", row, len(row), "cells") for i, row in enumerate(rows)]
        real = np.zeros((len(tokens), max(map(len, tokens), default=0)), dtype=bool)
        for i, row in enumerate(tokens):
            real[i, : len(row)] = [token != pad for token in row]
    if not real.any():
        raise ValueError("rows hold no real token: expected at least one sentence with a token")
    return real, tokens
