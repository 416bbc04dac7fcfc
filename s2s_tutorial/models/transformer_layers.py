"""The layers of a Transformer, pre-norm: each change is added to what it was made from."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s2s_tutorial.attention.multi_head import MultiHeadAttention


class FeedForward(nn.Module):
    """What each position works out for itself (Vaswani et al., 2017, equation 2).

    $$ \\mathrm{FFN}(x) = W_2 \\max(0,\\, W_1 x + b_1) + b_2 $$

    Args:
        size: size of $x$.
        inner_size: how many hidden units.

    >>> FeedForward(3, 5)(torch.randn(2, 7, 3)).shape
    torch.Size([2, 7, 3])
    """

    def __init__(self, size: int, inner_size: int):
        super().__init__()
        self.widen = nn.Linear(size, inner_size)
        self.narrow = nn.Linear(inner_size, size)

    def forward(self, x: Tensor) -> Tensor:
        """``(batch, length, size)`` to the same shape."""
        return self.narrow(torch.relu(self.widen(x)))


class Residual(nn.Dropout):
    """$x + \\mathrm{dropout}(\\Delta)$: what a layer found is added to what it read (He et al., 2016).

    >>> Residual(p=0.0)(torch.ones(2), torch.tensor([3.0, 4.0]))
    tensor([4., 5.])
    """

    def forward(self, x: Tensor, change: Tensor) -> Tensor:
        """Two tensors of one shape to their sum."""
        return x + super().forward(change)


class TransformerEncoderLayer(nn.Module):
    """The words ask each other; then each thinks for itself.

    $$ x' = x + \\mathrm{SelfAttention}(\\mathrm{norm}(x)), \\qquad
       x'' = x' + \\mathrm{FFN}(\\mathrm{norm}(x')) $$

    Vaswani et al. (2017) normalise the sum, $\\mathrm{norm}(x + \\dots)$; this is pre-norm, which
    needs no warm-up to train (Xiong et al., 2020).

    Args:
        size: size of $x$.
        heads: heads of the attention.
        feedforward_size: hidden units of the feed-forward layer.
        dropout: probability on each change before it is added.

    Example:
        >>> layer, mask = TransformerEncoderLayer(6, 2, 11), torch.tensor([[True, True, False]])
        >>> x, weights = layer(torch.randn(1, 3, 6), mask)
        >>> tuple(x.shape), weights[0, 0, :, 2].tolist()  # nobody looks at padding
        ((1, 3, 6), [0.0, 0.0, 0.0])
    """

    def __init__(self, size: int, heads: int, feedforward_size: int, dropout: float = 0.0):
        super().__init__()
        self.self_attention = MultiHeadAttention(size, size, heads)
        self.feed_forward = FeedForward(size, feedforward_size)
        self.norm_1, self.norm_2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.residual = Residual(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """One layer.

        Args:
            x: ``(batch, src_len, size)``.
            mask: ``(batch, src_len)`` bool, True = a real token.

        Returns:
            ``(batch, src_len, size)``, and the weights ``(batch, heads, src_len, src_len)``.
        """
        query = self.norm_1(x)
        keys = self.self_attention.project_keys(query)
        context, weights = self.self_attention.attend(query, keys, mask)
        x = self.residual(x, context)
        return self.residual(x, self.feed_forward(self.norm_2(x))), weights


class TransformerDecoderLayer(nn.Module):
    """The words so far ask each other, then the source; then each thinks for itself.

    $$ x' = x + \\mathrm{SelfAttention}(\\mathrm{norm}(x)), \\qquad
       x'' = x' + \\mathrm{Attention}(\\mathrm{norm}(x'), h), \\qquad
       x''' = x'' + \\mathrm{FFN}(\\mathrm{norm}(x'')) $$

    Args:
        size: size of $x$.
        memory_size: size of the encoder's $h_j$.
        heads: heads of both attentions.
        feedforward_size: hidden units of the feed-forward layer.
        dropout: probability on each change before it is added.

    Example:
        >>> layer = TransformerDecoderLayer(6, 7, 2, 11)
        >>> keys, src_mask = layer.attention.project_keys(torch.randn(1, 3, 7)), torch.ones(1, 3).bool()
        >>> none, causal = torch.zeros(1, 0, 12), s2s.causal_mask(5)[None]  # five words, none before
        >>> x, past, *_ = layer(torch.randn(1, 5, 6), none, causal, keys, src_mask)
        >>> tuple(x.shape), tuple(past.shape)
        ((1, 5, 6), (1, 5, 12))
    """

    def __init__(
        self,
        size: int,
        memory_size: int,
        heads: int,
        feedforward_size: int,
        dropout: float = 0.0,
    ):
        super().__init__()
        self.self_attention = MultiHeadAttention(size, size, heads)
        self.attention = MultiHeadAttention(size, memory_size, heads, output_size=size)
        self.feed_forward = FeedForward(size, feedforward_size)
        self.norm_1, self.norm_2, self.norm_3 = (nn.LayerNorm(size) for _ in range(3))
        self.residual = Residual(dropout)

    def forward(
        self, x: Tensor, past: Tensor, causal: Tensor, keys: Tensor, src_mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """One layer over new words, beside those before them.

        Args:
            x: ``(batch, new, size)``, the new words.
            past: ``(batch, old, 2 * size)``, keys and values of the words before them.
            causal: ``(batch, new, old + new)`` bool, what each new word may look at.
            keys: ``(batch, src_len, 2 * size)``, keys and values of the source.
            src_mask: ``(batch, src_len)`` bool, True = a real token.

        Returns:
            ``(batch, new, size)``; ``past`` with the new words' keys and values,
            ``(batch, old + new, 2 * size)``; the weights over the words so far,
            ``(batch, heads, new, old + new)``; and those over the source,
            ``(batch, heads, new, src_len)``.
        """
        query = self.norm_1(x)
        past = torch.cat([past, self.self_attention.project_keys(query)], dim=1)
        context, own_weights = self.self_attention.attend(query, past, causal)
        x = self.residual(x, context)
        context, weights = self.attention.attend(self.norm_2(x), keys, src_mask)
        x = self.residual(x, context)
        return self.residual(x, self.feed_forward(self.norm_3(x))), past, own_weights, weights
