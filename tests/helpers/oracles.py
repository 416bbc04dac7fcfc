"""The equations once more, in NumPy, one vector at a time: what the package is held to."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

BATCH, SRC_LEN, TGT_LEN = 3, 5, 7
VOCAB, EMBEDDING, HIDDEN = 11, 5, 7
LENGTHS = torch.tensor([5, 2, 3])


def random_source(seed: int = 0, vocab: int = VOCAB) -> torch.Tensor:
    """A padded batch with LENGTHS real tokens a row."""
    generator = torch.Generator().manual_seed(seed)
    src = torch.randint(4, vocab, (BATCH, SRC_LEN), generator=generator)
    return src * (torch.arange(SRC_LEN)[None, :] < LENGTHS[:, None])


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def softmax(x: np.ndarray) -> np.ndarray:
    exponentials = np.exp(x - x.max())
    return exponentials / exponentials.sum()


def elman(w_ih, w_hh, b_ih, b_hh, x, h):
    return np.tanh(w_ih @ x + b_ih + w_hh @ h + b_hh)


def gru(w_ih, w_hh, b_ih, b_hh, x, h):
    """PyTorch's: the reset gate multiplies what the state contributed, after the product."""
    (r_x, z_x, n_x), (r_h, z_h, n_h) = np.split(w_ih @ x + b_ih, 3), np.split(w_hh @ h + b_hh, 3)
    r, z = sigmoid(r_x + r_h), sigmoid(z_x + z_h)
    n = np.tanh(n_x + r * n_h)
    return (1 - z) * n + z * h


def lstm(w_ih, w_hh, b_ih, b_hh, x, state):
    h, c = state
    i, f, g, o = np.split(w_ih @ x + b_ih + w_hh @ h + b_hh, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def numbers(module: nn.Module) -> dict[str, np.ndarray]:
    """A module's parameters by name."""
    return {name: p.detach().double().numpy() for name, p in module.named_parameters()}


def arrays(rnn: nn.RNNBase, suffix: str) -> tuple[np.ndarray, ...]:
    """W_ih, W_hh, b_ih, b_hh of one layer and direction, e.g. ``"l0"`` or ``"l0_reverse"``."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return tuple(getattr(rnn, f"{name}_{suffix}").detach().numpy() for name in names)


def cell_step(rnn: nn.RNNBase, suffix: str, x: np.ndarray, state):
    """One update of one sentence; the state is h, or (h, c) for an LSTM."""
    update = {"LSTM": lstm, "GRU": gru, "RNN_TANH": elman}[rnn.mode]
    return update(*arrays(rnn, suffix), x, state)


def run_layer(rnn: nn.RNNBase, suffix: str, xs: list[np.ndarray], state=None):
    """All states h_1..h_T of one layer over one sentence, and its last state."""
    if state is None:
        zero = np.zeros(rnn.hidden_size)
        state = (zero, zero) if isinstance(rnn, nn.LSTM) else zero
    outputs = []
    for x in xs:
        state = cell_step(rnn, suffix, x, state)
        outputs.append(state[0] if isinstance(rnn, nn.LSTM) else state)
    return outputs, state
