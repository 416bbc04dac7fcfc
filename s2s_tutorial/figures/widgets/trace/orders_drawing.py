"""The pieces of the figure of the two orders."""

from __future__ import annotations

from typing import Any

from s2s_tutorial.figures.style import COLORS, text_color_on, weight_color
from s2s_tutorial.figures.widgets.svg import shapes as svg
from s2s_tutorial.figures.widgets.trace.drawing import shown

PANEL = (338.0, 372.0)  # width and height of one side
LEFT, RIGHT, NEXT = 48.0, 296.0, 342.0  # the state before, what is new, what is handed on
TOKEN, MEMORY, WEIGHTS, LINE, STATE, WORD = 46.0, 82.0, 134.0, 170.0, 216.0, 276.0  # rows
HALF = 15.0  # half the height of a box


class Orders:
    """The pieces of both sides; ``left`` is where a side begins.

    Args:
        src: the source tokens.
        alpha: a weight for each.
    """

    def __init__(self, src: list[str], alpha: list[float]) -> None:
        self.src, self.alpha = src, alpha
        self.pitch = 216.0 / len(src)
        self.cell = min(self.pitch - 6, 56.0)

    def bahdanau(self, left: float) -> str:
        """The side of Bahdanau: what appears at each step."""
        before, new, fed = left + LEFT, left + RIGHT, left + 176
        return "".join(
            [
                self._stage(left, "Bahdanau: ask, then move"),
                _word(fed, WORD, "i−1"),
                svg.step(2, *self._ask(left, before)),
                svg.step(3, *self._answer(left)),
                svg.step(
                    4,
                    svg.arrow((before + 22, STATE - 5), (new - 22, STATE - 5)),
                    svg.arrow((fed, WORD - HALF), (fed, STATE + 7), (new - 22, STATE + 7)),
                    svg.arrow((new, WEIGHTS + HALF), (new, STATE - HALF)),
                    _node(new, STATE, "s", "i", "decoder"),
                ),
                svg.step(
                    5,
                    svg.arrow((new, STATE + HALF), (new, WORD - HALF)),
                    svg.arrow((fed + 22, WORD), (new - 22, WORD)),
                    svg.arrow(
                        (new + 22, WEIGHTS), (new + 32, WEIGHTS), (new + 32, WORD), (new + 22, WORD)
                    ),
                    _word(new, WORD, "i"),
                ),
                svg.step(6, *_handed_on(left, fed=False)),
            ]
        )

    def luong(self, left: float) -> str:
        """The side of Luong: what appears at each step."""
        before, asks, new = left + LEFT, left + 148, left + RIGHT
        return "".join(
            [
                self._stage(left, "Luong: move, then ask"),
                _word(asks, WORD, "i−1"),
                svg.step(
                    1,
                    svg.arrow((before + 22, STATE), (asks - 22, STATE)),
                    svg.arrow((asks, WORD - HALF), (asks, STATE + HALF)),
                    _node(asks, STATE, "s", "i", "decoder"),
                ),
                svg.step(2, *self._ask(left, asks)),
                svg.step(3, *self._answer(left)),
                svg.step(
                    4,
                    svg.arrow((asks + 22, STATE), (new - 22, STATE)),
                    svg.arrow((new, WEIGHTS + HALF), (new, STATE - HALF)),
                    _node(new, STATE, "h̃", "i", "decoder"),
                ),
                svg.step(
                    5,
                    svg.arrow((new, STATE + HALF), (new, WORD - HALF)),
                    _word(new, WORD, "i"),
                ),
                svg.step(6, *_handed_on(left, fed=True)),
            ]
        )

    def _stage(self, left: float, name: str) -> str:
        """What is there from the start: the memory and the state before."""
        width, height = PANEL
        parts = [
            f'<rect x="{svg.number(left + 1)}" y="1" width="{svg.number(width - 2)}" '
            f'height="{svg.number(height - 2)}" rx="8" fill="{COLORS["token"]}" fill-opacity=".06"/>',
            svg.text(left + 12, 19, name, anchor="start", bold=True),
            _node(left + LEFT, STATE, "s", "i−1", "decoder"),
        ]
        for j, token in enumerate(self.src):
            x = self._column(left, j)
            parts += [
                svg.text(x, TOKEN, shown(token), width=self.pitch),
                svg.arrow((x, TOKEN + 9), (x, MEMORY - HALF)),
                _node(x, MEMORY, "h", j + 1, "encoder", self.cell),
            ]
        return "".join(parts)

    def _ask(self, left: float, x: float) -> list[str]:
        """The query, from the state at ``x`` to every cell, and the weights in the cells."""
        bottom, ends = WEIGHTS + 12, (self._column(left, 0), self._column(left, len(self.src) - 1))
        parts = [svg.symbol(left + 20, WEIGHTS, "α", "i", bold=True)]
        for j, weight in enumerate(self.alpha):
            column = self._column(left, j)
            parts.append(_cell(column, self.cell, weight))
            if column not in ends:
                parts.append(svg.arrow((column, LINE), (column, bottom)))
        for end in sorted(set(ends)):
            parts.append(svg.arrow((x, STATE - HALF), (x, LINE), (end, LINE), (end, bottom)))
        return parts

    def _answer(self, left: float) -> list[str]:
        """The context, from the row of weights."""
        edge, new = self._column(left, len(self.src) - 1) + self.cell / 2, left + RIGHT
        return [
            svg.arrow((edge, WEIGHTS), (new - 22, WEIGHTS)),
            _node(new, WEIGHTS, "c", "i", "context"),
        ]

    def _column(self, left: float, j: int) -> float:
        return left + 40 + self.pitch * (j + 0.5)


def _node(x: float, y: float, letter: str, index: Any, color: str, width: float = 44.0) -> str:
    return svg.box(x, y, width, 2 * HALF, color=color) + svg.symbol(
        x, y, letter, index, ink=color, bold=True
    )


def _word(x: float, y: float, index: str) -> str:
    return svg.box(x, y, 44, 2 * HALF, color="token") + svg.symbol(x, y, "y", index)


def _cell(x: float, width: float, weight: float) -> str:
    fill = weight_color(weight)
    frame = (
        f'<rect class="s2s-frame" x="{svg.number(x - width / 2)}" y="{svg.number(WEIGHTS - 12)}" '
        f'width="{svg.number(width)}" height="24" rx="3" fill="{fill}" stroke="{COLORS["token"]}" '
        f'stroke-width=".8"/>'
    )
    words = svg.text(x, WEIGHTS, f"{weight:.2f}".removeprefix("0"), size=12)
    return frame + words.replace("<text ", f'<text fill="{text_color_on(fill)}" ', 1)


def _handed_on(left: float, fed: bool) -> list[str]:
    """The row below: what the next step starts from."""
    parts = [
        svg.text(left + 12, NEXT, "to the next step:", anchor="start", size=12),
        _node(left + 148, NEXT, "s", "i", "decoder"),
        _word(left + 204, NEXT, "i"),
    ]
    if fed:
        frame = svg.box(left + 260, NEXT, 44, 2 * HALF, color="decoder", tint=0.0)
        parts += [
            frame.replace("/>", ' stroke-dasharray="4 3"/>'),
            svg.symbol(left + 260, NEXT, "h̃", "i", ink="decoder", bold=True),
        ]
    return parts
