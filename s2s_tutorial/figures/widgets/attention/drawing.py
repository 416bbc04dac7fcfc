"""The drawing of attention: source and target words, and a link for every weight between them."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.attention.layouts import (
    HEIGHT,
    Layout,
    column_layout,
    row_layout,
)

ROW_LIMIT = 860.0  # wider than this, the words stand below each other
PHONE_LIMIT = 340.0  # narrower than this, one drawing does for every screen
_LINK = 0.03  # a smaller weight has no link
_BAR = 0.005  # a smaller weight has no bar: its number would be .00
_NUMBER = 10.5  # font size of a weight
_TOUCH = 44.0  # height of what a finger can hit


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


def drawings(example: Example, step: int | None = None) -> dict[str, Element]:
    """The drawings of an example by the names that the style sheet knows.

    Args:
        example: the sentences and weights.
        step: None draws what the script chooses from; 0 a picture of all links; ``i`` one of the
            ``i``-th target word's weights.

    Returns:
        The ``"wide"`` drawing, and a ``"compact"`` one where the first is too wide for a phone.
    """
    words = example.src, example.tgt
    row, column = row_layout(*words), column_layout(*words)
    if row.size[0] > ROW_LIMIT:
        return {"wide": _draw(example, column, step)}
    wide = {"wide": _draw(example, row, step)}
    return wide if row.size[0] <= PHONE_LIMIT else {**wide, "compact": _draw(example, column, step)}


def _draw(example: Example, layout: Layout, step: int | None) -> Element:
    boxes, read, written = [], [], []
    for token, place, width in zip(example.src, layout.src, layout.src_widths):
        boxes.append(svg.box(*place, width, HEIGHT, color="token"))
        read.append(svg.text(*place, svg.shown(token), width=width - 4))
    links = [
        svg.step(i, _links(layout, i - 1, row), *([] if step == 0 else [_bars(layout, row)]))
        for i, row in enumerate(example.weights, start=1)
        if not step or step == i
    ]
    for i, (token, place, width) in enumerate(
        zip(example.tgt, layout.tgt, layout.tgt_widths), start=1
    ):
        frame = svg.box(*place, width, HEIGHT, color="now" if step == i else "token")
        word = svg.text(*place, svg.shown(token), width=width - 4)
        touch = svg.element(
            "rect", **_around(layout, place, width), rx=4, class_="s2s-touch", fill="none"
        )
        written.append(svg.group(frame, word, touch, class_="s2s-word", data_word=i))
    label = f"Attention from “{' '.join(example.tgt)}” to “{' '.join(example.src)}”"
    return svg.drawing(*layout.size, *boxes, *links, *read, *written, label=label)


def _around(layout: Layout, place: tuple[float, float], width: float) -> dict[str, float]:
    """What a finger may touch for a word: more than its frame, where no other word is close."""
    (x, y), height = place, _TOUCH if layout.rows else HEIGHT + 2
    return {"x": x - width / 2, "y": y - height / 2, "width": width, "height": height}


def _links(layout: Layout, i: int, row: np.ndarray) -> Element:
    """One line for every weight that counts, the thicker and darker the larger."""
    lines = [
        svg.element(
            "path",
            d=layout.link(i, j),
            stroke_width=0.6 + 5.4 * weight,
            stroke_opacity=0.15 + 0.75 * weight,
        )  # fmt: skip
        for j, weight in enumerate(row)
        if weight >= _LINK
    ]
    return svg.group(*lines, fill="none", stroke=COLORS["weights"])


def _bars(layout: Layout, row: np.ndarray) -> Element:
    """The weights of one target word as tints of the source words, bars and numbers."""
    bars, numbers = [], []
    for j, weight in enumerate(row):
        if weight >= _BAR:
            (x, y), width = layout.src[j], layout.src_widths[j]
            corner = {"x": x - width / 2, "y": y - HEIGHT / 2, "width": width, "height": HEIGHT}
            bars.append(svg.element("rect", **corner, rx=4, fill_opacity=0.4 * weight))
            bars.append(svg.element("rect", **dict(zip(corner, layout.bar(j, weight)))))
            x, y = layout.number(j, weight)
            numbers.append(svg.element("text", svg.short(weight), x=x, y=y + 0.36 * _NUMBER))
    anchor = "middle" if layout.rows else "end"
    return svg.group(
        svg.group(*bars, fill=COLORS["weights"]),
        svg.group(*numbers, font_size=_NUMBER, text_anchor=anchor),
        class_="s2s-bars",
    )
