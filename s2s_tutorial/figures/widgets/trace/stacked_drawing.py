"""The pieces of the figure of a stack of layers, drawn on its stage."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree.ElementTree import Element

import numpy as np

from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace import pieces
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.given import Sentences
from s2s_tutorial.figures.widgets.trace.stacked_layout import (
    HALF_HEIGHT,
    LABEL,
    MIDDLE,
    NODE_HEIGHT,
    compact_layout,
    wide_layout,
)
from s2s_tutorial.figures.widgets.trace.stage import (
    HALF_STATE,
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Panel,
)


class StackTrace(NamedTuple):
    """What is drawn; the same pieces on either stage.

    Attributes:
        told: what is read and written.
        encoder, decoder: what is drawn of hidden and cell states, ``(2, layers, tokens, units)`` each.
        looked: the source tokens with the largest weights at each step; empty without attention.
    """

    told: Sentences
    encoder: np.ndarray
    decoder: np.ndarray
    looked: list[Distribution]

    def draw(self, wide: bool) -> Element:
        """The drawing for large screens, or the one for phones, without distributions."""
        told = self.told if wide else self.told._replace(guesses=None)
        looked = [word for step in self.looked for word, _ in step]
        lists = len(self.looked[0]) if looked else 0, told.most_guesses
        layers = range(1, self.encoder.shape[1] + 1)
        layout = wide_layout if wide else compact_layout
        stage, crossing = layout(told, looked, len(layers), *lists)
        steps = [self._read(stage.encoder, k, j) for j in range(len(told.src)) for k in layers]
        x, y, anchor = crossing.note
        arrows = [svg.arrow(*way) for way in crossing.ways]
        steps.append([*arrows, svg.text(x, y, "h and c", anchor=anchor, size=12)])
        for i in range(len(told.written)):
            steps += [self._update(stage.decoder, k, i) for k in layers]
            steps.append(self._write(stage.decoder, i, told))
        names = [*self._names(stage.encoder, "encoder"), *self._names(stage.decoder, "decoder")]
        reading, writing = " ".join(told.src), " ".join(told.written)
        label = f"{len(layers)} layers reading {reading}, writing {writing}"
        return pieces.draw_stage(stage, steps, label, over=names)

    def _names(self, panel: Panel, side: str) -> list[Element]:
        """The names of the layers and of the two halves of their states."""
        parts, how = [], {"anchor": "end", "size": 12, "ink": side}
        x, end = panel.first - HALF_STATE - 5, panel.first - 6  # left of the arrow
        for layer in range(1, self.encoder.shape[1] + 1):
            y = panel.rows[f"layer {layer}"]
            parts.append(svg.text(end, y - NODE_HEIGHT / 2 - LABEL / 2, f"layer {layer}", **how))
            for letter, middle in (("h", y - MIDDLE), ("c", y + MIDDLE)):
                top = middle - HALF_HEIGHT / 2
                parts.append(svg.text(x, top + 7, letter, bold=True, font_style="italic", **how))
        return parts

    def _read(self, panel: Panel, layer: int, j: int) -> list[Element]:
        token = [] if layer > 1 else _token(panel, j, self.told.src[j], "x", j + 1)
        return [*token, *_pair(panel, "encoder", self.encoder, layer, j)]

    def _update(self, panel: Panel, layer: int, i: int) -> list[Element]:
        token = [] if layer > 1 else _token(panel, i, self.told.inputs[i], "y", i)
        if i and token:
            token.append(pieces.draw_feedback(panel, i, _output(panel)))
        return [*token, *_pair(panel, "decoder", self.decoder, layer, i)]

    def _write(self, panel: Panel, i: int, told: Sentences) -> list[Element]:
        """From the top layer upwards: where it looked, the likeliest words, the word written."""
        x, width, token = panel.column(i), panel.token_width, told.written[i]
        y = panel.rows[f"layer {self.encoder.shape[1]}"] - NODE_HEIGHT / 2
        parts, gap = [], LABEL
        both = (self.looked, "", "weights"), (told.guesses, token, "decoder")
        for lists, chosen, color in both:
            if lists:
                top = y - gap - max(map(len, lists)) * WORD_HEIGHT
                parts.append(svg.arrow((x, y), (x, y - gap)))
                parts.append(pieces.draw_distribution(x, top, width, lists[i], chosen, color))
                y, gap = top, 14.0
        output = _output(panel)
        return [
            *parts,
            svg.arrow((x, y), (x, output + TOKEN_HEIGHT / 2)),
            pieces.draw_word(x, output, width, token),
            svg.symbol(x, output - TOKEN_HEIGHT / 2 - 9, "y", i + 1),
        ]


def _token(panel: Panel, t: int, token: str, letter: str, index: int) -> list[Element]:
    x, y = panel.column(t), panel.rows["input"]
    name = svg.symbol(x, panel.rows["x"], letter, index)
    return [name, pieces.draw_word(x, y, panel.token_width, token)]


def _pair(panel: Panel, side: str, states: np.ndarray, layer: int, t: int) -> list[Element]:
    """One layer's pair at one position, with the arrows that lead to it."""
    x, y = panel.column(t), panel.rows[f"layer {layer}"]
    below = panel.rows["input"] - TOKEN_HEIGHT / 2
    if layer > 1:
        below = panel.rows[f"layer {layer - 1}"] - NODE_HEIGHT / 2
    parts = [svg.arrow((x, below), (x, y + NODE_HEIGHT / 2))]
    for state, middle in zip(states, (y - MIDDLE, y + MIDDLE)):
        if t:
            start = panel.column(t - 1) + HALF_STATE
            parts.append(svg.arrow((start, middle), (x - HALF_STATE, middle)))
        values = state[layer - 1, t].round(2).tolist()
        parts.append(svg.bars(x, middle, STATE_WIDTH, HALF_HEIGHT, values, color=side))
    return parts


def _output(panel: Panel) -> float:
    """Where the words written stand: below the heading, and a line for their symbols."""
    return panel.rows["heading"] + 13 + 20 + TOKEN_HEIGHT / 2
