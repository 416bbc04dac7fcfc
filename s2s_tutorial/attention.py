"""Attention: a query is scored against keys, the scores weigh the values.

Everything here is a function of what is passed in: nothing is remembered between calls. Keys are
projected once a batch by ``project_keys`` and passed along; ``forward`` takes the projected ones.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from s2s_tutorial.checks import check_rank


def masked_softmax(scores: Tensor, mask: Tensor | None = None) -> Tensor:
    """Softmax over the real source positions only.

    $$ \\alpha_{ij} = \\frac{m_j \\exp(e_{ij})}{\\sum_k m_k \\exp(e_{ik})} $$

    (Bahdanau et al., 2015, equation 6, with the mask $m_j \\in \\{0, 1\\}$). A row without a real
    position gives zeros, never NaN, in its values and in its gradient; what stands at a masked
    position, infinite or NaN included, does not matter. Half precision is summed in float32.

    Args:
        scores: ``(batch, src_len)`` or ``(batch, tgt_len, src_len)``.
        mask: ``(batch, src_len)`` bool, True = a real token; None means that all are.

    Returns:
        Weights of the shape and dtype of ``scores``.

    Raises:
        TypeError: if the mask is not bool.
        ValueError: if its shape does not fit the scores.
    """
    if scores.dim() not in (2, 3):
        check_rank("scores", scores, "(batch, tgt_len, src_len)")
    wide = scores if scores.dtype.itemsize >= 4 else scores.float()
    if mask is None:
        return wide.softmax(dim=-1).to(scores.dtype)
    _check_mask(mask, scores.shape[0], scores.shape[-1])
    hidden = ~mask if scores.dim() == 2 else ~mask[:, None, :]
    largest = wide.detach().masked_fill(hidden, -torch.inf).amax(dim=-1, keepdim=True)
    largest = largest.masked_fill(largest == -torch.inf, 0.0)  # a row with nothing to attend to
    exponentials = (wide - largest).masked_fill(hidden, -torch.inf).exp()
    total = exponentials.sum(dim=-1, keepdim=True)
    weights = exponentials / total.masked_fill(total == 0, 1.0)
    return weights.to(scores.dtype)


class Attention(nn.Module, ABC):
    """What all scores share: score, softmax over the real tokens, weighted sum.

    $$ e_{ij} = \\mathrm{score}(q_i, k_j), \\qquad \\alpha_i = \\mathrm{softmax}(e_i), \\qquad
       c_i = \\sum_j \\alpha_{ij} v_j $$

    (Bahdanau et al., 2015, equations 5 and 6; Luong et al., 2015, equation 7.) Subclasses say
    what ``project_keys`` and ``score`` do.
    """

    def project_keys(self, memory: Tensor) -> Tensor:
        """The part of the score that depends on the source alone, computed once a batch.

        Args:
            memory: ``(batch, src_len, key_size)``, the encoder's states.

        Returns:
            ``(batch, src_len, ...)``, to be passed as ``keys``.
        """
        return memory

    @abstractmethod
    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """Scores $e_{ij}$, ``(batch, tgt_len, src_len)``, before the softmax.

        Args:
            query: ``(batch, tgt_len, query_size)``.
            keys: what ``project_keys`` gave.
        """

    def forward(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Attend.

        Args:
            query: ``(batch, query_size)``, or ``(batch, tgt_len, query_size)`` for many at once.
            keys: what ``project_keys(memory)`` gave, ``(batch, src_len, ...)``.
            values: ``(batch, src_len, memory_size)``, what the weights weigh: the memory.
            mask: ``(batch, src_len)`` bool, True = a real token; None means that all are.

        Returns:
            ``context`` ``(batch, memory_size)`` and ``weights`` ``(batch, src_len)``; with a
            ``tgt_len`` in the query, ``(batch, tgt_len, memory_size)`` and
            ``(batch, tgt_len, src_len)``.

        Raises:
            TypeError: if an argument is not a tensor, or the mask is not bool.
            ValueError: if the shapes do not fit together; the message gives both.
        """
        one = isinstance(query, Tensor) and query.dim() == 2
        query = query[:, None] if one else query
        check_rank("query", query, "(batch, tgt_len, query_size)")
        check_rank("keys", keys, "(batch, src_len, key_size)")
        check_rank("values", values, "(batch, src_len, memory_size)")
        if not (query.shape[0] == keys.shape[0] == values.shape[0]):
            raise ValueError(
                "query, keys and values must have the same batch size, but have "
                f"{query.shape[0]}, {keys.shape[0]} and {values.shape[0]}"
            )
        if keys.shape[1] != values.shape[1]:
            raise ValueError(
                f"there must be one key for each value, but there are {keys.shape[1]} keys and "
                f"{values.shape[1]} values"
            )
        weights = masked_softmax(self.score(query, keys), mask)
        context = weights @ values.to(weights.dtype)
        return (context[:, 0], weights[:, 0]) if one else (context, weights)


def check_last(name: str, tensor: Tensor, size: int) -> None:
    """Raise ValueError unless the last dimension of ``tensor`` has ``size`` entries."""
    if tensor.shape[-1] != size:
        raise ValueError(
            f"the last dimension of {name} must be {size}, but its shape is {tuple(tensor.shape)}"
        )


def _check_mask(mask: Tensor, batch: int, src_len: int) -> None:
    if mask.dtype != torch.bool:
        raise TypeError(
            f"the mask must be bool, True = a real token, but its dtype is {mask.dtype}"
        )
    if mask.shape != (batch, src_len):
        raise ValueError(
            f"the mask must have shape {(batch, src_len)}, one entry for each source token, but "
            f"its shape is {tuple(mask.shape)}"
        )
