"""Where the words of the attention figure stand: in two rows, or in two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from s2s_tutorial.figures.widgets import svg

HEIGHT = 26.0  # of a word's box
BAR_LENGTH = 34.0  # of a weight of 1


@dataclass(frozen=True)
class Layout:
    """Where the words stand, and how links and bars run between them.

    Attributes:
        size: width and height of the drawing.
        src, tgt: the middle of each word's box.
        src_widths, tgt_widths: the widths of the boxes.
        rows: the source stands above the target, else to its left.
    """

    size: svg.Point
    src: list[svg.Point]
    tgt: list[svg.Point]
    src_widths: list[float]
    tgt_widths: list[float]
    rows: bool

    def link(self, i: int, j: int) -> str:
        """The path from a target word's box to a source word's."""
        (x, y), (to_x, to_y) = self.tgt[i], self.src[j]
        if self.rows:
            y, to_y = y - HEIGHT / 2 - 1, to_y + HEIGHT / 2 + 1
            bends = (x, (y + to_y) / 2), (to_x, (y + to_y) / 2)
        else:
            x, to_x = x - self.tgt_widths[i] / 2 - 1, to_x + self.src_widths[j] / 2 + 1
            bends = ((x + to_x) / 2, y), ((x + to_x) / 2, to_y)
        return f"M{svg.at(x, y)}C{svg.at(*bends[0])} {svg.at(*bends[1])} {svg.at(to_x, to_y)}"

    def bar(self, j: int, weight: float) -> tuple[float, float, float, float]:
        """Left, top, width and height of the bar of a source word's weight."""
        (x, y), width, length = self.src[j], self.src_widths[j], max(1.0, BAR_LENGTH * weight)
        if self.rows:
            wide = min(16.0, width - 4)
            return x - wide / 2, y - HEIGHT / 2 - 2 - length, wide, length
        return x - width / 2 - 2 - length, y - 7, length, 14.0

    def number(self, j: int, weight: float) -> svg.Point:
        """Where a source word's weight is written: the middle of the text, or in columns its end."""
        (x, y), length = self.src[j], BAR_LENGTH * weight
        if self.rows:
            return x, y - HEIGHT / 2 - 2 - length - 7
        return x - self.src_widths[j] / 2 - 2 - length - 3, y


def row_layout(src_tokens: Sequence[str], tgt_tokens: Sequence[str]) -> Layout:
    """Source above, target below; a language that is written from the right starts there."""
    src_widths, tgt_widths = (_widths(words, 104.0) for words in (src_tokens, tgt_tokens))
    width = max(sum(w) + 4.0 * (len(w) - 1) for w in (src_widths, tgt_widths)) + 8
    top = BAR_LENGTH + 18 + HEIGHT / 2
    bottom = top + HEIGHT + 84
    src = [(x, top) for x in _across(src_widths, width, _rightwards(src_tokens))]
    tgt = [(x, bottom) for x in _across(tgt_widths, width, _rightwards(tgt_tokens))]
    return Layout((width, bottom + HEIGHT / 2 + 4), src, tgt, src_widths, tgt_widths, rows=True)


def column_layout(src_tokens: Sequence[str], tgt_tokens: Sequence[str]) -> Layout:
    """Source on the left, target on the right, for phones and for long sentences."""
    src_width, tgt_width = (max(_widths(words, 104.0)) for words in (src_tokens, tgt_tokens))
    left = 24.0 + BAR_LENGTH + src_width / 2
    right = left + src_width / 2 + 72 + tgt_width / 2
    pitch = HEIGHT + 2
    height = pitch * max(len(src_tokens), len(tgt_tokens)) + 6
    src, tgt = (
        [(x, height / 2 + pitch * (k - (len(words) - 1) / 2)) for k in range(len(words))]
        for x, words in ((left, src_tokens), (right, tgt_tokens))
    )
    widths = [src_width] * len(src), [tgt_width] * len(tgt)
    return Layout((right + tgt_width / 2 + 4, height), src, tgt, *widths, rows=False)


def _widths(words: Sequence[str], most: float) -> list[float]:
    """Widths of the boxes; the narrowest holds a weight's number."""
    return [min(most, max(17.0, svg.text_width(svg.shown(word)) + 10)) for word in words]


def _across(widths: Sequence[float], total: float, rightwards: bool) -> list[float]:
    """The middles of boxes in a row, the row in the middle of the drawing."""
    x = (total - sum(widths) - 4.0 * (len(widths) - 1)) / 2
    middles = []
    for width in widths:
        middles.append(x + width / 2)
        x += width + 4.0
    return middles if rightwards else [total - x for x in middles]


def _rightwards(words: Sequence[str]) -> bool:
    """Whether the first letter with a direction of its own is written from left to right."""
    for character in "".join(words):
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction == "L"
    return True
