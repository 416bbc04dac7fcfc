"""Where the pieces of the encoder-decoder figure stand: side by side, or one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s2s_tutorial.widgets.svg import number, text_width

Point = tuple[float, float]

TOKEN_HEIGHT = 24.0
EMBEDDING_HEIGHT = 9.0
WORD_HEIGHT = 18.0  # one word of a distribution
STATE_WIDTH = 38.0
CONTEXT_SIZE = (34.0, 46.0)
ARROW = 15.0  # what an arrow between two pieces bridges


@dataclass(frozen=True)
class Panel:
    """One side of the figure: a tinted panel with a column of pieces for every token.

    Attributes:
        left, right, top, bottom: its edges.
        first: middle of the first column.
        pitch: from one column to the next.
        token_width: width of a token's box.
        rows: middle of each kind of piece, by name: ``input``, ``state``, ``output``, ...
    """

    left: float
    right: float
    top: float
    bottom: float
    first: float
    pitch: float
    token_width: float
    rows: dict[str, float]

    def column(self, index: int) -> float:
        """Middle of a column, counted from 0."""
        return self.first + index * self.pitch


@dataclass(frozen=True)
class Layout:
    """The whole figure: two panels, the neck between them, and the context in it.

    Attributes:
        width, height: the picture.
        encoder, decoder: the two sides.
        context: middle of the context vector.
        neck: outline of the neck, SVG path data.
        into: the arrow from the last encoder state to the context.
        out_of: the arrow from the context to the first decoder state.
        notes: where two short notes about the context stand: ``(x, y, anchor)``.
    """

    width: float
    height: float
    encoder: Panel
    decoder: Panel
    context: Point
    neck: str
    into: tuple[Point, ...]
    out_of: tuple[Point, ...]
    notes: tuple[tuple[float, float, str], tuple[float, float, str]]


def _stack(top: float, *pieces: tuple[str, float]) -> tuple[dict[str, float], float]:
    """Put pieces below one another: their middles by name, and where the last one ends."""
    middles = {}
    for name, height in pieces:
        middles[name] = top + height / 2
        top += height
    return middles, top


def _panel(
    left: float, inset: float, columns: int, words: Sequence[str], gutter: float, padding: float
) -> dict[str, float]:
    """Horizontal measures of a panel whose boxes hold every word, within limits."""
    width = min(96.0, max(40.0, *(text_width(word) + padding for word in words)))
    pitch = width + gutter
    right = left + inset + columns * pitch - gutter + 9
    first = left + inset + width / 2
    return {
        "left": left,
        "right": right,
        "first": first,
        "pitch": pitch,
        "token_width": width,
    }


def wide_layout(
    columns: tuple[int, int],
    words: tuple[Sequence[str], Sequence[str]],
    state_height: float,
    guesses: int,
) -> Layout:
    """Side by side: time runs to the right, from the encoder through the neck to the decoder.

    Args:
        columns: tokens read, tokens written.
        words: what must fit into the boxes of the encoder and of the decoder.
        state_height: height of a state.
        guesses: words drawn of each distribution; 0 if there are none.

    Returns:
        The layout; the states of both sides stand in one line.
    """
    rows, bottom = _stack(
        4,
        ("heading", 28),
        ("y", 17),
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
    top = rows["name"] - 40
    encoder_rows = {**rows, "heading": top + 15}
    encoder = Panel(
        **_panel(4, 34, columns[0], words[0], 14, 10), top=top, bottom=bottom, rows=encoder_rows
    )
    neck = 108.0
    decoder = Panel(
        **_panel(encoder.right + neck, 24, columns[1], words[1], 16, 10),
        top=4,
        bottom=bottom,
        rows=rows,
    )
    x, y = encoder.right + neck / 2, rows["state"]
    wide, half = CONTEXT_SIZE[0] / 2, CONTEXT_SIZE[1] / 2 + 7
    return Layout(
        width=decoder.right + 4,
        height=bottom + 4,
        encoder=encoder,
        decoder=decoder,
        context=(x, y),
        neck=_neck(
            [
                (encoder.right, top + 8),
                (x - wide, y - half),
                (x + wide, y - half),
                (decoder.left, top + 8),
                (decoder.left, bottom - 8),
                (x + wide, y + half),
                (x - wide, y + half),
                (encoder.right, bottom - 8),
            ],
            upright=False,
        ),
        into=((encoder.column(columns[0] - 1) + STATE_WIDTH / 2, y), (x - wide, y)),
        out_of=((x + wide, y), (decoder.first - STATE_WIDTH / 2, y)),
        notes=((x, y - half - 13, "middle"), (x, y + half + 13, "middle")),
    )


def compact_layout(
    columns: tuple[int, int],
    words: tuple[Sequence[str], Sequence[str]],
    state_height: float,
    guesses: int,
) -> Layout:
    """One above the other, for phones: the encoder, the neck, the decoder; in each, time runs right.

    Args:
        columns: tokens read, tokens written.
        words: what must fit into the boxes of the encoder and of the decoder.
        state_height: height of a state.
        guesses: words drawn of each distribution; 0 if there are none.

    Returns:
        The layout; both sides are read downwards.
    """
    reading = (
        ("heading", 24),
        ("x", 18),
        ("input", TOKEN_HEIGHT),
        ("", ARROW - 2),
        ("embedding", EMBEDDING_HEIGHT),
        ("name", 18),
        ("state", state_height),
    )
    rows, bottom = _stack(3, *reading, ("", 10))
    neck = 104.0
    side = [
        _panel(3, 28, columns[0], words[0], 10, 3),
        _panel(3, 20, columns[1], words[1], 10, 3),
    ]
    right = max(panel["right"] for panel in side)
    for panel in side:
        panel["first"] += (right - panel["right"]) / 2
        panel["right"] = right
    encoder = Panel(**side[0], top=3, bottom=bottom, rows=rows)
    top = bottom + neck
    rows, bottom = _stack(
        top,
        *reading,
        ("", ARROW),
        ("words", guesses * WORD_HEIGHT),
        ("", ARROW if guesses else 0),
        ("output", TOKEN_HEIGHT),
        ("y", 18),
        ("", 4),
    )
    decoder = Panel(**side[1], top=top, bottom=bottom, rows=rows)
    x, y = (right + 3) / 2, encoder.bottom + neck / 2
    wide, half = CONTEXT_SIZE[0] / 2 + 8, CONTEXT_SIZE[1] / 2
    last = encoder.column(columns[0] - 1)
    turn_in, turn_out = encoder.bottom + 6, decoder.top - 10
    into = ((last, encoder.rows["state"] + state_height / 2), (last, turn_in), (x, turn_in))
    margin = decoder.first - decoder.token_width / 2 - 7
    state = decoder.rows["state"]
    return Layout(
        width=right + 3,
        height=bottom + 3,
        encoder=encoder,
        decoder=decoder,
        context=(x, y),
        neck=_neck(
            [
                (right - 8, encoder.bottom),
                (x + wide, y - half),
                (x + wide, y + half),
                (right - 8, decoder.top),
                (11, decoder.top),
                (x - wide, y + half),
                (x - wide, y - half),
                (11, encoder.bottom),
            ],
            upright=True,
        ),
        into=(*into, (x, y - half)),
        out_of=(
            (x, y + half),
            (x, turn_out),
            (margin, turn_out),
            (margin, state),
            (decoder.first - STATE_WIDTH / 2, state),
        ),
        notes=((x - wide - 12, y, "end"), (x + wide + 12, y, "start")),
    )


def _neck(corners: list[Point], *, upright: bool) -> str:
    """Outline through eight corners: curve, straight, curve, straight, and so on."""

    def at(x: float, y: float) -> str:
        return f"{number(x)} {number(y)}"

    path = "M" + at(*corners[0])
    for i in (0, 2, 4, 6):
        (x0, y0), (x1, y1) = corners[i], corners[i + 1]
        middle = ((x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2))
        if not upright:
            middle = (((x0 + x1) / 2, y0), ((x0 + x1) / 2, y1))
        path += f"C{at(*middle[0])} {at(*middle[1])} {at(x1, y1)}"
        path += "Z" if i == 6 else "L" + at(*corners[i + 2])
    return path
