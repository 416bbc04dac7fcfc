"""Products with one matrix at every step of a loop, whose gradient is computed once, after it."""

from __future__ import annotations

import torch
from torch import Tensor


class LoopProduct:
    """$x_i M$ for many steps $i$, with the gradient of $M$ in one product.

    $$ \\frac{\\partial L}{\\partial M} = \\sum_i x_i^\\top g_i = X^\\top G, \\qquad
       g_i = \\frac{\\partial L}{\\partial (x_i M)} $$

    Autograd by itself computes the sum in the middle, one term a step, each as large as $M$: in a
    decoder's loop much of the time goes into writing these terms and adding them. Here the steps
    keep their $x_i$ and $g_i$, and the product on the right is computed when the last of them has
    its gradient. Derivatives of that gradient are not offered.

    Args:
        matrix: $M$, ``(inner, outer)``; or one for each row of the batch,
            ``(batch, inner, outer)``.

    Example:
        >>> matrix = torch.ones(3, 3, requires_grad=True)
        >>> product, x = LoopProduct(matrix), torch.ones(2, 3)
        >>> for step in range(5):
        ...     x = torch.tanh(product(x))
        >>> x.sum().backward()
        >>> tuple(matrix.grad.shape)
        (3, 3)
    """

    def __init__(self, matrix: Tensor) -> None:
        self.matrix = matrix.detach()
        self.pairs: list[tuple[Tensor, Tensor]] = []  # x_i and g_i, in the order of the backward
        self.anchor = _Anchor.apply(matrix, self.pairs)

    def __call__(self, x: Tensor) -> Tensor:
        """$x_i M$, in the type of $M$.

        Args:
            x: ``(batch, inner)``; with a matrix for each row ``(batch, 1, inner)``.

        Returns:
            ``(batch, outer)``; with a matrix for each row ``(batch, 1, outer)``.
        """
        return _Step.apply(x.to(self.matrix.dtype), self.matrix, self.anchor, self.pairs)


class _Step(torch.autograd.Function):
    """One product; backward passes the gradient on to $x_i$ and keeps what $M$ will need."""

    @staticmethod
    def forward(ctx, x: Tensor, matrix: Tensor, anchor: Tensor, pairs: list) -> Tensor:
        ctx.save_for_backward(x, matrix)
        ctx.pairs = pairs
        return (x @ matrix).to(matrix.dtype)  # autocast may have made it another

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, gradient: Tensor):
        x, matrix = ctx.saved_tensors
        ctx.pairs.append((x, gradient))
        one_more = torch.ones((), dtype=torch.float64)
        return gradient @ matrix.transpose(-1, -2), None, one_more, None


class _Anchor(torch.autograd.Function):
    """What all steps depend on, so that its backward comes after all of theirs.

    Its gradient is their number: steps that the loss did not depend on had no backward, and what
    an earlier backward left (one that asked for other gradients only) is not taken again.
    """

    @staticmethod
    def forward(ctx, matrix: Tensor, pairs: list) -> Tensor:
        ctx.pairs = pairs
        return torch.zeros((), dtype=torch.float64)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, steps: Tensor):
        x, gradients = zip(*ctx.pairs[-int(steps) :])
        ctx.pairs.clear()
        return torch.cat(x, dim=-2).transpose(-1, -2) @ torch.cat(gradients, dim=-2), None
