"""What the plotting functions accept: lists, numpy arrays and tensors, checked and made numpy."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2s_tutorial.text.vocabulary import check_tokens


def to_array(name: str, values: Any, shape: str) -> np.ndarray:
    """A float array with as many dimensions as ``shape`` names.

    Args:
        name: what the caller calls the values, for the message.
        values: nested lists, a numpy array or a tensor on any device, with or without gradients.
        shape: the expected shape in words, such as ``"(tgt_len, src_len)"``.

    Returns:
        A float64 array of that rank.

    Raises:
        TypeError: if the values are no numbers, or rows differ in length.
        ValueError: if the rank is another one or nothing is in it.
    """
    if values is None:
        hint = "; a model without attention has no weights" if name == "weights" else ""
        raise TypeError(f"{name} must be numbers of shape {shape}, not None{hint}")
    if hasattr(values, "detach"):  # a tensor; float() because numpy has no bfloat16
        values = values.detach().cpu().float().numpy()
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be numbers of shape {shape}: {error}") from error
    rank = len([part for part in shape.strip("()").split(",") if part.strip()])
    if array.ndim != rank:
        raise ValueError(f"{name} must have shape {shape}, but its shape is {array.shape}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: its shape is {array.shape}, expected {shape}")
    return array


def check_labels(name: str, tokens: Any, count: int, axis: str) -> list[str]:
    """The tokens as a list, one for each row or column of an array.

    Args:
        name: what the caller calls the tokens.
        tokens: a sequence of strings, not a string.
        count: how many there must be.
        axis: what they label, for the message, such as ``"columns of weights"``.

    Returns:
        The tokens.

    Raises:
        TypeError: if it is a plain string or holds something else than strings.
        ValueError: if there are more or fewer.
    """
    check_tokens(tokens, name)
    if len(tokens) != count:
        raise ValueError(
            f"{name} has {len(tokens)} tokens, but there are {count} {axis}: {list(tokens)}"
        )
    return list(tokens)
