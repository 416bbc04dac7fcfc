"""Where the pieces of the figure of Bahdanau's model stand: sources across, time downwards."""

from __future__ import annotations

from collections.abc import Sequence

from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace.given import Sentences
from s2s_tutorial.figures.widgets.trace.stage import CONTEXT_SIZE, STATE_WIDTH, TOKEN_HEIGHT

HALF_HEIGHT = 34.0  # one direction's state
STATE_HEIGHT = 58.0
GAP = 34.0  # between two rows of the decoder: the question passes here
CELL_HEIGHT = 30.0


class Grid:
    """Measures of the figure: columns are source positions, rows are steps of the decoder.

    Args:
        told: the words that must fit.
        wide: the drawing for large screens; else the one for phones, without distributions.
    """

    def __init__(self, told: Sentences, wide: bool) -> None:
        padding, between = (12, 22) if wide else (3, 12)
        guessed = [word for guess in told.guesses or [] for word, _ in guess] if wide else []

        def box(words: Sequence[str], least: float) -> float:
            return min(90.0, max(least, *(svg.text_width(word) + padding for word in words)))

        # the decoder's columns, from the left: their middles, and how wide their boxes are
        self.word_width = box(told.words()[1], 40.0)
        self.word = 6 + self.word_width / 2
        x = 6 + self.word_width
        self.guess_width = box(guessed, 60.0) if guessed else 0.0  # 0 draws none
        self.guess = x + 18 + self.guess_width / 2
        x += 18 + self.guess_width if guessed else 0
        self.state = x + between + STATE_WIDTH / 2
        self.context = self.state + STATE_WIDTH / 2 + between + CONTEXT_SIZE[0] / 2
        # the columns of the source
        self.cell = box(told.src, 44.0 if wide else 38.0)
        self.pitch = self.cell + (20 if wide else 8)
        self.first = self.context + CONTEXT_SIZE[0] / 2 + between + 6 + self.cell / 2
        self.last = self.column(len(told.src) - 1)
        # the encoder's rows, and the whole
        self.forward = 30 + HALF_HEIGHT / 2
        self.token = self.forward + HALF_HEIGHT / 2 + 14 + TOKEN_HEIGHT / 2
        self.backward = self.token + TOKEN_HEIGHT / 2 + 14 + HALF_HEIGHT / 2
        self.name = self.backward + HALF_HEIGHT / 2 + 15
        self.width = self.last + self.pitch / 2 + 4
        self.height = self.row(len(told.written)) + STATE_HEIGHT / 2 + 22

    def column(self, j: int) -> float:
        """Middle of the source position ``j``, from 0."""
        return self.first + j * self.pitch

    def row(self, i: int) -> float:
        """Middle of the decoder's step ``i``; 0 is the start."""
        return self.backward + i * (STATE_HEIGHT + GAP)
