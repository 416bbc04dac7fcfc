"""The figure of the bottleneck: a sentence followed token by token through encoder and decoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2s_tutorial.plotting.arrays import check_tokens, to_array
from s2s_tutorial.style import COLORS
from s2s_tutorial.widgets import svg, trace_captions
from s2s_tutorial.widgets.step_figure import StepFigure
from s2s_tutorial.widgets.trace_captions import Distribution, sub
from s2s_tutorial.widgets.trace_layout import (
    CONTEXT_SIZE,
    EMBEDDING_HEIGHT,
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Layout,
    compact_layout,
    wide_layout,
)

_TOP = 3  # words drawn of each distribution


def encoder_decoder_trace(
    src_tokens: Sequence[str],
    tgt_tokens: Sequence[str],
    encoder_states: Any,
    decoder_states: Any,
    probabilities: Sequence[Distribution] | None = None,
    title: str = "One sentence through encoder and decoder",
    units: int = 8,
) -> StepFigure:
    r"""A figure to step through: the encoder reads, one vector crosses, the decoder writes.

    It draws :math:`h_j = f(x_j, h_{j-1})`, :math:`c = h_S` and :math:`s_i = f(y_{i-1}, s_{i-1})` with
    :math:`s_0 = c`, the model of Cho et al. (2014) and Sutskever et al. (2014), from the real numbers
    of a trained model.

    Args:
        src_tokens: the ``S`` source tokens.
        tgt_tokens: the tokens written, with or without a final ``<eos>``.
        encoder_states: ``(S, hidden)``, the states :math:`h_1` to :math:`h_S`, in [-1, 1].
        decoder_states: ``(T, hidden)``, the states :math:`s_1` to :math:`s_T`; ``T`` is the number of
            tokens written, ``<eos>`` counted. One row less means that the decoder was cut off before
            it wrote ``<eos>``.
        probabilities: for each of the ``T`` steps the most probable words, ``[(word, p), ...]``; the
            first three, by probability, are drawn.
        title: heading of the figure.
        units: how many numbers of each state are drawn.

    Returns:
        The figure, with one step a token read, one for the context, and two a token written.

    Raises:
        TypeError: if tokens are a plain string or states are no numbers.
        ValueError: if the counts do not fit together, a number lies outside [-1, 1], or a probability
            outside [0, 1].
    """
    states = [_states("encoder_states", encoder_states), _states("decoder_states", decoder_states)]
    src = check_tokens("src_tokens", src_tokens, len(states[0]), "rows of encoder_states")
    written = _written(tgt_tokens, len(states[1]))
    guesses = _guesses(probabilities, len(written))
    if units < 1:
        raise ValueError(f"units must be 1 or more, but it is {units}")

    trace = _Trace(src, written, states, guesses, units)
    size = states[0].shape[1]
    captions = [
        trace_captions.reading(j, token, len(src), size, min(units, size))
        for j, token in enumerate(src, start=1)
    ]
    captions.append(trace_captions.squeezing(len(src), size))
    for i, token in enumerate(written, start=1):
        same = states[1].shape[1] == size
        captions.append(trace_captions.updating(i, trace.inputs[i - 1], same))
        top = guesses[i - 1] if guesses else None
        captions.append(trace_captions.writing(i, token, len(written), top, size))
    return StepFigure(
        trace.draw(wide_layout, with_numbers=True),
        captions,
        title=title,
        overview=trace_captions.overview(len(src), len(written)),
        compact=trace.draw(compact_layout, with_numbers=False),
    )


class _Trace:
    """What is drawn; the same pieces in either layout."""

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

    def draw(self, layout_of: Any, with_numbers: bool) -> str:
        """The drawing in one of the layouts."""
        words = {*self.inputs, *self.written}
        for guess in self.guesses or ():
            words.update(word + (" .99" if with_numbers else "") for word, _ in guess)
        layout = layout_of(
            (len(self.src), len(self.written)),
            (self.src, sorted(words)),
            self.state_height,
            max(map(len, self.guesses)) if self.guesses else 0,
        )
        parts = [self._stage(layout)]
        parts += [self._read(layout, j) for j in range(len(self.src))]
        parts.append(self._squeeze(layout))
        for i in range(len(self.written)):
            parts += [self._update(layout, i), self._write(layout, i, with_numbers)]
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
            x = panel.left + 10
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
        name = sub("h" if side == "encoder" else "s", index + 1)
        low = sub("x", index + 1) if side == "encoder" else sub("y", index)
        return "".join(
            (
                svg.text(x, rows["x"], low, size=12),
                svg.box(x, rows["input"], panel.token_width, TOKEN_HEIGHT, color="token"),
                svg.text(x, rows["input"], token, width=panel.token_width - 2),
                svg.arrow(
                    (x, rows["input"] - above * TOKEN_HEIGHT / 2),
                    (x, rows["embedding"] + above * EMBEDDING_HEIGHT / 2),
                ),
                _embedding(x, rows["embedding"]),
                svg.arrow(
                    (x, rows["embedding"] - above * EMBEDDING_HEIGHT / 2),
                    (x, rows["state"] + above * half),
                ),
                svg.text(
                    x - STATE_WIDTH / 2, rows["name"], name, anchor="start", ink=side, bold=True
                ),
                svg.bars(x, rows["state"], STATE_WIDTH, 2 * half, state, color=side),
            )
        )

    def _read(self, layout: Layout, j: int) -> str:
        panel = layout.encoder
        x, y = panel.column(j), panel.rows["state"]
        edge = x - STATE_WIDTH / 2
        if j == 0:
            before = svg.text(edge - 27, y, "0", ink="encoder", bold=True)
            before += svg.arrow((edge - 20, y), (edge, y))
        else:
            before = svg.arrow((panel.column(j - 1) + STATE_WIDTH / 2, y), (edge, y))
        return svg.step(j + 1, before, self._column(layout, "encoder", j))

    def _squeeze(self, layout: Layout) -> str:
        first, second = layout.notes
        last = sub("h", len(self.src))
        return svg.step(
            len(self.src) + 1,
            svg.arrow(*layout.into),
            svg.bars(*layout.context, *CONTEXT_SIZE, self.encoder[-1], color="context"),
            svg.text(*first[:2], f"c = {last}", anchor=first[2], ink="context", bold=True),
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

    def _write(self, layout: Layout, i: int, with_numbers: bool) -> str:
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
            between += _distribution(
                x, rows["words"] - half, panel.token_width, guess, token, with_numbers
            )
        else:
            between = svg.arrow((x, state), (x, output))
        return svg.step(
            len(self.src) + 3 + 2 * i,
            between,
            svg.box(x, rows["output"], panel.token_width, TOKEN_HEIGHT, color="token"),
            svg.text(x, rows["output"], token, width=panel.token_width - 2, bold=True),
            svg.text(x, rows["y"], sub("y", i + 1), size=12),
        )


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


def _distribution(
    x: float, top: float, width: float, guess: Distribution, chosen: str, with_numbers: bool
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
                f'fill="{COLORS["decoder"]}" fill-opacity="{opacity}"/>'
            )
        bold = word == chosen
        room = width - 4 - (22 if with_numbers else 0)
        parts.append(svg.text(left + 3, y, word, anchor="start", size=12, bold=bold, width=room))
        if with_numbers:
            short = f"{p:.2f}".removeprefix("0") if p < 0.995 else "1.0"
            parts.append(svg.text(left + width - 3, y, short, anchor="end", size=11.5))
    return "".join(parts)


def _states(name: str, states: Any) -> np.ndarray:
    array = to_array(name, states, "(tokens, hidden)")
    if not (np.abs(array) <= 1 + 1e-6).all():  # also False for NaN
        raise ValueError(
            f"{name} must lie in [-1, 1], as the states of an RNN, GRU or LSTM do, but they span "
            f"{array.min()} to {array.max()}"
        )
    return array.clip(-1.0, 1.0)


def _written(tgt_tokens: Any, rows: int) -> list[str]:
    """The tokens written, one for each decoder state, with ``<eos>`` where it was reached."""
    if isinstance(tgt_tokens, Sequence) and not isinstance(tgt_tokens, str):
        tgt_tokens = list(tgt_tokens)
        if tgt_tokens[-1:] != ["<eos>"] and rows == len(tgt_tokens) + 1:
            tgt_tokens.append("<eos>")
    return check_tokens("tgt_tokens", tgt_tokens, rows, "rows of decoder_states (<eos> counts)")


def _guesses(probabilities: Any, steps: int) -> list[Distribution] | None:
    if probabilities is None:
        return None
    if len(probabilities) != steps:
        raise ValueError(
            f"probabilities has {len(probabilities)} distributions, but {steps} tokens are written "
            "(<eos> counts)"
        )
    guesses = []
    for i, guess in enumerate(probabilities, start=1):
        pairs = sorted(((str(word), float(p)) for word, p in guess), key=lambda pair: -pair[1])
        wrong = [p for _, p in pairs if not 0 <= p <= 1]
        if wrong or not pairs:
            raise ValueError(
                f"probabilities of step {i} must be one or more (word, p) with p in [0, 1], "
                f"but they are {list(guess)!r}"
            )
        guesses.append(pairs[:_TOP])
    return guesses
