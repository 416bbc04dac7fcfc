"""Where the pieces of the figure of Bahdanau's model stand: sources across, time downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s2s_tutorial.figures.widgets.svg.text import text_width
from s2s_tutorial.figures.widgets.trace.stage import CONTEXT_SIZE, STATE_WIDTH, TOKEN_HEIGHT

HALF_HEIGHT = 34.0  # one direction's state
STATE_HEIGHT = 58.0
GAP = 34.0  # between two rows of the decoder: the question passes here
CELL_HEIGHT = 30.0


@dataclass(frozen=True)
class Grid:
    """Measures of the figure: columns are source positions, rows are steps of the decoder.

    Attributes:
        width, height: the picture.
        word, state, context: horizontal middles of the decoder's columns.
        word_width: width of a written token's box.
        guesses: horizontal middle and width of the distributions; None draws none.
        first, pitch: middle of the first source column, and from one to the next.
        cell: width of a cell of weights, and of a source token's box.
        forward, token, backward, name: heights of the encoder's rows.
        top: middle of the decoder's row 0, that of its first state.
    """

    width: float
    height: float
    word: float
    state: float
    context: float
    word_width: float
    guesses: tuple[float, float] | None
    first: float
    pitch: float
    cell: float
    forward: float
    token: float
    backward: float
    name: float
    top: float

    def column(self, j: int) -> float:
        """Middle of the source position ``j``, from 0."""
        return self.first + j * self.pitch

    def row(self, i: int) -> float:
        """Middle of the decoder's step ``i``; 0 is the start."""
        return self.top + i * (STATE_HEIGHT + GAP)


def grid(src: Sequence[str], written: Sequence[str], guessed: Sequence[str], wide: bool) -> Grid:
    """The measures for these tokens.

    Args:
        src: the source tokens.
        written: what must fit into the boxes of the words written.
        guessed: what must fit into the distributions; empty draws none.
        wide: the drawing for large screens; else the one for phones, without distributions.
    """
    padding, between = (12, 22) if wide else (3, 12)

    def box(words: Sequence[str], least: float) -> float:
        return min(90.0, max(least, *(text_width(word) + padding for word in words)))

    word_width = box(written, 40.0)
    x = 6 + word_width
    word = 6 + word_width / 2
    guesses = None
    if wide and guessed:
        guess_width = box(guessed, 60.0)
        guesses = (x + 18 + guess_width / 2, guess_width)
        x += 18 + guess_width
    state = x + between + STATE_WIDTH / 2
    context = state + STATE_WIDTH / 2 + between + CONTEXT_SIZE[0] / 2
    cell = box(src, 44.0 if wide else 38.0)
    pitch = cell + (20 if wide else 8)
    first = context + CONTEXT_SIZE[0] / 2 + between + 6 + cell / 2
    forward = 30 + HALF_HEIGHT / 2
    token = forward + HALF_HEIGHT / 2 + 14 + TOKEN_HEIGHT / 2
    backward = token + TOKEN_HEIGHT / 2 + 14 + HALF_HEIGHT / 2
    rows = len(written)  # with <bos>, which stands in row 0
    return Grid(
        width=first + (len(src) - 0.5) * pitch + 4,
        height=backward + (rows - 1) * (STATE_HEIGHT + GAP) + STATE_HEIGHT / 2 + 22,
        word=word,
        state=state,
        context=context,
        word_width=word_width,
        guesses=guesses,
        first=first,
        pitch=pitch,
        cell=cell,
        forward=forward,
        token=token,
        backward=backward,
        name=backward + HALF_HEIGHT / 2 + 15,
        top=backward,
    )
