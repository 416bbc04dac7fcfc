"""Recurrent layers by name."""

from __future__ import annotations

from torch import nn

from s2s_tutorial.base.value_checks import check_count
from s2s_tutorial.recurrent.gru import GRU
from s2s_tutorial.recurrent.lstm import LSTM

CELLS = {"rnn": nn.RNN, "gru": GRU, "lstm": LSTM}


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
    if cell not in CELLS:
        raise ValueError(f"unknown cell {cell!r}; the cells are {', '.join(sorted(CELLS))}")
    hidden_size = check_count("hidden_size", hidden_size)
    num_layers = check_count("num_layers", num_layers)
    between_layers = dropout if num_layers > 1 else 0.0
    return CELLS[cell](
        input_size, hidden_size, num_layers, batch_first=True, dropout=between_layers, **options
    )
