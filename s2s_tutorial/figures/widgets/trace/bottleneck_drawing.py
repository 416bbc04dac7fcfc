"""The pieces of the encoder-decoder figure, drawn in a layout."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace import pieces
from s2s_tutorial.figures.widgets.trace.bottleneck_layout import Neck
from s2s_tutorial.figures.widgets.trace.given import Sentences
from s2s_tutorial.figures.widgets.trace.stage import (
    CONTEXT_SIZE,
    EMBEDDING_HEIGHT,
    HALF_STATE,
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Panel,
    Stage,
)


class BottleneckTrace(NamedTuple):
    """What is drawn; the same pieces in either layout.

    Attributes:
        told: what is read and written.
        read, wrote: what is drawn of the states of encoder and decoder, a list for each token.
        size: how many numbers a state of the encoder has.
    """

    told: Sentences
    read: list[list[float]]
    wrote: list[list[float]]
    size: int

    @property
    def height(self) -> float:
        """Height of a state."""
        return 8.0 * max(len(self.read[0]), len(self.wrote[0])) + 6

    def draw(self, layout: Callable[[Sentences, float], tuple[Stage, Neck]]) -> Element:
        """The drawing in one of the layouts."""
        src, written = self.told.src, self.told.written
        stage, neck = layout(self.told, self.height)
        steps = [self._read(stage.encoder, j) for j in range(len(src))]
        steps.append(self._squeeze(neck))
        for i in range(len(written)):
            steps += [self._update(stage.decoder, neck, i), self._write(stage.decoder, i)]
        label = f"Encoder reading {' '.join(src)}, decoder writing {' '.join(written)}"
        outline = svg.element("path", d=neck.outline, fill=COLORS["context"], fill_opacity=0.13)
        return pieces.draw_stage(stage, steps, label, under=[outline])

    def _column(
        self, panel: Panel, index: int, token: str, low: Element, name: str, state: list[float]
    ) -> Element:
        """Token, embedding and state, with the arrows between them."""
        x, rows, side = panel.column(index), panel.rows, "encoder" if name == "h" else "decoder"
        up = 1 if rows["state"] < rows["input"] else -1  # does the state stand above its token?
        middle, half = rows["embedding"], EMBEDDING_HEIGHT / 2
        return svg.group(
            low,
            pieces.draw_word(x, rows["input"], panel.token_width, token),
            svg.arrow((x, rows["input"] - up * TOKEN_HEIGHT / 2), (x, middle + up * half)),
            _embedding(x, middle),
            svg.arrow((x, middle - up * half), (x, rows["state"] + up * self.height / 2)),
            svg.symbol(x - 6, rows["name"], name, index + 1, anchor="end", ink=side, bold=True),
            svg.bars(x, rows["state"], STATE_WIDTH, self.height, state, color=side),
        )

    def _read(self, panel: Panel, j: int) -> list[Element]:
        y, x = panel.rows["state"], panel.column(j)
        start = panel.column(j - 1) + HALF_STATE if j else x - HALF_STATE - 15
        first = svg.symbol(start - 9, y, "h", 0, ink="encoder", bold=True)
        low = svg.symbol(x, panel.rows["x"], "x", j + 1)
        arrow = svg.arrow((start, y), (x - HALF_STATE, y))
        column = self._column(panel, j, self.told.src[j], low, "h", self.read[j])
        return [arrow, column] if j else [first, arrow, column]

    def _squeeze(self, neck: Neck) -> list[Element]:
        (x, y, anchor), (to_x, to_y, to_anchor) = neck.notes
        how = {"anchor": anchor, "ink": "context", "bold": True}
        return [
            svg.arrow(*neck.into),
            svg.bars(*neck.context, *CONTEXT_SIZE, self.read[-1], color="context"),
            svg.symbol(x, y, "c = h", len(self.told.src), **how),
            svg.text(to_x, to_y, f"{self.size} numbers", anchor=to_anchor, ink="context"),
        ]

    def _update(self, panel: Panel, neck: Neck, i: int) -> list[Element]:
        x, y = panel.column(i), panel.rows["state"]
        along = (panel.column(i - 1) + HALF_STATE, y), (x - HALF_STATE, y)
        low = svg.symbol(x, panel.rows["x"], "y", i)
        column = self._column(panel, i, self.told.inputs[i], low, "s", self.wrote[i])
        if i == 0:
            return [svg.arrow(*neck.out_of), column]
        return [svg.arrow(*along), pieces.draw_feedback(panel, i, panel.rows["output"]), column]

    def _write(self, panel: Panel, i: int) -> list[Element]:
        x, rows, token = panel.column(i), panel.rows, self.told.written[i]
        up = 1 if rows["output"] < rows["state"] else -1
        state = rows["state"] - up * self.height / 2
        output = rows["output"] + up * TOKEN_HEIGHT / 2
        parts, guess = [], self.told.guess(i + 1)
        if guess:
            middle, half = rows["words"], self.told.most_guesses * WORD_HEIGHT / 2
            width = panel.token_width
            parts.append(svg.arrow((x, state), (x, middle + up * half)))
            parts.append(pieces.draw_distribution(x, middle - half, width, guess, token))
            state = middle - up * half
        return [
            *parts,
            svg.arrow((x, state), (x, output)),
            pieces.draw_word(x, rows["output"], panel.token_width, token),
            svg.symbol(x, rows["y"], "y", i + 1),
        ]


def _embedding(x: float, y: float) -> Element:
    """Four blank cells: an embedding, whose numbers do not matter here."""
    style = {"color": "token", "tint": 0.35, "class_": "s2s-frame", "stroke": COLORS["token"]}
    top, height = y - EMBEDDING_HEIGHT / 2, EMBEDDING_HEIGHT
    return svg.group(*(svg.tinted(x + 8 * k, top, 8, height, **style) for k in (-2, -1, 0, 1)))
