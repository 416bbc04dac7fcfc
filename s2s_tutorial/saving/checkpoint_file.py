"""The file of a checkpoint: safetensors, with JSON in its header and a sum over all of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

FORMAT = "s2s-tutorial checkpoint 1"


class CheckpointError(ValueError):
    """A file that is not a checkpoint, is damaged, or belongs to another model.

    Example:
        >>> import tempfile
        >>> from s2s_tutorial.saving.checkpoint import load_checkpoint
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "m.safetensors").write_bytes(b"half a fi")
        ...     load_checkpoint(Path(folder, "m.safetensors"))
        Traceback (most recent call last):
        s2s_tutorial.saving.checkpoint_file.CheckpointError: ... is not a complete safetensors file ...
    """


def check_file_name(path: str | Path) -> None:
    """Raise ValueError if safetensors could not open a file of that name again.

    >>> check_file_name("caf\\udce9.safetensors")
    Traceback (most recent call last):
    ValueError: the name 'caf\\udce9.safetensors' is not UTF-8, and safetensors opens no other; ...
    """
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError(
            f"the name {str(path)!r} is not UTF-8, and safetensors opens no other; choose another "
            "name, or rename the file or folder"
        ) from None


def packed(header: dict[str, Any], tensors: dict[str, Tensor]) -> bytes:
    """A file that holds both, and their sha256."""
    header = {"format": FORMAT} | header
    content = {name: t.detach().cpu().contiguous().clone() for name, t in tensors.items()}
    header["sha256"] = _digest(header, content)
    return save(content, metadata={"s2s": json.dumps(header)})


def unpacked(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The header and the tensors of a checkpoint.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if its name is not UTF-8.
        CheckpointError: if it is damaged or no checkpoint of ours.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no checkpoint at {path}")
    check_file_name(path)
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except SafetensorError as error:
        raise CheckpointError(
            f"{path} is not a complete safetensors file ({error}); "
            "if it was downloaded or copied, fetch it again"
        ) from error
    header = _header(metadata)
    if header is None:
        raise CheckpointError(
            f"{path} is a safetensors file but not one of our checkpoints; "
            "save_checkpoint writes those"
        )
    sound = all(isinstance(header.get(name), dict) for name in ("config", "info"))
    sound &= isinstance(header.get("modules", {}), dict)
    sound &= header.keys() >= {"src_vocab", "tgt_vocab"}
    saved = header.pop("sha256", None)  # files of older versions have none
    if not sound or saved not in (None, _digest(header, tensors)):
        raise CheckpointError(
            f"{path} is damaged: what it holds is not what was saved; if it was downloaded or "
            "copied, fetch it again"
        )
    return header, tensors


def is_checkpoint(path: str | Path) -> bool:
    """Whether a file is one of ours, by its header alone; it may be damaged further on."""
    try:
        with safe_open(path, framework="pt") as file:
            return _header(file.metadata() or {}) is not None
    except (SafetensorError, OSError):
        return False


def _header(metadata: dict[str, str]) -> dict[str, Any] | None:
    """What we wrote into a safetensors file; None if it is not ours."""
    try:
        header = json.loads(metadata.get("s2s", "{}"))
    except (ValueError, RecursionError):
        return None
    ours = isinstance(header, dict) and header.get("format") == FORMAT
    return header if ours else None


def _digest(header: dict[str, Any], tensors: dict[str, Tensor]) -> str:
    """The sha256 of all that a file holds."""
    digest = hashlib.sha256(json.dumps(header).encode())
    for name in sorted(tensors):
        digest.update(f"{name} {tensors[name].dtype} {tuple(tensors[name].shape)}".encode())
        digest.update(tensors[name].reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()
