"""The pieces of the figure of the two orders."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.widgets import svg

PANEL = (338.0, 372.0)  # width and height of one side
LEFT, RIGHT, NEXT = 48.0, 296.0, 342.0  # the state before, what is new, what is handed on
TOKEN, MEMORY, WEIGHTS, LINE, STATE, WORD = 46.0, 82.0, 134.0, 170.0, 216.0, 276.0  # rows
EDGE, HALF = 22.0, 15.0  # half the width and half the height of a box


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

    def bahdanau(self, left: float) -> list[Element]:
        """The side of Bahdanau: what appears at each step."""
        before, new, fed = left + LEFT, left + RIGHT, left + 176
        right, around = new + EDGE, new + EDGE + 10
        moves = [
            svg.arrow((before + EDGE, STATE - 5), (new - EDGE, STATE - 5)),
            svg.arrow((fed, WORD - HALF), (fed, STATE + 7), (new - EDGE, STATE + 7)),
            svg.arrow((new, WEIGHTS + HALF), (new, STATE - HALF)),
            _state(new, STATE, "s"),
        ]
        given = [
            svg.arrow((fed + EDGE, WORD), (new - EDGE, WORD)),
            svg.arrow((right, WEIGHTS), (around, WEIGHTS), (around, WORD), (right, WORD)),
        ]
        name = "Bahdanau: ask, then move"
        return [*self._stage(left, name, fed), *self._steps(left, before, moves, given, [])]

    def luong(self, left: float) -> list[Element]:
        """The side of Luong: what appears at each step."""
        before, asks, new = left + LEFT, left + 148, left + RIGHT
        moves = [
            svg.arrow((before + EDGE, STATE), (asks - EDGE, STATE)),
            svg.arrow((asks, WORD - HALF), (asks, STATE + HALF)),
            _state(asks, STATE, "s"),
        ]
        mixes = [
            svg.arrow((asks + EDGE, STATE), (new - EDGE, STATE)),
            svg.arrow((new, WEIGHTS + HALF), (new, STATE - HALF)),
            _state(new, STATE, "h̃"),
        ]
        fed = _state(left + 260, NEXT, "h̃", tint=0.0, stroke_dasharray="4 3")
        first = [*self._stage(left, "Luong: move, then ask", asks), svg.step(1, *moves)]
        return [*first, *self._steps(left, asks, mixes, [], [fed])]

    def _steps(
        self, left: float, asks: float, answered: list[Element], given: list[Element],
        handed_on: list[Element],
    ) -> list[Element]:  # fmt: skip
        """From the question to what the next step starts from, on either side.

        Args:
            left: where the side begins.
            asks: where the state stands that asks.
            answered: what is made with the answer.
            given: more that leads to the word.
            handed_on: more that goes to the next step.
        """
        new = left + RIGHT
        writes = [svg.arrow((new, STATE + HALF), (new, WORD - HALF)), *given, _word(new, WORD, "i")]
        words = svg.text(left + 12, NEXT, "to the next step:", anchor="start", size=12)
        state, word = _state(left + 148, NEXT, "s"), _word(left + 204, NEXT, "i")
        return [
            svg.step(2, *self._ask(left, asks)),
            svg.step(3, *self._answer(left)),
            svg.step(4, *answered),
            svg.step(5, *writes),
            svg.step(6, words, state, word, *handed_on),
        ]

    def _stage(self, left: float, name: str, fed: float) -> list[Element]:
        """What is there from the start: the memory, the state before, and the word fed back."""
        width, height = PANEL
        parts = [
            svg.tinted(left + 1, 1, width - 2, height - 2, color="token", tint=0.06, rx=8),
            svg.text(left + 12, 19, name, anchor="start", bold=True),
            _state(left + LEFT, STATE, "s", "i−1"),
            _word(fed, WORD, "i−1"),
        ]
        for j, token in enumerate(self.src):
            x = self._column(left, j)
            parts += [
                svg.text(x, TOKEN, svg.shown(token), width=self.pitch),
                svg.arrow((x, TOKEN + 9), (x, MEMORY - HALF)),
                _node(x, MEMORY, "h", str(j + 1), "encoder", self.cell),
            ]
        return parts

    def _ask(self, left: float, x: float) -> list[Element]:
        """The query, from the state at ``x`` to every cell, and the weights in the cells."""
        bottom, ends = WEIGHTS + 12, {self._column(left, 0), self._column(left, len(self.src) - 1)}
        parts = [svg.symbol(left + 20, WEIGHTS, "α", "i", bold=True)]
        for j, weight in enumerate(self.alpha):
            column = self._column(left, j)
            parts.append(svg.weight_cell(column, WEIGHTS, self.cell, 24, weight))
            if column not in ends:
                parts.append(svg.arrow((column, LINE), (column, bottom)))
        for end in sorted(ends):
            parts.append(svg.arrow((x, STATE - HALF), (x, LINE), (end, LINE), (end, bottom)))
        return parts

    def _answer(self, left: float) -> list[Element]:
        """The context, from the row of weights."""
        edge, new = self._column(left, len(self.src) - 1) + self.cell / 2, left + RIGHT
        answer = svg.arrow((edge, WEIGHTS), (new - EDGE, WEIGHTS))
        return [answer, _node(new, WEIGHTS, "c", "i", "context")]

    def _column(self, left: float, j: int) -> float:
        return left + 40 + self.pitch * (j + 0.5)


def _node(
    x: float, y: float, letter: str, index: str, color: str, width: float = 2 * EDGE, **more: Any
) -> Element:
    frame = svg.box(x, y, width, 2 * HALF, color=color, **more)
    return svg.group(frame, svg.symbol(x, y, letter, index, ink=color, bold=True))


def _state(x: float, y: float, letter: str, index: str = "i", **more: Any) -> Element:
    return _node(x, y, letter, index, "decoder", **more)


def _word(x: float, y: float, index: str) -> Element:
    frame = svg.box(x, y, 2 * EDGE, 2 * HALF, color="token")
    return svg.group(frame, svg.symbol(x, y, "y", index))
