"""Two inputs that differ in one place: what shows on which one thing a mistake depends."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def one_apart(one: object, other: object) -> None:
    """Raise unless two inputs differ in exactly one number, or in one word.

    In tensors that is one entry; in a list of words or numbers one that is exchanged, added or left out.

    Args:
        one: a tensor, or a list or tuple of words, of numbers, of tensors or of such lists.
        other: the same with one change.

    Raises:
        AssertionError: if they differ nowhere, in more than one place, or in shape.

    Example:
        >>> from s2s_tutorial.coursework import one_apart
        >>> one_apart(["the", "cat"], ["the", "old", "cat"])
        >>> one_apart(["the", "cat"], ["a", "dog"])
        Traceback (most recent call last):
            ...
        AssertionError: the two inputs should differ in one place, not in 2
    """
    number = changes(one, other)
    if number != 1:
        raise AssertionError(f"the two inputs should differ in one place, not in {number}")


def changes(one: object, other: object) -> int:
    """In how many places two inputs differ.

    Raises:
        AssertionError: if they are not alike in type, shape or number of parts.
    """
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        if one.shape != other.shape or one.dtype != other.dtype:
            kinds = (f"{tuple(each.shape)} {each.dtype}" for each in (one, other))
            raise AssertionError(f"the tensors should have one shape and type: {', '.join(kinds)}")
        return int((one != other).sum())
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        if all(isinstance(each, (str, int, float)) for each in (*one, *other)):
            return words_apart(one, other)
        if len(one) != len(other):
            raise AssertionError(f"they should have as many parts, not {len(one)} and {len(other)}")
        return sum(changes(a, b) for a, b in zip(one, other))
    if type(one) is not type(other):
        raise AssertionError(f"they should be alike, not {type(one)} and {type(other)}")
    return int(one != other)


def words_apart(one: Sequence[object], other: Sequence[object]) -> int:
    """How many words or numbers were exchanged, added and left out (the edit distance, by its usual table)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
