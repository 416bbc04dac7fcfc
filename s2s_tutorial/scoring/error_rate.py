"""How many tokens were put wrong, left out or put in: phoneme and word error rate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from s2s_tutorial.scoring.text_scores import check_counts


class ErrorRate(NamedTuple):
    """What :func:`token_error_rate` counted.

    Attributes:
        rate: all errors over ``tokens``; more than 1 where very much was put in.
        substitutions: tokens that should be others.
        deletions: tokens that are missing.
        insertions: tokens too many.
        tokens: how many the references have.

    Example:
        >>> ErrorRate(0.5, substitutions=1, deletions=0, insertions=1, tokens=4).rate
        0.5
    """

    rate: float
    substitutions: int
    deletions: int
    insertions: int
    tokens: int


def token_error_rate(hypotheses: Sequence[Sequence], references: Sequence[Sequence]) -> ErrorRate:
    """The smallest number of changes that turns one into the other (Levenshtein, 1966).

    $$ \\mathrm{ER} = \\frac{S + D + I}{N} $$

    with $S$ substitutions, $D$ deletions and $I$ insertions, summed over the corpus, and $N$ tokens
    in the references. Of phonemes it is called phoneme error rate, of words word error rate. What
    a model skips is counted as deletions, what it says twice as insertions.

    Args:
        hypotheses: token (or id) lists.
        references: as many, in the same order.

    Raises:
        ValueError: if the counts differ, or the references hold no token.

    Example:
        >>> token_error_rate(["n aɪ n n aɪ n".split()], ["n aɪ n f oːɹ".split()])
        ErrorRate(rate=0.6, substitutions=2, deletions=0, insertions=1, tokens=5)
    """
    check_counts(hypotheses, references)
    tokens = sum(len(reference) for reference in references)
    if tokens == 0:
        raise ValueError("the references hold no token: there is nothing to score")
    found: Counter[str] = Counter()
    for hypothesis, reference in zip(hypotheses, references):
        found.update(op.tag for op in Levenshtein.editops(list(reference), list(hypothesis)))
    rate = sum(found.values()) / tokens
    return ErrorRate(rate, found["replace"], found["delete"], found["insert"], tokens)
