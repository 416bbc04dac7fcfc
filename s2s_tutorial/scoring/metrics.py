"""Scores: perplexity, exact match, BLEU and chrF by sacrebleu, alignment error rate."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Links = Iterable["tuple[int, int]"]


class TextScore(NamedTuple):
    """A corpus score with the signature that lets others compute the same one (Post, 2018).

    Attributes:
        score: from 0 to 100.
        signature: sacrebleu's, such as ``nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|...``.

    Example:
        >>> perfect = bleu(["we saw a black cat"], ["we saw a black cat"])
        >>> round(perfect.score, 2), perfect.signature
        (100.0, 'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|...')
    """

    score: float
    signature: str


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
    _check_counts(hypotheses, references)
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
    _check_counts(hypotheses, references)
    total = sum(len(r) for r in references)
    if total == 0:
        raise ValueError("the references hold no token: there is nothing to score")
    right = sum(a == b for h, r in zip(hypotheses, references) for a, b in zip(h, r))
    return right / total


def bleu(hypotheses: Sequence[str], references: Sequence[str], tokenize: str = "13a") -> TextScore:
    """Corpus BLEU (Papineni et al., 2002), computed by sacrebleu.

    Args:
        hypotheses: detokenised strings, one a sentence.
        references: as many strings.
        tokenize: sacrebleu's tokeniser; ``"none"`` for text that is already tokenised.

    Raises:
        TypeError: if a sentence is not a string.
        ValueError: if the counts differ, there is no sentence, or sacrebleu has no such tokeniser.

    Example:
        >>> short = bleu(["we saw a black cat"], ["we saw a black cat over there"])
        >>> round(short.score, 2)  # every n-gram is right, but too few: 100 exp(1 - 7/5)
        67.03
    """
    from sacrebleu.metrics import BLEU

    if tokenize not in BLEU.TOKENIZERS:
        names = ", ".join(map(repr, sorted(BLEU.TOKENIZERS)))
        raise ValueError(f"sacrebleu has no tokeniser {tokenize!r}; it has {names}")
    return _corpus_score(BLEU(tokenize=tokenize, force=tokenize == "none"), hypotheses, references)


def chrf(hypotheses: Sequence[str], references: Sequence[str]) -> TextScore:
    """Corpus chrF, the character n-gram F-score (Popović, 2015), computed by sacrebleu.

    Args:
        hypotheses: detokenised strings, one a sentence.
        references: as many strings.

    Raises:
        TypeError: if a sentence is not a string.
        ValueError: if the counts differ or there is no sentence.

    Example:
        >>> round(bleu(["gatti"], ["gatto"]).score, 2)  # no word is right
        0.0
        >>> round(chrf(["gatti"], ["gatto"]).score, 2)  # 100 (4/5 + 3/4 + 2/3 + 1/2 + 0) / 5
        54.33
    """
    from sacrebleu.metrics import CHRF

    return _corpus_score(CHRF(), hypotheses, references)


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


def _corpus_score(metric, hypotheses: Sequence[str], references: Sequence[str]) -> TextScore:
    _check_counts(hypotheses, references)
    for sentence in (*hypotheses, *references):
        if not isinstance(sentence, str):
            raise TypeError(
                f"sentences must be strings, not {type(sentence).__name__}; "
                "join tokens first, with the tokenizer's detokenize"
            )
    result = metric.corpus_score(list(hypotheses), [list(references)])
    return TextScore(result.score, str(metric.get_signature()))


def _check_counts(hypotheses: Sequence, references: Sequence) -> None:
    for name, sentences in [("hypotheses", hypotheses), ("references", references)]:
        if isinstance(sentences, str):
            raise TypeError(f"{name} must be a list of sentences, not one string")
    if len(hypotheses) != len(references):
        raise ValueError(
            f"there are {len(hypotheses)} hypotheses but {len(references)} references; "
            "each sentence needs one of both, in the same order"
        )
    if not references:
        raise ValueError("there are no sentences to score")
