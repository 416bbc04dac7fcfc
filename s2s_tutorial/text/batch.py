"""A minibatch: padding, and the mask that tells it from words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from s2s_tutorial.text.vocabulary import PAD_ID


@dataclass(frozen=True, eq=False)
class Batch:
    """A minibatch of pairs. B pairs; S and T are the longest source and the longest target + 1.

    Attributes:
        src: ``(B, S)`` int64, the source tokens' ids, ``<pad>`` behind them; no ``<bos>``, no
            ``<eos>``. Of sources that are frames, ``(B, S, feature_size)`` float32, zeros behind
            them.
        src_lengths: ``(B,)`` int64, how many source tokens are real.
        src_mask: ``(B, S)`` bool, True where a real token stands; the encoder makes the same from
            ``src_lengths``, by :func:`length_mask`.
        tgt_in: ``(B, T)`` int64, ``<bos>`` and the target: what the decoder reads.
        tgt_out: ``(B, T)`` int64, the target and ``<eos>``: what it should say.
        tgt_mask: ``(B, T)`` bool, True at the real tokens of ``tgt_in`` and of ``tgt_out``.
        indices: ``(B,)`` int64, where in the corpus each pair stands.

    Example:
        >>> pair = s2s.Pair(("il", "gatto"), ("the", "cat"))
        >>> vocab = s2s.Vocabulary(pair.src + pair.tgt)
        >>> batch = next(iter(s2s.make_batches([pair], vocab, vocab, batch_size=1)))
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
    mask = length_mask(lengths, int(lengths.max()))
    ids = torch.full(mask.shape, PAD_ID)
    ids[mask] = torch.tensor([i for row in rows for i in row])
    return ids, lengths, mask


def length_mask(lengths: Tensor, longest: int) -> Tensor:
    """The mask of a padded batch: True where a real token stands.

    $$ m_{bj} = [\\, j < n_b \\,] $$

    Args:
        lengths: ``(batch,)`` integers, $n_b$.
        longest: width of the padded batch.

    Returns:
        ``(batch, longest)`` bool, on the device of ``lengths``.
    """
    return torch.arange(longest, device=lengths.device)[None, :] < lengths[:, None]
