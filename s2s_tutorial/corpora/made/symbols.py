"""``reverse`` and ``copy``: strings of random symbols, whose length is a dial.

A string of n independent uniform symbols carries n log2(symbols) bits, so how much a context
vector must hold is known exactly, and the length says it.
"""

from __future__ import annotations

import itertools
import random
import string
from collections.abc import Callable

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.corpora.made.making import draw_by_length, pick, seeded_draw
from s2s_tutorial.text.pairs import Pair, ParallelCorpus


def symbol_names(symbols: int) -> tuple[str, ...]:
    """The tokens: ``a`` to ``z``, then ``a1`` to ``z1``, ``a2`` and so on."""
    rounds = itertools.chain([""], map(str, itertools.count(1)))
    names = (letter + suffix for suffix in rounds for letter in string.ascii_lowercase)
    return tuple(itertools.islice(names, symbols))


def make_reverse(
    split: str,
    *,
    size: int | None = None,
    seed: int = 0,
    symbols: int = 20,
    min_length: int = 1,
    max_length: int = 20,
) -> ParallelCorpus:
    """Strings of random symbols and their mirror images.

    The length is uniform over ``min_length .. max_length`` and the symbols are independent and
    uniform, so a string of length $n$ carries

    $$ n \\log_2 K \\quad\\text{bits, with } K = \\mathtt{symbols}. $$

    A split keeps eight (or one) in ten of all strings, which takes about 0.3 (3.3) bits off,
    whatever the length; where a length has few strings (n = 1) the draw is uniform over those of
    the split. Strings may come twice: short ones must, or they would be rare.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.
        symbols: how many different symbols.
        min_length: length of the shortest string.
        max_length: length of the longest.

    Returns:
        Pairs whose alignment is the mirror: source symbol $j$ of $n$ with target symbol
        $n - 1 - j$.

    Raises:
        TypeError: if an option is not a whole number.
        ValueError: if an option is out of range, or the split has no string of these lengths.
    """
    return _make(
        "reverse", split, size, seed, symbols, min_length, max_length, lambda n, j: n - 1 - j
    )


def make_copy(
    split: str,
    *,
    size: int | None = None,
    seed: int = 0,
    symbols: int = 20,
    min_length: int = 1,
    max_length: int = 20,
) -> ParallelCorpus:
    """Strings of random symbols, to be repeated: as ``reverse``, but source and target are equal.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.
        symbols: how many different symbols.
        min_length: length of the shortest string.
        max_length: length of the longest.

    Returns:
        Pairs whose alignment is the diagonal.

    Raises:
        TypeError: if an option is not a whole number.
        ValueError: if an option is out of range, or the split has no string of these lengths.
    """
    return _make("copy", split, size, seed, symbols, min_length, max_length, lambda n, j: j)


def _make(
    name: str,
    split: str,
    size: int | None,
    seed: int,
    symbols: int,
    min_length: int,
    max_length: int,
    place: Callable[[int, int], int],
) -> ParallelCorpus:
    """The corpus whose target has source symbol ``j`` of ``n`` at ``place(n, j)``."""
    size, rng = seeded_draw(name, split, size, seed)
    names = symbol_names(check_whole("symbols", symbols, at_least=1))
    min_length = check_whole("min_length", min_length, at_least=1)
    max_length = check_whole("max_length", max_length, at_least=1)
    if max_length < min_length:
        raise ValueError(f"max_length={max_length} is below min_length={min_length}")
    drawn = draw_by_length(
        rng,
        split,
        size,
        lengths=range(min_length, max_length + 1),
        count=lambda n: symbols ** min(n, 9),  # enough to tell few from many
        every=lambda n: itertools.product(names, repeat=n),
        draw=lambda n: _draw(rng, names, n),
        source=lambda symbols_drawn: symbols_drawn,
    )
    links = {
        n: frozenset((j, place(n, j)) for j in range(n)) for n in range(min_length, max_length + 1)
    }
    pairs = []
    for src, _ in drawn:
        tgt = [""] * len(src)
        for j, i in links[len(src)]:
            tgt[i] = src[j]
        pairs.append(Pair(src, tuple(tgt), links[len(src)]))
    return ParallelCorpus(pairs, name, split)


def _draw(rng: random.Random, names: tuple[str, ...], length: int) -> tuple[str, ...]:
    return tuple(pick(rng, names) for _ in range(length))
