"""The pieces of the encoder-decoder figure, drawn in a layout."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets.svg import shapes as svg
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.stage import (
    CONTEXT_SIZE,
    EMBEDDING_HEIGHT,
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Layout,
)


class Trace:
    """What is drawn; the same pieces in either layout.

    Args:
        src: the tokens read.
        written: the tokens written.
        states: states of the encoder and of the decoder, ``(tokens, hidden)`` each.
        guesses: the most probable words at each step of the decoder, if known.
        units: how many numbers of a state are drawn.
    """

    def __init__(
        self,
        src: list[str],
        written: list[str],
        states: list[np.ndarray],
        guesses: list[Distribution] | None,
        units: int,
    ) -> None:
        self.src, self.written, self.guesses = src, written, guesses
        self.inputs = ["<bos>", *written[:-1]]
        self.encoder, self.decoder = (state[:, :units].round(2).tolist() for state in states)
        self.size = states[0].shape[1]
        self.state_height = 8.0 * max(len(self.encoder[0]), len(self.decoder[0])) + 6

    def draw(self, layout_of: Callable[..., Layout]) -> str:
        """The drawing in one of the layouts."""
        layout = layout_of(
            (len(self.src), len(self.written)),
            (self.src, [*self.inputs, *self.written]),
            self.state_height,
            max(map(len, self.guesses)) if self.guesses else 0,
        )
        parts = [self._stage(layout)]
        parts += [self._read(layout, j) for j in range(len(self.src))]
        parts.append(self._squeeze(layout))
        for i in range(len(self.written)):
            parts += [self._update(layout, i), self._write(layout, i)]
        label = f"Encoder reading {' '.join(self.src)}, decoder writing {' '.join(self.written)}"
        return svg.drawing(layout.width, layout.height, *parts, label=label)

    def _stage(self, layout: Layout) -> str:
        """The two tinted panels and the neck between them, which are always there."""
        parts = [f'<path d="{layout.neck}" fill="{COLORS["context"]}" fill-opacity=".13"/>']
        for name, panel in (("encoder", layout.encoder), ("decoder", layout.decoder)):
            parts.append(
                f'<rect x="{svg.number(panel.left)}" y="{svg.number(panel.top)}" '
                f'width="{svg.number(panel.right - panel.left)}" '
                f'height="{svg.number(panel.bottom - panel.top)}" rx="8" fill="{COLORS[name]}" '
                'fill-opacity=".07"/>'
            )
            x = panel.heading
            words = "Encoder" if name == "encoder" else "Decoder"
            parts.append(
                svg.text(x, panel.rows["heading"], words, anchor="start", ink=name, bold=True)
            )
        return "".join(parts)

    def _column(self, layout: Layout, side: str, index: int) -> str:
        """Token, embedding and state, with the arrows between them."""
        panel = getattr(layout, side)
        x, rows = panel.column(index), panel.rows
        token = (self.src if side == "encoder" else self.inputs)[index]
        state = (self.encoder if side == "encoder" else self.decoder)[index]
        above = 1 if rows["state"] < rows["input"] else -1  # does the state stand above its token?
        half = self.state_height / 2
        name = ("h" if side == "encoder" else "s", index + 1)
        low = ("x", index + 1) if side == "encoder" else ("y", index)
        return "".join(
            (
                svg.symbol(x, rows["x"], *low),
                svg.box(x, rows["input"], panel.token_width, TOKEN_HEIGHT, color="token"),
                svg.text(x, rows["input"], shown(token), width=panel.token_width - 2),
                svg.arrow(
                    (x, rows["input"] - above * TOKEN_HEIGHT / 2),
                    (x, rows["embedding"] + above * EMBEDDING_HEIGHT / 2),
                ),
                _embedding(x, rows["embedding"]),
                svg.arrow(
                    (x, rows["embedding"] - above * EMBEDDING_HEIGHT / 2),
                    (x, rows["state"] + above * half),
                ),
                svg.symbol(x - 6, rows["name"], *name, anchor="end", ink=side, bold=True),
                svg.bars(x, rows["state"], STATE_WIDTH, 2 * half, state, color=side),
            )
        )

    def _read(self, layout: Layout, j: int) -> str:
        panel = layout.encoder
        x, y = panel.column(j), panel.rows["state"]
        edge = x - STATE_WIDTH / 2
        if j == 0:
            before = svg.symbol(edge - 24, y, "h", 0, ink="encoder", bold=True)
            before += svg.arrow((edge - 15, y), (edge, y))
        else:
            before = svg.arrow((panel.column(j - 1) + STATE_WIDTH / 2, y), (edge, y))
        return svg.step(j + 1, before, self._column(layout, "encoder", j))

    def _squeeze(self, layout: Layout) -> str:
        first, second = layout.notes
        last = len(self.src)
        return svg.step(
            len(self.src) + 1,
            svg.arrow(*layout.into),
            svg.bars(*layout.context, *CONTEXT_SIZE, self.encoder[-1], color="context"),
            svg.symbol(*first[:2], "c = h", last, anchor=first[2], ink="context", bold=True),
            svg.text(*second[:2], f"{self.size} numbers", anchor=second[2], ink="context"),
        )

    def _update(self, layout: Layout, i: int) -> str:
        panel = layout.decoder
        x, rows = panel.column(i), panel.rows
        if i == 0:
            incoming = svg.arrow(*layout.out_of)
        else:
            before, edge = panel.column(i - 1), panel.token_width / 2
            gutter = (before + x) / 2
            incoming = svg.arrow(
                (before + STATE_WIDTH / 2, rows["state"]), (x - STATE_WIDTH / 2, rows["state"])
            ) + svg.arrow(
                (before + edge, rows["output"]),
                (gutter, rows["output"]),
                (gutter, rows["input"]),
                (x - edge, rows["input"]),
                dashed=True,
            )
        return svg.step(len(self.src) + 2 + 2 * i, incoming, self._column(layout, "decoder", i))

    def _write(self, layout: Layout, i: int) -> str:
        panel = layout.decoder
        x, rows, token = panel.column(i), panel.rows, self.written[i]
        above = 1 if rows["output"] < rows["state"] else -1
        state = rows["state"] - above * self.state_height / 2
        output = rows["output"] + above * TOKEN_HEIGHT / 2
        if self.guesses:
            guess = self.guesses[i]
            half = max(map(len, self.guesses)) * WORD_HEIGHT / 2
            between = svg.arrow((x, state), (x, rows["words"] + above * half))
            between += svg.arrow((x, rows["words"] - above * half), (x, output))
            between += draw_distribution(x, rows["words"] - half, panel.token_width, guess, token)
        else:
            between = svg.arrow((x, state), (x, output))
        return svg.step(
            len(self.src) + 3 + 2 * i,
            between,
            svg.box(x, rows["output"], panel.token_width, TOKEN_HEIGHT, color="token"),
            svg.text(x, rows["output"], shown(token), width=panel.token_width - 2),
            svg.symbol(x, rows["y"], "y", i + 1),
        )


def shown(token: str) -> str:
    """A token to look at: characters of white space have none of their own."""
    return token if token.strip() else "␣"


def _embedding(x: float, y: float) -> str:
    """Four blank cells: an embedding, whose numbers do not matter here."""
    cell = 8.0
    cells = "".join(
        f'<rect class="s2s-frame" x="{svg.number(x + (k - 2) * cell)}" '
        f'y="{svg.number(y - EMBEDDING_HEIGHT / 2)}" width="{cell}" height="{EMBEDDING_HEIGHT}" '
        f'fill="{COLORS["token"]}" fill-opacity=".35" stroke="{COLORS["token"]}"/>'
        for k in range(4)
    )
    return cells


def draw_distribution(
    x: float, top: float, width: float, guess: Distribution, chosen: str, color: str = "decoder"
) -> str:
    """The most probable words, one below the other, each on a bar as long as it is probable."""
    parts = []
    left = x - width / 2
    for row, (word, p) in enumerate(guess):
        y = top + (row + 0.5) * WORD_HEIGHT
        for share, opacity in ((1.0, 0.1), (p, 0.42)):
            parts.append(
                f'<rect x="{svg.number(left)}" y="{svg.number(y - 8)}" rx="2" '
                f'width="{svg.number(max(1.0, share * width))}" height="16" '
                f'fill="{COLORS[color]}" fill-opacity="{opacity}"/>'
            )
        bold = word == chosen
        parts.append(
            svg.text(left + 3, y, shown(word), anchor="start", size=12, bold=bold, width=width - 4)
        )
    return "".join(parts)
