"""The training loss: cross-entropy over real target tokens, never over padding."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor
from torch.nn import functional as F

from s2s_tutorial.base.checks import check_ids, check_mask, check_rank


class SequenceLoss(NamedTuple):
    """A summed loss and what it was summed over, so that batches add up exactly.

    Attributes:
        total: scalar, the summed loss in nats, with its gradient.
        tokens: number of real target tokens (``<eos>`` counts).

    Example:
        >>> long, short = SequenceLoss(torch.tensor(6.0), 3), SequenceLoss(torch.tensor(4.0), 1)
        >>> long.mean.item(), short.mean.item()
        (2.0, 4.0)
        >>> ((long.total + short.total) / (long.tokens + short.tokens)).item()  # not their mean, 3
        2.5
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

    A model may score every position, or the real ones only (cheaper: the output layer is the
    widest product there is). Both give the same loss.

    Args:
        logits: ``(batch, tgt_len, vocab_size)``; or ``(tokens, vocab_size)`` at the True positions
            of ``tgt_mask`` only, row after row.
        tgt_out: ``(batch, tgt_len)`` int64, the target with ``<eos>``.
        tgt_mask: ``(batch, tgt_len)`` bool, True = a real token.
        label_smoothing: $\\epsilon$ in [0, 1).

    Returns:
        A :class:`SequenceLoss`, computed in float32 or wider.

    Raises:
        TypeError: if an argument is not a tensor, or the mask is not bool: one of 0 and 1 would
            pick rows by number.
        IndexError: if a real token of ``tgt_out`` lies outside the vocabulary.
        ValueError: if the shapes do not match or no token is real.

    Example:
        >>> import torch
        >>> logits = torch.zeros(1, 3, 4)  # four words, all equally likely
        >>> tgt_out = torch.tensor([[2, 3, 0]])
        >>> loss = sequence_loss(logits, tgt_out, tgt_mask=tgt_out > 0)
        >>> loss.tokens, round(loss.mean.exp().item(), 3)
        (2, 4.0)
    """
    packed = isinstance(logits, Tensor) and logits.dim() == 2
    if not packed:
        check_rank("logits", logits, "(batch, tgt_len, vocab_size)")
    expected = tgt_mask.shape if packed and isinstance(tgt_mask, Tensor) else logits.shape[:2]
    check_mask("tgt_mask", tgt_mask, expected)
    check_rank("tgt_out", tgt_out, "(batch, tgt_len)")
    if tgt_out.shape != expected:
        raise ValueError(
            f"tgt_out must have shape {tuple(expected)} to match the "
            f"{'mask' if packed else 'logits'}, but its shape is {tuple(tgt_out.shape)}"
        )
    real_targets = tgt_out[tgt_mask]
    if real_targets.numel() == 0:
        raise ValueError("tgt_mask has no real token: there is nothing to score")
    real_logits = logits if packed else logits[tgt_mask]
    if len(real_logits) != len(real_targets):
        raise ValueError(
            "logits must have shape (batch, tgt_len, vocab_size), or (tokens, vocab_size) with one "
            f"row for each of the {len(real_targets)} real tokens of tgt_mask, but their shape is "
            f"{tuple(logits.shape)}"
        )
    check_ids("tgt_out", real_targets, real_logits.shape[1], "(tokens,)")
    if real_logits.dtype.itemsize < 4:
        real_logits = real_logits.float()
    total = F.cross_entropy(
        real_logits, real_targets, reduction="sum", label_smoothing=label_smoothing
    )
    return SequenceLoss(total, real_targets.numel())
