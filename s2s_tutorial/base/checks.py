"""Checks of the tensors that a person passes in: what was expected, and what came."""

from __future__ import annotations

import torch
from torch import Tensor

# PyTorch has the first since 2.3, the second since 2.7; until then an export is a compilation too.
_is_compiling = getattr(torch.compiler, "is_compiling", lambda: False)
_is_exporting = getattr(torch.compiler, "is_exporting", _is_compiling)


def values_are_known() -> bool:
    """Whether a computation may look at the numbers in a tensor, and choose by them.

    Not while PyTorch writes it down to repeat it with other numbers: in ``torch.compile``,
    ``torch.export`` and ``torch.onnx.export``, and in ``torch.jit.trace``. Types and shapes are
    known then too.
    """
    return not (_is_compiling() or torch.jit.is_tracing())


def is_exported() -> bool:
    """Whether PyTorch writes the computation down for good, so that it cannot be done twice."""
    return _is_exporting() or torch.jit.is_tracing()


def check_rank(name: str, tensor: Tensor, shape: str) -> None:
    """Raise unless ``tensor`` is a tensor with as many dimensions as ``shape`` names.

    Args:
        name: what the caller calls the tensor, for the message.
        tensor: the value to look at.
        shape: the expected shape in words, such as ``"(batch, src_len)"``.

    Raises:
        TypeError: if it is not a tensor.
        ValueError: if its rank is another one.
    """
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name} must be a tensor of shape {shape}, not {type(tensor).__name__}")
    if tensor.dim() != shape.count(",") + 1 - shape.count(",)"):
        raise ValueError(f"{name} must have shape {shape}, but its shape is {tuple(tensor.shape)}")


def check_ids(name: str, ids: Tensor, vocab_size: int, shape: str) -> None:
    """Raise unless ``ids`` are integers in ``0 .. vocab_size - 1`` of the given rank.

    The range is looked at on the CPU only, since on a GPU it would make every batch wait, and where
    :func:`values_are_known`.

    Raises:
        TypeError: if ``ids`` is not an integer tensor.
        ValueError: if its rank is wrong or it holds no element.
        IndexError: if an id lies outside the vocabulary.
    """
    check_rank(name, ids, shape)
    if ids.is_floating_point() or ids.dtype == torch.bool:
        raise TypeError(f"{name} must hold integer ids (int64), but its dtype is {ids.dtype}")
    if ids.numel() == 0:
        raise ValueError(f"{name} is empty: its shape is {tuple(ids.shape)}")
    if ids.device.type == "cpu" and values_are_known():
        low, high = int(ids.min()), int(ids.max())
        if low < 0 or high >= vocab_size:
            wrong = low if low < 0 else high
            raise IndexError(
                f"{name} holds the id {wrong}, but the vocabulary has ids 0 to {vocab_size - 1}; "
                "was it encoded with another vocabulary than the model was built for?"
            )


def check_mask(name: str, mask: Tensor, shape: tuple[int, ...]) -> None:
    """Raise unless ``mask`` is a bool tensor of the given shape.

    Raises:
        TypeError: if it is no tensor or not bool; an integer mask would pick rows by number.
        ValueError: if its shape is another one.
    """
    if not isinstance(mask, Tensor) or mask.dtype != torch.bool:
        given = f"one of {mask.dtype}" if isinstance(mask, Tensor) else type(mask).__name__
        raise TypeError(f"{name} must be a bool tensor, True = a real token, not {given}")
    if mask.shape != tuple(shape):
        raise ValueError(
            f"{name} must have shape {tuple(shape)}, one entry for each token, but its shape is "
            f"{tuple(mask.shape)}"
        )


def check_rows(name: str, tensor: Tensor, batch: int) -> None:
    """Raise ValueError unless ``tensor`` has one row for each of ``batch`` sentences."""
    if tensor.shape[0] != batch:
        raise ValueError(
            f"{name} must have one row for each of the {batch} source sentences, but its shape is "
            f"{tuple(tensor.shape)}"
        )


def check_lengths(lengths: Tensor, batch: int, longest: int) -> None:
    """Raise unless ``lengths`` is ``(batch,)`` with every entry in ``1 .. longest``.

    The entries are looked at where :func:`values_are_known`.

    Raises:
        TypeError: if it is not an integer tensor.
        ValueError: if the shape or a value does not fit.
    """
    check_rank("src_lengths", lengths, "(batch,)")
    if lengths.is_floating_point() or lengths.dtype == torch.bool:
        raise TypeError(f"src_lengths must be integers, but their dtype is {lengths.dtype}")
    if lengths.numel() != batch:
        raise ValueError(
            f"src_lengths must give one length for each of the {batch} sentences, "
            f"but has {lengths.numel()}"
        )
    if not values_are_known():
        return
    low, high = int(lengths.min()), int(lengths.max())
    if low < 1 or high > longest:
        raise ValueError(
            f"src_lengths must lie between 1 and the width of src, {longest}, "
            f"but they go from {low} to {high}"
        )
