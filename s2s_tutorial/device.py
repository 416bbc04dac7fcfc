"""Where to compute, and from which seed."""

from __future__ import annotations

import torch


def seed_everything(seed: int) -> None:
    """Seed PyTorch on every device; the book's other randomness takes its own seeds."""
    torch.manual_seed(seed)


def pick_device(name: str = "auto") -> torch.device:
    """The device to compute on: ``"auto"`` is CUDA if there is one, then MPS, then the CPU.

    Raises:
        ValueError: if the named device is not there, with a word on what to do.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    device = torch.device(name)
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            "there is no CUDA device here; use device='auto' (on Colab: Runtime > Change "
            "runtime type > GPU)"
        )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError("there is no MPS device here; use device='auto'")
    return device
