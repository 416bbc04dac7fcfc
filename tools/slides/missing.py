"""What a deck names and the book does not have."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class Missing(ValueError):
    """A figure, equation, section, box, table or number that is not in the book."""


def lookup(known: dict, name: str, what: str, where: str):
    """Return `known[name]`.

    Raises:
        Missing: if there is none; the message has the nearest names that exist.
    """
    if name in known:
        return known[name]
    raise Missing(f"there is no {what} {name!r} in {where}; {nearby(name, known)}")


def only(found: list, sought: str, what: str, where: str, others: Iterable[str]):
    """Return the only element.

    Raises:
        Missing: if there is none, or more than one.
    """
    if len(found) == 1:
        return found[0]
    if found:
        raise Missing(f"{len(found)} {what}s in {where} have {sought!r}; quote more of it")
    raise Missing(f"there is no {what} with {sought!r} in {where}; {nearby(sought, others)}")


def nearby(name: str, names: Iterable[str]) -> str:
    """Return which names exist that are like this one, all if none is."""
    names = list(dict.fromkeys(names))
    if not names:
        return "it has none at all"
    lower = {each.lower()[:100]: each for each in names}
    close = difflib.get_close_matches(name.lower(), lower, n=4, cutoff=0.45)
    if close:
        return "near it there is " + ", ".join(repr(lower[each][:70]) for each in close)
    return "there is " + ", ".join(repr(each[:45]) for each in names[:12])
