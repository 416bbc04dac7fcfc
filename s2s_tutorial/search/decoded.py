"""What the searches give back."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from s2s_tutorial.search.sentence import SearchNode


class Decoded(NamedTuple):
    """What search found, one entry a sentence.

    Attributes:
        ids: the token ids, without ``<bos>`` and ``<eos>``.
        scores: what the search ranks by: the summed log-probability of those tokens, and of
            ``<eos>`` where it was reached, in nats; after :func:`beam_search`, over its length
            penalty.
        weights: for each sentence the attention weights ``(len(ids), src_len)``, without
            padding; None for a model without attention.

    Example:
        >>> Decoded([[4, 5]], [-0.7], None).ids
        [[4, 5]]
    """

    ids: list[list[int]]
    scores: list[float]
    weights: list[Tensor] | None


class BeamDecoded(NamedTuple):
    """What beam search found: for every sentence its n best hypotheses, the best first.

    Entry ``[b][k]`` of each field belongs to hypothesis k of sentence b. A sentence has fewer
    than n of them only where fewer exist (a tiny vocabulary and a small ``max_length``).

    Attributes:
        ids: the token ids, without ``<bos>`` and ``<eos>``.
        scores: what they are ranked by: ``log_probs`` over the length penalty, and the coverage
            penalty.
        weights: attention weights ``(len(ids), src_len)``, without padding; None for a model
            without attention.
        log_probs: the summed log-probability of the tokens, and of ``<eos>`` where it was
            reached, in nats.
        trees: each sentence's search tree, where ``trace=True`` asked for it, else None.

    Example:
        >>> found = BeamDecoded([[[4, 5], [4]]], [[-1.0, -1.5]], None, [[-1.4, -1.6]], None)
        >>> found.best
        Decoded(ids=[[4, 5]], scores=[-1.0], weights=None)
    """

    ids: list[list[list[int]]]
    scores: list[list[float]]
    weights: list[list[Tensor]] | None
    log_probs: list[list[float]]
    trees: list[list[SearchNode]] | None

    @property
    def best(self) -> Decoded:
        """The best hypothesis of every sentence, in the form of :func:`greedy_decode`."""
        weights = None if self.weights is None else [found[0] for found in self.weights]
        return Decoded(
            [found[0] for found in self.ids], [found[0] for found in self.scores], weights
        )


def gather_weights(looks: list[Tensor], rows: list[int], src_len: int) -> Tensor:
    """The attention weights of one translation, collected from the steps of a batch.

    Args:
        looks: of every step the weights ``(rows of that step, padded src_len)``.
        rows: for every token of the translation its row in that token's step.
        src_len: how many source tokens are real.

    Returns:
        ``(len(rows), src_len)``.

    Example:
        >>> steps = [torch.tensor([[0.4, 0.6], [1.0, 0.0]]), torch.tensor([[0.2, 0.8]])]
        >>> gather_weights(steps, [1, 0], src_len=2)
        tensor([[1.0000, 0.0000],
                [0.2000, 0.8000]])
    """
    if not rows:
        return looks[0][:0, :src_len]
    return torch.stack([look[row, :src_len] for look, row in zip(looks, rows)])
