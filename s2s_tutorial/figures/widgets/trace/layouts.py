"""Where the pieces of the encoder-decoder figure stand: side by side, or one above the other."""

from __future__ import annotations

from collections.abc import Sequence

from s2s_tutorial.figures.widgets.trace.stage import (
    ARROW,
    CONTEXT_SIZE,
    EMBEDDING_HEIGHT,
    STATE_WIDTH,
    TOKEN_HEIGHT,
    WORD_HEIGHT,
    Layout,
    Panel,
    across,
    neck,
    stack,
)


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
    top = rows["name"] - 40
    encoder_rows = {**rows, "heading": top + 15}
    encoder = Panel(
        **across(4, 30, columns[0], words[0], 12, 10), top=top, bottom=bottom, rows=encoder_rows
    )
    between = 112.0
    decoder = Panel(
        **across(encoder.right + between, 20, columns[1], words[1], 14, 10),
        top=4,
        bottom=bottom,
        rows=rows,
    )
    x, y = encoder.right + between / 2, rows["state"]
    wide, half = CONTEXT_SIZE[0] / 2, CONTEXT_SIZE[1] / 2 + 7
    return Layout(
        width=decoder.right + 4,
        height=bottom + 4,
        encoder=encoder,
        decoder=decoder,
        context=(x, y),
        neck=neck(
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
        ("x", 20),
        ("input", TOKEN_HEIGHT),
        ("", ARROW - 2),
        ("embedding", EMBEDDING_HEIGHT),
        ("name", 18),
        ("state", state_height),
    )
    rows, bottom = stack(3, *reading, ("", 10))
    between = 92.0
    side = [
        across(3, 32, columns[0], words[0], 10, 3),
        across(3, 20, columns[1], words[1], 10, 3),
    ]
    right = max(panel["right"] for panel in side)
    for panel in reversed(side):
        panel["first"] += (right - panel["right"]) / 2
        panel["right"] = right
        panel["heading"] = side[1]["first"] - side[1]["token_width"] / 2
    encoder = Panel(**side[0], top=3, bottom=bottom, rows=rows)
    top = bottom + between
    rows, bottom = stack(
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
    x, y = (right + 3) / 2, encoder.bottom + between / 2
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
        neck=neck(
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
