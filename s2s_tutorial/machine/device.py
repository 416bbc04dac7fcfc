"""Where to compute, and from which seed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


def seed_everything(seed: int) -> None:
    """Seed PyTorch on every device; the book's other randomness takes its own seeds.

    Args:
        seed: any whole number.

    Example:
        >>> seed_everything(3)
        >>> first = torch.rand(5)
        >>> seed_everything(3)
        >>> torch.equal(torch.rand(5), first)
        True
    """
    torch.manual_seed(seed)


def pick_device(name: str = "auto") -> torch.device:
    """The device to compute on: ``"auto"`` is CUDA if there is one, then MPS, then the CPU.

    Args:
        name: ``"auto"``, or what PyTorch calls a device: ``"cpu"``, ``"cuda"``, ``"cuda:1"``,
            ``"mps"``.

    Raises:
        ValueError: if there is no such name, or the named device is not there, with a word on
            what to do.

    Example:
        >>> pick_device("cpu")
        device(type='cpu')
        >>> pick_device().type in ("cuda", "mps", "cpu")
        True
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
    except (RuntimeError, TypeError):
        raise ValueError(
            f"there is no device {name!r}; choose one of auto, cpu, cuda, mps"
        ) from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            "there is no CUDA device here; use device='auto' (on Colab: Runtime > Change "
            "runtime type > GPU)"
        )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError("there is no MPS device here; use device='auto'")
    return device


def random_state(device: torch.device) -> dict[str, Tensor]:
    """The state of PyTorch's generators that work on ``device`` draws from."""
    state = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        state["mps"] = torch.mps.get_rng_state()
    return state


def set_random_state(state: dict[str, Tensor], device: torch.device) -> None:
    """Put the generators back to what :func:`random_state` gave; other devices are left alone."""
    torch.set_rng_state(state["cpu"])
    if device.type == "cuda" and "cuda" in state:
        torch.cuda.set_rng_state(state["cuda"], device)
    elif device.type == "mps" and "mps" in state:
        torch.mps.set_rng_state(state["mps"])


@contextmanager
def random_state_kept(device: torch.device) -> Iterator[None]:
    """What happens inside leaves PyTorch's random state as it was."""
    state = random_state(device)
    try:
        yield
    finally:
        set_random_state(state, device)
