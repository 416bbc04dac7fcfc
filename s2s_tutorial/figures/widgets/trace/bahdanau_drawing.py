"""The pieces of the figure of Bahdanau's model, drawn on its grid."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree.ElementTree import Element

import numpy as np

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace import pieces
from s2s_tutorial.figures.widgets.trace.bahdanau_layout import (
    CELL_HEIGHT,
    GAP,
    HALF_HEIGHT,
    STATE_HEIGHT,
    Grid,
)
from s2s_tutorial.figures.widgets.trace.given import Sentences
from s2s_tutorial.figures.widgets.trace.stage import (
    CONTEXT_SIZE,
    HALF_STATE,
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
)


class AlignmentTrace(NamedTuple):
    """What is drawn; the same pieces on either grid.

    Attributes:
        told: what is read and written.
        forward, backward: what is drawn of the two halves of the memory, ``(src_len, few)`` each.
        states: what is drawn of the decoder's states, ``(steps + 1, units)``, from $s_0$.
        weights: ``(steps, src_len)``.
    """

    told: Sentences
    forward: np.ndarray
    backward: np.ndarray
    states: np.ndarray
    weights: np.ndarray

    def draw(self, wide: bool) -> Element:
        """The drawing for large screens, or for phones."""
        g = Grid(self.told, wide)
        steps = [
            self._direction(g, True),
            self._direction(g, False),
            self._memory(g),
            self._start(g),
        ]
        for i in range(1, len(self.told.written) + 1):
            steps += [self._ask(g, i), self._answer(g, i), self._write(g, i)]
        left, right = g.first - g.pitch / 2 + 2, g.state + HALF_STATE + 5
        sides = [
            pieces.draw_side(left, 4, g.width - 2, g.name + 11, "encoder", left + 8, 17),
            pieces.draw_side(2, 4, right, g.height - 4, "decoder", 10, 17),
        ]
        appear = [svg.step(k, *parts) for k, parts in enumerate(steps, start=1)]
        src, written = " ".join(self.told.src), " ".join(self.told.written)
        label = f"Attention from {src} to {written}, step by step"
        return svg.drawing(g.width, g.height, *sides, *appear, label=label)

    def _direction(self, g: Grid, forward: bool) -> list[Element]:
        """One network's states over, or under, the tokens that it reads."""
        up, y, states = (1, g.forward, self.forward) if forward else (-1, g.backward, self.backward)
        parts = []
        for j, (token, state) in enumerate(zip(self.told.src, states)):
            x = g.column(j)
            if forward:
                parts.append(pieces.draw_word(x, g.token, g.cell, token))
            start, end = g.token - up * TOKEN_HEIGHT / 2, y + up * HALF_HEIGHT / 2
            parts += [svg.arrow((x, start), (x, end)), _bars(x, y, HALF_HEIGHT, state, "encoder")]
            if j:
                way = (x - g.pitch + HALF_STATE, y), (x - HALF_STATE, y)
                parts.append(svg.arrow(*way[::up]))
        return parts

    def _memory(self, g: Grid) -> list[Element]:
        bottom = svg.number(g.row(len(self.told.written)) + CELL_HEIGHT / 2)
        style = {"stroke": COLORS["encoder"], "stroke_opacity": 0.35, "stroke_width": 5}
        parts = []
        for j in range(len(self.told.src)):
            x = g.column(j)
            parts.append(svg.element("path", d=f"M{svg.at(x, g.name + 11)}V{bottom}", **style))
            parts.append(svg.symbol(x, g.name, "h", j + 1, ink="encoder", bold=True))
        return parts

    def _start(self, g: Grid) -> list[Element]:
        heard = svg.arrow((g.first - HALF_STATE, g.backward), (g.state + HALF_STATE, g.backward))
        return [heard, *self._state_and_word(g, 0, "<bos>")]

    def _ask(self, g: Grid, i: int) -> list[Element]:
        """The line from the state before to every cell of the row, and the weights in them."""
        y, x = g.row(i), g.state + 11
        line, top = y - STATE_HEIGHT / 2 - GAP / 2 + 4, y - CELL_HEIGHT / 2
        start = (x, g.row(i - 1) + STATE_HEIGHT / 2), (x, line), (g.last, line), (g.last, top)
        columns = [g.column(j) for j in range(len(self.told.src))]
        return [
            *(svg.arrow((column, line), (column, top)) for column in columns[:-1]),
            svg.arrow(*start),
            *(svg.weight_cell(column, y, g.cell, CELL_HEIGHT, weight)
              for column, weight in zip(columns, self.weights[i - 1])),
        ]  # fmt: skip

    def _answer(self, g: Grid, i: int) -> list[Element]:
        y, width = g.row(i), CONTEXT_SIZE[0]
        context = self.weights[i - 1] @ np.concatenate([self.forward, self.backward], axis=1)
        return [
            svg.arrow((g.first - g.cell / 2, y), (g.context + width / 2, y)),
            _bars(g.context, y, STATE_HEIGHT, context, "context", width),
            svg.symbol(g.context, y + STATE_HEIGHT / 2 + 9, "c", i, ink="context", bold=True),
        ]

    def _write(self, g: Grid, i: int) -> list[Element]:
        y, before, edge = g.row(i), g.row(i - 1), STATE_HEIGHT / 2
        word, fed, goal = self.told.written[i - 1], g.state - 11, before + edge + GAP / 2 + 4
        start = before + TOKEN_HEIGHT / 2 + (18 if i > 1 else 0)
        way = (g.word, start), (g.word, goal), (fed, goal), (fed, y - edge)
        parts = [
            svg.arrow((g.state, before + edge), (g.state, y - edge)),
            svg.arrow((g.context - CONTEXT_SIZE[0] / 2, y), (g.state + HALF_STATE, y)),
            svg.arrow(*way, dashed=i > 1),
            *self._state_and_word(g, i, word),
        ]
        x, guess = g.state - HALF_STATE, self.told.guess(i)
        if guess and g.guess_width:
            top, half = y - len(guess) * WORD_HEIGHT / 2, g.guess_width / 2
            parts.append(pieces.draw_distribution(g.guess, top, g.guess_width, guess, word))
            parts.append(svg.arrow((x, y), (g.guess + half, y)))
            x = g.guess - half
        return [*parts, svg.arrow((x, y), (g.word + g.word_width / 2, y))]

    def _state_and_word(self, g: Grid, i: int, token: str) -> list[Element]:
        y, left = g.row(i), g.state - HALF_STATE - 2
        name = {"anchor": "end", "ink": "decoder", "bold": True}
        return [
            _bars(g.state, y, STATE_HEIGHT, self.states[i], "decoder"),
            svg.symbol(left, y - STATE_HEIGHT / 2 + 6, "s", i, **name),
            pieces.draw_word(g.word, y, g.word_width, token),
            svg.symbol(g.word - g.word_width / 2 + 4, y + 21, "y", i, anchor="start"),
        ]


def _bars(
    x: float, y: float, height: float, values: np.ndarray, color: str, width: float = STATE_WIDTH
) -> Element:
    return svg.bars(x, y, width, height, values.round(2).tolist(), color=color)
