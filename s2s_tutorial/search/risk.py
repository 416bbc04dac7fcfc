"""Minimum Bayes risk: not the most probable translation, but the one most like the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from torch import Tensor

from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.search.decoded import Decoded
from s2s_tutorial.search.sampling import sample_decode

Utility = Callable[[Sequence[int], Sequence[int]], float]


def expected_utilities(
    candidates: Sequence[Sequence[int]], samples: Sequence[Sequence[int]], utility: Utility
) -> list[float]:
    """How useful each candidate is on average, if one of the samples is right.

    $$ U(y) = \\frac1n \\sum_{k=1}^{n} u\\big(y, y^{(k)}\\big) $$

    With $y^{(k)} \\sim p(y \\mid x)$ that is an unbiased estimate of the expectation under the model
    (Eikema & Aziz, 2020, section 6). A sample that came twice counts twice, but is compared once.

    Args:
        candidates: the token ids of each candidate $y$.
        samples: those of each sample $y^{(k)}$.
        utility: $u$ of a candidate and what is taken as right; the higher the better.

    Raises:
        ValueError: if there is no sample.

    Example:
        >>> def shared(y, right):  # words in common
        ...     return len(set(y) & set(right))
        >>> expected_utilities([[4, 5], [6]], [[4, 5], [4, 7], [6], [4, 5]], shared)
        [1.25, 0.25]
    """
    if not samples:
        raise ValueError("there are no samples: nothing can be expected of a candidate")
    often = Counter(map(tuple, samples))
    return [
        sum(count * utility(y, list(right)) for right, count in often.items()) / len(samples)
        for y in candidates
    ]


def mbr_decode(
    model: Seq2Seq,
    src: Tensor,
    src_lengths: Tensor,
    utility: Utility,
    samples: int = 16,
    max_length: int = 100,
    temperature: float = 1.0,
    seed: int = 0,
    candidates: Sequence[Sequence[Sequence[int]]] | None = None,
) -> Decoded:
    """Take the translation of the largest expected utility: minimum Bayes risk decoding.

    $$ \\hat y = \\arg\\max_{y \\in H} \\frac1n \\sum_{k=1}^{n} u\\big(y, y^{(k)}\\big), \\qquad
       y^{(k)} \\sim p(y \\mid x) $$

    (Kumar & Byrne, 2004; by sampling: Eikema & Aziz, 2020.) The samples are the evidence, and
    unless others are given they are the candidates $H$ too. Which utility is for the reader to say:
    sentence chrF of the texts, for instance. It is called for each pair of different translations,
    so a sentence takes up to $n^2$ calls.

    Args:
        model: the model.
        src: ``(batch, src_len)`` int64.
        src_lengths: ``(batch,)`` int64.
        utility: $u$, of the ids of a candidate and of a translation taken as right.
        samples: $n$.
        max_length: the most tokens of a sample.
        temperature: see :func:`sample_decode`.
        seed: likewise.
        candidates: of each sentence the ids of the translations to choose from, such as
            :func:`beam_search`'s n best; None takes the samples.

    Returns:
        A :class:`Decoded`; its scores are the expected utilities, its weights those of the samples
        chosen, or None where candidates were given. Of equal candidates the first one is taken.

    Raises:
        TypeError, ValueError, FloatingPointError: as :func:`sample_decode`; and ValueError if a
            sentence has no candidate.

    Example:
        >>> model = s2s.build_model("gru", src_vocab_size=9, tgt_vocab_size=7)
        >>> src, src_lengths = torch.tensor([[4, 5], [8, 0]]), torch.tensor([2, 1])
        >>> def alike(y, right):
        ...     return float(y == right)
        >>> found = mbr_decode(model, src, src_lengths, alike, samples=5, max_length=2)
        >>> all(1 / 5 <= share <= 1 for share in found.scores)  # how often it was drawn
        True
    """
    drawn = sample_decode(model, src, src_lengths, samples, max_length, temperature, seed)
    choices = _distinct(drawn.ids) if candidates is None else candidates
    if len(choices) != len(src) or not all(choices):
        raise ValueError(
            f"candidates must be one or more for each of the {len(src)} sentences, but their "
            f"numbers are {[len(each) for each in choices]}"
        )
    ids, scores, weights = [], [], []
    for b, (those, evidence) in enumerate(zip(choices, drawn.ids)):
        utilities = expected_utilities(those, evidence, utility)
        best = max(range(len(those)), key=utilities.__getitem__)
        ids.append(list(those[best]))
        scores.append(float(utilities[best]))
        if candidates is None and drawn.weights is not None:
            weights.append(drawn.weights[b][evidence.index(those[best])])
    return Decoded(ids, scores, weights or None)


def _distinct(ids: list[list[list[int]]]) -> list[list[list[int]]]:
    """Each sentence's different translations, in the order in which they were drawn."""
    return [[list(y) for y in dict.fromkeys(map(tuple, rows))] for rows in ids]
