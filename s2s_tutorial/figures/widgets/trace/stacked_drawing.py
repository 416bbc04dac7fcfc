"""The pieces of the figure of a stack of layers, drawn on its stage."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np

from s2s_tutorial.figures.widgets.svg import shapes as svg
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.given import Sentences
from s2s_tutorial.figures.widgets.trace.pieces import (
    draw_distribution,
    draw_feedback,
    draw_panel,
    draw_word,
)
from s2s_tutorial.figures.widgets.trace.stacked_layout import (
    HALF_HEIGHT,
    LABEL,
    MIDDLE,
    NODE_HEIGHT,
    Crossing,
)
from s2s_tutorial.figures.widgets.trace.stage import (
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Panel,
    Stage,
)


class StackTrace:
    """What is drawn; the same pieces on either stage.

    Args:
        told: what is read and written.
        encoder: hidden and cell states ``(2, layers, tokens, hidden)``.
        decoder: likewise.
        looked: the source tokens with the largest weights at each step; empty without attention.
        units: how many numbers of a state are drawn.
    """

    def __init__(
        self,
        told: Sentences,
        encoder: np.ndarray,
        decoder: np.ndarray,
        looked: list[Distribution],
        units: int,
    ) -> None:
        self.told, self.looked, self.layers = told, looked, encoder.shape[1]
        sides = {"encoder": encoder, "decoder": decoder}
        self.states = {side: pair[..., :units].round(2) for side, pair in sides.items()}

    def draw(self, layout: Callable[..., tuple[Stage, Crossing]], wide: bool) -> Element:
        """The drawing in one of the layouts; the distributions on the wide one only."""
        src, written = self.told.src, self.told.written
        looked = [word for step in self.looked for word, _ in step]
        guesses = self.told.guesses if wide and self.told.guesses else []
        stage, crossing = layout(
            (len(src), len(written)),
            (src, [*self.told.inputs, *written, *looked]),
            self.layers,
            max(map(len, self.looked), default=0),
            max(map(len, guesses), default=0),
        )
        layers = range(1, self.layers + 1)
        steps = [self._read(stage.encoder, k, j) for j in range(len(src)) for k in layers]
        x, y, anchor = crossing.note
        arrows = [svg.arrow(*way) for way in crossing.ways]
        steps.append([*arrows, svg.text(x, y, "h and c", anchor=anchor, size=12)])
        for i in range(len(written)):
            steps += [self._update(stage.decoder, k, i) for k in layers]
            steps.append(self._write(stage.decoder, i, guesses))
        return svg.drawing(
            stage.width,
            stage.height,
            *self._panel(stage.encoder, "encoder"),
            *self._panel(stage.decoder, "decoder"),
            *(svg.step(k, *parts) for k, parts in enumerate(steps, start=1)),
            label=f"{self.layers} layers reading {' '.join(src)}, writing {' '.join(written)}",
        )

    def _panel(self, panel: Panel, name: str) -> list[Element]:
        """The tinted panel, the names of the layers and of the two halves of their states."""
        parts = [draw_panel(panel, name)]
        how = {"anchor": "end", "size": 12, "ink": name}
        x, end = panel.first - STATE_WIDTH / 2 - 5, panel.first - 6  # left of the arrow
        for layer in range(1, self.layers + 1):
            y = panel.rows[f"layer {layer}"]
            parts.append(svg.text(end, y - NODE_HEIGHT / 2 - LABEL / 2, f"layer {layer}", **how))
            for letter, middle in (("h", y - MIDDLE), ("c", y + MIDDLE)):
                top = middle - HALF_HEIGHT / 2
                parts.append(svg.text(x, top + 7, letter, bold=True, font_style="italic", **how))
        return parts

    def _read(self, panel: Panel, layer: int, j: int) -> list[Element]:
        token = [svg.symbol(panel.column(j), panel.rows["x"], "x", j + 1)]
        token.append(self._input(panel, j, self.told.src[j]))
        return [*(token if layer == 1 else []), *self._pair(panel, "encoder", layer, j)]

    def _update(self, panel: Panel, layer: int, i: int) -> list[Element]:
        token = [svg.symbol(panel.column(i), panel.rows["x"], "y", i)]
        token.append(self._input(panel, i, self.told.inputs[i]))
        if i:
            token.append(draw_feedback(panel, i, self._output(panel)))
        return [*(token if layer == 1 else []), *self._pair(panel, "decoder", layer, i)]

    def _input(self, panel: Panel, t: int, token: str) -> Element:
        return draw_word(panel.column(t), panel.rows["input"], panel.token_width, token)

    def _pair(self, panel: Panel, side: str, layer: int, t: int) -> list[Element]:
        """One layer's pair at one position, with the arrows that lead to it."""
        x, y, half = panel.column(t), panel.rows[f"layer {layer}"], STATE_WIDTH / 2
        below = panel.rows["input"] - TOKEN_HEIGHT / 2
        if layer > 1:
            below = panel.rows[f"layer {layer - 1}"] - NODE_HEIGHT / 2
        parts = [svg.arrow((x, below), (x, y + NODE_HEIGHT / 2))]
        for state, middle in zip(self.states[side], (y - MIDDLE, y + MIDDLE)):
            if t:
                parts.append(svg.arrow((panel.column(t - 1) + half, middle), (x - half, middle)))
            values = state[layer - 1, t].tolist()
            parts.append(svg.bars(x, middle, STATE_WIDTH, HALF_HEIGHT, values, color=side))
        return parts

    def _write(self, panel: Panel, i: int, guesses: list[Distribution]) -> list[Element]:
        """From the top layer upwards: where it looked, the likeliest words, the word written."""
        x, width, token = panel.column(i), panel.token_width, self.told.written[i]
        y = panel.rows[f"layer {self.layers}"] - NODE_HEIGHT / 2
        parts, gap = [], LABEL
        for lists, chosen, color in ((self.looked, "", "weights"), (guesses, token, "decoder")):
            if lists:
                top = y - gap - max(map(len, lists)) * WORD_HEIGHT
                parts.append(svg.arrow((x, y), (x, y - gap)))
                parts.append(draw_distribution(x, top, width, lists[i], chosen, color))
                y, gap = top, 14.0
        output = self._output(panel)
        return [
            *parts,
            svg.arrow((x, y), (x, output + TOKEN_HEIGHT / 2)),
            draw_word(x, output, width, token),
            svg.symbol(x, output - TOKEN_HEIGHT / 2 - 9, "y", i + 1),
        ]

    def _output(self, panel: Panel) -> float:
        """Where the words written stand: below the heading, and a line for their symbols."""
        return panel.rows["heading"] + 13 + 20 + TOKEN_HEIGHT / 2
