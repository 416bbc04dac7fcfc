"""Local attention: a window of the source instead of all of it (Luong et al., 2015, section 3.2)."""

from __future__ import annotations

import torch
from torch import Tensor

from s2s_tutorial.attention.base import Attention, check_last, check_scores, masked_softmax
from s2s_tutorial.attention.scores import matrix, vector
from s2s_tutorial.base.value_checks import check_count


class LocalAttention(Attention):
    """Any score, but only over the positions within $D$ of $p_t$: $2D+1$ where $p_t$ is whole.

    Monotonic (local-m) looks where the target has got to, $p_t = t$. Predictive (local-p) lets
    the state say where (equation 9), and favours the middle of the window by a Gaussian
    (equation 10):

    $$ p_t = S \\cdot \\mathrm{sigmoid}(v_p^\\top \\tanh(W_p h_t)), \\qquad
       a_t(s) = \\mathrm{align}(h_t, \\bar h_s) \\exp\\Big(-\\frac{(s-p_t)^2}{2\\sigma^2}\\Big),
       \\quad \\sigma = D/2 $$

    Here align is the softmax of the scores over $|s - p_t| \\le D$, positions $s$ count from 0,
    and $S$ is the number of real source tokens. What of the window lies outside the sentence is
    ignored; a window wholly outside (local-m, with a target much longer than the source) gives
    zeros. The weights of local-p do not sum to one: as in the paper, the Gaussian comes after
    the softmax. The gradient reaches $p_t$ through the Gaussian.

    Args:
        score: the score to use inside the window: any of the book's global attentions.
        window: $D$, at least 1.
        predictive: local-p instead of local-m.
        query_size: size of $h_t$; needed for local-p only.
        position_size: width of the layer that predicts $p_t$; None takes ``query_size``.

    Attributes:
        W_p: ``(position_size, query_size)``, local-p only.
        v_p: ``(position_size,)``, local-p only.

    Raises:
        TypeError: if ``score`` is no :class:`Attention`, or one that does more than score (a
            local or location-aware one), which would be lost here.
        ValueError: if the window is too small or local-p has no ``query_size``.

    >>> attention = LocalAttention(s2s.DotAttention(), window=1)
    >>> memory = torch.zeros(1, 5, 3)
    >>> _, weights = attention(torch.zeros(1, 3), memory, memory, position=2)
    >>> weights.round(decimals=2)
    tensor([[0.0000, 0.3300, 0.3300, 0.3300, 0.0000]])
    """

    def __init__(
        self,
        score: Attention,
        window: int,
        predictive: bool = False,
        query_size: int | None = None,
        position_size: int | None = None,
    ):
        super().__init__()
        if not isinstance(score, Attention):
            raise TypeError(
                f"score must be an attention such as DotAttention(), not {type(score).__name__}"
            )
        if type(score).align is not Attention.align:
            raise TypeError(
                f"score must be an attention that only scores, such as DotAttention(): what else "
                f"{type(score).__name__} does would be lost in the window"
            )
        check_count("window", window)
        if predictive and query_size is None:
            raise ValueError("local-p predicts its position from the query: give its query_size")
        self.inner = score
        self.window = window
        self.predictive = predictive
        if predictive:
            position_size = position_size or query_size
            self.W_p = matrix(position_size, query_size)
            self.v_p = vector(position_size)

    @property
    def source_limit(self) -> int | None:
        """That of the score inside."""
        return self.inner.source_limit

    def project_keys(self, memory: Tensor) -> Tensor:
        """What the score inside makes of the memory."""
        return self.inner.project_keys(memory)

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """What the score inside says, window or not: ``(batch, tgt_len, src_len)``."""
        return check_scores(self.inner, self.inner.score(query, keys), query, keys)

    def centre(self, query: Tensor, lengths: Tensor, position: int = 0) -> Tensor:
        """$p_t$, in float32 or wider.

        Args:
            query: ``(batch, tgt_len, query_size)``.
            lengths: ``(batch,)``, the number $S$ of real source tokens.
            position: the target position $t$ of the first query.

        Returns:
            ``(batch, tgt_len)``: $t$ for local-m, equation 9 for local-p.
        """
        wide = torch.promote_types(query.dtype, torch.float32)
        if not self.predictive:
            steps = position + torch.arange(query.shape[1], device=query.device)
            return steps.to(wide).expand(query.shape[:2])
        check_last("query", query, self.W_p.shape[1])
        share = torch.sigmoid((torch.tanh(query @ self.W_p.T) @ self.v_p).to(wide))
        return lengths.to(wide)[:, None] * share

    def align(
        self,
        query: Tensor,
        keys: Tensor,
        mask: Tensor | None,
        position: int,
        previous_weights: Tensor | None,
    ) -> Tensor:
        """The softmax inside the window, times the Gaussian in local-p (equation 10)."""
        scores = self.score(query, keys)
        if mask is None:
            mask = scores.new_ones(scores.shape[0], scores.shape[2], dtype=torch.bool)
        centre = self.centre(query, mask.sum(dim=1), position)
        distance = torch.arange(keys.shape[1], device=keys.device) - centre[:, :, None]
        inside = (distance.detach().abs() <= self.window) & mask[:, None]
        weights = masked_softmax(scores, inside)
        if not self.predictive:
            return weights
        sigma = self.window / 2
        gaussian = torch.exp(-(distance**2) / (2 * sigma**2))
        return weights * gaussian.to(weights.dtype)
