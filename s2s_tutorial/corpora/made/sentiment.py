"""``sentiment``: small film reviews and whether they praise, with the words that decide it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import NamedTuple

from s2s_tutorial.corpora.made.making import draw_distinct, pick, seeded_draw
from s2s_tutorial.text.pairs import Pair, ParallelCorpus

LABELS = ("negative", "positive")
THINGS = tuple(
    f"the {noun}"
    for noun in "film plot acting ending music dialogue camera pace cast humour story script".split()
)
PRAISE = tuple("good great moving funny clever brilliant charming gripping warm fresh".split())
BLAME = tuple("bad dull boring weak silly clumsy cold tired empty slow".split())
DEGREES = ("", "very", "really", "quite")

# How a clause is said; each "*" is a word that turns its meaning round.
CLAUSES = (
    "{thing} is {degree} {word}",
    "{thing} was {degree} {word}",
    "{thing} seemed {degree} {word}",
    "i found {thing} {degree} {word}",
    "i do think that {thing} is {degree} {word}",
    "everybody would call {thing} {word}",
    "{thing} is *not {degree} {word}",
    "{thing} was *never {word}",
    "i do *not think that {thing} is {degree} {word}",
    "*nobody would call {thing} {word}",
    "*nobody says that {thing} is *not {degree} {word}",
)
# What says nothing about the film.
ASIDES = (
    "we saw it on friday",
    "my sister came along",
    "it lasts two hours",
    "it rained all evening",
    "the cinema was full",
    "i had read the book",
)
# How two clauses stand together; "{deciding}" is what the review comes to.
FORMS = (
    "{deciding} .",
    "{aside} and {deciding} .",
    "{deciding} . {aside} .",
    "{other} , but {deciding} .",
    "although {other} , {deciding} .",
    "{deciding} , although {other} .",
    "{aside} . {other} , but {deciding} .",
    "{deciding} , although {other} . {aside} .",
)


class Review(NamedTuple):
    """What is drawn: places in the tables above.

    Attributes:
        form: how the clauses stand together.
        deciding: the clause that decides, ``(clause, thing, degree, word)``.
        other: the clause that does not.
        aside: what says nothing.
    """

    form: str
    deciding: tuple[str, str, str, str]
    other: tuple[str, str, str, str]
    aside: str


def make_sentiment(split: str, *, size: int | None = None, seed: int = 0) -> ParallelCorpus:
    """Film reviews of one or two clauses, and ``positive`` or ``negative``.

    Negation turns a word round (*not dull*, *nobody would call the plot dull*), twice turns it
    back. Of two clauses the one after *but*, or the one without *although*, decides, whichever
    comes first; what the other says is drawn independently, so half of the time it says the
    opposite. Labels are even.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.

    Returns:
        Pairs of a review's tokens and its one label. The alignment links the label to the words
        that decide it: the adjective of the deciding clause and its negations.

    Raises:
        TypeError: if an option is not a whole number.
        ValueError: if the split is unknown, or the size below 1 or above what the grammar has.
    """
    size, rng = seeded_draw("sentiment", split, size, seed)
    drawn = draw_distinct(
        rng,
        split,
        size,
        most=len(FORMS) * len(_clauses()) ** 2 * len(ASIDES),
        draw=lambda: _draw(rng),
        every=_every,
        source=lambda review: write_review(review)[0],
    )
    pairs = []
    for review, src in drawn:
        _, deciding, positive = write_review(review)
        links = frozenset((j, 0) for j in deciding)
        pairs.append(Pair(src, (LABELS[positive],), links))
    return ParallelCorpus(pairs, "sentiment", split)


def write_review(review: Review) -> tuple[tuple[str, ...], tuple[int, ...], bool]:
    """A review's tokens, the places of the words that decide, and whether it is positive.

    >>> clause = (CLAUSES[6], "the plot", "", "dull")
    >>> tokens, deciding, positive = write_review(Review(FORMS[0], clause, clause, ASIDES[0]))
    >>> " ".join(tokens), [tokens[j] for j in deciding], positive
    ('the plot is not dull .', ['not', 'dull'], True)
    """
    clause, thing, degree, word = review.deciding
    marked = clause.format(thing=thing, degree=degree, word="*" + word)
    other = review.other[0].format(
        thing=review.other[1], degree=review.other[2], word=review.other[3]
    )
    text = review.form.format(
        deciding=marked, other=other.replace("*", ""), aside=review.aside
    ).split()
    deciding = tuple(j for j, token in enumerate(text) if token.startswith("*"))
    turned = (len(deciding) - 1) % 2 == 1
    return tuple(token.lstrip("*") for token in text), deciding, (word in PRAISE) != turned


def _draw(rng: random.Random) -> Review:
    clauses = [
        (pick(rng, CLAUSES), pick(rng, THINGS), pick(rng, DEGREES), pick(rng, PRAISE + BLAME))
        for _ in range(2)
    ]
    return Review(pick(rng, FORMS), clauses[0], clauses[1], pick(rng, ASIDES))


def _clauses() -> list[tuple[str, str, str, str]]:
    return list(itertools.product(CLAUSES, THINGS, DEGREES, PRAISE + BLAME))


def _every() -> Iterator[Review]:
    return itertools.starmap(Review, itertools.product(FORMS, _clauses(), _clauses(), ASIDES))
