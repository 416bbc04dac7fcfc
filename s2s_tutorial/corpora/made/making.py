"""What the made corpora share: options, seeded draws, and splits that never share a source."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.text.pairs import SPLITS, check_split

T = TypeVar("T")
DEFAULT_SIZES = {"train": 20_000, "valid": 1_000, "test": 1_000}


def split_of(src: Sequence[str]) -> str:
    """The one split that a source sentence may appear in.

    It depends on the sentence alone (the CRC-32 of its tokens joined by spaces, modulo 10): eight
    in ten belong to ``"train"``, one each to ``"valid"`` and ``"test"``. So no seed, size or
    other option can carry a sentence from one split into another.
    """
    return SPLITS[max(0, zlib.crc32(" ".join(src).encode("utf-8")) % 10 - 7)]


def seeded_draw(name: str, split: str, size: int | None, seed: int) -> tuple[int, random.Random]:
    """Check the options that all made corpora have; return the size and a generator.

    The generator is seeded by text, which Python digests with SHA-512: it does not depend on
    PYTHONHASHSEED, and touches no global state.

    Raises:
        TypeError: if the size or the seed is not a whole number.
        ValueError: if the split is unknown or the size is below 1.
    """
    check_split(split)
    size = DEFAULT_SIZES[split] if size is None else check_whole("size", size, at_least=1)
    return size, random.Random(f"{name} {split} {check_whole('seed', seed)}")


def pick(rng: random.Random, options: Sequence[T]) -> T:
    """One of the options, each as likely; a single draw, and fast."""
    return options[int(rng.random() * len(options))]


def draw_by_length(
    rng: random.Random,
    split: str,
    size: int,
    lengths: Iterable[int],
    count: Callable[[int], int],
    every: Callable[[int], Iterable[T]],
    draw: Callable[[int], T],
    source: Callable[[T], Sequence[str]],
) -> list[tuple[T, Sequence[str]]]:
    """Draw things whose length is uniform, and which are uniform given their length.

    Each draw picks a length, then draws until the thing belongs to the split. Short things are
    few, so they come back: drawing without repetition would leave the short ones out. A length
    that the split has nothing of is left out.

    Args:
        rng: the generator.
        split: the split.
        size: how many to draw.
        lengths: the lengths to draw from.
        count: how many things of a length there are.
        every: all things of a length, for the short ones.
        draw: one thing of a length.
        source: the source sentence that a thing is written as.

    Returns:
        The things, each with its source sentence.

    Raises:
        ValueError: if the split has nothing of any of the lengths.
    """
    listed: dict[int, list[tuple[T, Sequence[str]]]] = {}
    for length in lengths:
        if count(length) <= 500:
            all_of_it = [(thing, source(thing)) for thing in every(length)]
            listed[length] = [item for item in all_of_it if split_of(item[1]) == split]
    possible = [length for length in lengths if length not in listed or listed[length]]
    if not possible:
        raise ValueError(
            f"no sentence that these options allow belongs to the {split!r} split (of all, eight in "
            "ten go to train, one in ten to valid and to test); allow longer ones or more symbols"
        )
    drawn: list[tuple[T, Sequence[str]]] = []
    while len(drawn) < size:
        length = pick(rng, possible)
        if length in listed:
            drawn.append(pick(rng, listed[length]))
            continue
        while True:
            thing = draw(length)
            written = source(thing)
            if split_of(written) == split:
                drawn.append((thing, written))
                break
    return drawn


def draw_distinct(
    rng: random.Random,
    split: str,
    size: int,
    most: int,
    draw: Callable[[], T],
    every: Callable[[], Iterable[T]],
    source: Callable[[T], tuple[str, ...]],
) -> list[tuple[T, tuple[str, ...]]]:
    """Draw things of the split until there are ``size`` with different sources.

    Where draws bring nothing new any more, the rest is taken from a shuffled list of everything;
    so it always ends, with the things or with an error.

    Args:
        rng: the generator.
        split: the split.
        size: how many things.
        most: an upper bound of how many there are, all splits together.
        draw: draws one.
        every: everything that ``draw`` may draw.
        source: the source sentence that a thing is written as.

    Returns:
        The things, each with its source sentence.

    Raises:
        ValueError: if the split has fewer sources than ``size``.
    """
    if size > most:
        raise ValueError(_too_many(split, size, f"at most {most}"))
    found: dict[tuple[str, ...], T] = {}
    fruitless = 0
    while len(found) < size and fruitless < 1_000:
        thing = draw()
        written = source(thing)
        if written in found or split_of(written) != split:
            fruitless += 1
        else:
            found[written] = thing
            fruitless = 0
    if len(found) < size:
        rest = {}
        for thing in every():
            written = source(thing)
            if written not in found and split_of(written) == split:
                rest[written] = thing
        if len(found) + len(rest) < size:
            raise ValueError(_too_many(split, size, f"only {len(found) + len(rest)}"))
        left = list(rest.items())
        rng.shuffle(left)
        found.update(left[: size - len(found)])
    return [(thing, written) for written, thing in found.items()]


def _too_many(split: str, size: int, available: str) -> str:
    return (
        f"size={size} asks for more different sentences than these options allow: the {split!r} "
        f"split has {available}; ask for fewer, or widen the options"
    )
