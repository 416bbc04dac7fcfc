"""Where the words of the attention figure stand: in two rows, or in two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from s2s_tutorial.figures.widgets.svg import shapes as svg
from s2s_tutorial.figures.widgets.svg.text import text_width

HEIGHT = 26.0  # of a word's box
BAR_LENGTH = 34.0  # of a weight of 1

Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Where the words stand, and how links and bars run between them.

    Attributes:
        size: width and height of the drawing.
        src, tgt: the middle of each word's box.
        src_widths, tgt_widths: the widths of the boxes.
        link: from a target box and a source box to the path between them.
        bar: from a source word and its weight to the bar.
        number: from a source word and its weight to where the weight is written.
        anchor: how that text is anchored.
    """

    size: Point
    src: list[Point]
    tgt: list[Point]
    src_widths: list[float]
    tgt_widths: list[float]
    link: Callable[[int, int], str]
    bar: Callable[[int, float], str]
    number: Callable[[int, float], Point]
    anchor: str


def row_layout(src_tokens: Sequence[str], tgt_tokens: Sequence[str]) -> Layout:
    """Source above, target below; a language that is written from the right starts there."""
    src_widths, tgt_widths = (_widths(words, 104.0) for words in (src_tokens, tgt_tokens))
    width = max(sum(w) + 4.0 * (len(w) - 1) for w in (src_widths, tgt_widths)) + 8
    top = BAR_LENGTH + 18 + HEIGHT / 2
    bottom = top + HEIGHT + 84
    src = [(x, top) for x in _across(src_widths, width, _rightwards(src_tokens))]
    tgt = [(x, bottom) for x in _across(tgt_widths, width, _rightwards(tgt_tokens))]
    start, end = bottom - HEIGHT / 2 - 1, top + HEIGHT / 2 + 1
    middle = svg.number((start + end) / 2)

    def link(i: int, j: int) -> str:
        x, to = svg.number(tgt[i][0]), svg.number(src[j][0])
        return f"M{x} {svg.number(start)}C{x} {middle} {to} {middle} {to} {svg.number(end)}"

    def bar(j: int, weight: float) -> str:
        wide, length = min(16.0, src_widths[j] - 4), max(1.0, BAR_LENGTH * weight)
        return rect(src[j][0] - wide / 2, end_of_bars - length, wide, length)

    def number(j: int, weight: float) -> Point:
        return src[j][0], end_of_bars - BAR_LENGTH * weight - 7

    end_of_bars = top - HEIGHT / 2 - 2
    size = (width, bottom + HEIGHT / 2 + 4)
    return Layout(size, src, tgt, src_widths, tgt_widths, link, bar, number, "middle")


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
    start, end = right - tgt_width / 2 - 1, left + src_width / 2 + 1
    middle = svg.number((start + end) / 2)

    def link(i: int, j: int) -> str:
        y, to = svg.number(tgt[i][1]), svg.number(src[j][1])
        return f"M{svg.number(start)} {y}C{middle} {y} {middle} {to} {svg.number(end)} {to}"

    def bar(j: int, weight: float) -> str:
        length = max(1.0, BAR_LENGTH * weight)
        return rect(end_of_bars - length, src[j][1] - 7, length, 14)

    def number(j: int, weight: float) -> Point:
        return end_of_bars - BAR_LENGTH * weight - 3, src[j][1]

    end_of_bars = left - src_width / 2 - 2
    widths = [src_width] * len(src), [tgt_width] * len(tgt)
    size = (right + tgt_width / 2 + 4, height)
    return Layout(size, src, tgt, *widths, link, bar, number, "end")


def rect(x: float, y: float, width: float, height: float, more: str = "") -> str:
    """A ``<rect>`` with its corner at ``(x, y)`` and further attributes."""
    x, y, width, height = map(svg.number, (x, y, width, height))
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{more}/>'


def shown(token: str) -> str:
    """A token to look at: characters of white space have none of their own."""
    return token if token.strip() else "␣"


def _widths(words: Sequence[str], most: float) -> list[float]:
    """Widths of the boxes; the narrowest holds a weight's number."""
    return [min(most, max(17.0, text_width(shown(word)) + 10)) for word in words]


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
