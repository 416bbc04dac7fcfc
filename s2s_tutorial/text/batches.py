"""From pairs of token lists to minibatches: shifted targets, buckets, an order for each epoch."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import torch

from s2s_tutorial.text.batch import Batch, pad
from s2s_tutorial.text.frames import check_source_kind, pad_frames
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID

POOL = 50  # batches that are sorted by length together


class Batches:
    """The minibatches of a corpus; made by ``make_batches``.

    Iterating gives epoch 0, every time the same; ``epoch(k)`` gives the k-th, in an order that
    depends on the seed and k only, so that training can be resumed at any epoch.

    Attributes:
        dropped: how many pairs ``max_length`` left out.
        targets: what the targets are: see :func:`make_batches`.
        copies_over: the size of the vocabulary above which ids are a sentence's own words; None
            where all are words of the vocabulary.

    Example:
        >>> vocab = s2s.Vocabulary(["a"])
        >>> pairs = [(["a"], ["a"])] * 7
        >>> batches = s2s.make_batches(pairs, vocab, vocab, batch_size=3, shuffle=True)
        >>> len(batches), sorted(len(batch) for batch in batches.epoch(2))
        (3, [1, 3, 3])
    """

    def __init__(
        self,
        encoded: Sequence[tuple[int, list[int] | np.ndarray, list[int]]],
        batch_size: int,
        shuffle: bool,
        bucket: bool,
        seed: int,
        dropped: int,
        targets: str = "sentences",
        copies_over: int | None = None,
    ) -> None:
        self._encoded = encoded
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.bucket = bucket
        self.seed = seed
        self.dropped = dropped
        self.targets = targets
        self.copies_over = copies_over

    def __len__(self) -> int:
        """How many batches an epoch has; the last may be smaller."""
        return math.ceil(len(self._encoded) / self.batch_size)

    def __iter__(self) -> Iterator[Batch]:
        return self.epoch(0)

    def epoch(self, epoch: int) -> Iterator[Batch]:
        """The batches of one epoch.

        Args:
            epoch: its number, from 0.

        Raises:
            ValueError: if ``epoch`` is negative.
        """
        if epoch < 0:
            raise ValueError(f"epochs count from 0, but epoch is {epoch}")
        return (self._collate(rows) for rows in self._order(epoch))

    def description(self) -> dict[str, Any]:
        """What decides these batches: two of the same description are the same, epoch by epoch.

        >>> vocab = s2s.Vocabulary(["a"])
        >>> batches = s2s.make_batches([(["a"], ["a"])] * 7, vocab, vocab, batch_size=3)
        >>> batches.description()["number of pairs"]
        7

        Returns:
            What JSON can say: the options, the number of pairs, and a sha256 of their ids.
        """
        digest = hashlib.sha256()
        for _, src, tgt in self._encoded:
            frames = isinstance(src, np.ndarray)
            digest.update(src.tobytes() if frames else f"{src} ".encode())
            digest.update(f"{tgt}\n".encode())
        return {
            "batch size": self.batch_size,
            "shuffle": self.shuffle,
            "bucket": self.bucket,
            "seed": self.seed if self.shuffle else None,
            "number of pairs": len(self._encoded),
            "sha256 of the pairs": digest.hexdigest(),
        } | ({} if self.targets == "sentences" else {"targets": self.targets})

    def check_ids(
        self,
        src_vocab_size: int | None,
        tgt_vocab_size: int | None = None,
        feature_size: int | None = None,
        copies: bool = False,
    ) -> None:
        """Raise unless a model of these vocabulary sizes can read every token.

        A GPU that is given an id it does not have only says that something failed, and then
        fails at everything; here, before, the id can be named.

        Args:
            src_vocab_size: number of source tokens of the model.
            tgt_vocab_size: number of target tokens; None where the targets are not read.
            feature_size: size of the frames that the model reads; None if it reads tokens.
            copies: whether the model reads words of a sentence's own.

        Raises:
            IndexError: if an id lies outside; the message names it.
            TypeError: if the sources are frames and the model reads tokens, or the reverse.
            ValueError: if the frames are of another size, or the batches were made with
                ``copy=True`` for a model that cannot copy, or over a vocabulary of another size.
        """
        check_source_kind(self._encoded[0][1], feature_size)
        if self.copies_over is not None:
            if not copies:
                raise ValueError(
                    "these batches were made with copy=True, for a model that copies, such as the "
                    "preset 'pointer_generator'; make them without for this one"
                )
            if self.copies_over != src_vocab_size:
                raise ValueError(
                    f"these batches were made over a vocabulary of {self.copies_over} tokens, but "
                    f"the model has {src_vocab_size}: above that, ids would be other words"
                )
            return
        for side, column, size in (("source", 1, src_vocab_size), ("target", 2, tgt_vocab_size)):
            largest = self._largest_ids[column - 1]
            if size is not None and largest >= size:
                raise IndexError(
                    f"the {side} side of these batches holds the id {largest}, but the model's "
                    f"vocabulary has ids 0 to {size - 1}; were they made with another vocabulary "
                    "than the model was built for?"
                )

    @cached_property
    def longest_source(self) -> int:
        """The number of tokens of the longest source."""
        return max(len(src) for _, src, _ in self._encoded)

    @property
    def longest_target(self) -> int:
        """The number of tokens of the longest target, ``<bos>`` and ``<eos>`` not counted."""
        return max(len(tgt) for _, _, tgt in self._encoded)

    @cached_property
    def _largest_ids(self) -> tuple[int, int]:
        tgt = max(max(row[2]) for row in self._encoded)
        if isinstance(self._encoded[0][1], np.ndarray):
            return 0, tgt
        return max(max(row[1]) for row in self._encoded), tgt

    def padding_fraction(self, epoch: int = 0) -> float:
        """How much of an epoch's tensors is padding, source and target together.

        $$ 1 - \\frac{\\sum_b (n_b + m_b)}{\\sum_{\\text{batches}} B\\,(S + T)} $$

        with $n_b$ source tokens and $m_b$ target tokens, ``<eos>`` included.
        """
        tokens = cells = 0
        for rows in self._order(epoch):
            src = [len(self._encoded[row][1]) for row in rows]
            tgt = [len(self._encoded[row][2]) + self._ends for row in rows]
            tokens += sum(src) + sum(tgt)
            cells += len(rows) * (max(src) + max(tgt))
        return 1 - tokens / cells

    def _order(self, epoch: int) -> list[list[int]]:
        """The rows of each batch: shuffle, cut into pools, sort each by length, shuffle batches."""
        rng = random.Random(f"{self.seed} {epoch}")
        rows = list(range(len(self._encoded)))
        if self.shuffle:
            rng.shuffle(rows)
        if self.bucket:
            pool = POOL * self.batch_size
            rows = [
                row
                for begin in range(0, len(rows), pool)
                for row in sorted(rows[begin : begin + pool], key=self._lengths)
            ]
        batches = [
            rows[begin : begin + self.batch_size] for begin in range(0, len(rows), self.batch_size)
        ]
        if self.shuffle:
            rng.shuffle(batches)
        return batches

    @property
    def _ends(self) -> int:
        """How many ``<eos>`` a target has: labels end where the source says they do."""
        return int(self.targets == "sentences")

    def _lengths(self, row: int) -> tuple[int, int]:
        _, src, tgt = self._encoded[row]
        return len(src), len(tgt)

    def _collate(self, rows: list[int]) -> Batch:
        pairs = [self._encoded[row] for row in rows]
        pad_sources = pad_frames if isinstance(pairs[0][1], np.ndarray) else pad
        src, src_lengths, src_mask = pad_sources([src for _, src, _ in pairs])
        targets = [[BOS_ID, *tgt, EOS_ID][: len(tgt) + 1 + self._ends] for _, _, tgt in pairs]
        tgt_in, _, tgt_mask = pad([tgt[:-1] for tgt in targets])
        tgt_out, _, _ = pad([tgt[1:] for tgt in targets])
        indices = torch.tensor([index for index, _, _ in pairs])
        return Batch(src, src_lengths, src_mask, tgt_in, tgt_out, tgt_mask, indices)
