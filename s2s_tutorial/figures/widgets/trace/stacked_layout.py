"""Where the pieces of the figure of a stack of layers stand: time to the right, layers upwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

from s2s_tutorial.figures.widgets.trace.stage import (
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Point,
    Stage,
    Words,
    panel,
    side_by_side,
    stack,
)

HALF_HEIGHT = 34.0  # h, and below it c
NODE_HEIGHT = 2 * HALF_HEIGHT + 2
MIDDLE = NODE_HEIGHT / 4 + 0.5  # from the middle of a node to that of its h, or its c
LABEL = 18.0  # the line above a layer: its name, and the arrow through it
LANE = 8.0  # between two layers' arrows where they run side by side


@dataclass(frozen=True)
class Crossing:
    """The way of each layer's state from one side to the other.

    Attributes:
        ways: the arrows, those of the lowest layer first.
        note: where a word about what crosses stands: ``(x, y, anchor)``.
    """

    ways: list[tuple[Point, ...]]
    note: tuple[float, float, str]


def _rows(top: float, layers: int, above: float) -> tuple[dict[str, float], float]:
    """The rows of a panel, its layers called ``layer 1``, ..., and where it ends.

    Args:
        top: where it begins.
        layers: how many are stacked.
        above: height of what stands above the layers.
    """
    pieces = [("heading", 26.0), ("above", above)]
    for layer in range(layers, 0, -1):
        pieces += [(f"name {layer}", LABEL), (f"layer {layer}", NODE_HEIGHT)]
    return stack(top, *pieces, ("", 14), ("input", TOKEN_HEIGHT), ("x", 18), ("", 5))


def _height_above(looked: int, guesses: int) -> float:
    """How much room the decoder needs above its layers: places looked at, guesses, the word."""
    lists = sum(14 + count * WORD_HEIGHT for count in (looked, guesses) if count)
    return 20 + TOKEN_HEIGHT + 6 + lists


def wide_layout(
    columns: tuple[int, int], words: Words, layers: int, looked: int, guesses: int
) -> tuple[Stage, Crossing]:
    """For large screens: the encoder, and to its right the decoder.

    Args:
        columns: tokens read, tokens written.
        words: what must fit into the boxes of the encoder and of the decoder.
        layers: how many are stacked.
        looked: source tokens listed for each token written; 0 without attention.
        guesses: words drawn of each distribution; 0 if there are none.

    Returns:
        The stage, with the layers of both sides in one line, and what crosses.
    """
    rows, bottom = _rows(4, layers, _height_above(looked, guesses))
    top = rows[f"name {layers}"] - 34
    stage = side_by_side(
        columns, words, rows, heading=top + 14, top=top, bottom=bottom,
        insets=(26, 26), gutters=(12, 16), between=52,
    )  # fmt: skip
    encoder, decoder = stage.encoder, stage.decoder
    start, end = encoder.column(columns[0] - 1) + STATE_WIDTH / 2, decoder.first - STATE_WIDTH / 2
    heights = [
        rows[f"layer {k}"] + side for k in range(1, layers + 1) for side in (-MIDDLE, MIDDLE)
    ]
    note = ((encoder.right + decoder.left) / 2, rows[f"name {layers}"], "middle")
    return stage, Crossing([((start, y), (end, y)) for y in heights], note)


def compact_layout(
    columns: tuple[int, int], words: Words, layers: int, looked: int, guesses: int
) -> tuple[Stage, Crossing]:
    """For phones: the encoder, below it the decoder, and the states crossing around the margins.

    Takes what :func:`wide_layout` takes, but draws no guesses. A layer's pair of states crosses as one
    arrow.
    """
    inset, lanes = 27 + LANE * layers, LANE * layers
    rows, low = _rows(3, layers, 0)
    high = low + 26 + lanes
    rows_below, bottom = _rows(high, layers, _height_above(looked, 0))
    encoder = panel(3, inset, columns[0], words[0], 8, 3, top=3, bottom=low, rows=rows)
    decoder = panel(3, inset, columns[1], words[1], 8, 3, top=high, bottom=bottom, rows=rows_below)
    right = max(encoder.right + lanes - 4, decoder.right)
    encoder, decoder = (
        replace(side, right=right, heading=side.first - side.token_width / 2)
        for side in (encoder, decoder)
    )
    last, edge = encoder.column(columns[0] - 1) + STATE_WIDTH / 2, decoder.first - STATE_WIDTH / 2
    beside = last + (encoder.token_width - STATE_WIDTH) / 2 + 5
    ways = []
    for k in range(layers):  # the lower a layer, the nearer its way to the encoder's states
        out, into = (side.rows[f"layer {k + 1}"] for side in (encoder, decoder))
        x, y, left = beside + LANE * k, low + 10 + LANE * k, 9 + LANE * k
        ways.append(((last, out), (x, out), (x, y), (left, y), (left, into), (edge, into)))
    note = (right - 2, low + 13 + lanes, "end")
    return Stage(right + 3, bottom + 3, encoder, decoder), Crossing(ways, note)
