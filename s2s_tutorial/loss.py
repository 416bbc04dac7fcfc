"""The training loss: cross-entropy over real target tokens, never over padding."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor
from torch.nn import functional as F

from s2s_tutorial.checks import check_rank


class SequenceLoss(NamedTuple):
    """A summed loss and what it was summed over, so that batches add up exactly.

    Attributes:
        total: scalar, the summed loss in nats, with its gradient.
        tokens: number of real target tokens (``<eos>`` counts).
    """

    total: Tensor
    tokens: int

    @property
    def mean(self) -> Tensor:
        """The loss per real token, in nats."""
        return self.total / self.tokens


def sequence_loss(
    logits: Tensor, tgt_out: Tensor, tgt_mask: Tensor, label_smoothing: float = 0.0
) -> SequenceLoss:
    """Negative log-likelihood of a padded batch of targets.

    $$ L = -\\sum_{b} \\sum_{i:\\, m_{bi}} \\log p(y_{bi} \\mid y_{b,<i}, x_b) $$

    With label smoothing $\\epsilon$ the target distribution is $1-\\epsilon$ on the right token
    plus $\\epsilon / V$ on every token of the vocabulary.

    Args:
        logits: ``(batch, tgt_len, vocab_size)``.
        tgt_out: ``(batch, tgt_len)`` int64, the target with ``<eos>``.
        tgt_mask: ``(batch, tgt_len)`` bool, True = a real token.
        label_smoothing: $\\epsilon$ in [0, 1).

    Returns:
        A :class:`SequenceLoss`, computed in float32 or wider.

    Raises:
        ValueError: if the shapes do not match or no token is real.
    """
    check_rank("logits", logits, "(batch, tgt_len, vocab_size)")
    for name, tensor in [("tgt_out", tgt_out), ("tgt_mask", tgt_mask)]:
        if tensor.shape != logits.shape[:2]:
            raise ValueError(
                f"{name} must have shape {tuple(logits.shape[:2])} to match the logits, "
                f"but its shape is {tuple(tensor.shape)}"
            )
    real_targets = tgt_out[tgt_mask]
    if real_targets.numel() == 0:
        raise ValueError("tgt_mask has no real token: there is nothing to score")
    real_logits = logits[tgt_mask]
    if real_logits.dtype.itemsize < 4:
        real_logits = real_logits.float()
    total = F.cross_entropy(
        real_logits, real_targets, reduction="sum", label_smoothing=label_smoothing
    )
    return SequenceLoss(total, real_targets.numel())
