"""Recurrent layers over a padded batch without packing, for programs that are written to a file.

Packing (``pack_padded_sequence``) cuts a batch by its lengths, so what is computed depends on
numbers, and neither ``torch.export`` nor ONNX can say it. Here every row runs over the whole width,
and a sentence's state is held still where it has no token.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s2s_tutorial.text.batch import length_mask

_LARGE = 1e4  # sigmoid(1e4) is 1, sigmoid(-1e4) is 0, in float16 too


def run_padded(rnn: nn.RNNBase, inputs: Tensor, lengths: Tensor) -> tuple[Tensor, object]:
    """What ``rnn`` gives for the packed batch, up to rounding.

    Each input gets one number more, 1 on padding and 0 elsewhere, and each layer a weight for it
    that keeps the state: a GRU's update gate is opened, $z = 1$; an LSTM's forget gate is opened and
    its input gate shut, $c_t = c_{t-1}$; a vanilla cell's biases are cancelled, so that a state that
    starts at zero, as the backward direction does on its padding, stays there.

    Args:
        rnn: one of the book's cells, batch first.
        inputs: ``(batch, length, input_size)``.
        lengths: ``(batch,)`` int64, each at least 1.

    Returns:
        The states of the top layer, ``(batch, length, directions * hidden)``, zero on padding, and
        each layer's and direction's final state, ``(layers * directions, batch, hidden)``; for an
        LSTM a pair of these.

    >>> rnn = nn.GRU(3, 5, batch_first=True)
    >>> memory, final = run_padded(rnn, torch.randn(2, 4, 3), torch.tensor([4, 2]))
    >>> torch.equal(final[0], memory[[0, 1], [3, 1]])
    True
    """
    lengths = lengths.to(inputs.device)
    padding = ~length_mask(lengths, inputs.shape[1])[:, :, None]
    hiddens, cells = [], []
    for layer in range(rnn.num_layers):
        if layer > 0:
            inputs = F.dropout(inputs, rnn.dropout, rnn.training)
        marked = torch.cat([inputs.masked_fill(padding, 0.0), padding.to(inputs.dtype)], dim=-1)
        inputs, *final = _run_layer(rnn, layer, marked)
        inputs = inputs.masked_fill(padding, 0.0)
        last = (lengths - 1)[:, None, None].expand(-1, 1, rnn.hidden_size)
        forward = inputs[:, :, : rnn.hidden_size].gather(1, last).transpose(0, 1)
        hiddens.append(torch.cat([forward, final[0][1:]]))
        cells += final[1:]
    hidden = torch.cat(hiddens)
    return inputs, (hidden, torch.cat(cells)) if cells else hidden


def _run_layer(rnn: nn.RNNBase, layer: int, marked: Tensor) -> tuple[Tensor, ...]:
    """One layer in its directions: all states, the final one and, of an LSTM, the final cell."""
    weights = []
    for direction in ("", "_reverse")[: 1 + rnn.bidirectional]:
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        w_ih, w_hh, b_ih, b_hh = (getattr(rnn, f"{name}_l{layer}{direction}") for name in names)
        column = _holding(rnn.mode, b_ih + b_hh)
        weights += [torch.cat([w_ih, column[:, None]], dim=1), w_hh, b_ih, b_hh]
    start = marked.new_zeros(1 + rnn.bidirectional, marked.shape[0], rnn.hidden_size)
    options = (weights, True, 1, 0.0, rnn.training, rnn.bidirectional, True)
    if rnn.mode == "LSTM":
        return torch.lstm(marked, (start, start), *options)
    return (torch.gru if rnn.mode == "GRU" else torch.rnn_tanh)(marked, start, *options)


def _holding(mode: str, biases: Tensor) -> Tensor:
    """What a layer's gates get from the mark of padding, ``(gates * hidden,)``."""
    gates = {"GRU": (0.0, _LARGE, 0.0), "LSTM": (-_LARGE, _LARGE, 0.0, 0.0)}
    if mode not in gates:
        return -biases
    each = biases.new_tensor(gates[mode])
    return each[:, None].expand(-1, len(biases) // len(each)).flatten()
