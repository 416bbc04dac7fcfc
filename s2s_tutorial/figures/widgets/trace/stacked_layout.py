"""Where the pieces of the figure of a stack of layers stand: time to the right, layers upwards."""

from __future__ import annotations

from typing import NamedTuple

from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace.given import Sentences
from s2s_tutorial.figures.widgets.trace.stage import (
    HALF_STATE,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Panel,
    Rows,
    Stage,
    stack,
)

HALF_HEIGHT = 34.0  # h, and below it c
NODE_HEIGHT = 2 * HALF_HEIGHT + 2
MIDDLE = NODE_HEIGHT / 4 + 0.5  # from the middle of a node to that of its h, or its c
LABEL = 18.0  # the line above a layer: its name, and the arrow through it
LANE = 8.0  # between two layers' arrows where they run side by side


class Crossing(NamedTuple):
    """The way of each layer's state from one side to the other.

    Attributes:
        ways: the arrows, those of the lowest layer first.
        note: where a word about what crosses stands: ``(x, y, anchor)``.
    """

    ways: list[tuple[svg.Point, ...]]
    note: tuple[float, float, str]


def _rows(top: float, layers: int, *lists: int) -> tuple[Rows, float]:
    """The rows of a panel, its layers called ``layer 1``, ..., and where it ends.

    ``lists``, for the decoder, are the lengths of what stands above the layers, below the word written.
    """
    room = 20 + TOKEN_HEIGHT + 6 + sum(14 + count * WORD_HEIGHT for count in lists if count)
    rows = [("heading", 26.0), ("above", room if lists else 0.0)]
    for layer in range(layers, 0, -1):
        rows += [(f"name {layer}", LABEL), (f"layer {layer}", NODE_HEIGHT)]
    return stack(top, *rows, ("", 14), ("input", TOKEN_HEIGHT), ("x", 18), ("", 5))


def wide_layout(
    told: Sentences, looked: list[str], layers: int, *lists: int
) -> tuple[Stage, Crossing]:
    """For large screens: the encoder, and to its right the decoder, the layers in one line.

    Args:
        told: what is read and written.
        looked: more words that must fit.
        layers: how many are stacked.
        *lists: how many words are listed below each token written: looked at, and guessed.
    """
    rows, bottom = _rows(4, layers, *lists)
    words, top = told.words(*looked), rows[f"name {layers}"] - 34
    above = {**rows, "heading": top + 14}
    encoder = Panel(4, 26, words[0], len(told.src), 12, 10, (top, bottom), above)
    right = encoder.right + 52
    decoder = Panel(right, 26, words[1], len(told.written), 16, 10, (4, bottom), rows)
    start, end = encoder.last + HALF_STATE, decoder.first - HALF_STATE
    heights = [
        rows[f"layer {k}"] + side for k in range(1, layers + 1) for side in (-MIDDLE, MIDDLE)
    ]
    note = ((encoder.right + right) / 2, rows[f"name {layers}"], "middle")
    crossing = Crossing([((start, y), (end, y)) for y in heights], note)
    return Stage(decoder.right + 4, bottom + 4, encoder, decoder), crossing


def compact_layout(
    told: Sentences, looked: list[str], layers: int, *lists: int
) -> tuple[Stage, Crossing]:
    """For phones: the encoder, below it the decoder, and the states crossing around the margins.

    Takes what :func:`wide_layout` takes. A layer's pair of states crosses as one arrow.
    """
    words, lanes = told.words(*looked), LANE * layers
    rows, low = _rows(3, layers)
    high = low + 26 + lanes
    rows_below, bottom = _rows(high, layers, *lists)
    encoder = Panel(3, 27 + lanes, words[0], len(told.src), 8, 3, (3, low), rows)
    decoder = Panel(3, 27 + lanes, words[1], len(told.written), 8, 3, (high, bottom), rows_below)
    right = max(encoder.right + lanes - 4, decoder.right)
    for side in (encoder, decoder):
        side.widen(right)
        side.heading = side.first - side.token_width / 2
    last, edge = encoder.last + HALF_STATE, decoder.first - HALF_STATE
    beside = encoder.last + encoder.token_width / 2 + 5
    ways = []
    for k in range(layers):  # the lower a layer, the nearer its way to the encoder's states
        out, into = rows[f"layer {k + 1}"], rows_below[f"layer {k + 1}"]
        x, y, left = beside + LANE * k, low + 10 + LANE * k, 9 + LANE * k
        ways.append(((last, out), (x, out), (x, y), (left, y), (left, into), (edge, into)))
    note = (right - 2, low + 13 + lanes, "end")
    return Stage(right + 3, bottom + 3, encoder, decoder), Crossing(ways, note)
