"""Recurrent cells by name, and one update of a cell, given what its input and its state contribute.

PyTorch's layers take input and state and do both products. A decoder with attention cannot use
them on a whole target, because part of each input depends on the step before; but the part that
does not, the embedding's, can be multiplied for all steps at once. These functions take such
products and do the rest, as PyTorch defines the cells.
"""

from __future__ import annotations

from typing import Any, Union

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s2s_tutorial.base.value_checks import check_count, check_name
from s2s_tutorial.recurrent.lstm import LSTM

CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": LSTM}

State = Union[Tensor, "tuple[Tensor, Tensor]"]
"""A recurrent state: one tensor, or for an LSTM the pair $(h, c)$."""


def gru_update(from_input: Tensor, from_state: Tensor, state: Tensor) -> Tensor:
    """A gated recurrent unit (Cho et al., 2014).

    $$ r = \\sigma(a_r + b_r), \\quad z = \\sigma(a_z + b_z), \\quad
       n = \\tanh(a_n + r \\circ b_n), \\quad s_i = (1 - z) \\circ n + z \\circ s_{i-1} $$

    with $a = W_{ih} x_i + b_{ih}$ and $b = W_{hh} s_{i-1} + b_{hh}$. As in PyTorch, the reset
    gate comes after the product with the state; Bahdanau et al. (A.1.1) write
    $U (r \\circ s_{i-1})$ instead, and give $z$ to the new state, $1 - z$ to the old one.

    Args:
        from_input: $a$, ``(batch, 3 * hidden)``.
        from_state: $b$, ``(batch, 3 * hidden)``.
        state: $s_{i-1}$, ``(batch, hidden)``.

    Returns:
        $s_i$, ``(batch, hidden)``.
    """
    a_r, a_z, a_n = from_input.chunk(3, dim=-1)
    b_r, b_z, b_n = from_state.chunk(3, dim=-1)
    reset, update = torch.sigmoid(a_r + b_r), torch.sigmoid(a_z + b_z)
    new = torch.tanh(a_n + reset * b_n)
    return new + update * (state - new)


def lstm_update(from_input: Tensor, from_state: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """A long short-term memory cell (Hochreiter & Schmidhuber, 1997; Gers et al., 2000).

    $$ (i, f, g, o) = a + b, \\quad
       c_t = \\sigma(f) \\circ c_{t-1} + \\sigma(i) \\circ \\tanh(g), \\quad
       h_t = \\sigma(o) \\circ \\tanh(c_t) $$

    Args:
        from_input: $a = W_{ih} x_t + b_{ih}$, ``(batch, 4 * hidden)``.
        from_state: $b = W_{hh} h_{t-1} + b_{hh}$, ``(batch, 4 * hidden)``.
        c: $c_{t-1}$, ``(batch, hidden)``.

    Returns:
        $h_t$ and $c_t$, each ``(batch, hidden)``.
    """
    i, f, g, o = (from_input + from_state).chunk(4, dim=-1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def stack_update(rnn: nn.RNNBase, from_input: Tensor, state: State) -> tuple[Tensor, State]:
    """One step of a stack of layers whose first layer's input product is given.

    The same numbers as ``rnn`` itself on one time step.

    Args:
        rnn: an ``nn.RNN``, ``nn.GRU`` or ``nn.LSTM``, one direction.
        from_input: $W_{ih} x_t + b_{ih}$ of the first layer, ``(batch, gates * hidden)``.
        state: ``(layers, batch, hidden)``; for an LSTM a pair of these.

    Returns:
        The top layer's $h_t$, ``(batch, hidden)``, and the new state.
    """
    hidden = state[0] if isinstance(state, tuple) else state
    hiddens, cells = [], []
    for layer in range(rnn.num_layers):
        if layer > 0:
            below = F.dropout(hiddens[-1], rnn.dropout, rnn.training)
            weight, bias = (getattr(rnn, f"{name}_ih_l{layer}") for name in ("weight", "bias"))
            from_input = F.linear(below, weight, bias)
        weight, bias = (getattr(rnn, f"{name}_hh_l{layer}") for name in ("weight", "bias"))
        from_state = F.linear(hidden[layer], weight, bias)
        if isinstance(rnn, nn.LSTM):
            new, c = lstm_update(from_input, from_state, state[1][layer])
            cells.append(c)
        elif isinstance(rnn, nn.GRU):
            new = gru_update(from_input, from_state, hidden[layer])
        else:
            new = torch.tanh(from_input + from_state)
        hiddens.append(new)
    stacked = torch.stack(hiddens)
    return hiddens[-1], (stacked, torch.stack(cells)) if cells else stacked


def select_state(state: Any, rows: Tensor) -> Any:
    """A recurrent state of some rows of a batch.

    Args:
        state: tensors of three dimensions or more, whose second is the batch,
            ``(layers, batch, ...)``, or of fewer, whose first is; tuples are gone through, and
            what is no tensor stays.
        rows: ``(n,)`` int64, which rows, in which order; a row may come twice.
    """
    if isinstance(state, Tensor):
        return state.index_select(1 if state.dim() > 2 else 0, rows)
    if isinstance(state, tuple):
        parts = [select_state(part, rows) for part in state]
        return state._make(parts) if hasattr(state, "_make") else tuple(parts)
    return state


def make_cell(
    cell: str, input_size: int, hidden_size: int, num_layers: int, dropout: float, **options: bool
) -> nn.RNNBase:
    """A stack of recurrent layers, batch first, with dropout between the layers.

    Args:
        cell: ``"rnn"``, ``"gru"`` or ``"lstm"``.
        input_size: size of each input vector.
        hidden_size: size of each state.
        num_layers: how many layers are stacked.
        dropout: probability, applied between layers (so not at all with one layer).
        **options: passed on to the PyTorch module (``bidirectional=True``).

    Raises:
        ValueError: if ``cell`` is unknown or a size is not positive.
    """
    check_name("cell", cell, sorted(CELLS))
    hidden_size = check_count("hidden_size", hidden_size)
    num_layers = check_count("num_layers", num_layers)
    between_layers = dropout if num_layers > 1 else 0.0
    return CELLS[cell](
        input_size, hidden_size, num_layers, batch_first=True, dropout=between_layers, **options
    )
