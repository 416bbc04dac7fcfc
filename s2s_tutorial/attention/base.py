"""Attention: a query is scored against keys, the scores weigh the values.

Everything here is a function of what is passed in: nothing is remembered between calls. Keys are
projected once a batch by ``project_keys`` and passed along; ``forward`` takes the projected ones.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from s2s_tutorial.base.checks import check_mask, check_rank


def masked_softmax(scores: Tensor, mask: Tensor | None = None) -> Tensor:
    """Softmax over the real source positions only.

    $$ \\alpha_{ij} = \\frac{m_j \\exp(e_{ij})}{\\sum_k m_k \\exp(e_{ik})} $$

    (Bahdanau et al., 2015, equation 6, with the mask $m_j \\in \\{0, 1\\}$). A row without a real
    position gives zeros, never NaN, in its values and in its gradient; what stands at a masked
    position, infinite or NaN included, does not matter. Half precision is summed in float32.

    Args:
        scores: ``(batch, src_len)`` or ``(batch, tgt_len, src_len)``.
        mask: ``(batch, src_len)`` bool, True = a real token; or, to hide other positions from
            each query, of the shape of ``scores``; None means that all are real.

    Returns:
        Weights of the shape and dtype of ``scores``.

    Raises:
        TypeError: if the scores are no floating-point numbers, or the mask is not bool.
        ValueError: if the mask's shape does not fit the scores.

    Example:
        >>> scores = torch.tensor([[0.0, 0.0, 9.0]])  # the third is padding
        >>> masked_softmax(scores, torch.tensor([[True, True, False]]))
        tensor([[0.5000, 0.5000, 0.0000]])
    """
    if not isinstance(scores, Tensor) or scores.dim() not in (2, 3):
        check_rank("scores", scores, "(batch, tgt_len, src_len)")
    if not scores.is_floating_point():
        raise TypeError(f"scores must be floating-point numbers, not {scores.dtype}")
    wide = scores if scores.dtype.itemsize >= 4 else scores.float()
    if mask is None:
        return wide.softmax(dim=-1).to(scores.dtype)
    same = isinstance(mask, Tensor) and mask.shape == scores.shape
    check_mask("the mask", mask, scores.shape if same else (scores.shape[0], scores.shape[-1]))
    padding = ~mask if mask.dim() == scores.dim() else ~mask[:, None, :]
    lowest = torch.finfo(wide.dtype).min  # not -inf: a row of nothing else would give NaN
    weights = wide.masked_fill(padding, lowest).softmax(dim=-1).masked_fill(padding, 0.0)
    return weights.to(scores.dtype)


class Attention(nn.Module, ABC):
    """What all scores share: score, softmax over the real tokens, weighted sum.

    $$ e_{ij} = \\mathrm{score}(q_i, k_j), \\qquad \\alpha_i = \\mathrm{softmax}(e_i), \\qquad
       c_i = \\sum_j \\alpha_{ij} v_j $$

    (Bahdanau et al., 2015, equations 5 and 6; Luong et al., 2015, equation 7.) Subclasses say
    what ``project_keys`` and ``score`` do.

    Example:
        >>> class Blind(Attention):  # scores every source token alike
        ...     def score(self, query, keys):
        ...         return torch.zeros(len(query), query.shape[1], keys.shape[1])
        >>> values = torch.tensor([[[1.0], [3.0]]])
        >>> Blind()(torch.zeros(1, 5), values, values)  # context, weights
        (tensor([[2.]]), tensor([[0.5000, 0.5000]]))
    """

    @property
    def source_limit(self) -> int | None:
        """The longest source it can read; None where there is no limit."""
        return None

    @property
    def reads_all_weights(self) -> bool:
        """Whether its ``previous_weights`` are the sum of all steps' weights, not the last ones."""
        return False

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

    def align(
        self,
        query: Tensor,
        keys: Tensor,
        mask: Tensor | None,
        position: int,
        previous_weights: Tensor | None,
    ) -> Tensor:
        """From scores to weights, ``(batch, tgt_len, src_len)``: the masked softmax of the scores.

        Local and location-aware attention do something else here; the arguments are those of
        :meth:`forward`.
        """
        return masked_softmax(check_scores(self, self.score(query, keys), query, keys), mask)

    def forward(
        self,
        query: Tensor,
        keys: Tensor,
        values: Tensor,
        mask: Tensor | None = None,
        position: int = 0,
        previous_weights: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Attend.

        Args:
            query: ``(batch, query_size)``, or ``(batch, tgt_len, query_size)`` for many at once.
            keys: what ``project_keys(memory)`` gave, ``(batch, src_len, ...)``.
            values: ``(batch, src_len, memory_size)``, what the weights weigh: the memory.
            mask: ``(batch, src_len)`` bool, True = a real token; None means that all are.
            position: the place of the first query in the target, from 0; only
                :class:`LocalAttention` looks at it.
            previous_weights: ``(batch, src_len)``, the weights of the query before; only
                :class:`LocationAwareAttention` looks at them. None before the first.

        Returns:
            ``context`` ``(batch, memory_size)`` and ``weights`` ``(batch, src_len)``; with a
            ``tgt_len`` in the query, ``(batch, tgt_len, memory_size)`` and
            ``(batch, tgt_len, src_len)``.

        Raises:
            TypeError: if an argument is not a tensor, only one of query and keys is float64, or
                the mask is not bool.
            ValueError: if the shapes do not fit together, or the scores or weights that a
                subclass makes of them are of another shape; the message gives both.
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
        kinds = {query.dtype, keys.dtype}
        if len(kinds) == 2 and torch.float64 in kinds:  # the others autocast may mix
            raise TypeError(
                f"query and keys must hold numbers of one kind, but are {query.dtype} and "
                f"{keys.dtype}; query.to(keys.dtype) makes them alike"
            )
        if mask is not None:
            check_mask("the mask", mask, values.shape[:2])
        if previous_weights is not None:
            check_rank("previous_weights", previous_weights, "(batch, src_len)")
            if previous_weights.shape != values.shape[:2]:
                raise ValueError(
                    f"previous_weights must have shape {tuple(values.shape[:2])}, one weight for "
                    f"each source token, but their shape is {tuple(previous_weights.shape)}"
                )
        weights = self.align(query, keys, mask, position, previous_weights)
        check_shape(f"the weights that {type(self).__name__}.align gives", weights, query, keys)
        context = weights @ values.to(weights.dtype)
        return (context[:, 0], weights[:, 0]) if one else (context, weights)


def check_scores(attention: Attention, scores: Tensor, query: Tensor, keys: Tensor) -> Tensor:
    """What the attention's ``score`` gave, if it is one number for each query and key.

    Raises:
        TypeError: if it is not a tensor.
        ValueError: if its shape is not ``(batch, tgt_len, src_len)``.
    """
    check_shape(f"the scores that {type(attention).__name__}.score gives", scores, query, keys)
    return scores


def check_shape(name: str, given: Tensor, query: Tensor, keys: Tensor) -> None:
    """Raise unless ``given`` is ``(batch, tgt_len, src_len)`` of a query and its keys.

    Raises:
        TypeError: if it is not a tensor.
        ValueError: if its shape is another one.
    """
    if not isinstance(given, Tensor):
        raise TypeError(f"{name} must be a tensor, not {type(given).__name__}")
    expected = (query.shape[0], query.shape[1], keys.shape[1])
    if given.shape != expected:
        raise ValueError(
            f"{name} must have shape (batch, tgt_len, src_len), here {expected}, but their shape "
            f"is {tuple(given.shape)}"
        )


def check_last(name: str, tensor: Tensor, size: int) -> None:
    """Raise unless ``tensor`` is ``(batch, length, size)``.

    Raises:
        TypeError: if it is not a tensor.
        ValueError: if its rank or its last dimension is another one.
    """
    check_rank(name, tensor, f"(batch, {'tgt' if name == 'query' else 'src'}_len, {size})")
    if tensor.shape[-1] != size:
        raise ValueError(
            f"the last dimension of {name} must be {size}, but its shape is {tuple(tensor.shape)}"
        )
