"""From pairs of token lists to tensors: padding, masks, shifted targets, buckets."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from s2s_tutorial.corpora.base import Pair
from s2s_tutorial.vocabulary import BOS_ID, EOS_ID, PAD_ID, Vocabulary, check_tokens

POOL = 50  # batches that are sorted by length together


@dataclass(frozen=True, eq=False)
class Batch:
    """A minibatch of pairs. B pairs; S and T are the longest source and the longest target + 1.

    Attributes:
        src: ``(B, S)`` int64, the source tokens' ids, ``<pad>`` behind them; no ``<bos>``, no
            ``<eos>``.
        src_lengths: ``(B,)`` int64, how many source tokens are real.
        src_mask: ``(B, S)`` bool, True where a real token stands.
        tgt_in: ``(B, T)`` int64, ``<bos>`` and the target: what the decoder reads.
        tgt_out: ``(B, T)`` int64, the target and ``<eos>``: what it should say.
        tgt_mask: ``(B, T)`` bool, True at the real tokens of ``tgt_in`` and of ``tgt_out``.
        indices: ``(B,)`` int64, where in the corpus each pair stands.

    Example:
        >>> pair = Pair(("il", "gatto"), ("the", "cat"))
        >>> vocab = Vocabulary(pair.src + pair.tgt)
        >>> batch = next(iter(make_batches([pair], vocab, vocab, batch_size=1)))
        >>> vocab.decode(batch.tgt_in[0]), vocab.decode(batch.tgt_out[0])
        (['<bos>', 'the', 'cat'], ['the', 'cat', '<eos>'])
    """

    src: Tensor
    src_lengths: Tensor
    src_mask: Tensor
    tgt_in: Tensor
    tgt_out: Tensor
    tgt_mask: Tensor
    indices: Tensor

    def __len__(self) -> int:
        return self.src.shape[0]

    def to(self, device: torch.device | str) -> Batch:
        """The batch with every tensor on ``device``."""
        return Batch(*(tensor.to(device) for tensor in vars(self).values()))


def pad(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor, Tensor]:
    """Put lists of ids under one another, with ``<pad>`` behind the short ones.

    Args:
        rows: B lists of ids, none empty.

    Returns:
        ``(B, L)`` int64 ids, ``(B,)`` int64 lengths, ``(B, L)`` bool mask, True where a real
        token stands; L is the longest length.

    Raises:
        ValueError: if there are no rows, or a row is empty; the message names it.

    Example:
        >>> ids, lengths, mask = pad([[4, 5, 6], [7]])
        >>> ids
        tensor([[4, 5, 6],
                [7, 0, 0]])
        >>> lengths, mask[1]
        (tensor([3, 1]), tensor([ True, False, False]))
    """
    if len(rows) == 0:
        raise ValueError("there is nothing to pad: the list of rows is empty")
    for number, row in enumerate(rows):
        if len(row) == 0:
            raise ValueError(f"row {number} is empty: every sentence needs at least one token")
    lengths = torch.tensor([len(row) for row in rows])
    mask = torch.arange(int(lengths.max())) < lengths[:, None]
    ids = torch.full(mask.shape, PAD_ID)
    ids[mask] = torch.tensor([i for row in rows for i in row])
    return ids, lengths, mask


class Batches:
    """The minibatches of a corpus; made by ``make_batches``.

    Iterating gives epoch 0, every time the same; ``epoch(k)`` gives the k-th, in an order that
    depends on the seed and k only, so that training can be resumed at any epoch.

    Attributes:
        dropped: how many pairs ``max_length`` left out.

    Example:
        >>> vocab = Vocabulary(["a"])
        >>> batches = make_batches([(["a"], ["a"])] * 7, vocab, vocab, batch_size=3, shuffle=True)
        >>> len(batches), sorted(len(batch) for batch in batches.epoch(2))
        (3, [1, 3, 3])
    """

    def __init__(
        self,
        encoded: Sequence[tuple[int, list[int], list[int]]],
        batch_size: int,
        shuffle: bool,
        bucket: bool,
        seed: int,
        dropped: int,
    ) -> None:
        self._encoded = encoded
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.bucket = bucket
        self.seed = seed
        self.dropped = dropped

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

    def padding_fraction(self, epoch: int = 0) -> float:
        """How much of an epoch's tensors is padding, source and target together.

        $$ 1 - \\frac{\\sum_b (n_b + m_b)}{\\sum_{\\text{batches}} B\\,(S + T)} $$

        with $n_b$ source tokens and $m_b$ target tokens, ``<eos>`` included.
        """
        tokens = cells = 0
        for rows in self._order(epoch):
            src = [len(self._encoded[row][1]) for row in rows]
            tgt = [len(self._encoded[row][2]) + 1 for row in rows]
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

    def _lengths(self, row: int) -> tuple[int, int]:
        _, src, tgt = self._encoded[row]
        return len(src), len(tgt)

    def _collate(self, rows: list[int]) -> Batch:
        pairs = [self._encoded[row] for row in rows]
        src, src_lengths, src_mask = pad([src for _, src, _ in pairs])
        tgt_in, _, tgt_mask = pad([[BOS_ID, *tgt] for _, _, tgt in pairs])
        tgt_out, _, _ = pad([[*tgt, EOS_ID] for _, _, tgt in pairs])
        indices = torch.tensor([index for index, _, _ in pairs])
        return Batch(src, src_lengths, src_mask, tgt_in, tgt_out, tgt_mask, indices)


def make_batches(
    corpus: Sequence[Pair],
    src_vocab: Vocabulary,
    tgt_vocab: Vocabulary,
    batch_size: int,
    shuffle: bool = False,
    bucket: bool = True,
    seed: int = 0,
    max_length: int | None = None,
) -> Batches:
    """Cut a corpus into minibatches.

    With ``bucket``, pairs of like length share a batch, which saves padding: pools of 50 batches
    are sorted by source, then target length. Without ``shuffle`` as well as ``bucket`` the pairs
    keep the order of the corpus. ``Batch.indices`` always says which pair is which.

    Args:
        corpus: the pairs.
        src_vocab: vocabulary of the source side.
        tgt_vocab: vocabulary of the target side.
        batch_size: pairs in a batch; the last batch may have fewer.
        shuffle: whether each epoch has an order of its own.
        bucket: whether to batch by length.
        seed: seed of the order.
        max_length: leave out pairs with more tokens than that on either side, ``<bos>`` and
            ``<eos>`` not counted. Nothing is ever cut short.

    Raises:
        TypeError: if an option or a sentence is of the wrong kind.
        ValueError: if the corpus is empty or all of it is too long, a sentence is empty (the
            message names its row), or an option is out of range.

    Example:
        >>> vocab = Vocabulary(["a"])
        >>> pairs = [(["a"] * n, ["a"] * n) for n in (1, 5, 1, 5)]
        >>> for bucket in (False, True):
        ...     batches = make_batches(pairs, vocab, vocab, batch_size=2, bucket=bucket)
        ...     print(round(batches.padding_fraction(), 2))  # 1 - 28 / 44, then none
        0.36
        0.0
    """
    for name, value in (("batch_size", batch_size), ("max_length", max_length)):
        if value is None and name == "max_length":
            continue
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{name} must be a whole number, not {value!r}")
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    if len(corpus) == 0:
        raise ValueError("the corpus is empty: there is nothing to make batches of")
    encoded = []
    for row, pair in enumerate(corpus):
        for side, tokens in (("source", pair[0]), ("target", pair[1])):
            check_tokens(tokens, f"the {side} sentence of row {row}")
            if len(tokens) == 0:
                raise ValueError(f"the {side} sentence of row {row} is empty")
        if max_length is None or max(len(pair[0]), len(pair[1])) <= max_length:
            encoded.append((row, src_vocab.encode(pair[0]), tgt_vocab.encode(pair[1])))
    if not encoded:
        shortest = min(max(len(pair[0]), len(pair[1])) for pair in corpus)
        raise ValueError(
            f"max_length={max_length} leaves no pair: the shortest has {shortest} tokens"
        )
    return Batches(encoded, batch_size, shuffle, bucket, seed, dropped=len(corpus) - len(encoded))
