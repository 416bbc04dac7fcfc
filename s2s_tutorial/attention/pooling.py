"""From many states to one: attention whose query is learned, and poolings that do not attend."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s2s_tutorial.attention.base import Attention, masked_softmax
from s2s_tutorial.attention.scores import AdditiveAttention, vector
from s2s_tutorial.base.checks import check_mask, check_rank
from s2s_tutorial.base.value_checks import check_name

POOLINGS = ("attention", "mean", "ends")


class AttentionPooling(nn.Module):
    """Attention with one query for all sentences, a parameter $q$ (Yang et al., 2016, section 2.2).

    $$ e_j = \\mathrm{score}(q, h_j), \\qquad \\alpha = \\mathrm{softmax}(e), \\qquad
       c = \\sum_j \\alpha_j h_j $$

    A decoder asks with its state, which is another one at every step. Where nothing is written there
    is no state; the question is always the same, and training finds it. With the additive score
    $v^\\top \\tanh(W_q q + W_k h_j)$ the product $W_q q$ is the bias of Yang's equation 5 and $v$ the
    "context vector" $u_w$ of equation 6.

    Args:
        attention: any of the book's scores.
        query_size: size of $q$.

    Attributes:
        query: ``(query_size,)``, $q$.

    Raises:
        TypeError: if ``attention`` is no attention.
        ValueError: if ``query_size`` is less than 1.

    Example:
        >>> pooling = AttentionPooling(s2s.AdditiveAttention(5, 7, 3), query_size=5)
        >>> memory = torch.randn(2, 3, 7)  # two sentences of three words, the second with two
        >>> context, weights = pooling(memory, torch.tensor([[True] * 3, [True, True, False]]))
        >>> tuple(context.shape), tuple(weights.shape), weights[1, 2].item()
        ((2, 7), (2, 3), 0.0)
    """

    def __init__(self, attention: Attention, query_size: int):
        super().__init__()
        if not isinstance(attention, Attention):
            raise TypeError(
                "attention must be one of the attentions, such as AdditiveAttention(...), not "
                f"{type(attention).__name__}"
            )
        self.attention = attention
        self.query = vector(query_size)

    def forward(self, memory: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Pool.

        Args:
            memory: ``(batch, src_len, memory_size)``, the states $h_j$.
            mask: ``(batch, src_len)`` bool, True = a real token; None means that all are.

        Returns:
            ``context`` ``(batch, memory_size)`` and ``weights`` ``(batch, src_len)``.

        Raises:
            TypeError, ValueError: as :meth:`Attention.forward`.
        """
        keys = self.attention.project_keys(memory)
        query = self.query.expand(len(memory), -1)
        return self.attention(query, keys, values=memory, mask=mask)


class MeanPooling(nn.Module):
    """The mean of the states of the real tokens: weights that look at nothing.

    $$ \\alpha_j = 1 / n, \\qquad c = \\frac{1}{n} \\sum_{j=1}^{n} h_j $$

    Example:
        >>> memory = torch.tensor([[[1.0], [3.0], [9.0]]])
        >>> MeanPooling()(memory, torch.tensor([[True, True, False]]))  # context, weights
        (tensor([[2.]]), tensor([[0.5000, 0.5000, 0.0000]]))
    """

    def forward(self, memory: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Pool: see :meth:`AttentionPooling.forward`."""
        check_rank("memory", memory, "(batch, src_len, memory_size)")
        weights = masked_softmax(memory.new_zeros(memory.shape[:2]), mask)
        return (weights[:, None] @ memory)[:, 0], weights


class EndPooling(nn.Module):
    """Both ends of a bidirectional memory: what each direction knows after the whole sentence.

    $$ c = [\\overrightarrow{h}_n; \\overleftarrow{h}_1] $$

    the summary that a decoder without attention would start from. It has no weights.

    Example:
        >>> memory = torch.tensor([[[1.0, 5.0], [2.0, 6.0], [0.0, 0.0]]])
        >>> EndPooling()(memory, torch.tensor([[True, True, False]]))
        (tensor([[2., 5.]]), None)
    """

    def forward(self, memory: Tensor, mask: Tensor | None = None) -> tuple[Tensor, None]:
        """Pool: see :meth:`AttentionPooling.forward`; the weights are None.

        Raises:
            ValueError: if the memory's size is odd, so that it cannot be of two directions.
        """
        check_rank("memory", memory, "(batch, src_len, memory_size)")
        batch, src_len, size = memory.shape
        if size % 2:
            raise ValueError(f"a memory of two directions has an even size, not {size}")
        if mask is None:
            mask = torch.ones(batch, src_len, dtype=torch.bool, device=memory.device)
        check_mask("the mask", mask, (batch, src_len))
        last = (mask.sum(dim=1) - 1).clamp(min=0)
        rows = torch.arange(batch, device=memory.device)
        forward, backward = memory[rows, last, : size // 2], memory[:, 0, size // 2 :]
        return torch.cat([forward, backward], dim=-1), None


def make_pooling(name: str, memory_size: int, attention_size: int) -> nn.Module:
    """A pooling by its name; ``"attention"`` has the additive score.

    >>> make_pooling("attention", memory_size=7, attention_size=5).query.shape
    torch.Size([5])

    Args:
        name: ``"attention"``, ``"mean"`` or ``"ends"``.
        memory_size: size of $h_j$.
        attention_size: size of the learned query, and width of the score's hidden layer.

    Raises:
        ValueError: if there is none of that name.
    """
    check_name("pooling", name, POOLINGS)
    if name == "attention":
        score = AdditiveAttention(attention_size, memory_size, attention_size)
        return AttentionPooling(score, attention_size)
    return MeanPooling() if name == "mean" else EndPooling()
