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


def arrays(rnn: nn.RNNBase, suffix: str) -> tuple[np.ndarray, ...]:
    """W_ih, W_hh, b_ih, b_hh of one layer and direction, e.g. ``"l0"`` or ``"l0_reverse"``."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return tuple(getattr(rnn, f"{name}_{suffix}").detach().numpy() for name in names)


def cell_step(rnn: nn.RNNBase, suffix: str, x: np.ndarray, state):
    """One update of one sentence; the state is h, or (h, c) for an LSTM."""
    w_ih, w_hh, b_ih, b_hh = arrays(rnn, suffix)
    h = state[0] if isinstance(rnn, nn.LSTM) else state
    from_input, from_state = w_ih @ x + b_ih, w_hh @ h + b_hh
    if isinstance(rnn, nn.LSTM):
        i, f, g, o = np.split(from_input + from_state, 4)
        c = sigmoid(f) * state[1] + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    if isinstance(rnn, nn.GRU):
        (r_x, z_x, n_x), (r_h, z_h, n_h) = np.split(from_input, 3), np.split(from_state, 3)
        r, z = sigmoid(r_x + r_h), sigmoid(z_x + z_h)
        n = np.tanh(n_x + r * n_h)
        return (1 - z) * n + z * h
    return np.tanh(from_input + from_state)


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
