"""How scores become weights: sharpened, smoothed, inside a window (Chorowski et al., 2015, 2.3)."""

from __future__ import annotations

import torch
from torch import Tensor

from s2s_tutorial.attention.base import Attention, check_scores, masked_softmax
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.base.value_checks import check_count, check_flag, check_number


def smooth_weights(scores: Tensor, mask: Tensor | None = None) -> Tensor:
    """The softmax with a bounded function in the exponential's place.

    $$ \\alpha_{ij} = \\frac{m_j\\, \\sigma(e_{ij})}{\\sum_k m_k\\, \\sigma(e_{ik})},
       \\qquad \\sigma(e) = \\frac{1}{1 + e^{-e}} $$

    (Chorowski et al., 2015, section 2.3.) No score counts for more than 1 before the division, so
    several positions share the weight where several fit. It is computed as the softmax of
    $\\log \\sigma(e)$, which cannot divide by zero.

    Args:
        scores: ``(batch, src_len)`` or ``(batch, tgt_len, src_len)``.
        mask: as for :func:`masked_softmax`.

    Returns:
        Weights of the shape of ``scores``.

    Example:
        >>> scores = torch.tensor([[0.0, 9.0, 99.0]])
        >>> smooth_weights(scores).round(decimals=2), masked_softmax(scores).round(decimals=2)
        (tensor([[0.2000, 0.4000, 0.4000]]), tensor([[0., 0., 1.]]))
    """
    return masked_softmax(torch.nn.functional.logsigmoid(scores), mask)


def window_around(previous_weights: Tensor, window: int) -> Tensor:
    """Which positions lie near the place that was looked at last.

    $$ |j - p_i| \\le w, \\qquad
       p_i = \\min\\Big\\{ p : \\sum_{j \\le p} \\alpha_{i-1,j} \\ge \\tfrac12
       \\sum_j \\alpha_{i-1,j} \\Big\\} $$

    $p_i$ is the median of the previous weights (Chorowski et al., 2015, section 2.3).

    Args:
        previous_weights: ``(batch, src_len)``.
        window: $w$.

    Returns:
        ``(batch, src_len)`` bool.

    Example:
        >>> window_around(torch.tensor([[0.0, 0.1, 0.8, 0.1, 0.0]]), window=1)
        tensor([[False,  True,  True,  True, False]])
    """
    mass = previous_weights.double().cumsum(dim=-1)
    median = (mass < mass[:, -1:] / 2).sum(dim=-1, keepdim=True)
    places = torch.arange(previous_weights.shape[-1], device=previous_weights.device)
    return (places - median).abs() <= window


def at_the_start(like: Tensor) -> Tensor:
    """All weight on the first position: where one looks who has not looked yet.

    >>> at_the_start(torch.zeros(1, 3))
    tensor([[1., 0., 0.]])

    Args:
        like: ``(batch, src_len)``.
    """
    start = torch.zeros_like(like)
    start[:, 0] = 1.0
    return start


class FocusedAttention(Attention):
    """Another attention's scores, made into weights in another way.

    $$ \\alpha_{ij} = \\frac{\\exp(\\beta e_{ij})}{\\sum_{k \\in W_i} \\exp(\\beta e_{ik})}
       \\quad \\text{for } j \\in W_i, \\text{ else } 0 $$

    (Chorowski et al., 2015, section 2.3): **sharpening** by $\\beta > 1$; **windowing**, where $W_i$
    are the positions near the place looked at last (:func:`window_around`; at the first step the
    beginning of the source); **smoothing**, with $\\sigma$ for the exponential
    (:func:`smooth_weights`). It has no parameters of its own, so a trained model can be given one:
    ``model.decoder.attention = FocusedAttention(model.decoder.attention, window=20)``.

    Args:
        score: the attention whose scores they are: a global one or a location-aware one.
        sharpening: $\\beta$.
        smoothing: whether to smooth.
        window: $w$, positions to each side; None looks everywhere.

    Raises:
        TypeError: if ``score`` is no such attention, or an option of the wrong kind.
        ValueError: if $\\beta$ is not positive, or the window less than 1.

    Example:
        >>> attention = FocusedAttention(s2s.DotAttention(), sharpening=2.0)
        >>> memory = torch.tensor([[[0.0], [0.5]]])
        >>> attention(torch.ones(1, 1), memory, memory)[1].round(decimals=2)  # 1 : e
        tensor([[0.2700, 0.7300]])
    """

    def __init__(
        self,
        score: Attention,
        sharpening: float = 1.0,
        smoothing: bool = False,
        window: int | None = None,
    ):
        super().__init__()
        plain = isinstance(score, Attention) and type(score).align is Attention.align
        if not plain and not isinstance(score, LocationAwareAttention):
            raise TypeError(
                "score must be an attention that only scores, such as AdditiveAttention(...), or a "
                f"LocationAwareAttention, not {type(score).__name__}: what else it does would be lost"
            )
        if not 0 < check_number("sharpening", sharpening) < float("inf"):
            raise ValueError(
                f"sharpening must be positive, not {sharpening}; 1 leaves all as it is"
            )
        self.inner = score
        self.sharpening = float(sharpening)
        self.smoothing = check_flag("smoothing", smoothing)
        self.window = None if window is None else check_count("window", window)

    @property
    def source_limit(self) -> int | None:
        """That of the score inside."""
        return self.inner.source_limit

    def project_keys(self, memory: Tensor) -> Tensor:
        """What the score inside makes of the memory."""
        return self.inner.project_keys(memory)

    def score(self, query: Tensor, keys: Tensor, previous_weights: Tensor | None = None) -> Tensor:
        """$\\beta e_{ij}$ of the score inside: ``(batch, tgt_len, src_len)``."""
        seen = [previous_weights] if isinstance(self.inner, LocationAwareAttention) else []
        scores = self.inner.score(query, keys, *seen)
        return self.sharpening * check_scores(self.inner, scores, query, keys)

    def align(
        self,
        query: Tensor,
        keys: Tensor,
        mask: Tensor | None,
        position: int,
        previous_weights: Tensor | None,
    ) -> Tensor:
        """One query after the other: the window of each lies where the one before looked."""
        normalise = smooth_weights if self.smoothing else masked_softmax
        weights = []
        for now in query.split(1, dim=1):
            scores = self.score(now, keys, previous_weights)[:, 0]
            seen = mask
            if self.window is not None:
                last = at_the_start(scores) if previous_weights is None else previous_weights
                near = window_around(last, self.window)
                seen = near if mask is None else near & mask
            previous_weights = normalise(scores, seen)
            weights.append(previous_weights)
        return torch.stack(weights, dim=1)
