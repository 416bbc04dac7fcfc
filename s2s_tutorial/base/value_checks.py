"""Checks of numbers, flags and names that a person passes in. NumPy's numbers become Python's own."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Integral, Real


def check_whole(
    name: str, value: int, at_least: int | None = None, at_most: int | None = None
) -> int:
    """The value as an int.

    >>> import numpy
    >>> check_whole("size", numpy.int64(7), at_least=1)
    7

    Args:
        name: what the caller calls it, for the message.
        value: the value to look at.
        at_least: the smallest it may be; None if there is no bound.
        at_most: the largest it may be; None if there is no bound.

    Raises:
        TypeError: if it is not a whole number; True and False are none, nor is 1.0.
        ValueError: if it is out of bounds.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, not {value!r}")
    if at_least is not None and value < at_least:
        raise ValueError(f"{name} must be at least {at_least}, not {value}")
    if at_most is not None and value > at_most:
        raise ValueError(f"{name} must be at most {at_most}, not {value}")
    return int(value)


def check_count(name: str, value: int) -> int:
    """The value as an int, at least 1.

    Raises:
        TypeError: if it is not a whole number.
        ValueError: if it is less than 1.
    """
    return check_whole(name, value, at_least=1)


def check_number(name: str, value: float, kind: str = "a number") -> float:
    """The value as a float.

    >>> check_number("rate", "0.1")
    Traceback (most recent call last):
    TypeError: rate must be a number, not '0.1'

    Args:
        name: what the caller calls it, for the message.
        value: the value to look at.
        kind: what it must be, in words, for the message.

    Raises:
        TypeError: if it is no number; True and False are none.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be {kind}, not {value!r}")
    return float(value)


def check_probability(name: str, value: float) -> float:
    """The value as a float, at least 0 and less than 1.

    Raises:
        TypeError: if it is no number.
        ValueError: if it is out of range.
    """
    number = check_number(name, value, "a probability, a number in [0, 1)")
    if not 0 <= number < 1:
        raise ValueError(f"{name} must be a probability in [0, 1), not {value}")
    return number


def check_flag(name: str, value: bool) -> bool:
    """The value itself, True or False.

    Raises:
        TypeError: if it is neither.
    """
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {value!r}")
    return value


def check_name(kind: str, name: str, names: Iterable[str], hint: str = "") -> str:
    """The name itself, one of those that there are.

    >>> check_name("preset", "luong_genral", ["gru", "luong_general"])
    Traceback (most recent call last):
    ValueError: there is no preset 'luong_genral' (did you mean 'luong_general'?); choose one of \
gru, luong_general

    Args:
        kind: what it is a name of, for the message.
        name: the name to look for.
        names: those that there are.
        hint: what else to say in the end.

    Raises:
        ValueError: if it is none of them.
    """
    names = list(names)
    if name not in names:
        known = ", ".join(names)
        raise ValueError(
            f"there is no {kind} {name!r}{did_you_mean(name, names)}; choose one of {known}{hint}"
        )
    return name


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A question in brackets with the nearest name, ready to be put into a message; else nothing.

    >>> did_you_mean("Dates", ["copy", "dates"]), did_you_mean("wmt", ["copy", "dates"])
    (" (did you mean 'dates'?)", '')
    """
    by_lower_case = {each.lower(): each for each in reversed(list(names))}
    near = get_close_matches(str(name).lower(), by_lower_case, n=1)
    return f" (did you mean {by_lower_case[near[0]]!r}?)" if near else ""
