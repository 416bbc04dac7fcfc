"""The stage of a figure with two sides: a panel for the encoder and one for the decoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s2s_tutorial.figures.widgets.svg.text import text_width

Point = tuple[float, float]
Words = tuple[Sequence[str], Sequence[str]]
"""What must fit into the boxes of the encoder, and of the decoder."""

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
class Stage:
    """The whole figure: its size, and its two sides."""

    width: float
    height: float
    encoder: Panel
    decoder: Panel


def stack(top: float, *pieces: tuple[str, float]) -> tuple[dict[str, float], float]:
    """Put pieces below one another: their middles by name, and where the last one ends."""
    middles = {}
    for name, height in pieces:
        middles[name] = top + height / 2
        top += height
    return middles, top


def panel(
    left: float,
    inset: float,
    columns: int,
    words: Sequence[str],
    gutter: float,
    padding: float,
    *,
    top: float,
    bottom: float,
    rows: dict[str, float],
) -> Panel:
    """A panel of so many columns whose boxes hold every word, within limits."""
    width = min(96.0, max(44.0, *(text_width(word) + padding for word in words)))
    return Panel(
        left=left,
        right=left + inset + columns * (width + gutter) - gutter + 9,
        top=top,
        bottom=bottom,
        first=left + inset + width / 2,
        pitch=width + gutter,
        token_width=width,
        heading=left + 10,
        rows=rows,
    )


def side_by_side(
    columns: tuple[int, int],
    words: Words,
    rows: dict[str, float],
    *,
    heading: float,
    top: float,
    bottom: float,
    insets: tuple[float, float],
    gutters: tuple[float, float],
    between: float,
) -> Stage:
    """The decoder to the right of the encoder, in the same rows.

    Args:
        columns: tokens read, tokens written.
        words: what must fit into the boxes.
        rows: the rows of the decoder, which begins at 4.
        heading: middle of the encoder's name.
        top: where the encoder begins.
        bottom: where both end.
        insets: from the left of each side to its first box.
        gutters: between two boxes of each side.
        between: from one side to the other.
    """
    encoder = panel(4, insets[0], columns[0], words[0], gutters[0], 10,
                    top=top, bottom=bottom, rows={**rows, "heading": heading})  # fmt: skip
    decoder = panel(encoder.right + between, insets[1], columns[1], words[1], gutters[1], 10,
                    top=4, bottom=bottom, rows=rows)  # fmt: skip
    return Stage(decoder.right + 4, bottom + 4, encoder, decoder)
