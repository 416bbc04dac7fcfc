"""The pieces of the figure of Bahdanau's model, drawn on its grid."""

from __future__ import annotations

import numpy as np

from s2s_tutorial.figures.style import COLORS, text_color_on, weight_color
from s2s_tutorial.figures.widgets.svg import shapes as svg
from s2s_tutorial.figures.widgets.trace.bahdanau_layout import (
    CELL_HEIGHT,
    GAP,
    HALF_HEIGHT,
    STATE_HEIGHT,
    Grid,
    grid,
)
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.drawing import draw_distribution, shown
from s2s_tutorial.figures.widgets.trace.stage import (
    CONTEXT_SIZE,
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
)

READING = 4  # steps before the first word: forward, backward, memory, start


class AlignmentTrace:
    """What is drawn; the same pieces on either grid.

    Args:
        src: the tokens read.
        written: the tokens written.
        memory: ``(src_len, 2 * hidden)``, forward half first.
        states: ``(steps + 1, hidden)``, from $s_0$.
        weights: ``(steps, src_len)``.
        guesses: the most probable words of each step, if known.
        units: how many numbers of a state are drawn.
    """

    def __init__(
        self,
        src: list[str],
        written: list[str],
        memory: np.ndarray,
        states: np.ndarray,
        weights: np.ndarray,
        guesses: list[Distribution] | None,
        units: int,
    ) -> None:
        self.src, self.written, self.guesses, self.weights = src, written, guesses, weights
        half, few = memory.shape[1] // 2, max(units // 2, 1)
        both = np.concatenate([memory[:, :few], memory[:, half : half + few]], axis=1)
        self.forward, self.backward = both[:, : both.shape[1] // 2], both[:, both.shape[1] // 2 :]
        self.contexts = weights @ both
        self.states = states[:, :units]

    def draw(self, wide: bool) -> str:
        """The drawing for large screens, or for phones."""
        guessed = [word for guess in self.guesses or [] for word, _ in guess]
        measures = grid(self.src, ["<bos>", *self.written], guessed, wide)
        parts = [self._stage(measures), self._forward(measures), self._backward(measures)]
        parts += [self._memory(measures), self._start(measures)]
        for i in range(1, len(self.written) + 1):
            parts += [self._ask(measures, i), self._answer(measures, i), self._write(measures, i)]
        label = f"Attention from {' '.join(self.src)} to {' '.join(self.written)}, step by step"
        return svg.drawing(measures.width, measures.height, *parts, label=label)

    def _stage(self, g: Grid) -> str:
        left = g.column(0) - g.pitch / 2 + 2
        return (
            _panel(left, 4, g.width - 2, g.name + 11, "encoder")
            + _panel(2, 4, g.state + STATE_WIDTH / 2 + 5, g.height - 4, "decoder")
            + svg.text(left + 8, 17, "Encoder", anchor="start", ink="encoder", bold=True)
            + svg.text(10, 17, "Decoder", anchor="start", ink="decoder", bold=True)
        )

    def _forward(self, g: Grid) -> str:
        parts = []
        for j, (token, state) in enumerate(zip(self.src, self.forward)):
            x = g.column(j)
            parts += [
                svg.box(x, g.token, g.cell, TOKEN_HEIGHT, color="token"),
                svg.text(x, g.token, shown(token), width=g.cell - 2),
                svg.arrow((x, g.token - TOKEN_HEIGHT / 2), (x, g.forward + HALF_HEIGHT / 2)),
                svg.bars(x, g.forward, STATE_WIDTH, HALF_HEIGHT, _listed(state), color="encoder"),
            ]
            if j:
                start = g.column(j - 1) + STATE_WIDTH / 2
                parts.append(svg.arrow((start, g.forward), (x - STATE_WIDTH / 2, g.forward)))
        return svg.step(1, *parts)

    def _backward(self, g: Grid) -> str:
        parts = []
        for j, state in enumerate(self.backward):
            x = g.column(j)
            parts += [
                svg.arrow((x, g.token + TOKEN_HEIGHT / 2), (x, g.backward - HALF_HEIGHT / 2)),
                svg.bars(x, g.backward, STATE_WIDTH, HALF_HEIGHT, _listed(state), color="encoder"),
            ]
            if j:
                end = g.column(j - 1) + STATE_WIDTH / 2
                parts.append(svg.arrow((x - STATE_WIDTH / 2, g.backward), (end, g.backward)))
        return svg.step(2, *parts)

    def _memory(self, g: Grid) -> str:
        bottom = g.row(len(self.written)) + CELL_HEIGHT / 2
        parts = []
        for j in range(len(self.src)):
            x = g.column(j)
            parts.append(
                f'<path d="M{svg.number(x)} {svg.number(g.name + 11)}V{svg.number(bottom)}" '
                f'stroke="{COLORS["encoder"]}" stroke-opacity=".35" stroke-width="5"/>'
            )
            parts.append(svg.symbol(x, g.name, "h", j + 1, ink="encoder", bold=True))
        return svg.step(3, *parts)

    def _start(self, g: Grid) -> str:
        right = g.state + STATE_WIDTH / 2
        return svg.step(
            4,
            svg.arrow((g.column(0) - STATE_WIDTH / 2, g.backward), (right, g.backward)),
            self._state(g, 0),
            self._word(g, 0, "<bos>"),
        )

    def _ask(self, g: Grid, i: int) -> str:
        """The line from the state before to every cell of the row, and the weights in them."""
        y, before = g.row(i), g.row(i - 1)
        line, top = y - STATE_HEIGHT / 2 - GAP / 2 + 4, y - CELL_HEIGHT / 2
        start = (g.state + 11, before + STATE_HEIGHT / 2)
        parts = [svg.arrow((g.column(j), line), (g.column(j), top)) for j in range(len(self.src))]
        parts[-1] = svg.arrow(start, (start[0], line), (g.column(len(self.src) - 1), line),
                              (g.column(len(self.src) - 1), top))  # fmt: skip
        for j, weight in enumerate(self.weights[i - 1]):
            parts.append(_cell(g.column(j), y, g.cell, float(weight)))
        return svg.step(READING + 3 * i - 2, *parts)

    def _answer(self, g: Grid, i: int) -> str:
        y, (width, _) = g.row(i), CONTEXT_SIZE
        values = _listed(self.contexts[i - 1])
        return svg.step(
            READING + 3 * i - 1,
            svg.arrow((g.column(0) - g.cell / 2, y), (g.context + width / 2, y)),
            svg.bars(g.context, y, width, STATE_HEIGHT, values, color="context"),
            svg.symbol(g.context, y + STATE_HEIGHT / 2 + 9, "c", i, ink="context", bold=True),
        )

    def _write(self, g: Grid, i: int) -> str:
        y, before, edge = g.row(i), g.row(i - 1), STATE_HEIGHT / 2
        turn = before + edge + GAP / 2 + 4
        left = g.state - STATE_WIDTH / 2
        parts = [
            svg.arrow((g.state, before + edge), (g.state, y - edge)),
            svg.arrow((g.context - CONTEXT_SIZE[0] / 2, y), (g.state + STATE_WIDTH / 2, y)),
            svg.arrow(
                (g.word, before + TOKEN_HEIGHT / 2 + (18 if i > 1 else 0)),
                (g.word, turn),
                (g.state - 11, turn),
                (g.state - 11, y - edge),
                dashed=i > 1,
            ),
            self._state(g, i),
            self._word(g, i, self.written[i - 1]),
        ]
        word_edge = g.word + g.word_width / 2
        if self.guesses and g.guesses:
            x, width = g.guesses
            guess = self.guesses[i - 1]
            top = y - len(guess) * WORD_HEIGHT / 2
            parts.append(draw_distribution(x, top, width, guess, self.written[i - 1]))
            parts.append(svg.arrow((left, y), (x + width / 2, y)))
            parts.append(svg.arrow((x - width / 2, y), (word_edge, y)))
        else:
            parts.append(svg.arrow((left, y), (word_edge, y)))
        return svg.step(READING + 3 * i, *parts)

    def _state(self, g: Grid, i: int) -> str:
        y = g.row(i)
        return svg.bars(
            g.state, y, STATE_WIDTH, STATE_HEIGHT, _listed(self.states[i]), color="decoder"
        ) + svg.symbol(
            g.state - STATE_WIDTH / 2 - 2, y - STATE_HEIGHT / 2 + 6, "s", i,
            anchor="end", ink="decoder", bold=True,
        )  # fmt: skip

    def _word(self, g: Grid, i: int, token: str) -> str:
        y = g.row(i)
        return (
            svg.box(g.word, y, g.word_width, TOKEN_HEIGHT, color="token")
            + svg.text(g.word, y, shown(token), width=g.word_width - 2)
            + svg.symbol(g.word - g.word_width / 2 + 4, y + 21, "y", i, anchor="start")
        )


def _listed(values: np.ndarray) -> list[float]:
    return values.round(2).tolist()


def _panel(left: float, top: float, right: float, bottom: float, color: str) -> str:
    return (
        f'<rect x="{svg.number(left)}" y="{svg.number(top)}" width="{svg.number(right - left)}" '
        f'height="{svg.number(bottom - top)}" rx="8" fill="{COLORS[color]}" fill-opacity=".07"/>'
    )


def _cell(x: float, y: float, width: float, weight: float) -> str:
    """A cell of the alignment: the darker, the larger its weight, and the weight itself."""
    fill, ink = weight_color(weight), text_color_on(weight_color(weight))
    written = f"{weight:.2f}".removeprefix("0")
    return (
        f'<rect class="s2s-frame" x="{svg.number(x - width / 2)}" '
        f'y="{svg.number(y - CELL_HEIGHT / 2)}" width="{svg.number(width)}" '
        f'height="{svg.number(CELL_HEIGHT)}" rx="3" fill="{fill}" stroke="{COLORS["token"]}" '
        f'stroke-width=".8"/>'
        + svg.text(x, y, written, size=12).replace("<text ", f'<text fill="{ink}" ', 1)
    )
