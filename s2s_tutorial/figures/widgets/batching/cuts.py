"""The same sentences cut into batches in two orders, and what can be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from s2s_tutorial.figures.widgets.svg import shown
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.pairs import Pair
from s2s_tutorial.text.vocabulary import Vocabulary

MOST_SENTENCES = 24
MOST_TOKENS = 14


class Row(NamedTuple):
    """One sentence where it stands in a batch.

    Attributes:
        sentence: its number in the corpus, from 0.
        ids: its row of the batch, padding included.
        mask: its row of the mask, 1 for a token.
    """

    sentence: int
    ids: list[int]
    mask: list[int]


class Cut(NamedTuple):
    """One order: its batches, each a list of rows."""

    batches: list[list[Row]]

    @property
    def padding(self) -> int:
        """Cells of padding."""
        return sum(row.mask.count(0) for batch in self.batches for row in batch)

    @property
    def cells(self) -> int:
        """All cells."""
        return sum(len(row.mask) for batch in self.batches for row in batch)

    @property
    def share(self) -> str:
        """Which part of the cells is padding, in words."""
        return f"{self.padding} of {self.cells} cells, {self.padding / self.cells:.0%}"

    def row(self, sentence: int) -> Row:
        """Where a sentence stands."""
        return next(row for batch in self.batches for row in batch if row.sentence == sentence)


class Cuts(NamedTuple):
    """What the figure shows.

    Attributes:
        sources: the source sentences.
        size: sentences in a batch.
        plain: the batches in the order of the corpus.
        sorted: the batches by length.
    """

    sources: list[list[str]]
    size: int
    plain: Cut
    sorted: Cut


def make_cuts(
    pairs: Sequence[Pair], src_vocab: Vocabulary, tgt_vocab: Vocabulary, batch_size: int
) -> Cuts:
    """Both orders, by :func:`make_batches` itself.

    Raises:
        TypeError: as :func:`make_batches`.
        ValueError: if there is no room for so many sentences or so long ones; and as :func:`make_batches`.
    """
    both = []
    for bucket in (False, True):
        batches = make_batches(pairs, src_vocab, tgt_vocab, batch_size, bucket=bucket)
        rows = [
            zip(*(part.tolist() for part in (b.indices, b.src, b.src_mask.int()))) for b in batches
        ]
        both.append(Cut([[Row(*row) for row in batch] for batch in rows]))
    sources = [list(pair[0]) for pair in pairs]
    longest = max(map(len, sources))
    if len(sources) > MOST_SENTENCES or longest > MOST_TOKENS:
        raise ValueError(
            f"there is room for {MOST_SENTENCES} sentences of {MOST_TOKENS} tokens, but "
            f"{len(sources)} came, the longest of {longest}"
        )
    return Cuts(sources, batch_size, *both)


def step_captions(cuts: Cuts) -> tuple[str, list[str]]:
    """The whole picture in words, and each step."""
    number, size = len(cuts.sources), cuts.size
    whole = (
        f"{number} sentences, {size} to a batch. Left (on a phone: above) in the order of the corpus, "
        f"right (below) sorted by length. Step through it, or touch a sentence to see its ids and its mask."
    )
    lengths = [len(source) for source in cuts.sources]
    few, many = min(lengths), max(lengths)
    return whole, [
        f"{number} sentences in the order of the corpus, a cell for each token: {few} to {many} of them. "
        f"{size} at a time make a batch.",
        "A batch is a rectangle, as wide as its longest sentence. What is left over is filled with <pad>, "
        f"id 0 (hatched): {cuts.plain.share}.",
        "The mask of each batch: 1 where a token stands, 0 on padding. It tells every later computation "
        "which cells are real.",
        "The same sentences, sorted by length (equally long ones by the length of their targets). "
        "The numbers on the left say which is which.",
        "Cut and padded again, each sentence now beside others of about its length: "
        f"{cuts.sorted.share}.",
    ]


def sentence_caption(cuts: Cuts, sentence: int) -> str:
    """A sentence, its ids and its masks, in words."""
    row, other = (cut.row(sentence) for cut in (cuts.plain, cuts.sorted))
    ids = " ".join(map(str, row.ids[: sum(row.mask)]))
    return (
        f"{sentence_name(cuts, sentence)}: ids {ids}. In the order of the corpus {_zeros(row)}; "
        f"by length {_zeros(other)}."
    )


def _zeros(row: Row) -> str:
    count = row.mask.count(0)
    follow = {0: "no padding follows", 1: "one 0 follows"}.get(count, f"{count} zeros follow")
    return f"{follow}, mask {' '.join(map(str, row.mask))}"


def sentence_name(cuts: Cuts, sentence: int) -> str:
    """A sentence by its number and its tokens."""
    return f"{sentence + 1}. {' '.join(map(shown, cuts.sources[sentence]))}"
