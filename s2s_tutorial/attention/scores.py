"""The scores: additive (Bahdanau), dot, general, concat and location (Luong)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from s2s_tutorial.attention.base import Attention, check_last
from s2s_tutorial.base.value_checks import check_count


def matrix(rows: int, columns: int) -> nn.Parameter:
    """A parameter ``(rows, columns)``, Xavier-uniform; sizes that are no counts are refused."""
    for size in (rows, columns):
        check_count("a size of an attention", size)
    return nn.Parameter(nn.init.xavier_uniform_(torch.empty(rows, columns)))


def vector(size: int) -> nn.Parameter:
    """A parameter ``(size,)``, uniform in $\\pm 1/\\sqrt{\\text{size}}$."""
    check_count("a size of an attention", size)
    return nn.Parameter(
        nn.init.uniform_(torch.empty(size), -1 / math.sqrt(size), 1 / math.sqrt(size))
    )


class AdditiveAttention(Attention):
    """A network with one hidden layer scores query and key (Bahdanau et al., 2015, A.1.2).

    $$ e_{ij} = v^\\top \\tanh(W_q q_i + W_k k_j) $$

    Args:
        query_size: size of $q_i$.
        key_size: size of $k_j$.
        attention_size: width of the hidden layer.

    Attributes:
        W_q: ``(attention_size, query_size)``, Bahdanau's $W_a$.
        W_k: ``(attention_size, key_size)``, Bahdanau's $U_a$.
        v: ``(attention_size,)``, Bahdanau's $v_a$.

    Example:
        >>> attention = AdditiveAttention(query_size=5, key_size=7, attention_size=11)
        >>> memory = torch.randn(2, 3, 7)  # two sentences of three words
        >>> keys = attention.project_keys(memory)
        >>> context, weights = attention(torch.randn(2, 5), keys, memory)
        >>> tuple(context.shape), tuple(weights.shape)
        ((2, 7), (2, 3))
    """

    def __init__(self, query_size: int, key_size: int, attention_size: int):
        super().__init__()
        self.W_q = matrix(attention_size, query_size)
        self.W_k = matrix(attention_size, key_size)
        self.v = vector(attention_size)

    def project_keys(self, memory: Tensor) -> Tensor:
        """$W_k k_j$: ``(batch, src_len, attention_size)``."""
        check_last("memory", memory, self.W_k.shape[1])
        return memory @ self.W_k.T

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """$v^\\top \\tanh(W_q q_i + W_k k_j)$: ``(batch, tgt_len, src_len)``."""
        check_last("query", query, self.W_q.shape[1])
        check_last("keys", keys, self.W_k.shape[0])
        projected_query = query @ self.W_q.T
        return torch.tanh(projected_query[:, :, None] + keys[:, None]) @ self.v


class DotAttention(Attention):
    """The scalar product (Luong et al., 2015, section 3.1); needs query and key of one size.

    $$ e_{ij} = q_i^\\top k_j $$

    Example:
        >>> keys = torch.tensor([[[1.0, 0.0], [0.0, 1.0], [2.0, 0.0]]])
        >>> DotAttention().score(torch.tensor([[[3.0, 5.0]]]), keys)
        tensor([[[3., 5., 6.]]])
    """

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """$q_i^\\top k_j$: ``(batch, tgt_len, src_len)``."""
        check_last("query", query, keys.shape[-1])
        return query @ keys.transpose(1, 2)


class GeneralAttention(Attention):
    """A learned bilinear form (Luong et al., 2015, section 3.1).

    $$ e_{ij} = q_i^\\top W k_j $$

    Args:
        query_size: size of $q_i$.
        key_size: size of $k_j$.

    Attributes:
        W: ``(query_size, key_size)``.

    Example:
        >>> attention = GeneralAttention(query_size=2, key_size=3)
        >>> attention.W.data = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
        >>> keys = attention.project_keys(torch.tensor([[[3.0, 5.0, 7.0]]]))
        >>> keys.tolist(), attention.score(torch.tensor([[[1.0, 1.0]]]), keys).item()
        ([[[3.0, 14.0]]], 17.0)
    """

    def __init__(self, query_size: int, key_size: int):
        super().__init__()
        self.W = matrix(query_size, key_size)

    def project_keys(self, memory: Tensor) -> Tensor:
        """$W k_j$: ``(batch, src_len, query_size)``."""
        check_last("memory", memory, self.W.shape[1])
        return memory @ self.W.T

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """$q_i^\\top (W k_j)$: ``(batch, tgt_len, src_len)``."""
        check_last("query", query, self.W.shape[0])
        check_last("keys", keys, self.W.shape[0])
        return query @ keys.transpose(1, 2)


class ConcatAttention(Attention):
    """A network with one hidden layer over query and key joined (Luong et al., 2015, 3.1).

    $$ e_{ij} = v^\\top \\tanh(W [q_i; k_j]) $$

    The same function as :class:`AdditiveAttention` with $W = [W_q, W_k]$; the part of $W$ that
    multiplies the keys is applied once a batch.

    Args:
        query_size: size of $q_i$.
        key_size: size of $k_j$.
        attention_size: width of the hidden layer.

    Attributes:
        W: ``(attention_size, query_size + key_size)``.
        v: ``(attention_size,)``.

    Example:
        >>> additive, concat = AdditiveAttention(5, 7, 11), ConcatAttention(5, 7, 11)
        >>> concat.W.data, concat.v = torch.cat([additive.W_q, additive.W_k], dim=1), additive.v
        >>> query, memory = torch.randn(1, 2, 5), torch.randn(1, 3, 7)
        >>> scores = [each.score(query, each.project_keys(memory)) for each in (additive, concat)]
        >>> torch.allclose(*scores, atol=1e-6)
        True
    """

    def __init__(self, query_size: int, key_size: int, attention_size: int):
        super().__init__()
        self.query_size = query_size
        self.W = matrix(attention_size, query_size + key_size)
        self.v = vector(attention_size)

    def project_keys(self, memory: Tensor) -> Tensor:
        """The keys' share of $W [q_i; k_j]$: ``(batch, src_len, attention_size)``."""
        check_last("memory", memory, self.W.shape[1] - self.query_size)
        return memory @ self.W[:, self.query_size :].T

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """$v^\\top \\tanh(W [q_i; k_j])$: ``(batch, tgt_len, src_len)``."""
        check_last("query", query, self.query_size)
        check_last("keys", keys, self.W.shape[0])
        projected_query = query @ self.W[:, : self.query_size].T
        return torch.tanh(projected_query[:, :, None] + keys[:, None]) @ self.v


class LocationAttention(Attention):
    """A score for each source position from the query alone (Luong et al., 2015, equation 8).

    $$ e_i = W q_i $$

    It never sees the source: position $j$ gets the same score whatever word stands there.

    Args:
        query_size: size of $q_i$.
        max_source_length: the longest source it has a row of $W$ for.

    Attributes:
        W: ``(max_source_length, query_size)``.

    Example:
        >>> attention = LocationAttention(query_size=5, max_source_length=11)
        >>> query, one, other = torch.randn(1, 5), torch.randn(1, 3, 7), torch.randn(1, 3, 7)
        >>> torch.equal(attention(query, one, one)[1], attention(query, other, other)[1])
        True
    """

    def __init__(self, query_size: int, max_source_length: int):
        super().__init__()
        self.W = matrix(max_source_length, query_size)

    @property
    def source_limit(self) -> int:
        """``max_source_length``: there is no row of $W$ for a later position."""
        return self.W.shape[0]

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """$W q_i$, the first ``src_len`` rows: ``(batch, tgt_len, src_len)``."""
        check_last("query", query, self.W.shape[1])
        if keys.shape[1] > self.source_limit:
            raise ValueError(
                f"this location attention was made for sources of up to {self.source_limit} tokens, "
                f"but this batch has {keys.shape[1]}; build it with a larger max_source_length"
            )
        return query @ self.W[: keys.shape[1]].T
