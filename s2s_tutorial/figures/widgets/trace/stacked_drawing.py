"""The pieces of the figure of a stack of layers, drawn on its stage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets.svg import shapes as svg
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.drawing import draw_distribution, shown
from s2s_tutorial.figures.widgets.trace.stacked_layout import (
    HALF_HEIGHT,
    LABEL,
    MIDDLE,
    NODE_HEIGHT,
    Stage,
)
from s2s_tutorial.figures.widgets.trace.stage import (
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Panel,
)

Looked = list[tuple[str, float]]


class StackTrace:
    """What is drawn; the same pieces on either stage.

    Args:
        src: the tokens read.
        written: the tokens written.
        pairs: for encoder and decoder, hidden and cell states ``(2, layers, tokens, hidden)``.
        looked: the source tokens with the largest weights at each step; None without attention.
        guesses: the most probable words of each step, if known.
        units: how many numbers of a state are drawn.
    """

    def __init__(
        self,
        src: list[str],
        written: list[str],
        pairs: tuple[np.ndarray, np.ndarray],
        looked: list[Looked] | None,
        guesses: list[Distribution] | None,
        units: int,
    ) -> None:
        self.src, self.written, self.looked, self.guesses = src, written, looked, guesses
        self.inputs = ["<bos>", *written[:-1]]
        self.layers = pairs[0].shape[1]
        self.encoder, self.decoder = (pair[..., :units].round(2) for pair in pairs)

    def draw(self, stage_of: Callable[..., Stage], wide: bool) -> str:
        """The drawing on one of the stages; the distributions on the wide one only."""
        guesses = self.guesses if wide else None
        looked = [word for step in self.looked or [] for word, _ in step]
        stage = stage_of(
            (len(self.src), len(self.written)),
            (self.src, [*self.inputs, *self.written, *looked]),
            self.layers,
            len(self.looked[0]) if self.looked else 0,
            max(map(len, guesses)) if guesses else 0,
        )
        parts = [self._panels(stage)]
        count = 0
        for j in range(len(self.src)):
            for layer in range(self.layers):
                count += 1
                parts.append(svg.step(count, self._update(stage.encoder, "encoder", layer, j)))
        count += 1
        parts.append(svg.step(count, *self._hand_over(stage)))
        for i in range(len(self.written)):
            for layer in range(self.layers):
                count += 1
                parts.append(svg.step(count, self._update(stage.decoder, "decoder", layer, i)))
            count += 1
            parts.append(svg.step(count, self._write(stage.decoder, i, guesses)))
        label = (
            f"{self.layers} layers reading {' '.join(self.src)}, writing {' '.join(self.written)}"
        )
        return svg.drawing(stage.width, stage.height, *parts, label=label)

    def _panels(self, stage: Stage) -> str:
        """The two tinted panels, the names of the layers and of the two halves of their states."""
        parts = []
        for name, panel in (("encoder", stage.encoder), ("decoder", stage.decoder)):
            parts.append(
                f'<rect x="{svg.number(panel.left)}" y="{svg.number(panel.top)}" '
                f'width="{svg.number(panel.right - panel.left)}" '
                f'height="{svg.number(panel.bottom - panel.top)}" rx="8" fill="{COLORS[name]}" '
                'fill-opacity=".07"/>'
            )
            words, y = name.capitalize(), panel.rows["heading"]
            parts.append(svg.text(panel.heading, y, words, anchor="start", ink=name, bold=True))
            for layer in range(1, self.layers + 1):
                at = panel.rows[f"layer {layer}"]
                x = panel.first - STATE_WIDTH / 2
                title = f"layer {layer}"
                above = at - NODE_HEIGHT / 2 - LABEL / 2
                end = panel.first - 6  # left of the arrow
                parts.append(svg.text(end, above, title, anchor="end", size=12, ink=name))
                for letter, y in (("h", at - MIDDLE), ("c", at + MIDDLE)):
                    parts.append(_letter(x - 5, y - HALF_HEIGHT / 2 + 7, letter, name))
        return "".join(parts)

    def _update(self, panel: Panel, side: str, layer: int, t: int) -> str:
        """One layer's pair at one position, with the arrows that lead to it."""
        x, y = panel.column(t), panel.rows[f"layer {layer + 1}"]
        h, c = (half[layer, t].tolist() for half in getattr(self, side))
        parts = []
        if layer == 0:
            token = (self.src if side == "encoder" else self.inputs)[t]
            name = ("x", t + 1) if side == "encoder" else ("y", t)
            parts += [
                svg.symbol(x, panel.rows["x"], *name),
                svg.box(x, panel.rows["input"], panel.token_width, TOKEN_HEIGHT, color="token"),
                svg.text(x, panel.rows["input"], shown(token), width=panel.token_width - 2),
            ]
            below = panel.rows["input"] - TOKEN_HEIGHT / 2
            if side == "decoder" and t:
                parts.append(self._feed_back(panel, t))
        else:
            below = panel.rows[f"layer {layer}"] - NODE_HEIGHT / 2
        parts.append(svg.arrow((x, below), (x, y + NODE_HEIGHT / 2)))
        if t:
            start = panel.column(t - 1) + STATE_WIDTH / 2
            for at in (y - MIDDLE, y + MIDDLE):
                parts.append(svg.arrow((start, at), (x - STATE_WIDTH / 2, at)))
        parts.append(svg.bars(x, y - MIDDLE, STATE_WIDTH, HALF_HEIGHT, h, color=side))
        parts.append(svg.bars(x, y + MIDDLE, STATE_WIDTH, HALF_HEIGHT, c, color=side))
        return "".join(parts)

    def _feed_back(self, panel: Panel, i: int) -> str:
        """From the word written at the step before down to this step's input, dashed."""
        before, x, edge = panel.column(i - 1), panel.column(i), panel.token_width / 2
        gutter = (before + x) / 2
        output, goal = self._output(panel), panel.rows["input"]
        way = ((before + edge, output), (gutter, output), (gutter, goal), (x - edge, goal))
        return svg.arrow(*way, dashed=True)

    def _hand_over(self, stage: Stage) -> list[str]:
        parts = [svg.arrow(*way) for ways in stage.handed for way in ways]
        x, y, anchor = stage.note
        return [*parts, svg.text(x, y, "h and c", anchor=anchor, size=12)]

    def _write(self, panel: Panel, i: int, guesses: list[Distribution] | None) -> str:
        """From the top layer upwards: where it looked, the likeliest words, the word written."""
        x, width, token = panel.column(i), panel.token_width, self.written[i]
        y = panel.rows[f"layer {self.layers}"] - NODE_HEIGHT / 2
        parts, gap = [], LABEL
        lists = [(self.looked, "weights"), (guesses, "decoder")]
        for rows, color in [(rows, color) for rows, color in lists if rows]:
            top = y - gap - max(map(len, rows)) * WORD_HEIGHT
            parts.append(svg.arrow((x, y), (x, y - gap)))
            chosen = token if color == "decoder" else ""
            parts.append(draw_distribution(x, top, width, rows[i], chosen, color))
            y, gap = top, 14.0
        output = self._output(panel)
        parts += [
            svg.arrow((x, y), (x, output + TOKEN_HEIGHT / 2)),
            svg.box(x, output, width, TOKEN_HEIGHT, color="token"),
            svg.text(x, output, shown(token), width=width - 2),
            svg.symbol(x, output - TOKEN_HEIGHT / 2 - 9, "y", i + 1),
        ]
        return "".join(parts)

    def _output(self, panel: Panel) -> float:
        """Where the words written stand: below the heading, and a line for their symbols."""
        return panel.rows["heading"] + 13 + 20 + TOKEN_HEIGHT / 2


def _letter(x: float, y: float, letter: str, side: str) -> str:
    return svg.text(x, y, letter, anchor="end", size=12, ink=side, bold=True).replace(
        "<text ", '<text font-style="italic" ', 1
    )
