"""Where the pieces of the encoder-decoder figure stand: side by side, or one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from s2s_tutorial.figures.widgets.svg.elements import at
from s2s_tutorial.figures.widgets.trace.stage import (
    ARROW,
    CONTEXT_SIZE,
    EMBEDDING_HEIGHT,
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


@dataclass(frozen=True)
class Neck:
    """What joins the two sides.

    Attributes:
        outline: SVG path data.
        context: middle of the context vector.
        into: the arrow from the last encoder state to the context.
        out_of: the arrow from the context to the first decoder state.
        notes: where two short notes about the context stand: ``(x, y, anchor)``.
    """

    outline: str
    context: Point
    into: tuple[Point, ...]
    out_of: tuple[Point, ...]
    notes: tuple[tuple[float, float, str], tuple[float, float, str]]


def wide_layout(
    columns: tuple[int, int], words: Words, state_height: float, guesses: int
) -> tuple[Stage, Neck]:
    """Side by side: time runs to the right, from the encoder through the neck to the decoder.

    Args:
        columns: tokens read, tokens written.
        words: what must fit into the boxes of the encoder and of the decoder.
        state_height: height of a state.
        guesses: words drawn of each distribution; 0 if there are none.

    Returns:
        The stage, with the states of both sides in one line, and the neck.
    """
    rows, bottom = stack(
        4,
        ("heading", 28),
        ("y", 20),
        ("output", TOKEN_HEIGHT),
        ("", ARROW if guesses else 0),
        ("words", guesses * WORD_HEIGHT),
        ("", 6),
        ("name", 18),
        ("state", state_height),
        ("", ARROW),
        ("embedding", EMBEDDING_HEIGHT),
        ("", ARROW),
        ("input", TOKEN_HEIGHT),
        ("x", 18),
        ("", 5),
    )
    between, top = 112.0, rows["name"] - 40
    stage = side_by_side(
        columns, words, rows, heading=top + 15, top=top, bottom=bottom,
        insets=(30, 20), gutters=(12, 14), between=between,
    )  # fmt: skip
    left, right = stage.encoder.right, stage.decoder.left
    x, y = left + between / 2, rows["state"]
    wide, half = CONTEXT_SIZE[0] / 2, CONTEXT_SIZE[1] / 2 + 7
    above = (left, top + 8), (x - wide, y - half), (x + wide, y - half), (right, top + 8)
    below = (right, bottom - 8), (x + wide, y + half), (x - wide, y + half), (left, bottom - 8)
    neck = Neck(
        outline=_outline([*above, *below], upright=False),
        context=(x, y),
        into=((stage.encoder.column(columns[0] - 1) + STATE_WIDTH / 2, y), (x - wide, y)),
        out_of=((x + wide, y), (stage.decoder.first - STATE_WIDTH / 2, y)),
        notes=((x, y - half - 13, "middle"), (x, y + half + 13, "middle")),
    )
    return stage, neck


def compact_layout(
    columns: tuple[int, int], words: Words, state_height: float, guesses: int
) -> tuple[Stage, Neck]:
    """One above the other, for phones: the encoder, the neck, the decoder; in each, time runs right.

    Takes what :func:`wide_layout` takes. Both sides are read downwards.
    """
    reading = (
        ("heading", 24),
        ("x", 20),
        ("input", TOKEN_HEIGHT),
        ("", ARROW - 2),
        ("embedding", EMBEDDING_HEIGHT),
        ("name", 18),
        ("state", state_height),
    )
    rows, low = stack(3, *reading, ("", 10))
    between = 92.0
    high = low + between
    rows_below, bottom = stack(
        high,
        *reading,
        ("", ARROW),
        ("words", guesses * WORD_HEIGHT),
        ("", ARROW if guesses else 0),
        ("output", TOKEN_HEIGHT),
        ("y", 18),
        ("", 4),
    )
    encoder = panel(3, 32, columns[0], words[0], 10, 3, top=3, bottom=low, rows=rows)
    decoder = panel(3, 20, columns[1], words[1], 10, 3, top=high, bottom=bottom, rows=rows_below)
    right = max(encoder.right, decoder.right)
    decoder = replace(decoder, first=decoder.first + (right - decoder.right) / 2, right=right)
    margin = decoder.first - decoder.token_width / 2
    decoder = replace(decoder, heading=margin)
    encoder = replace(
        encoder, first=encoder.first + (right - encoder.right) / 2, right=right, heading=margin
    )
    x, y = (right + 3) / 2, low + between / 2
    wide, half = CONTEXT_SIZE[0] / 2 + 8, CONTEXT_SIZE[1] / 2
    last, state = encoder.column(columns[0] - 1), decoder.rows["state"]
    turn_in, turn_out, margin = low + 6, high - 10, margin - 7
    on_the_right = (right - 8, low), (x + wide, y - half), (x + wide, y + half), (right - 8, high)
    on_the_left = (11, high), (x - wide, y + half), (x - wide, y - half), (11, low)
    down = (last, rows["state"] + state_height / 2), (last, turn_in), (x, turn_in), (x, y - half)
    around = (x, turn_out), (margin, turn_out), (margin, state)
    neck = Neck(
        outline=_outline([*on_the_right, *on_the_left], upright=True),
        context=(x, y),
        into=down,
        out_of=((x, y + half), *around, (decoder.first - STATE_WIDTH / 2, state)),
        notes=((x - wide - 12, y, "end"), (x + wide + 12, y, "start")),
    )
    return Stage(right + 3, bottom + 3, encoder, decoder), neck


def _outline(corners: Sequence[Point], *, upright: bool) -> str:
    """Outline of the neck through eight corners: curve, straight, curve, straight, and so on."""
    path = "M" + at(*corners[0])
    for i in (0, 2, 4, 6):
        (x0, y0), (x1, y1) = corners[i], corners[i + 1]
        middle = ((x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2))
        if not upright:  # the curve clings to the panel, which is where i is 0 or 4
            near, far = (0.3, 0.4) if i in (0, 4) else (0.6, 0.7)
            middle = ((x0 + near * (x1 - x0), y0), (x0 + far * (x1 - x0), y1))
        path += f"C{at(*middle[0])} {at(*middle[1])} {at(x1, y1)}"
        path += "Z" if i == 6 else "L" + at(*corners[i + 2])
    return path
