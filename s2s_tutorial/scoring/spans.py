"""F1: of entities, of brackets, of anything that is found or not found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from s2s_tutorial.scoring.text_scores import check_counts
from s2s_tutorial.text.tags import check_tags, tag_spans
from s2s_tutorial.text.trees import bracket_spans


class F1(NamedTuple):
    """How much of what is there was found, and how much of what was found is there.

    Attributes:
        precision: right ones among those found.
        recall: right ones among those that are there.
        f1: their harmonic mean.

    Example:
        >>> match_f1([["a", "b", "c"]], [["a", "b", "d", "e"]]).recall
        0.5
    """

    precision: float
    recall: float
    f1: float


def match_f1(predicted: Sequence[Iterable], gold: Sequence[Iterable]) -> F1:
    """Precision, recall and F1 of collections, counted over all sentences and divided once.

    $$ P = \\frac{\\sum_k |A_k \\cap G_k|}{\\sum_k |A_k|}, \\quad
       R = \\frac{\\sum_k |A_k \\cap G_k|}{\\sum_k |G_k|}, \\quad F_1 = \\frac{2 P R}{P + R} $$

    with what was found $A_k$ and what is there $G_k$ in sentence $k$. What comes twice counts twice.

    Args:
        predicted: of each sentence what was found: entities, brackets, slots with their values.
        gold: of each sentence what is there, in the same order.

    Returns:
        An :class:`F1`. Where nothing was found, precision is 0.

    Raises:
        TypeError: if what was found cannot be compared, such as a list.
        ValueError: if the counts differ, there is no sentence, or nothing is there in any.

    Example:
        >>> found, there = [("PER", 0, 2), ("LOC", 4, 5), ("LOC", 7, 8)], [("PER", 0, 2), ("LOC", 4, 6)]
        >>> score = match_f1([found], [there])
        >>> round(score.precision, 3), score.recall, round(score.f1, 3)
        (0.333, 0.5, 0.4)
    """
    check_counts(predicted, gold)
    right = found = there = 0
    for some, all_of_them in zip(predicted, gold):
        a, g = _counted(some), _counted(all_of_them)
        right += (a & g).total()
        found += a.total()
        there += g.total()
    if not there:
        raise ValueError("there is nothing to find in any of the sentences")
    precision, recall = right / found if found else 0.0, right / there
    return F1(precision, recall, 2 * right / (found + there))


def _counted(items: Iterable[Hashable]) -> Counter:
    try:
        return Counter(items)
    except TypeError as error:
        raise TypeError(f"give tuples or strings, which can be compared: {error}") from None


def entity_f1(predicted: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> F1:
    """F1 of entities, as the CoNLL shared tasks count, by nervaluate (its ``strict`` schema).

    An entity is right if its label, its first and its last token are.

    Args:
        predicted: the IOB tags of each sentence.
        gold: the true ones, in the same order.

    Raises:
        ValueError: if the counts differ, a sentence has not as many tags in both, a tag is none,
            or there is no entity to find.

    Example:
        >>> gold = [["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-DATE"]]
        >>> entity_f1([["B-PER", "O", "O", "B-LOC"], ["O", "B-DATE"]], gold).f1.__round__(3)
        0.667
    """
    from nervaluate import Evaluator

    check_counts(predicted, gold)
    labels = set()
    for row, (guess, true) in enumerate(zip(predicted, gold)):
        check_tags(true, guess, f"sentence {row}")
        labels |= {span.label for tags in (guess, true) for span in tag_spans(tags)}
    if not any(tag_spans(true) for true in gold):
        raise ValueError("there is no entity to find in any of the sentences")
    evaluator = Evaluator(
        [list(true) for true in gold],
        [list(guess) for guess in predicted],
        tags=sorted(labels),
        loader="list",
    )
    found = evaluator.evaluate()["overall"]["strict"]
    return F1(found.precision, found.recall, found.f1)


def bracket_f1(predicted: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> F1:
    """F1 of the brackets of linearised trees (Black et al., 1991): PARSEVAL's labelled brackets.

    A bracket is right if its label and the words that it holds are; a word counts by its place.

    Args:
        predicted: the tokens of each tree, which need not be balanced: see
            :func:`s2s_tutorial.text.trees.bracket_spans`.
        gold: the true ones, in the same order.

    Raises:
        ValueError: if the counts differ, or there is no bracket to find.

    Example:
        >>> gold, guess = "(S (NP XX XX ) XX )".split(), "(S (NP XX ) XX XX )".split()
        >>> bracket_f1([guess], [gold])  # S is right, NP holds one word too few
        F1(precision=0.5, recall=0.5, f1=0.5)
    """
    return match_f1(list(map(bracket_spans, predicted)), list(map(bracket_spans, gold)))
