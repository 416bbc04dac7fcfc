"""The stage of a figure with two sides: a panel for the encoder and one for the decoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from s2s_tutorial.figures.looks import LOOKS
from s2s_tutorial.figures.widgets import svg

TOKEN_HEIGHT = 24.0
EMBEDDING_HEIGHT = 9.0
WORD_HEIGHT = 18.0  # one word of a distribution
STATE_WIDTH = 38.0
HALF_STATE = STATE_WIDTH / 2
CONTEXT_SIZE = tuple(map(float, LOOKS["vector"]["size"]))
ARROW = 14.0  # what an arrow between two pieces bridges

Rows = dict[str, float]
"""Middle of each kind of piece, by name: ``input``, ``state``, ``output``, ..."""


class Panel:
    """One side of the figure: a tinted panel with a column of pieces for every token.

    Args:
        left: its left edge.
        inset: from there to its first box.
        words: what must fit into the boxes, within limits.
        columns: how many there are.
        gutter: between two boxes.
        padding: around a word in its box.
        edges: top and bottom.
        rows: heights of the pieces.
    """

    def __init__(
        self, left: float, inset: float, words: Sequence[str], columns: int, gutter: float,
        padding: float, edges: tuple[float, float], rows: Rows,
    ) -> None:  # fmt: skip
        widths = (svg.text_width(word) + padding for word in words)
        self.token_width = min(96.0, max(44.0, *widths))
        self.pitch = self.token_width + gutter
        self.left, self.right = left, left + inset + columns * self.pitch - gutter + 9
        self.first = left + inset + self.token_width / 2  # middle of the first column
        self.last = self.first + (columns - 1) * self.pitch
        self.heading = left + 10  # where its name begins
        self.top, self.bottom = edges
        self.rows = rows

    def column(self, index: int) -> float:
        """Middle of a column, counted from 0."""
        return self.first + index * self.pitch

    def widen(self, right: float, centred: bool = False) -> None:
        """Move the right edge, and if wished the columns to the middle of what is new."""
        if centred:
            self.first += (right - self.right) / 2
            self.last += (right - self.right) / 2
        self.right = right


class Stage(NamedTuple):
    """The whole figure: its size, and its two sides."""

    width: float
    height: float
    encoder: Panel
    decoder: Panel


def stack(top: float, *pieces: tuple[str, float]) -> tuple[Rows, float]:
    """Put pieces below one another: their middles by name, and where the last one ends."""
    middles = {}
    for name, height in pieces:
        middles[name] = top + height / 2
        top += height
    return middles, top
