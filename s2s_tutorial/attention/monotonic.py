"""Monotonic attention: it goes on or stays, and never back (Raffel et al., 2017)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s2s_tutorial.attention.base import Attention, check_scores
from s2s_tutorial.attention.focus import at_the_start
from s2s_tutorial.attention.scores import AdditiveAttention
from s2s_tutorial.base.value_checks import check_number

_SURE = 1e4  # a chance of exactly 0 or 1, and still a number when many are summed


class MonotonicAttention(Attention):
    """A pointer that starts where it stood and moves on until it decides to stop.

    At each position $j$, from the one chosen last, it stops with probability
    $p_{ij} = \\sigma(e_{ij})$ and else goes on. Not drawn, but in expectation (Raffel et al., 2017,
    equations 8 to 11):

    $$ e_{ij} = g \\frac{v^\\top}{\\lVert v \\rVert} \\tanh(W_q s_{i-1} + W_k h_j + b) + r, \\qquad
       \\alpha_{ij} = p_{ij} \\sum_{k \\le j} \\alpha_{i-1,k} \\prod_{l=k}^{j-1} (1 - p_{il}) $$

    with all of $\\alpha_0$ on the first position. While training, noise on $e$ makes it worth while
    to be decided (section 2.5). With ``hard``, and no gradient, it does decide: it stops at the
    first position with $p_{ij} \\ge \\tfrac12$. What runs past the end looks at nothing, so the
    weights sum to at most one.

    Args:
        query_size: size of $s_{i-1}$.
        key_size: size of $h_j$.
        attention_size: width of the hidden layer.
        noise: standard deviation of the noise in training.
        start: $r$ before training; negative, so that it does not stop everywhere.
        hard: whether it decides outside training.

    Attributes:
        inner: the score, an :class:`AdditiveAttention`.
        b: ``(attention_size,)``.
        g: a number, at first $1 / \\sqrt{\\mathtt{attention\\_size}}$.
        r: a number.

    Raises:
        TypeError: if an argument is of the wrong kind.
        ValueError: if a size is less than 1, or the noise negative.

    Example:
        >>> attention = MonotonicAttention(query_size=3, key_size=5, attention_size=7, start=9.0)
        >>> memory = torch.zeros(1, 4, 5)
        >>> keys = attention.project_keys(memory)
        >>> _, first = attention(torch.zeros(1, 3), keys, memory)  # stops where it stands
        >>> first.detach().round(decimals=2)
        tensor([[1., 0., 0., 0.]])
    """

    def __init__(
        self,
        query_size: int,
        key_size: int,
        attention_size: int,
        noise: float = 1.0,
        start: float = -1.0,
        hard: bool = False,
    ):
        super().__init__()
        if check_number("noise", noise) < 0:
            raise ValueError(f"noise must be 0 or more, not {noise}")
        self.inner = AdditiveAttention(query_size, key_size, attention_size)
        self.b = nn.Parameter(torch.zeros(attention_size))
        self.g = nn.Parameter(torch.tensor(1 / math.sqrt(attention_size)))
        self.r = nn.Parameter(torch.tensor(check_number("start", start)))
        self.noise = float(noise)
        self.hard = hard

    def project_keys(self, memory: Tensor) -> Tensor:
        """$W_k h_j + b$: ``(batch, src_len, attention_size)``."""
        return self.inner.project_keys(memory) + self.b

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """$e_{ij}$: ``(batch, tgt_len, src_len)``."""
        return self.g / self.inner.v.norm() * self.inner.score(query, keys) + self.r

    def align(
        self,
        query: Tensor,
        keys: Tensor,
        mask: Tensor | None,
        position: int,
        previous_weights: Tensor | None,
    ) -> Tensor:
        """One query after the other, each from where the one before stood."""
        scores = check_scores(self, self.score(query, keys), query, keys)
        if self.training and self.noise:
            scores = scores + self.noise * torch.randn_like(scores)
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None], -math.inf)  # never stops on padding
        if self.hard and not self.training:
            scores = torch.where(scores >= 0, math.inf, -math.inf)
        weights = []
        for now in scores.unbind(dim=1):
            last = at_the_start(now) if previous_weights is None else previous_weights
            previous_weights = move_on(now, last)
            weights.append(previous_weights)
        return torch.stack(weights, dim=1)


def move_on(scores: Tensor, previous_weights: Tensor) -> Tensor:
    """Where the pointer stops, given where it stood.

    $$ \\alpha_{ij} = p_{ij} \\sum_{k \\le j} \\alpha_{i-1,k} \\exp(C_j - C_k), \\qquad
       p_{ij} = \\sigma(e_{ij}), \\quad C_j = \\sum_{l < j} \\log (1 - p_{il}) $$

    The product of the chances to go on is the difference of two running sums, so that nothing is
    divided by a small number.

    Args:
        scores: ``(batch, src_len)``, $e_i$; infinite where it is decided.
        previous_weights: ``(batch, src_len)``, $\\alpha_{i-1}$.

    Returns:
        ``(batch, src_len)``.

    Example:
        >>> move_on(torch.zeros(1, 3), torch.tensor([[1.0, 0.0, 0.0]]))  # heads or tails
        tensor([[0.5000, 0.2500, 0.1250]])
    """
    wide = scores if scores.dtype.itemsize >= 4 else scores.float()
    goes_on = F.logsigmoid(-wide.clamp(-_SURE, _SURE))  # log(1 - p)
    before = goes_on.cumsum(dim=-1) - goes_on  # C_j
    chance = (before[:, None, :] - before[:, :, None]).triu().exp().triu()  # from k to j >= k
    reached = (previous_weights[:, None].to(wide.dtype) @ chance)[:, 0]
    return (torch.sigmoid(wide) * reached).to(scores.dtype)
