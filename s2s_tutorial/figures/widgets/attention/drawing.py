"""The drawing of attention: source and target words, and a link for every weight between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets.attention.layouts import (
    HEIGHT,
    Layout,
    Point,
    column_layout,
    rect,
    row_layout,
    shown,
)
from s2s_tutorial.figures.widgets.svg import shapes as svg

ROW_LIMIT = 860.0  # wider than this, the words stand below each other
PHONE_LIMIT = 340.0  # narrower than this, one drawing does for every screen
_LINK = 0.03  # a smaller weight has no link
_BAR = 0.005  # a smaller weight has no bar: its number would be .00
_NUMBER = 10.5  # font size of a weight


@dataclass(frozen=True, eq=False)
class Example:
    """Two sentences and the weights between them.

    Attributes:
        src: the ``S`` source tokens.
        tgt: the ``T`` target tokens.
        weights: ``(T, S)``, each between 0 and 1.
    """

    src: list[str]
    tgt: list[str]
    weights: np.ndarray


def drawings(example: Example, step: int | None = None) -> dict[str, str]:
    """The drawings of an example by the names that the style sheet knows.

    Args:
        example: the sentences and weights.
        step: None draws what the script chooses from; 0 a picture of all links; ``i`` one of the
            ``i``-th target word's weights.

    Returns:
        SVG markup under ``"wide"``, and ``"compact"`` where the first is too wide for a phone.
    """
    words = example.src, example.tgt
    row, column = row_layout(*words), column_layout(*words)
    if row.size[0] > ROW_LIMIT:
        return {"wide": _draw(example, column, step)}
    wide = {"wide": _draw(example, row, step)}
    return wide if row.size[0] <= PHONE_LIMIT else {**wide, "compact": _draw(example, column, step)}


def _draw(example: Example, layout: Layout, step: int | None) -> str:
    words = " ".join(example.tgt), " ".join(example.src)
    boxes = [
        svg.box(*place, width, HEIGHT, color="encoder", tint=0.06)
        for place, width in zip(layout.src, layout.src_widths)
    ]
    links = [
        svg.step(i + 1, _links(layout, i, row), _bars(layout, row) if step != 0 else "")
        for i, row in enumerate(example.weights)
        if not step or step == i + 1
    ]
    read = [
        _word(token, place, width)
        for token, place, width in zip(example.src, layout.src, layout.src_widths)
    ]
    written = [
        f'<g class="s2s-word" data-word="{i}">'
        + svg.box(*place, width, HEIGHT, color="now" if step == i else "decoder")
        + f"{_word(token, place, width)}</g>"
        for i, (token, place, width) in enumerate(
            zip(example.tgt, layout.tgt, layout.tgt_widths), start=1
        )
    ]
    label = f"Attention from “{words[0]}” to “{words[1]}”"
    return svg.drawing(*layout.size, *boxes, *links, *read, *written, label=label)


def _links(layout: Layout, i: int, row: np.ndarray) -> str:
    """One line for every weight that counts, the thicker and darker the larger."""
    lines = "".join(
        f'<path d="{layout.link(i, j)}" stroke-width="{svg.number(0.6 + 5.4 * weight)}" '
        f'stroke-opacity="{0.15 + 0.75 * weight:.2f}"/>'
        for j, weight in enumerate(row)
        if weight >= _LINK
    )
    return f'<g fill="none" stroke="{COLORS["weights"]}">{lines}</g>'


def _bars(layout: Layout, row: np.ndarray) -> str:
    """The weights of one target word as tints of the source words, bars and numbers."""
    shapes, numbers = "", ""
    for j, weight in enumerate(row):
        if weight >= _BAR:
            (x, y), width = layout.src[j], layout.src_widths[j]
            tint = f' rx="4" fill-opacity="{0.4 * weight:.2f}"'
            shapes += rect(x - width / 2, y - HEIGHT / 2, width, HEIGHT, tint)
            shapes += layout.bar(j, weight)
            x, y = layout.number(j, weight)
            y += 0.36 * _NUMBER
            numbers += f'<text x="{svg.number(x)}" y="{svg.number(y)}">{short(weight)}</text>'
    return (
        f'<g class="s2s-bars"><g fill="{COLORS["weights"]}">{shapes}</g>'
        f'<g font-size="{_NUMBER}" text-anchor="{layout.anchor}">{numbers}</g></g>'
    )


def short(weight: float) -> str:
    """Two decimals without the leading zero: ``.07``, ``.93``, ``1.00``."""
    return f"{weight:.2f}".removeprefix("0")


def _word(token: str, place: Point, width: float) -> str:
    return svg.text(*place, shown(token), width=width - 4)
