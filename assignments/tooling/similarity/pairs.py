"""How much of two students' own code is the same, and how much an ordinary pair of a term shares.

Copydetect turns code into a text without names and comments and cuts it into pieces of :data:`LENGTH` letters, as MOSS does:

$$ \\text{share}(a, b) = \\frac{\\sum_{p \\in a \\cap b} w_p}{\\max(\\min(W_a, W_b), \\tilde W / 2)}, \\qquad
w_p = \\log \\frac{N + 1}{n_p}, \\quad W_a = \\sum_{p \\in a} w_p $$

with $n_p$ of $N$ works in which a piece occurs, and the median $\\tilde W$ over the works. So what everybody writes counts
little, and a work of a few lines cannot come first for them.
"""

from __future__ import annotations

import copy
import io
import itertools
import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from copydetect import CodeFingerprint, compare_files
from copydetect.utils import highlight_overlap

LENGTH = 12  # letters of a piece; `alpha = alpha / total` has eight without its names
LEAST = 40  # pieces; a work of fewer is not compared


@dataclass
class Work:
    """One student's own code for one problem set.

    Args:
        label: whose it is.
        code: its text for each exercise; "" for cells that the student added.
        term: whether it was handed in this term; else it is an official solution, or from an archive.
    """

    label: str
    code: dict[str, str]
    term: bool = True
    text: str = field(init=False)
    pieces: CodeFingerprint = field(init=False)

    def __post_init__(self) -> None:
        self.text = "\n\n".join(f"# {name or 'added'}\n{part}" for name, part in self.code.items())
        file = io.StringIO(self.text)
        self.pieces = CodeFingerprint("own.py", LENGTH, 1, language="python", fp=file)
        # A class's entry is not the sum so far (copydetect 0.5.0), so what follows it would be marked elsewhere.
        self.pieces.offsets[:, 1] = np.maximum.accumulate(self.pieces.offsets[:, 1])

    @property
    def enough(self) -> bool:
        """Whether there is enough to compare."""
        return len(self.pieces.hashes) >= LEAST


@dataclass(frozen=True)
class Pair:
    """Two works, the share of the smaller that both have, and how many of the term's pairs share as much."""

    first: Work
    second: Work
    share: float
    as_much: int


@dataclass(frozen=True)
class Term:
    """All pairs of a problem set, the most alike first.

    Args:
        pairs: those with a work of this term in them.
        shares: of the pairs within the term, ascending.
        too_little: the works that were not compared.
        common: pieces that most works have; they are not marked.
    """

    pairs: list[Pair]
    shares: list[float]
    too_little: list[Work]
    common: frozenset[int]

    @property
    def ordinary(self) -> float:
        """What the pair in the middle shares."""
        return statistics.median(self.shares) if self.shares else 0.0


def compare(works: Sequence[Work]) -> Term:
    """Compare each work of a term with each other, and with those of no term."""
    every = [work for work in works if work.enough]
    too_little = [work for work in works if not work.enough]
    number = Counter(piece for work in every for piece in work.pieces.hashes)
    weight = {piece: math.log((len(every) + 1) / n) for piece, n in number.items()}
    total = {id(w): math.fsum(weight[each] for each in w.pieces.hashes) for w in every}
    least = statistics.median(total.values()) / 2 if total else 0.0
    found = []
    for first, second in itertools.combinations(every, 2):
        if first.term or second.term:
            both = math.fsum(weight[each] for each in first.pieces.hashes & second.pieces.hashes)
            share = both / max(min(total[id(first)], total[id(second)]), least)
            found.append((first, second, round(share, 4)))
    shares = sorted(share for first, second, share in found if first.term and second.term)
    found.sort(key=lambda each: (-each[2], each[0].label, each[1].label))
    pairs = [Pair(*each, sum(share >= each[2] for share in shares)) for each in found]
    common = {piece for piece, n in number.items() if n > max(3, len(every) / 2)}
    return Term(pairs, shares, too_little, frozenset(common))


def marked(pair: Pair, common: frozenset[int]) -> tuple[str, str]:
    """The texts of both works as HTML, escaped, with ``<mark>`` around what they share and most others do not have."""
    sides = []
    for work in (pair.first, pair.second):
        rare = copy.copy(work.pieces)
        rare.hashes = work.pieces.hashes - common
        sides.append(rare)
    slices = compare_files(*sides)[2]
    return tuple(
        highlight_overlap(
            work.text,
            np.asarray(each, dtype=int).reshape(2, -1),
            "<mark>",
            "</mark>",
            escape_html=True,
        )[0]
        for work, each in zip((pair.first, pair.second), slices)
    )
