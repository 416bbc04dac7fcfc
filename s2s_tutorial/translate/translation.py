"""One translation: its text, its tokens, and where each of them looked."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor


class CutTranslationWarning(UserWarning):
    """A translation reached the limit of its length before the model ended it."""


class Translation(NamedTuple):
    """One translation.

    Attributes:
        text: the target text; empty for an empty source.
        tokens: the target tokens, without ``<eos>``.
        weights: attention weights ``(len(tokens), len(src_tokens))`` float32; None for a model
            without attention.
        score: what it was ranked by, from :func:`s2s_tutorial.beam_search`; with ``beam_size=1`` the summed
            log-probability of its tokens, in nats.
        src_tokens: the tokens of the source text.
        src_text: the source text.
        alternatives: the next best translations of the same text, the best of them first.
        cut: whether it reached the limit of its length before the model ended it.

    Example:
        >>> weights = torch.tensor([[0.1, 0.9], [0.8, 0.2]])
        >>> found = Translation("black cat", ["black", "cat"], weights, -0.7, ["gatto", "nero"])
        >>> [(found.src_tokens[j], found.tokens[i]) for j, i in found.links()]
        [('nero', 'black'), ('gatto', 'cat')]
    """

    text: str
    tokens: list[str]
    weights: Tensor | None
    score: float
    src_tokens: list[str]
    src_text: str = ""
    alternatives: tuple[Translation, ...] = ()
    cut: bool = False

    def links(self) -> list[tuple[int, int]]:
        """For each target token the source token with the largest weight, ``(source, target)``.

        A target token whose weights are all zero, as local attention can give, has no link.

        >>> import torch
        >>> Translation("b", ["b"], torch.tensor([[0.1, 0.9]]), -0.5, ["x", "y"]).links()
        [(1, 0)]

        Raises:
            ValueError: if the translation has no weights.
        """
        if not self.tokens:
            return []
        if self.weights is None:
            raise ValueError(
                "there are no alignments: this model has no attention. Models that have, such as "
                "the preset 'bahdanau', give them"
            )
        best = self.weights.max(dim=1)
        rows = zip(best.indices.tolist(), best.values.tolist())
        return [(j, i) for i, (j, weight) in enumerate(rows) if weight > 0]


def warn_of_cut(found: Sequence[Translation]) -> None:
    """Warn if translations were cut at the limit of their length.

    >>> warn_of_cut([Translation("a b", ["a", "b"], None, -1.0, ["x"])])

    Args:
        found: what ``Translator.translate`` is about to return.
    """
    lengths = [len(each.tokens) for each in found if each.cut]
    if lengths:
        warnings.warn(
            f"{len(lengths)} of {len(found)} translations were cut at {max(lengths)} tokens: the "
            "model had not ended them. If they should be longer, give a larger max_length",
            CutTranslationWarning,
            stacklevel=3,
        )
