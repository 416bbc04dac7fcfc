"""Pairs too long to be trained on, left out while a file is read."""

from __future__ import annotations

import warnings
from pathlib import Path

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.text.pairs import Pair

MAX_TOKENS = 250  # of a side; a batch of 64 such pairs takes additive attention some 4 GB


class LongPairsWarning(UserWarning):
    """Pairs of a file were left out because they are longer than ``max_tokens``."""


class LongPairs:
    """Counts the pairs of a file that are too long, and remembers the first.

    >>> long = LongPairs(Path("pairs.tsv"), max_tokens=2)
    >>> long.leave_out(1, Pair(("a", "b"), ("x",))), long.leave_out(2, Pair(("a",), ("x",) * 3))
    (False, True)
    >>> long.count
    1

    Args:
        file: the file, for the message.
        max_tokens: the most tokens of a side; None for no limit.

    Raises:
        TypeError: if the limit is not a whole number.
        ValueError: if it is below 1.
    """

    def __init__(self, file: Path, max_tokens: int | None) -> None:
        if max_tokens is not None:
            check_whole("max_tokens", max_tokens, at_least=1)
        self.file = file
        self.max_tokens = max_tokens
        self.count = 0
        self._first = ""

    def leave_out(self, number: int, pair: Pair) -> bool:
        """Whether a pair is too long; ``number`` is its line."""
        longest = max(len(pair.src), len(pair.tgt))
        if self.max_tokens is None or longest <= self.max_tokens:
            return False
        if self.count == 0:
            side = "source" if len(pair.src) == longest else "target"
            self._first = f"line {number} ({longest:,} {side} tokens)"
        self.count += 1
        return True

    def warn(self, kept: int) -> None:
        """Warn if pairs were left out.

        Args:
            kept: how many pairs are left.

        Raises:
            ValueError: if none is.
        """
        if self.count == 0:
            return
        how_many = "1 pair is" if self.count == 1 else f"{self.count:,} pairs are"
        message = (
            f"{self.file}: {how_many} left out because of more than {self.max_tokens} tokens: "
            f"{'' if self.count == 1 else 'the first is '}{self._first}. Cut such lines into "
            "sentences, or allow them with the option max_tokens (--option max_tokens=1000; null "
            "for no limit)"
        )
        if kept == 0:
            raise ValueError(f"{message}. No pair is left")
        warnings.warn(message, LongPairsWarning, stacklevel=3)
