"""The pieces of the figure of Bahdanau's model, drawn on its grid."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import numpy as np

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets.svg import shapes as svg
from s2s_tutorial.figures.widgets.svg.elements import at, element, number
from s2s_tutorial.figures.widgets.trace.bahdanau_layout import (
    CELL_HEIGHT,
    GAP,
    HALF_HEIGHT,
    STATE_HEIGHT,
    Grid,
    grid,
)
from s2s_tutorial.figures.widgets.trace.given import Sentences
from s2s_tutorial.figures.widgets.trace.pieces import draw_distribution, draw_side, draw_word
from s2s_tutorial.figures.widgets.trace.stage import (
    CONTEXT_SIZE,
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
)

HALF = STATE_WIDTH / 2


class AlignmentTrace:
    """What is drawn; the same pieces on either grid.

    Args:
        told: what is read and written.
        memory: ``(src_len, 2 * hidden)``, forward half first.
        states: ``(steps + 1, hidden)``, from $s_0$.
        weights: ``(steps, src_len)``.
        units: how many numbers of a state are drawn.
    """

    def __init__(
        self,
        told: Sentences,
        memory: np.ndarray,
        states: np.ndarray,
        weights: np.ndarray,
        units: int,
    ) -> None:
        self.told, self.weights = told, weights
        forward, backward = np.split(memory, 2, axis=1)
        self.forward, self.backward = forward[:, : units // 2], backward[:, : units // 2]
        self.contexts = weights @ np.concatenate([self.forward, self.backward], axis=1)
        self.states = states[:, :units]

    def draw(self, wide: bool) -> Element:
        """The drawing for large screens, or for phones."""
        src, written = self.told.src, self.told.written
        guessed = [word for guess in self.told.guesses or [] for word, _ in guess]
        g = grid(src, ["<bos>", *written], guessed, wide)
        steps = [self._forward(g), self._backward(g), self._memory(g), self._start(g)]
        for i in range(1, len(written) + 1):
            steps += [self._ask(g, i), self._answer(g, i), self._write(g, i)]
        left, right = g.column(0) - g.pitch / 2 + 2, g.state + HALF + 5
        return svg.drawing(
            g.width,
            g.height,
            draw_side(left, 4, g.width - 2, g.name + 11, "encoder", left + 8, 17),
            draw_side(2, 4, right, g.height - 4, "decoder", 10, 17),
            *(svg.step(k, *parts) for k, parts in enumerate(steps, start=1)),
            label=f"Attention from {' '.join(src)} to {' '.join(written)}, step by step",
        )

    def _forward(self, g: Grid) -> list[Element]:
        parts = []
        for j, (token, state) in enumerate(zip(self.told.src, self.forward)):
            x = g.column(j)
            parts += [
                draw_word(x, g.token, g.cell, token),
                svg.arrow((x, g.token - TOKEN_HEIGHT / 2), (x, g.forward + HALF_HEIGHT / 2)),
                _bars(x, g.forward, HALF_HEIGHT, state, "encoder"),
            ]
            if j:
                start = g.column(j - 1) + HALF
                parts.append(svg.arrow((start, g.forward), (x - HALF, g.forward)))
        return parts

    def _backward(self, g: Grid) -> list[Element]:
        parts = []
        for j, state in enumerate(self.backward):
            x = g.column(j)
            parts += [
                svg.arrow((x, g.token + TOKEN_HEIGHT / 2), (x, g.backward - HALF_HEIGHT / 2)),
                _bars(x, g.backward, HALF_HEIGHT, state, "encoder"),
            ]
            if j:
                end = g.column(j - 1) + HALF
                parts.append(svg.arrow((x - HALF, g.backward), (end, g.backward)))
        return parts

    def _memory(self, g: Grid) -> list[Element]:
        bottom = number(g.row(len(self.told.written)) + CELL_HEIGHT / 2)
        style = {"stroke": COLORS["encoder"], "stroke_opacity": 0.35, "stroke_width": 5}
        parts = []
        for j in range(len(self.told.src)):
            x = g.column(j)
            parts.append(element("path", d=f"M{at(x, g.name + 11)}V{bottom}", **style))
            parts.append(svg.symbol(x, g.name, "h", j + 1, ink="encoder", bold=True))
        return parts

    def _start(self, g: Grid) -> list[Element]:
        heard = svg.arrow((g.column(0) - HALF, g.backward), (g.state + HALF, g.backward))
        return [heard, *self._state_and_word(g, 0, "<bos>")]

    def _ask(self, g: Grid, i: int) -> list[Element]:
        """The line from the state before to every cell of the row, and the weights in them."""
        y, x = g.row(i), g.state + 11
        line, top = y - STATE_HEIGHT / 2 - GAP / 2 + 4, y - CELL_HEIGHT / 2
        *others, last = (g.column(j) for j in range(len(self.told.src)))
        start = (x, g.row(i - 1) + STATE_HEIGHT / 2), (x, line), (last, line), (last, top)
        arrows = [*(svg.arrow((other, line), (other, top)) for other in others), svg.arrow(*start)]
        cells = [
            svg.cell(g.column(j), y, g.cell, CELL_HEIGHT, weight)
            for j, weight in enumerate(self.weights[i - 1])
        ]
        return [*arrows, *cells]

    def _answer(self, g: Grid, i: int) -> list[Element]:
        y, width = g.row(i), CONTEXT_SIZE[0]
        return [
            svg.arrow((g.column(0) - g.cell / 2, y), (g.context + width / 2, y)),
            _bars(g.context, y, STATE_HEIGHT, self.contexts[i - 1], "context", width),
            svg.symbol(g.context, y + STATE_HEIGHT / 2 + 9, "c", i, ink="context", bold=True),
        ]

    def _write(self, g: Grid, i: int) -> list[Element]:
        y, before, edge = g.row(i), g.row(i - 1), STATE_HEIGHT / 2
        word, fed, goal = self.told.written[i - 1], g.state - 11, before + edge + GAP / 2 + 4
        start = before + TOKEN_HEIGHT / 2 + (18 if i > 1 else 0)
        way = (g.word, start), (g.word, goal), (fed, goal), (fed, y - edge)
        parts = [
            svg.arrow((g.state, before + edge), (g.state, y - edge)),
            svg.arrow((g.context - CONTEXT_SIZE[0] / 2, y), (g.state + HALF, y)),
            svg.arrow(*way, dashed=i > 1),
            *self._state_and_word(g, i, word),
        ]
        x, guess = g.state - HALF, self.told.guess(i)
        if guess and g.guesses:
            middle, width = g.guesses
            top = y - len(guess) * WORD_HEIGHT / 2
            parts.append(draw_distribution(middle, top, width, guess, word))
            parts.append(svg.arrow((x, y), (middle + width / 2, y)))
            x = middle - width / 2
        return [*parts, svg.arrow((x, y), (g.word + g.word_width / 2, y))]

    def _state_and_word(self, g: Grid, i: int, token: str) -> list[Element]:
        y, left = g.row(i), g.state - HALF - 2
        name = {"anchor": "end", "ink": "decoder", "bold": True}
        return [
            _bars(g.state, y, STATE_HEIGHT, self.states[i], "decoder"),
            svg.symbol(left, y - STATE_HEIGHT / 2 + 6, "s", i, **name),
            draw_word(g.word, y, g.word_width, token),
            svg.symbol(g.word - g.word_width / 2 + 4, y + 21, "y", i, anchor="start"),
        ]


def _bars(
    x: float, y: float, height: float, values: np.ndarray, color: str, width: float = STATE_WIDTH
) -> Element:
    return svg.bars(x, y, width, height, values.round(2).tolist(), color=color)
