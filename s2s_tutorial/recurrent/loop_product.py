"""Products with one matrix at every step of a loop, whose gradient is computed once, after it."""

from __future__ import annotations

import torch
from torch import Tensor


class LoopProduct:
    """$x_i M + b$ for many steps $i$, with the gradients of $M$ and $b$ computed once.

    $$ \\frac{\\partial L}{\\partial M} = \\sum_i x_i^\\top g_i = X^\\top G, \\qquad
       g_i = \\frac{\\partial L}{\\partial (x_i M + b)} $$

    Autograd by itself computes the sum in the middle, one term a step, each as large as $M$: in a
    recurrent loop much of the time goes into writing these terms and adding them. Here the steps
    keep their $x_i$ and $g_i$, and the product on the right is computed when the last of them has
    its gradient. Derivatives of that gradient are not offered, nor backward passes through one
    graph in several threads at a time.

    Args:
        matrix: $M$, ``(inner, outer)``; or one for each row of the batch,
            ``(batch, inner, outer)``.
        bias: $b$, ``(outer,)``, or None.

    Example:
        >>> matrix = torch.ones(3, 3, requires_grad=True)
        >>> product, x = LoopProduct(matrix), torch.ones(2, 3)
        >>> for step in range(5):
        ...     x = torch.tanh(product(x))
        >>> x.sum().backward()
        >>> tuple(matrix.grad.shape)
        (3, 3)
    """

    def __init__(self, matrix: Tensor, bias: Tensor | None = None) -> None:
        self.matrix, self.bias = matrix.detach(), None if bias is None else bias.detach()
        self.pairs: list[tuple[Tensor, Tensor]] = []  # x_i and g_i, in the order of the backward
        self.anchor = _Anchor.apply(matrix, bias, self.pairs)

    def __call__(self, x: Tensor) -> Tensor:
        """$x_i M + b$; the product in the type of $M$.

        Args:
            x: ``(batch, inner)``; with a matrix for each row ``(batch, 1, inner)``.

        Returns:
            ``(batch, outer)``; with a matrix for each row ``(batch, 1, outer)``.
        """
        x = x.to(self.matrix.dtype)
        return _Step.apply(x, self.matrix, self.bias, self.anchor, self.pairs)


class _Step(torch.autograd.Function):
    """One product; backward passes the gradient on to $x_i$ and keeps what $M$ will need."""

    @staticmethod
    def forward(ctx, x: Tensor, matrix: Tensor, bias: Tensor | None, anchor: Tensor, pairs: list):
        ctx.save_for_backward(x, matrix)
        ctx.pairs = pairs
        product = (x @ matrix).to(matrix.dtype)  # autocast may have made it another
        return product if bias is None else product + bias

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, gradient: Tensor):
        x, matrix = ctx.saved_tensors
        if ctx.needs_input_grad[3]:
            ctx.pairs.append((x, gradient))
        one_more = torch.ones((), dtype=torch.float64)
        to_x = gradient.to(matrix.dtype) @ matrix.transpose(-1, -2)
        return to_x, None, None, one_more, None


class _Anchor(torch.autograd.Function):
    """What all steps depend on, so that its backward comes after all of theirs.

    Its gradient is their number: steps that the loss did not depend on had no backward, and what
    an earlier backward left (one that asked for other gradients only) is not taken again.
    """

    @staticmethod
    def forward(ctx, matrix: Tensor, bias: Tensor | None, pairs: list) -> Tensor:
        ctx.pairs, ctx.type = pairs, matrix.dtype
        ctx.bias_type = None if bias is None else bias.dtype
        return torch.zeros((), dtype=torch.float64)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, steps: Tensor):
        x, gradients = zip(*ctx.pairs[-int(steps) :])
        ctx.pairs.clear()
        gradients = torch.cat(gradients, dim=-2)
        to_matrix = torch.cat(x, dim=-2).transpose(-1, -2) @ gradients.to(ctx.type)
        if ctx.bias_type is None:
            return to_matrix, None, None
        to_bias = gradients.sum(dim=tuple(range(gradients.dim() - 1)))
        return to_matrix, to_bias.to(ctx.bias_type), None
