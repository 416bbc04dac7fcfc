"""The pieces of the encoder-decoder figure, drawn in a layout."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets.svg import shapes as svg
from s2s_tutorial.figures.widgets.svg.elements import element
from s2s_tutorial.figures.widgets.trace.bottleneck_layout import Neck
from s2s_tutorial.figures.widgets.trace.given import Sentences
from s2s_tutorial.figures.widgets.trace.pieces import (
    draw_distribution,
    draw_feedback,
    draw_panel,
    draw_word,
)
from s2s_tutorial.figures.widgets.trace.stage import (
    CONTEXT_SIZE,
    EMBEDDING_HEIGHT,
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Panel,
    Stage,
)


class BottleneckTrace:
    """What is drawn; the same pieces in either layout.

    Args:
        told: what is read and written.
        encoder: its states, ``(tokens, hidden)``.
        decoder: likewise.
        units: how many numbers of a state are drawn.
    """

    def __init__(
        self, told: Sentences, encoder: np.ndarray, decoder: np.ndarray, units: int
    ) -> None:
        self.told, self.size = told, encoder.shape[1]
        sides = {"encoder": encoder, "decoder": decoder}
        self.states = {side: all_[:, :units].round(2).tolist() for side, all_ in sides.items()}
        self.height = 8.0 * max(len(states[0]) for states in self.states.values()) + 6
        self.guesses = max(map(len, told.guesses)) if told.guesses else 0  # words in each

    def draw(self, layout: Callable[..., tuple[Stage, Neck]]) -> Element:
        """The drawing in one of the layouts."""
        src, written = self.told.src, self.told.written
        words = src, [*self.told.inputs, *written]
        stage, neck = layout((len(src), len(written)), words, self.height, self.guesses)
        steps = [self._read(stage.encoder, j) for j in range(len(src))]
        steps.append(self._squeeze(neck))
        for i in range(len(written)):
            steps += [self._update(stage.decoder, neck, i), self._write(stage.decoder, i)]
        return svg.drawing(
            stage.width,
            stage.height,
            element("path", d=neck.outline, fill=COLORS["context"], fill_opacity=0.13),
            draw_panel(stage.encoder, "encoder"),
            draw_panel(stage.decoder, "decoder"),
            *(svg.step(k, *parts) for k, parts in enumerate(steps, start=1)),
            label=f"Encoder reading {' '.join(src)}, decoder writing {' '.join(written)}",
        )

    def _column(self, panel: Panel, side: str, index: int) -> Element:
        """Token, embedding and state, with the arrows between them."""
        x, rows = panel.column(index), panel.rows
        if side == "encoder":
            token, name, low = self.told.src[index], ("h", index + 1), ("x", index + 1)
        else:
            token, name, low = self.told.inputs[index], ("s", index + 1), ("y", index)
        up = 1 if rows["state"] < rows["input"] else -1  # does the state stand above its token?
        middle, half = rows["embedding"], EMBEDDING_HEIGHT / 2
        state = self.states[side][index]
        return svg.group(
            svg.symbol(x, rows["x"], *low),
            draw_word(x, rows["input"], panel.token_width, token),
            svg.arrow((x, rows["input"] - up * TOKEN_HEIGHT / 2), (x, middle + up * half)),
            _embedding(x, middle),
            svg.arrow((x, middle - up * half), (x, rows["state"] + up * self.height / 2)),
            svg.symbol(x - 6, rows["name"], *name, anchor="end", ink=side, bold=True),
            svg.bars(x, rows["state"], STATE_WIDTH, self.height, state, color=side),
        )

    def _read(self, panel: Panel, j: int) -> list[Element]:
        y, edge = panel.rows["state"], panel.column(j) - STATE_WIDTH / 2
        if j == 0:
            before = [
                svg.symbol(edge - 24, y, "h", 0, ink="encoder", bold=True),
                svg.arrow((edge - 15, y), (edge, y)),
            ]
        else:
            before = [svg.arrow((panel.column(j - 1) + STATE_WIDTH / 2, y), (edge, y))]
        return [*before, self._column(panel, "encoder", j)]

    def _squeeze(self, neck: Neck) -> list[Element]:
        (x, y, anchor), (to_x, to_y, to_anchor) = neck.notes
        last = self.states["encoder"][-1]
        return [
            svg.arrow(*neck.into),
            svg.bars(*neck.context, *CONTEXT_SIZE, last, color="context"),
            svg.symbol(x, y, "c = h", len(self.told.src), anchor=anchor, ink="context", bold=True),
            svg.text(to_x, to_y, f"{self.size} numbers", anchor=to_anchor, ink="context"),
        ]

    def _update(self, panel: Panel, neck: Neck, i: int) -> list[Element]:
        if i == 0:
            incoming = [svg.arrow(*neck.out_of)]
        else:
            y, half = panel.rows["state"], STATE_WIDTH / 2
            along = (panel.column(i - 1) + half, y), (panel.column(i) - half, y)
            incoming = [svg.arrow(*along), draw_feedback(panel, i, panel.rows["output"])]
        return [*incoming, self._column(panel, "decoder", i)]

    def _write(self, panel: Panel, i: int) -> list[Element]:
        x, rows, token = panel.column(i), panel.rows, self.told.written[i]
        up = 1 if rows["output"] < rows["state"] else -1
        state = rows["state"] - up * self.height / 2
        output = rows["output"] + up * TOKEN_HEIGHT / 2
        guess, half = self.told.guess(i + 1), self.guesses * WORD_HEIGHT / 2
        if guess:
            middle = rows["words"]
            between = [
                svg.arrow((x, state), (x, middle + up * half)),
                svg.arrow((x, middle - up * half), (x, output)),
                draw_distribution(x, middle - half, panel.token_width, guess, token),
            ]
        else:
            between = [svg.arrow((x, state), (x, output))]
        word = draw_word(x, rows["output"], panel.token_width, token)
        return [*between, word, svg.symbol(x, rows["y"], "y", i + 1)]


def _embedding(x: float, y: float) -> Element:
    """Four blank cells: an embedding, whose numbers do not matter here."""
    size = {"width": 8, "height": EMBEDDING_HEIGHT, "stroke": COLORS["token"]}
    return svg.group(
        *(
            svg.tinted(
                x + 8 * (k - 2),
                y - EMBEDDING_HEIGHT / 2,
                color="token",
                tint=0.35,
                class_="s2s-frame",
                **size,
            )  # fmt: skip
            for k in range(4)
        )
    )
