"""Where the pieces of the figure of a stack of layers stand: time to the right, layers upwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s2s_tutorial.figures.widgets.trace.stage import (
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Panel,
    Point,
    across,
    stack,
)

HALF_HEIGHT = 34.0  # h, and below it c
NODE_HEIGHT = 2 * HALF_HEIGHT + 2
MIDDLE = NODE_HEIGHT / 4 + 0.5  # from the middle of a node to that of its h, or its c
LABEL = 18.0  # the line above a layer: its name, and the arrow through it
LANE = 8.0  # between two layers' arrows where they run side by side


@dataclass(frozen=True)
class Stage:
    """The two sides of the figure, and the way of each layer's state from one to the other.

    Attributes:
        width, height: the picture.
        encoder, decoder: the two panels; the rows of the layers are called ``layer 1``, ...
        handed: for each layer, the lowest first, the arrows that its state takes across.
        note: where a word about what crosses stands: ``(x, y, anchor)``.
    """

    width: float
    height: float
    encoder: Panel
    decoder: Panel
    handed: tuple[tuple[tuple[Point, ...], ...], ...]
    note: tuple[float, float, str]


def rows_of(top: float, layers: int, above: int) -> tuple[dict[str, float], float]:
    """The rows of a panel, from its heading down to its tokens.

    Args:
        top: where it begins.
        layers: how many are stacked.
        above: height of what stands above the layers.

    Returns:
        The middle of each row by its name, and where the panel ends.
    """
    pieces = [("heading", 26.0), ("above", float(above))]
    for layer in range(layers, 0, -1):
        pieces += [(f"name {layer}", LABEL), (f"layer {layer}", NODE_HEIGHT)]
    return stack(top, *pieces, ("", 14), ("input", TOKEN_HEIGHT), ("x", 18), ("", 5))


def height_above(looked: int, guesses: int) -> int:
    """How much room the decoder needs above its layers: places looked at, guesses, the word."""
    lists = sum(14 + count * WORD_HEIGHT for count in (looked, guesses) if count)
    return round(20 + TOKEN_HEIGHT + 6 + lists)


def side_by_side(
    columns: tuple[int, int],
    words: tuple[Sequence[str], Sequence[str]],
    layers: int,
    looked: int,
    guesses: int,
) -> Stage:
    """For large screens: the encoder, and to its right the decoder.

    Args:
        columns: tokens read, tokens written.
        words: what must fit into the boxes of the encoder and of the decoder.
        layers: how many are stacked.
        looked: source tokens listed for each token written; 0 without attention.
        guesses: words drawn of each distribution; 0 if there are none.

    Returns:
        The stage; the layers of both sides stand in one line.
    """
    rows, bottom = rows_of(4, layers, height_above(looked, guesses))
    top = rows[f"name {layers}"] - 34
    encoder = Panel(
        **across(4, 26, columns[0], words[0], 12, 10),
        top=top,
        bottom=bottom,
        rows={**rows, "heading": top + 14},
    )
    left = encoder.right + 52
    decoder = Panel(
        **across(left, 26, columns[1], words[1], 16, 10), top=4, bottom=bottom, rows=rows
    )
    start, end = encoder.column(columns[0] - 1) + STATE_WIDTH / 2, decoder.first - STATE_WIDTH / 2
    handed = []
    for layer in range(1, layers + 1):
        y = rows[f"layer {layer}"]
        handed.append(tuple(((start, at), (end, at)) for at in (y - MIDDLE, y + MIDDLE)))
    note = ((encoder.right + left) / 2, rows[f"name {layers}"], "middle")
    return Stage(decoder.right + 4, bottom + 4, encoder, decoder, tuple(handed), note)


def one_below_the_other(
    columns: tuple[int, int],
    words: tuple[Sequence[str], Sequence[str]],
    layers: int,
    looked: int,
    guesses: int,
) -> Stage:
    """For phones: the encoder, below it the decoder, and the states crossing around the margins.

    Args:
        columns: tokens read, tokens written.
        words: what must fit into the boxes of the encoder and of the decoder.
        layers: how many are stacked.
        looked: source tokens listed for each token written; 0 without attention.
        guesses: words drawn of each distribution; 0 if there are none.

    Returns:
        The stage; a layer's pair of states crosses as one arrow.
    """
    inset = 27 + LANE * layers
    sides = [across(3, inset, columns[k], words[k], 8, 3) for k in (0, 1)]
    width = max(sides[0]["right"] + LANE * layers - 4, sides[1]["right"])
    for side in sides:
        side["right"] = width
        side["heading"] = side["first"] - side["token_width"] / 2
    rows, bottom = rows_of(3, layers, 0)
    encoder = Panel(**sides[0], top=3, bottom=bottom, rows=rows)
    top = bottom + 26 + LANE * layers
    rows, end = rows_of(top, layers, height_above(looked, 0))
    decoder = Panel(**sides[1], top=top, bottom=end, rows=rows)
    last, edge = encoder.column(columns[0] - 1) + STATE_WIDTH / 2, decoder.first - STATE_WIDTH / 2
    beside = last + (encoder.token_width - STATE_WIDTH) / 2 + 5
    handed = []
    for k in range(layers):  # the lower a layer, the nearer its way to the encoder's states
        out, into = (panel.rows[f"layer {k + 1}"] for panel in (encoder, decoder))
        right, turn, left = beside + LANE * k, bottom + 10 + LANE * k, 9 + LANE * k
        way = ((last, out), (right, out), (right, turn), (left, turn), (left, into), (edge, into))
        handed.append((way,))
    note = (width - 2, bottom + 13 + LANE * layers, "end")
    return Stage(width + 3, end + 3, encoder, decoder, tuple(handed), note)
