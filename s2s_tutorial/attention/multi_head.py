"""Scaled dot products, and several of them side by side: the attention of the Transformer."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from s2s_tutorial.attention.base import Attention, check_last, masked_softmax
from s2s_tutorial.attention.scores import matrix
from s2s_tutorial.base.value_checks import check_count


def scaled_dot_product_attention(
    query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Luong's dot product, divided by the square root of its length (Vaswani et al., 2017, eq. 1).

    $$ e_{ij} = \\frac{q_i^\\top k_j}{\\sqrt{d_k}}, \\qquad \\alpha_i = \\mathrm{softmax}(e_i), \\qquad
       c_i = \\sum_j \\alpha_{ij} v_j $$

    Args:
        query: ``(batch, tgt_len, d_k)``.
        keys: ``(batch, src_len, d_k)``.
        values: ``(batch, src_len, d_v)``.
        mask: ``(batch, src_len)`` bool, True = may be looked at; or ``(batch, tgt_len, src_len)``,
            such as :func:`causal_mask`. A query that may look at nothing gets zeros.

    Returns:
        ``context`` ``(batch, tgt_len, d_v)`` and ``weights`` ``(batch, tgt_len, src_len)``.

    Raises:
        ValueError: if query and keys are of different length, or the mask does not fit.

    Example:
        >>> x = torch.eye(4)[None]  # four words that have nothing in common
        >>> context, weights = scaled_dot_product_attention(x, x, x)
        >>> weights[0, 0]  # e^(1/2) against three times e^0
        tensor([0.3547, 0.2151, 0.2151, 0.2151])
    """
    check_last("query", query, keys.shape[-1])
    scores = query @ keys.transpose(1, 2) / math.sqrt(query.shape[-1])
    weights = masked_softmax(scores, mask)
    return weights @ values, weights


def causal_mask(length: int, past: int = 0, device: torch.device | None = None) -> Tensor:
    """What each of ``length`` new positions may look at: all that is past, and itself.

    Args:
        length: new positions.
        past: positions before them.
        device: where the mask is to be.

    Returns:
        ``(length, past + length)`` bool, True = may be looked at.

    >>> causal_mask(2, past=1)
    tensor([[ True,  True, False],
            [ True,  True,  True]])
    """
    everything = torch.ones(length, past + length, dtype=torch.bool, device=device)
    return everything.tril(diagonal=past)


class MultiHeadAttention(Attention):
    """Several scaled dot products side by side, each in a space of its own (Vaswani et al., 2017).

    $$ c_i^{(n)} = \\mathrm{Attention}\\bigl(W_q^{(n)} q_i,\\; W_k^{(n)} h_j,\\; W_v^{(n)} h_j\\bigr),
       \\qquad c_i = W_o\\,[c_i^{(1)}; \\dots; c_i^{(N)}] $$

    (section 3.2.2.) The heads share the width: each has $d_k = d / N$ of the ``attention_size`` $d$.
    With one head it is scaled dot-product attention with trainable matrices. Other attentions mix
    the memory; this one mixes what $W_v$ makes of it, so :meth:`project_keys` gives keys and values.

    Args:
        query_size: size of $q_i$.
        key_size: size of $h_j$.
        heads: how many heads, $N$.
        attention_size: $d$, the width of all heads together; None takes ``query_size``.
        output_size: size of $c_i$; None takes ``key_size``, as decoders expect.

    Attributes:
        W_q: ``(attention_size, query_size)``, the heads' matrices one below the other.
        W_k: ``(attention_size, key_size)``, likewise.
        W_v: ``(attention_size, key_size)``, likewise.
        W_o: ``(output_size, attention_size)``.

    Raises:
        ValueError: if the heads do not divide the width, or a size is not positive.

    Example:
        >>> attention = MultiHeadAttention(query_size=6, key_size=6, heads=3)
        >>> x = torch.randn(2, 5, 6)  # two sentences of five words, each asking itself
        >>> context, weights = attention.attend(x, attention.project_keys(x))
        >>> tuple(context.shape), tuple(weights.shape)
        ((2, 5, 6), (2, 3, 5, 5))
    """

    def __init__(
        self,
        query_size: int,
        key_size: int,
        heads: int = 1,
        attention_size: int | None = None,
        output_size: int | None = None,
    ):
        super().__init__()
        size = query_size if attention_size is None else attention_size
        self.heads = check_heads(heads, size)
        self.W_q = matrix(size, query_size)
        self.W_k = matrix(size, key_size)
        self.W_v = matrix(size, key_size)
        self.W_o = matrix(key_size if output_size is None else output_size, size)

    def project_keys(self, memory: Tensor) -> Tensor:
        """Keys $W_k h_j$ and values $W_v h_j$ side by side: ``(batch, src_len, 2 * attention_size)``."""
        check_last("memory", memory, self.W_k.shape[1])
        return torch.cat([memory @ self.W_k.T, memory @ self.W_v.T], dim=-1)

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """The heads' scores before the softmax: ``(batch, heads, tgt_len, src_len)``."""
        q, k = self._split(query @ self.W_q.T), self._split(keys.chunk(2, dim=-1)[0])
        scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
        return scores.unflatten(0, (-1, self.heads))

    def attend(
        self, query: Tensor, keys: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """What the heads find, and where each of them looks.

        Args:
            query: ``(batch, tgt_len, query_size)``.
            keys: what :meth:`project_keys` gave, ``(batch, src_len, 2 * attention_size)``.
            mask: as for :func:`scaled_dot_product_attention`; one for all heads.

        Returns:
            ``context`` ``(batch, tgt_len, output_size)`` and ``weights``
            ``(batch, heads, tgt_len, src_len)``.
        """
        check_last("query", query, self.W_q.shape[1])
        check_last("keys", keys, 2 * self.W_k.shape[0])
        q, (k, v) = query @ self.W_q.T, keys.chunk(2, dim=-1)
        mask = None if mask is None else mask.repeat_interleave(self.heads, dim=0)
        found, weights = scaled_dot_product_attention(*map(self._split, (q, k, v)), mask)
        joined = found.unflatten(0, (-1, self.heads)).transpose(1, 2).flatten(2)
        return joined @ self.W_o.T, weights.unflatten(0, (-1, self.heads))

    def _split(self, x: Tensor) -> Tensor:
        """Each head a sentence of its own: ``(batch * heads, length, size / heads)``."""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2).flatten(0, 1)

    def forward(
        self,
        query: Tensor,
        keys: Tensor,
        values: Tensor | None = None,
        mask: Tensor | None = None,
        position: int = 0,
        previous_weights: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Attend, as every :class:`Attention` does: the weights are the mean over the heads.

        Args:
            query: ``(batch, query_size)``, or ``(batch, tgt_len, query_size)``.
            keys: what :meth:`project_keys` gave; the values are in it.
            values: not looked at.
            mask: as for :meth:`attend`.
            position: not looked at.
            previous_weights: not looked at.

        Returns:
            ``context`` ``(batch, output_size)`` and ``weights`` ``(batch, src_len)``; with a
            ``tgt_len`` in the query, ``(batch, tgt_len, ...)`` each.
        """
        one = isinstance(query, Tensor) and query.dim() == 2
        context, weights = self.attend(query[:, None] if one else query, keys, mask)
        weights = weights.mean(dim=1)
        return (context[:, 0], weights[:, 0]) if one else (context, weights)


def check_heads(heads: int, size: int) -> int:
    """The number of heads itself.

    Raises:
        TypeError: if it is not a whole number.
        ValueError: if it is less than 1, or does not divide the width.

    >>> check_heads(3, 8)
    Traceback (most recent call last):
    ValueError: 3 heads cannot share a width of 8: 8 / 3 is not whole; take 1, 2, 4 or 8 heads
    """
    heads, size = check_count("heads", heads), check_count("a size of an attention", size)
    if size % heads:
        *some, last = [str(n) for n in range(1, size + 1) if size % n == 0]
        raise ValueError(
            f"{heads} heads cannot share a width of {size}: {size} / {heads} is not whole; take "
            f"{', '.join(some)} or {last} heads"
        )
    return heads
