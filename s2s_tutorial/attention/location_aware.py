"""Location-aware attention: the score also sees where the weights were (Chorowski et al., 2015)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import conv1d

from s2s_tutorial.attention.base import Attention, check_last, check_scores, masked_softmax
from s2s_tutorial.attention.scores import matrix, vector
from s2s_tutorial.base.checks import check_rank


class LocationAwareAttention(Attention):
    """The hybrid of content and location (Chorowski et al., 2015, equations 8 and 9).

    The previous weights, run through a convolution, tell the score where it looked last:

    $$ f_i = F * \\alpha_{i-1}, \\qquad
       e_{ij} = v^\\top \\tanh(W_q s_{i-1} + W_k h_j + U f_{ij} + b) $$

    (their $w$, $W$ and $V$ are our $v$, $W_q$ and $W_k$). Before the first step there are no
    previous weights: $f_1 = 0$. The convolution sees zeros outside the sentence.

    Args:
        query_size: size of $s_{i-1}$.
        key_size: size of $h_j$.
        attention_size: width of the hidden layer.
        filters: how many features $f_{ij}$ has.
        kernel_size: how many positions a filter spans; odd, so that it has a middle.

    Attributes:
        W_q: ``(attention_size, query_size)``.
        W_k: ``(attention_size, key_size)``.
        U: ``(attention_size, filters)``.
        F: ``(filters, kernel_size)``; the middle column meets $\\alpha_{i-1,j}$, those before it
            the positions before $j$.
        v: ``(attention_size,)``.
        b: ``(attention_size,)``.

    Raises:
        ValueError: if ``kernel_size`` is even or a size is not positive.

    >>> attention = LocationAwareAttention(query_size=3, key_size=5, attention_size=7)
    >>> memory = torch.zeros(2, 4, 5)
    >>> keys = attention.project_keys(memory)
    >>> _, first = attention(torch.zeros(2, 3), keys, memory)
    >>> _, second = attention(torch.zeros(2, 3), keys, memory, previous_weights=first)
    >>> second.sum(dim=-1)
    tensor([1., 1.], grad_fn=<SumBackward1>)
    """

    def __init__(
        self,
        query_size: int,
        key_size: int,
        attention_size: int,
        filters: int = 8,
        kernel_size: int = 7,
    ):
        super().__init__()
        if kernel_size < 1 or kernel_size % 2 == 0:
            raise ValueError(f"kernel_size must be odd and positive, not {kernel_size}")
        if filters < 1:
            raise ValueError(f"filters must be at least 1, not {filters}")
        self.W_q = matrix(attention_size, query_size)
        self.W_k = matrix(attention_size, key_size)
        self.U = matrix(attention_size, filters)
        self.F = matrix(filters, kernel_size)
        self.v = vector(attention_size)
        self.b = nn.Parameter(torch.zeros(attention_size))

    def project_keys(self, memory: Tensor) -> Tensor:
        """$W_k h_j + b$: ``(batch, src_len, attention_size)``."""
        check_last("memory", memory, self.W_k.shape[1])
        return memory @ self.W_k.T + self.b

    def location_features(self, previous_weights: Tensor) -> Tensor:
        """$f_i = F * \\alpha_{i-1}$.

        Args:
            previous_weights: ``(batch, src_len)``, zero on padding.

        Returns:
            ``(batch, src_len, filters)``.
        """
        check_rank("previous_weights", previous_weights, "(batch, src_len)")
        middle = self.F.shape[1] // 2
        signal = previous_weights[:, None].to(self.F.dtype)
        return conv1d(signal, self.F[:, None], padding=middle).transpose(1, 2)

    def score(self, query: Tensor, keys: Tensor, previous_weights: Tensor | None = None) -> Tensor:
        """Equation 9, for queries that share the previous weights.

        Args:
            query: ``(batch, tgt_len, query_size)``.
            keys: from :meth:`project_keys`.
            previous_weights: ``(batch, src_len)``; None before the first step.

        Returns:
            ``(batch, tgt_len, src_len)``.
        """
        check_last("query", query, self.W_q.shape[1])
        check_last("keys", keys, self.W_k.shape[0])
        if previous_weights is not None:
            keys = keys + self.location_features(previous_weights) @ self.U.T
        projected_query = query @ self.W_q.T
        return torch.tanh(projected_query[:, :, None] + keys[:, None]) @ self.v

    def align(
        self,
        query: Tensor,
        keys: Tensor,
        mask: Tensor | None,
        position: int,
        previous_weights: Tensor | None,
    ) -> Tensor:
        """One query after the other: each needs the weights of the one before."""
        weights = []
        for i in range(query.shape[1]):
            now = query[:, i : i + 1]
            scores = check_scores(self, self.score(now, keys, previous_weights), now, keys)
            previous_weights = masked_softmax(scores, mask)[:, 0]
            weights.append(previous_weights)
        return torch.stack(weights, dim=1)
