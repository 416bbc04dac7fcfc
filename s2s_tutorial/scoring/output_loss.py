"""Output layer and training loss together, a few rows at a time: no matrix of all the logits."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s2s_tutorial.base.checks import check_ids
from s2s_tutorial.machine.precision import for_products
from s2s_tutorial.scoring.loss import SequenceLoss

_NUMBERS_AT_ONCE = 2**21  # logits: 8 MB of float32, which stay near the processor


def output_loss(
    readout: Tensor, output: nn.Linear, targets: Tensor, label_smoothing: float = 0.0
) -> SequenceLoss:
    """What :func:`s2s_tutorial.sequence_loss` makes of the logits ``output(readout)``.

    $$ L = -\\sum_n \\log p_n(y_n), \\qquad p_n = \\mathrm{softmax}(W_o r_n + b_o), \\qquad
       \\frac{\\partial L}{\\partial (W_o r_n + b_o)} = p_n - \\mathbf{1}_{y_n} $$

    The logits of a batch are the largest tensor of an update: 42 MB at 1,800 tokens and 5,900
    words, and its gradient again. As the gradient on the right needs nothing but the row's own
    logits, it is computed along with the loss, for some rows at a time, and neither is kept: only
    the gradients of $r_n$, $W_o$ and $b_o$ are. Derivatives of these are not offered.

    Args:
        readout: $r_n$, ``(tokens, readout_size)``, for the real tokens of a batch.
        output: the output layer, $W_o$ and $b_o$.
        targets: $y_n$, ``(tokens,)`` int64, each the token that follows.
        label_smoothing: as in :func:`s2s_tutorial.sequence_loss`; then the gradient is
            $p_n - (1 - \\epsilon) \\mathbf{1}_{y_n} - \\epsilon / V$.

    Returns:
        A :class:`SequenceLoss`, computed in float32 or wider; the products in what autocast says.

    Raises:
        TypeError: if ``targets`` is not an integer tensor.
        IndexError: if a target lies outside the vocabulary.
        ValueError: if there is not one target for each row.

    Example:
        >>> output = torch.nn.Linear(3, 4)
        >>> readout, targets = torch.randn(5, 3), torch.tensor([0, 1, 2, 3, 0])
        >>> loss = output_loss(readout, output, targets)
        >>> usual = torch.nn.functional.cross_entropy(output(readout), targets)
        >>> torch.allclose(loss.mean, usual), loss.tokens
        (True, 5)
    """
    check_ids("targets", targets, output.out_features, "(tokens,)")
    if len(readout) != len(targets):
        raise ValueError(
            f"each row of the readout needs its target, but there are {len(readout)} rows and "
            f"{len(targets)} targets"
        )
    tensors = for_products(readout), for_products(output.weight), output.bias
    total = _OutputLoss.apply(*tensors, targets, label_smoothing, torch.is_grad_enabled())
    return SequenceLoss(total, len(targets))


class _OutputLoss(torch.autograd.Function):
    """The summed loss. Its gradients are computed with it, and only scaled in backward."""

    @staticmethod
    def forward(ctx, readout, weight, bias, targets, smoothing: float, learning: bool) -> Tensor:
        wide = torch.promote_types(bias.dtype, torch.float32)
        total, d_bias = bias.new_zeros((), dtype=wide), torch.zeros_like(bias, dtype=wide)
        d_weight, d_readout = torch.zeros_like(weight, dtype=wide), torch.empty_like(readout)
        rows = min(max(1, _NUMBERS_AT_ONCE // len(weight)), max(1, len(readout)))
        # Memory that is used again is faster than new memory, which the system has to clear first.
        all_logits = weight.new_empty(rows, len(weight))
        all_log_p = all_logits.new_empty(all_logits.shape, dtype=wide)
        uniform, narrow_bias = smoothing / len(weight), bias.to(weight.dtype)
        for r, y, d_r in zip(readout.split(rows), targets.split(rows), d_readout.split(rows)):
            row = torch.arange(len(y), device=y.device)
            logits, log_p = all_logits[: len(y)], all_log_p[: len(y)]
            torch.addmm(narrow_bias, r, weight.T, out=logits)
            torch.log_softmax(logits, dim=-1, dtype=wide, out=log_p)
            total -= (1 - smoothing) * log_p[row, y].sum()
            if smoothing:
                total -= uniform * log_p.sum()
            if learning:
                d_logits = log_p.exp_()
                d_logits[row, y] -= 1 - smoothing
                if smoothing:
                    d_logits -= uniform
                d_bias += d_logits.sum(dim=0)
                if weight.dtype is wide:
                    torch.addmm(d_weight, d_logits.T, r, out=d_weight)
                else:
                    d_logits = logits.copy_(d_logits)
                    d_weight += d_logits.T @ r
                torch.mm(d_logits, weight, out=d_r)
        ctx.save_for_backward(d_readout, d_weight, d_bias)
        ctx.types = readout.dtype, weight.dtype, bias.dtype
        return total

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, gradient: Tensor):
        wide = (each.to(gradient.dtype) * gradient for each in ctx.saved_tensors)
        return *map(Tensor.to, wide, ctx.types), None, None, None
