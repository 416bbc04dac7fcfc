"""Weights as bytes, in as few as serve: float32, float16, or int8 with a scale for each row."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

TYPES = ("int8", "float16", "float32")  # the smallest first


def packed_tensor(name: str, tensor: Tensor, kind: str) -> tuple[dict, bytes]:
    """A tensor's entry in ``model.json``, and its bytes in ``weights.bin``, little-endian.

    In int8 a row $w$ of a matrix is $s = \\max_j |w_j| / 127$, four bytes a row before all else,
    and $\\mathrm{round}(w_j / s)$; vectors (biases, $v$) stay float32, since they are few.

    Args:
        name: what it is called.
        tensor: one or two dimensions.
        kind: one of ``TYPES``.

    >>> entry, content = packed_tensor("W", torch.tensor([[127.0, -3.2], [0.0, 0.0]]), "int8")
    >>> entry["type"], len(content)
    ('int8', 12)
    """
    tensor = tensor.detach().float().cpu()
    kind = "float32" if tensor.dim() == 1 else kind
    entry = {"name": name, "shape": list(tensor.shape), "type": kind}
    if kind == "int8":
        scales, whole = _by_row(tensor)
        return entry, scales.numpy().astype("<f4").tobytes() + whole.numpy().tobytes()
    return entry, tensor.numpy().astype("<f2" if kind == "float16" else "<f4").tobytes()


def rounded(model: nn.Module, kind: str) -> nn.Module:
    """A copy of the model with the weights that :func:`packed_tensor` leaves of its own.

    >>> model = nn.Linear(3, 5)
    >>> (rounded(model, "int8").weight - model.weight).abs().max() < 0.005
    tensor(True)
    """
    found = copy.deepcopy(model)
    for tensor in found.state_dict().values():
        if tensor.dim() == 2 and kind == "float16":
            tensor.copy_(tensor.half())
        elif tensor.dim() == 2 and kind == "int8":
            scales, whole = _by_row(tensor.float())
            tensor.copy_(scales * whole)
    return found


def _by_row(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """The scales ``(rows, 1)`` and the whole numbers ``(rows, columns)`` int8."""
    largest = matrix.abs().amax(dim=1, keepdim=True)
    scales = torch.where(largest > 0, largest / 127, 1)
    return scales, (matrix / scales).round().clamp(-127, 127).to(torch.int8)
