"""Which numbers a product is computed in: float32, or half of it where the machine is fast at it.

The weights, the gradients and Adam's moments stay float32 whatever is chosen here.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch import nn

PRECISIONS = ("float32", "bfloat16", "float16", "auto")
MATMUL_PRECISIONS = (None, "highest", "high", "medium")


def compute_dtype(precision: str, device: torch.device | str) -> torch.dtype:
    """The type that matrix products are computed in.

    bfloat16 has float32's range and 8 significant bits; float16 has 11 bits and a narrow range,
    so that small gradients need scaling (Micikevicius et al., 2018). ``"auto"`` takes bfloat16 on
    a GPU that is made for it, float16 on an older one, and float32 anywhere else.

    Args:
        precision: one of ``"float32"``, ``"bfloat16"``, ``"float16"`` and ``"auto"``.
        device: where the model is.

    Raises:
        ValueError: if there is no such precision, or not on this device.

    Example:
        >>> compute_dtype("auto", "cpu")
        torch.float32
        >>> compute_dtype("bfloat16", "cpu")
        torch.bfloat16
    """
    if precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {', '.join(PRECISIONS)}, not {precision!r}")
    kind = torch.device(device).type
    if precision == "auto":
        if kind != "cuda":
            return torch.float32
        made_for_it = torch.cuda.get_device_capability(device) >= (8, 0)
        return torch.bfloat16 if made_for_it else torch.float16
    if precision == "float16" and kind != "cuda":
        raise ValueError(
            f"precision='float16' needs a CUDA device, but this one is {kind}; "
            "use 'bfloat16' (CPU or CUDA), 'float32', or 'auto'"
        )
    if precision == "bfloat16" and kind not in ("cpu", "cuda"):
        raise ValueError(f"precision='bfloat16' is not offered on {kind}; use 'float32' or 'auto'")
    return getattr(torch, precision)


def lacks_bfloat16(device: torch.device | str) -> bool:
    """Is this an x86 CPU without AVX-512, and so without instructions for bfloat16?

    There a product in bfloat16 can take 50 times as long as in float32, and some have no kernel.

    Example:
        >>> lacks_bfloat16("cuda")
        False
    """
    on_cpu = torch.device(device).type == "cpu"
    return on_cpu and torch.backends.cpu.get_cpu_capability() == "AVX2"


def fast_precision(device: torch.device | str) -> str:
    """What to train in for speed: ``"auto"``, but ``"bfloat16"`` on a CPU that is made for it.

    ``"auto"`` itself keeps float32 on CPUs, so that a run does not depend on which one it is.

    Example:
        >>> fast_precision("cpu") in ("auto", "bfloat16")
        True
    """
    on_cpu = torch.device(device).type == "cpu"
    made_for_it = torch.backends.cpu.get_cpu_capability() == "AVX512"
    return "bfloat16" if on_cpu and made_for_it else "auto"


def warn_if_slow(precision: str, device: torch.device | str) -> None:
    """Warn that bfloat16 was asked for on a CPU that :func:`lacks_bfloat16`.

    Example:
        >>> warn_if_slow("float32", "cpu")
    """
    if precision == "bfloat16" and lacks_bfloat16(device):
        warnings.warn(
            "precision='bfloat16' on a CPU without instructions for it (no AVX-512): products "
            "can take 50 times as long as with precision='float32'",
            stacklevel=3,
        )


def autocast(precision: str, device: torch.device | str) -> AbstractContextManager:
    """A context in which PyTorch computes products in ``precision``, and sums in float32.

    Raises:
        ValueError: as :func:`compute_dtype`.

    Example:
        >>> with autocast("bfloat16", "cpu"):
        ...     (torch.ones(1, 2) @ torch.ones(2, 1)).dtype
        torch.bfloat16
    """
    dtype = compute_dtype(precision, device)
    if dtype is torch.float32:
        return nullcontext()
    return torch.autocast(torch.device(device).type, dtype)


def gradient_scaler(precision: str, device: torch.device | str) -> torch.amp.GradScaler:
    """What keeps float16's small gradients from becoming zero; does nothing for other types.

    Example:
        >>> gradient_scaler("bfloat16", "cpu").is_enabled()
        False
    """
    enabled = compute_dtype(precision, device) is torch.float16
    if not hasattr(torch.amp, "GradScaler"):  # before PyTorch 2.3
        return torch.cuda.amp.GradScaler(enabled=enabled)
    return torch.amp.GradScaler(torch.device(device).type, enabled=enabled)


def check_parameters(model: nn.Module) -> None:
    """Raise unless a model's weights are float32, or wider: updates get lost in half precision.

    Raises:
        ValueError: if some are float16 or bfloat16.

    Example:
        >>> check_parameters(nn.Linear(1, 1).half())
        Traceback (most recent call last):
        ValueError: the model's weights must be float32 to be trained, but some are float16: ...
    """
    for weight in model.parameters():
        if weight.dtype.itemsize < 4:
            raise ValueError(
                "the model's weights must be float32 to be trained, but some are "
                f"{str(weight.dtype).removeprefix('torch.')}: model.float() makes them so. Products "
                "in half precision are an option of training: TrainConfig(precision='auto')"
            )


def check_finite(step: int, loss: float, norm: float, scaler: torch.amp.GradScaler) -> None:
    """Raise unless update ``step`` may be made.

    float16's gradients may overflow while the loss is sound: the scaler then leaves the update
    out and takes a smaller scale, which is no error as long as there is one left to take.

    Raises:
        FloatingPointError: if the loss or the gradient's norm is infinite or no number.

    Example:
        >>> check_finite(3, 2.5, float("nan"), gradient_scaler("float32", "cpu"))
        Traceback (most recent call last):
        FloatingPointError: the loss or its gradient is not finite at update 4; the model is ...
    """
    scaler_helps = scaler.is_enabled() and scaler.get_scale() >= 1
    if not math.isfinite(loss) or not (math.isfinite(norm) or scaler_helps):
        raise FloatingPointError(
            f"the loss or its gradient is not finite at update {step + 1}; the model is as "
            "it was before it, and so is what was kept in files. Try a lower learning rate or a "
            "smaller clip"
        )


@contextmanager
def matmul_precision(name: str | None) -> Iterator[None]:
    """Inside, float32 products may be computed as ``name`` says; afterwards as before.

    ``"high"`` and ``"medium"`` allow machines that can to round the factors of a product to
    fewer bits (TF32, or bfloat16 in one or several parts); the sums stay float32. Which machines
    do is PyTorch's affair: on many CPUs nothing changes, and ``"highest"`` never rounds.

    Args:
        name: ``"highest"``, ``"high"`` or ``"medium"``; None leaves PyTorch's setting alone.

    Example:
        >>> with matmul_precision("medium"):
        ...     torch.get_float32_matmul_precision()
        'medium'
        >>> torch.get_float32_matmul_precision()
        'highest'
    """
    before = torch.get_float32_matmul_precision()
    if name is not None:
        torch.set_float32_matmul_precision(name)
    try:
        yield
    finally:
        if name is not None:
            torch.set_float32_matmul_precision(before)
