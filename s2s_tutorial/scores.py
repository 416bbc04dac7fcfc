"""The scores: additive (Bahdanau), dot, general, concat and location (Luong)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from s2s_tutorial.attention import Attention, check_last


def _matrix(rows: int, columns: int) -> nn.Parameter:
    return nn.Parameter(nn.init.xavier_uniform_(torch.empty(rows, columns)))


def _vector(size: int) -> nn.Parameter:
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
    """

    def __init__(self, query_size: int, key_size: int, attention_size: int):
        super().__init__()
        self.W_q = _matrix(attention_size, query_size)
        self.W_k = _matrix(attention_size, key_size)
        self.v = _vector(attention_size)

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
    """

    def __init__(self, query_size: int, key_size: int):
        super().__init__()
        self.W = _matrix(query_size, key_size)

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
    """

    def __init__(self, query_size: int, key_size: int, attention_size: int):
        super().__init__()
        self.query_size = query_size
        self.W = _matrix(attention_size, query_size + key_size)
        self.v = _vector(attention_size)

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
    """

    def __init__(self, query_size: int, max_source_length: int):
        super().__init__()
        self.W = _matrix(max_source_length, query_size)

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """$W q_i$, the first ``src_len`` rows: ``(batch, tgt_len, src_len)``."""
        check_last("query", query, self.W.shape[1])
        if keys.shape[1] > self.W.shape[0]:
            raise ValueError(
                f"this location attention was made for sources of up to {self.W.shape[0]} tokens, "
                f"but this batch has {keys.shape[1]}; build it with a larger max_source_length"
            )
        return query @ self.W[: keys.shape[1]].T
