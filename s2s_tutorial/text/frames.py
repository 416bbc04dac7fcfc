"""Sources that are no tokens: arrays of frames, such as those of a sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from s2s_tutorial.text.batch import length_mask


def check_frames(frames: Any, what: str, like: np.ndarray | None = None) -> None:
    """Raise unless these are frames, ``(length, feature_size)``.

    >>> check_frames(np.array([1.0, 2.0]), "the source of row 0")
    Traceback (most recent call last):
    ValueError: the source of row 0 must be frames, (length, feature_size), but its shape is (2,)

    Args:
        frames: what to look at.
        what: what the caller calls it, for the message.
        like: other frames, whose size these must have.

    Raises:
        TypeError: if it is no array of floating-point numbers.
        ValueError: if its rank or its size is another one, or it holds NaN or infinity.
    """
    if not isinstance(frames, np.ndarray):
        raise TypeError(
            f"{what} must be a NumPy array of frames, not a {type(frames).__name__}; sentences of "
            "tokens need a src_vocab"
        )
    if not np.issubdtype(frames.dtype, np.floating):
        raise TypeError(f"{what} must hold floating-point numbers, not {frames.dtype}")
    if frames.ndim != 2:
        raise ValueError(
            f"{what} must be frames, (length, feature_size), but its shape is {frames.shape}"
        )
    if like is not None and frames.shape[1] != like.shape[1]:
        raise ValueError(
            f"{what} has frames of {frames.shape[1]} numbers, those before have {like.shape[1]}"
        )
    if not np.isfinite(frames).all():
        where = int(np.flatnonzero(~np.isfinite(frames).all(axis=1))[0])
        raise ValueError(f"{what} is damaged: its frame {where} holds NaN or infinity")


def pad_frames(rows: Sequence[np.ndarray]) -> tuple[Tensor, Tensor, Tensor]:
    """What :func:`s2s_tutorial.pad` is for ids: frames under one another, with zeros behind.

    >>> frames, lengths, mask = pad_frames([np.ones((3, 5)), np.ones((1, 5))])
    >>> frames.shape, lengths, mask[1]
    (torch.Size([2, 3, 5]), tensor([3, 1]), tensor([ True, False, False]))

    Args:
        rows: B arrays ``(length, feature_size)``, checked before.

    Returns:
        ``(B, L, feature_size)`` float32 frames, ``(B,)`` int64 lengths, ``(B, L)`` bool mask, True
        where a real frame stands; L is the longest length.
    """
    lengths = torch.tensor([len(row) for row in rows])
    mask = length_mask(lengths, int(lengths.max()))
    frames = torch.zeros(*mask.shape, rows[0].shape[1])
    frames[mask] = torch.from_numpy(np.concatenate(rows)).float()
    return frames, lengths, mask


def check_source_kind(src: Any, feature_size: int | None) -> None:
    """Raise unless a model can read this source.

    Args:
        src: token ids, or frames.
        feature_size: size of the frames that the model reads; None if it reads tokens.

    Raises:
        TypeError: if it reads the other kind.
        ValueError: if its frames have another size.
    """
    if feature_size is None and isinstance(src, np.ndarray):
        raise TypeError(
            "the sources of these batches are frames, but the model reads tokens; build it with "
            f"feature_size={src.shape[1]}"
        )
    if feature_size is not None and not isinstance(src, np.ndarray):
        raise TypeError(
            "the sources of these batches are tokens, but the model reads frames; build it without "
            "feature_size"
        )
    if feature_size is not None and src.shape[1] != feature_size:
        raise ValueError(
            f"these batches hold frames of {src.shape[1]} numbers, but the model reads {feature_size}"
        )
