"""Drawing a way of cutting words into subwords: the same draws for the same seed, everywhere.

SentencePiece samples too, but from a generator that no seed makes repeat from one run to the next.
"""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from random import Random

SPACE = "\u2581"  # what SentencePiece writes for the space before a word


class UnigramSampler:
    r"""Draws among all ways of cutting a word, by the probabilities of their pieces.

    A way :math:`x = x_1 \dots x_M` of cutting the word :math:`X` is drawn with (Kudo 2018, section
    3.3, with all ways instead of the best :math:`l`)

    .. math:: P(x \mid X) \propto \Big(\prod_{i=1}^{M} p(x_i)\Big)^\alpha

    There are up to :math:`2^{n-1}` ways, but they need not be listed. With the weight of all ways
    of cutting the first :math:`j` characters,

    .. math:: a_0 = 1, \qquad a_j = \sum_{i < j} a_i \, p(X_{i+1 \dots j})^\alpha,

    the last piece begins after character :math:`i` with probability
    :math:`a_i \, p(X_{i+1 \dots n})^\alpha / a_n`; then the piece before it is drawn the same way.

    >>> sampler = UnigramSampler({"a": -1.0, "b": -1.0, "ab": -9.0})
    >>> sampler.draw("ab", alpha=1.0, random=Random(0))
    ['a', 'b']

    Args:
        scores: the logarithm of each piece's probability.
    """

    def __init__(self, scores: Mapping[str, float]) -> None:
        self._scores = dict(scores)
        self._unlikely = min(scores.values()) - 10  # a character that is no piece by itself
        self._longest = max(map(len, scores))
        self._last_pieces = lru_cache(maxsize=2**16)(self._weigh)

    def draw(self, word: str, alpha: float, random: Random) -> list[str]:
        """Draw one way of cutting a word.

        Args:
            word: the word.
            alpha: the exponent; at 0 all ways are equally likely.
            random: where the randomness comes from.
        """
        choices = self._last_pieces(word, alpha)
        pieces, end = [], len(word)
        while end:
            starts, weights = choices[end]
            start = starts[bisect(weights, random.random() * weights[-1], 0, len(starts) - 1)]
            pieces.append(word[start:end])
            end = start
        return pieces[::-1]

    def _weigh(self, word: str, alpha: float) -> list[tuple[list[int], list[float]]]:
        """For each end: where the piece before it may start, and the weights summed up."""
        log_a = [0.0]
        choices: list[tuple[list[int], list[float]]] = [([], [])]
        for end in range(1, len(word) + 1):
            reach = range(max(0, end - self._longest), end)
            starts = [i for i in reach if i == end - 1 or word[i:end] in self._scores]
            logs = [
                log_a[i] + alpha * self._scores.get(word[i:end], self._unlikely) for i in starts
            ]
            top = max(logs)
            weights = list(accumulate(math.exp(log - top) for log in logs))
            log_a.append(top + math.log(weights[-1]))
            choices.append((starts, weights))
        return choices


class BPESampler:
    """Merges as byte pair encoding does, but leaves merges out by chance: BPE-dropout.

    Starting from characters, again and again the best of the possible merges is carried out, each
    of them being left out with probability alpha that time; where all are, the word is done
    (Provilkov et al. 2020, algorithm 1).

    >>> sampler = BPESampler({"ab": 0.0, "a": -1.0, "b": -2.0})
    >>> sampler.draw("abab", alpha=0.0, random=Random(0))
    ['ab', 'ab']

    Args:
        scores: each piece's score; the earlier its merge was learned, the higher.
    """

    def __init__(self, scores: Mapping[str, float]) -> None:
        self._scores = dict(scores)

    def draw(self, word: str, alpha: float, random: Random) -> list[str]:
        """Draw one way of cutting a word.

        Args:
            word: the word.
            alpha: with which probability a merge is left out; at 1 characters remain.
            random: where the randomness comes from.
        """
        pieces, scores = list(word), self._scores
        merges = [scores.get(pair) for pair in map("".join, zip(word, word[1:]))]
        while True:
            # The score of merging piece i with the next one; None where that makes no piece.
            possible = [
                (-score, i)
                for i, score in enumerate(merges)
                if score is not None and random.random() >= alpha
            ]
            if not possible:
                return pieces
            _, i = min(possible)
            pieces[i : i + 2] = [pieces[i] + pieces[i + 1]]
            del merges[i]
            for j in range(max(0, i - 1), min(i + 1, len(merges))):
                merges[j] = scores.get(pieces[j] + pieces[j + 1])


class TextSampler:
    """Draws a way of cutting a whole text, word by word.

    >>> sampler = TextSampler({SPACE + "a": 0.0, SPACE: -1.0, "a": -2.0})
    >>> sampler.draw(SPACE + "a?!", alpha=0.0, random=Random(0)) == [SPACE + "a", "?!"]
    True

    Args:
        scores: the score of each piece. Byte pair encoding is told by them: there they count
            0, -1, -2, ...
    """

    def __init__(self, scores: Mapping[str, float]) -> None:
        ranked = all(score == -rank for rank, score in enumerate(scores.values()))
        self._sampler = BPESampler(scores) if ranked else UnigramSampler(scores)
        known = "".join(map(re.escape, sorted(set("".join(scores)) - {SPACE})))
        across = any(SPACE in piece[1:] for piece in scores)
        word = f"[{SPACE}{known}]+" if across else f"{SPACE}?[{known}]+|{SPACE}" if known else SPACE
        self._parts = re.compile(f"({word})|[^{SPACE}{known}]+")

    def draw(self, text: str, alpha: float, random: Random) -> list[str]:
        """Draw one way of cutting a text; characters that no piece has stay together.

        Args:
            text: the text, ``SPACE`` before each word.
            alpha: see the two samplers.
            random: where the randomness comes from.
        """
        return list(self._pieces(text, alpha, random))

    def _pieces(self, text: str, alpha: float, random: Random) -> Iterator[str]:
        for part in self._parts.finditer(text):
            if part[1] is None:
                yield part[0]
            else:
                yield from self._sampler.draw(part[1], alpha, random)
