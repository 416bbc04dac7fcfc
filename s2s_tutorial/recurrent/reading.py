"""A recurrent layer over a padded batch: every sentence read to its own end, never over padding."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from s2s_tutorial.base.checks import is_exported
from s2s_tutorial.recurrent.cells import State
from s2s_tutorial.recurrent.padded import run_padded


def read_padded(rnn: nn.RNNBase, inputs: Tensor, lengths: Tensor) -> tuple[Tensor, State]:
    """The states of the top layer, and each layer's last one.

    Args:
        rnn: one of the book's cells, batch first.
        inputs: ``(batch, length, input_size)``.
        lengths: ``(batch,)`` int64, each at least 1.

    Returns:
        ``(batch, length, directions * hidden)``, zero on padding; and the state of each layer after
        the last real input (for the backward direction: after the first), ``(layers, batch,
        directions * hidden)``, forward half first; for an LSTM a pair of these.

    >>> import torch
    >>> rnn = nn.GRU(3, 5, batch_first=True, bidirectional=True)
    >>> memory, final = read_padded(rnn, torch.randn(2, 4, 3), torch.tensor([4, 2]))
    >>> torch.equal(final[0, 1, :5], memory[1, 1, :5]), torch.equal(final[0, 1, 5:], memory[1, 0, 5:])
    (True, True)
    """
    on_cpu = lengths.cpu()
    if is_exported():  # a program for any lengths
        memory, final = run_padded(rnn, inputs, lengths)
    elif bool((on_cpu == inputs.size(1)).all()):  # no padding to stop at, and faster so
        memory, final = rnn(inputs)
    else:
        packed = pack_padded_sequence(inputs, on_cpu, batch_first=True, enforce_sorted=False)
        packed_memory, final = rnn(packed)
        memory, _ = pad_packed_sequence(
            packed_memory, batch_first=True, total_length=inputs.size(1)
        )
    if isinstance(final, tuple):
        return memory, (_join(final[0], rnn), _join(final[1], rnn))
    return memory, _join(final, rnn)


def _join(final: Tensor, rnn: nn.RNNBase) -> Tensor:
    """``(layers * directions, batch, hidden)`` to ``(layers, batch, directions * hidden)``."""
    return final.unflatten(0, (rnn.num_layers, -1)).transpose(1, 2).flatten(2)
