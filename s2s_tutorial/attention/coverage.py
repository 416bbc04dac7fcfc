"""Coverage: the score sees how much of each source word has been looked at (Tu et al., 2016)."""

from __future__ import annotations

import torch
from torch import Tensor

from s2s_tutorial.attention.base import Attention, check_last, check_scores, masked_softmax
from s2s_tutorial.attention.scores import AdditiveAttention, vector
from s2s_tutorial.base.checks import check_rank


class CoverageAttention(Attention):
    """The additive score with a coverage vector (Tu et al., 2016, section 3.1).

    The weights of all steps before, added up, tell the score what was read already:

    $$ C_{ij} = \\sum_{k \\le i} \\alpha_{kj}, \\qquad
       e_{ij} = v^\\top \\tanh(W_q q_i + W_k k_j + u\\, C_{i-1,j}) $$

    Before the first step nothing is covered, $C_0 = 0$. (Theirs divides $C$ by a learned fertility
    of each source word; here that is 1, as See et al., 2017, have it.) The sum is handed in as
    ``previous_weights``: :class:`CoverageDecoder` keeps it in its state.

    Args:
        query_size: size of $q_i$.
        key_size: size of $k_j$.
        attention_size: width of the hidden layer.

    Attributes:
        additive: the :class:`AdditiveAttention` with $W_q$, $W_k$ and $v$.
        u: ``(attention_size,)``.

    Example:
        >>> attention = CoverageAttention(query_size=3, key_size=5, attention_size=7)
        >>> memory, query = torch.randn(2, 4, 5), torch.randn(2, 3)
        >>> keys = attention.project_keys(memory)
        >>> _, first = attention(query, keys, memory)
        >>> _, second = attention(query, keys, memory, previous_weights=first)
        >>> _, third = attention(query, keys, memory, previous_weights=first + second)
        >>> torch.allclose(third.sum(dim=-1), torch.ones(2))
        True
    """

    def __init__(self, query_size: int, key_size: int, attention_size: int):
        super().__init__()
        self.additive = AdditiveAttention(query_size, key_size, attention_size)
        self.u = vector(attention_size)

    @property
    def reads_all_weights(self) -> bool:
        """True: its ``previous_weights`` are the coverage $C_{i-1}$."""
        return True

    @property
    def v(self) -> Tensor:
        """The additive score's $v$."""
        return self.additive.v

    def project_keys(self, memory: Tensor) -> Tensor:
        """$W_k k_j$: ``(batch, src_len, attention_size)``."""
        return self.additive.project_keys(memory)

    def score(self, query: Tensor, keys: Tensor, coverage: Tensor | None = None) -> Tensor:
        """The scores of queries that share one coverage.

        Args:
            query: ``(batch, tgt_len, query_size)``.
            keys: from :meth:`project_keys`.
            coverage: ``(batch, src_len)``, $C_{i-1}$; None before the first step.

        Returns:
            ``(batch, tgt_len, src_len)``.
        """
        check_last("keys", keys, self.u.shape[0])
        if coverage is not None:
            check_rank("previous_weights", coverage, "(batch, src_len)")
            keys = keys + coverage[:, :, None].to(self.u.dtype) * self.u
        return self.additive.score(query, keys)

    def align(
        self,
        query: Tensor,
        keys: Tensor,
        mask: Tensor | None,
        position: int,
        previous_weights: Tensor | None,
    ) -> Tensor:
        """One query after the other: what one has looked at is covered for the next."""
        weights, coverage = [], previous_weights
        for i in range(query.shape[1]):
            now = query[:, i : i + 1]
            scores = check_scores(self, self.score(now, keys, coverage), now, keys)
            weights.append(masked_softmax(scores, mask)[:, 0])
            coverage = added(coverage, weights[-1])
        return torch.stack(weights, dim=1)


def added(coverage: Tensor | None, weights: Tensor) -> Tensor:
    """What is covered after one more step: the sum; before the first step there is None.

    >>> added(added(None, torch.tensor([0.25, 0.75])), torch.tensor([0.5, 0.5]))
    tensor([0.7500, 1.2500])
    """
    return weights if coverage is None else coverage + weights
