"""The stage of the encoder-decoder figure: two panels, and the neck between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s2s_tutorial.figures.widgets.svg.text import number, text_width

Point = tuple[float, float]

TOKEN_HEIGHT = 24.0
EMBEDDING_HEIGHT = 9.0
WORD_HEIGHT = 18.0  # one word of a distribution
STATE_WIDTH = 38.0
CONTEXT_SIZE = (34.0, 46.0)
ARROW = 14.0  # what an arrow between two pieces bridges


@dataclass(frozen=True)
class Panel:
    """One side of the figure: a tinted panel with a column of pieces for every token.

    Attributes:
        left, right, top, bottom: its edges.
        first: middle of the first column.
        pitch: from one column to the next.
        token_width: width of a token's box.
        heading: where its name begins.
        rows: middle of each kind of piece, by name: ``input``, ``state``, ``output``, ...
    """

    left: float
    right: float
    top: float
    bottom: float
    first: float
    pitch: float
    token_width: float
    heading: float
    rows: dict[str, float]

    def column(self, index: int) -> float:
        """Middle of a column, counted from 0."""
        return self.first + index * self.pitch


@dataclass(frozen=True)
class Layout:
    """The whole figure: two panels, the neck between them, and the context in it.

    Attributes:
        width, height: the picture.
        encoder, decoder: the two sides.
        context: middle of the context vector.
        neck: outline of the neck, SVG path data.
        into: the arrow from the last encoder state to the context.
        out_of: the arrow from the context to the first decoder state.
        notes: where two short notes about the context stand: ``(x, y, anchor)``.
    """

    width: float
    height: float
    encoder: Panel
    decoder: Panel
    context: Point
    neck: str
    into: tuple[Point, ...]
    out_of: tuple[Point, ...]
    notes: tuple[tuple[float, float, str], tuple[float, float, str]]


def stack(top: float, *pieces: tuple[str, float]) -> tuple[dict[str, float], float]:
    """Put pieces below one another: their middles by name, and where the last one ends."""
    middles = {}
    for name, height in pieces:
        middles[name] = top + height / 2
        top += height
    return middles, top


def across(
    left: float, inset: float, columns: int, words: Sequence[str], gutter: float, padding: float
) -> dict[str, float]:
    """Horizontal measures of a panel whose boxes hold every word, within limits."""
    width = min(96.0, max(44.0, *(text_width(word) + padding for word in words)))
    pitch = width + gutter
    right = left + inset + columns * pitch - gutter + 9
    first = left + inset + width / 2
    return {
        "left": left,
        "right": right,
        "first": first,
        "pitch": pitch,
        "token_width": width,
        "heading": left + 10,
    }


def neck(corners: list[Point], *, upright: bool) -> str:
    """Outline through eight corners: curve, straight, curve, straight, and so on."""

    def at(x: float, y: float) -> str:
        return f"{number(x)} {number(y)}"

    path = "M" + at(*corners[0])
    for i in (0, 2, 4, 6):
        (x0, y0), (x1, y1) = corners[i], corners[i + 1]
        middle = ((x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2))
        if not upright:  # the curve clings to the panel, which is where i is 0 or 4
            near, far = (0.3, 0.4) if i in (0, 4) else (0.6, 0.7)
            middle = ((x0 + near * (x1 - x0), y0), (x0 + far * (x1 - x0), y1))
        path += f"C{at(*middle[0])} {at(*middle[1])} {at(x1, y1)}"
        path += "Z" if i == 6 else "L" + at(*corners[i + 2])
    return path
