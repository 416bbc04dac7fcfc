"""Scores: perplexity, exact match, alignment error rate; BLEU and chrF from ``text_scores``."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence

from s2s_tutorial.scoring.text_scores import (  # noqa: F401 - who looks for scores finds all here
    TextScore,
    bleu,
    check_counts,
    chrf,
)

Links = Iterable["tuple[int, int]"]


def perplexity(total_loss: float, tokens: int) -> float:
    """How many equally likely tokens the model hesitates between, on average.

    $$ \\mathrm{ppl} = \\exp\\Big(\\frac{1}{N} \\sum_{i} -\\log p(y_i \\mid y_{<i}, x)\\Big) $$

    The loss is summed over the whole corpus under teacher forcing and divided once: a mean of
    batch means is another number.

    Args:
        total_loss: summed negative log-likelihood in nats.
        tokens: number $N$ of real target tokens, ``<eos>`` included.

    Returns:
        The perplexity, infinity where it exceeds the floating-point range.

    Raises:
        ValueError: if ``tokens`` is not positive.

    Example:
        >>> round(perplexity(4 * math.log(8), tokens=4), 6)  # four tokens, each one of eight
        8.0
    """
    if tokens < 1:
        raise ValueError(f"perplexity needs at least one token, not {tokens}")
    try:
        return math.exp(total_loss / tokens)
    except OverflowError:
        return math.inf


def sequence_accuracy(hypotheses: Sequence[Sequence], references: Sequence[Sequence]) -> float:
    """The share of sentences that are right from the first token to the last.

    Args:
        hypotheses: token (or id) lists.
        references: as many, in the same order.

    Raises:
        ValueError: if the counts differ or there is no sentence.

    Example:
        >>> sequence_accuracy([["a", "b"], ["c", "d"]], [["a", "b"], ["c", "e"]])
        0.5
    """
    check_counts(hypotheses, references)
    right = sum(list(h) == list(r) for h, r in zip(hypotheses, references))
    return right / len(references)


def token_accuracy(hypotheses: Sequence[Sequence], references: Sequence[Sequence]) -> float:
    """The share of reference tokens that stand at the same position in the hypothesis.

    Args:
        hypotheses: token (or id) lists; what one has beyond the reference's length is not counted.
        references: as many, in the same order.

    Raises:
        ValueError: if the counts differ, or the references hold no token.

    Example:
        >>> token_accuracy([["a", "x", "c"]], [["a", "b", "c", "d"]])
        0.5
        >>> token_accuracy([["b", "c", "d"]], [["a", "b", "c", "d"]])  # one left out, all moved
        0.0
    """
    check_counts(hypotheses, references)
    total = sum(len(r) for r in references)
    if total == 0:
        raise ValueError("the references hold no token: there is nothing to score")
    right = sum(a == b for h, r in zip(hypotheses, references) for a, b in zip(h, r))
    return right / total


def alignment_error_rate(predicted: Links, sure: Links, possible: Links | None = None) -> float:
    """How far predicted alignment links are from gold ones (Och & Ney, 2003).

    $$ \\mathrm{AER}(A; S, P) = 1 - \\frac{|A \\cap S| + |A \\cap P|}{|A| + |S|},
       \\qquad S \\subseteq P $$

    Args:
        predicted: links $A$, pairs ``(src_index, tgt_index)``.
        sure: links $S$ that must be there.
        possible: links $P$ that may be there; $S$ is added to them. None means $P = S$.

    Returns:
        0 for a perfect alignment, 1 for one that shares nothing with the gold.

    Raises:
        TypeError: if links are no pairs of whole numbers.
        ValueError: if $A$ and $S$ are both empty.

    Example:
        >>> predicted, sure = {(0, 0), (1, 1), (2, 2)}, {(0, 0), (1, 2)}
        >>> alignment_error_rate(predicted, sure, possible={(1, 1)})  # 1 - (1 + 2) / (3 + 2)
        0.4
    """
    a, s = _links("predicted", predicted), _links("sure", sure)
    p = s | _links("possible", () if possible is None else possible)
    if not a and not s:
        raise ValueError("alignment error rate needs at least one predicted or sure link")
    return 1 - (len(a & s) + len(a & p)) / (len(a) + len(s))


def _links(name: str, links: Links) -> set[tuple[int, int]]:
    """The links as a set; what is no pair of numbers would be equal to no other link."""
    found = set()
    for link in links:
        try:
            j, i = link
            found.add((operator.index(j), operator.index(i)))
        except (TypeError, ValueError):
            raise TypeError(
                f"{name} must hold links, pairs of whole numbers such as (0, 2), not {link!r}"
            ) from None
    return found
