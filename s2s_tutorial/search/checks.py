"""What is looked at before a search, and after one."""

from __future__ import annotations

import math
from collections.abc import Iterable

from s2s_tutorial.base.value_checks import check_count, check_number, check_whole


def check_output_lengths(min_length: int, max_length: int) -> None:
    """Raise unless 0 <= ``min_length`` <= ``max_length`` and ``max_length`` is positive.

    Raises:
        TypeError: if one is not a whole number.
        ValueError: if one is out of range.

    Example:
        >>> check_output_lengths(5, 3)
        Traceback (most recent call last):
        ValueError: min_length must lie between 0 and max_length, 3, but is 5
    """
    check_count("max_length", max_length)
    check_whole("min_length", min_length)
    if not 0 <= min_length <= max_length:
        raise ValueError(
            f"min_length must lie between 0 and max_length, {max_length}, but is {min_length}"
        )


def check_no_nan(scores: Iterable[float]) -> None:
    """Raise unless the scores that a search has found are numbers.

    Raises:
        FloatingPointError: if one is not.

    Example:
        >>> check_no_nan([-1.5, float("nan")])
        Traceback (most recent call last):
        FloatingPointError: the model's probabilities are no numbers (NaN): it holds weights ...
    """
    if any(math.isnan(score) for score in scores):
        raise FloatingPointError(
            "the model's probabilities are no numbers (NaN): it holds weights that are NaN or "
            "infinite, or numbers too large for its precision came up; nothing can be decoded"
        )


def check_search(
    beam_size: int,
    length_penalty: float,
    n_best: int,
    patience: float,
    min_length: int,
    max_length: int,
) -> None:
    """Raise unless a search can be made with these options of :func:`beam_search`.

    Raises:
        TypeError: if one is of another kind than it should be.
        ValueError: if one is out of range.
    """
    check_output_lengths(min_length, max_length)
    check_count("beam_size", beam_size)
    check_whole("n_best", n_best)
    for name, value in (("length_penalty", length_penalty), ("patience", patience)):
        check_number(name, value)
    if not 1 <= n_best <= beam_size:
        raise ValueError(
            f"n_best must lie between 1 and beam_size, {beam_size}, but is {n_best}; "
            "a wider beam finds more hypotheses"
        )
    if not 0 <= length_penalty < float("inf"):
        raise ValueError(
            f"length_penalty must be 0 (rank by log-probability) or more, not {length_penalty}"
        )
    if length_penalty * math.log(max_length + 6) > 700:  # e^709 is the largest float
        raise ValueError(
            f"length_penalty={length_penalty} is too large to compute; 0 to 2 is usual"
        )
    if not patience >= 1:
        raise ValueError(f"patience must be at least 1, not {patience}")
