"""Where the pieces of the encoder-decoder figure stand: side by side, or one above the other."""

from __future__ import annotations

from typing import NamedTuple

from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace.given import Sentences
from s2s_tutorial.figures.widgets.trace.stage import (
    ARROW,
    CONTEXT_SIZE,
    EMBEDDING_HEIGHT,
    HALF_STATE,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Panel,
    Stage,
    stack,
)


class Neck(NamedTuple):
    """What joins the two sides.

    Attributes:
        outline: SVG path data.
        context: middle of the context vector.
        into: the arrow from the last encoder state to the context.
        out_of: the arrow from the context to the first decoder state.
        notes: where two short notes about the context stand: ``(x, y, anchor)``.
    """

    outline: str
    context: svg.Point
    into: list[svg.Point]
    out_of: list[svg.Point]
    notes: list[tuple[float, float, str]]


def wide_layout(told: Sentences, state_height: float) -> tuple[Stage, Neck]:
    """Side by side: time runs to the right, from the encoder through the neck to the decoder.

    The states of both sides, ``state_height`` high, stand in one line.
    """
    guesses = told.most_guesses
    above = ("heading", 28), ("y", 20), ("output", TOKEN_HEIGHT), ("", ARROW if guesses else 0)
    states = ("words", guesses * WORD_HEIGHT), ("", 6), ("name", 18), ("state", state_height)
    below = ("embedding", EMBEDDING_HEIGHT), ("", ARROW), ("input", TOKEN_HEIGHT), ("x", 18)
    rows, bottom = stack(4, *above, *states, ("", ARROW), *below, ("", 5))
    between, top, words = 112.0, rows["name"] - 40, told.words()
    rows_left = {**rows, "heading": top + 15}
    encoder = Panel(4, 30, words[0], len(told.src), 12, 10, (top, bottom), rows_left)
    left, right = encoder.right, encoder.right + between
    decoder = Panel(right, 20, words[1], len(told.written), 14, 10, (4, bottom), rows)
    x, y = left + between / 2, rows["state"]
    wide, half = CONTEXT_SIZE[0] / 2, CONTEXT_SIZE[1] / 2 + 7
    top, low = top + 8, bottom - 8
    upper = (left, top), (x - wide, y - half), (x + wide, y - half), (right, top)
    lower = (right, low), (x + wide, y + half), (x - wide, y + half), (left, low)
    neck = Neck(
        _outline([*upper, *lower], upright=False),
        (x, y),
        into=[(encoder.last + HALF_STATE, y), (x - wide, y)],
        out_of=[(x + wide, y), (decoder.first - HALF_STATE, y)],
        notes=[(x, y - half - 13, "middle"), (x, y + half + 13, "middle")],
    )
    return Stage(decoder.right + 4, bottom + 4, encoder, decoder), neck


def compact_layout(told: Sentences, state_height: float) -> tuple[Stage, Neck]:
    """One above the other, for phones: the encoder, the neck, the decoder, read downwards."""
    guesses, between = told.most_guesses, 92.0
    tokens = ("heading", 24), ("x", 20), ("input", TOKEN_HEIGHT), ("", ARROW - 2)
    reading = *tokens, ("embedding", EMBEDDING_HEIGHT), ("name", 18), ("state", state_height)
    likely = ("", ARROW), ("words", guesses * WORD_HEIGHT), ("", ARROW if guesses else 0)
    rows, low = stack(3, *reading, ("", 10))
    high = low + between
    rows_below, bottom = stack(
        high, *reading, *likely, ("output", TOKEN_HEIGHT), ("y", 18), ("", 4)
    )
    words = told.words()
    encoder = Panel(3, 32, words[0], len(told.src), 10, 3, (3, low), rows)
    decoder = Panel(3, 20, words[1], len(told.written), 10, 3, (high, bottom), rows_below)
    right = max(encoder.right, decoder.right)
    encoder.widen(right, centred=True)
    decoder.widen(right, centred=True)
    encoder.heading = decoder.heading = decoder.first - decoder.token_width / 2
    x, y = (right + 3) / 2, low + between / 2
    wide, half = CONTEXT_SIZE[0] / 2 + 8, CONTEXT_SIZE[1] / 2
    state, margin, turn, last = rows_below["state"], decoder.heading - 7, low + 6, encoder.last
    on_the_right = (right - 8, low), (x + wide, y - half), (x + wide, y + half), (right - 8, high)
    on_the_left = (11, high), (x - wide, y + half), (x - wide, y - half), (11, low)
    around = (x, high - 10), (margin, high - 10), (margin, state)
    neck = Neck(
        _outline([*on_the_right, *on_the_left], upright=True),
        (x, y),
        into=[(last, rows["state"] + state_height / 2), (last, turn), (x, turn), (x, y - half)],
        out_of=[(x, y + half), *around, (decoder.first - HALF_STATE, state)],
        notes=[(x - wide - 12, y, "end"), (x + wide + 12, y, "start")],
    )
    return Stage(right + 3, bottom + 3, encoder, decoder), neck


def _outline(corners: list[svg.Point], *, upright: bool) -> str:
    """Outline of the neck through eight corners: curve, straight, curve, straight, and so on."""
    path = "M" + svg.at(*corners[0])
    for i in (0, 2, 4, 6):
        (x0, y0), (x1, y1) = corners[i], corners[i + 1]
        bends = (x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2)
        if not upright:  # the curve clings to the panel, which is where i is 0 or 4
            near, far = (0.3, 0.4) if i in (0, 4) else (0.6, 0.7)
            bends = (x0 + near * (x1 - x0), y0), (x0 + far * (x1 - x0), y1)
        path += f"C{svg.at(*bends[0])} {svg.at(*bends[1])} {svg.at(x1, y1)}"
        path += "Z" if i == 6 else "L" + svg.at(*corners[i + 2])
    return path
