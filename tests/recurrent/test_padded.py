"""Without packing, and held still on padding: the numbers of the packed batch."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from s2s_tutorial.recurrent.cells import CELLS
from s2s_tutorial.recurrent.padded import run_padded

LENGTHS = torch.tensor([6, 2, 4, 1])
PADDING = torch.arange(6) >= LENGTHS[:, None]


def make(cell, layers, bidirectional, dtype=torch.float64):
    torch.manual_seed(0)
    rnn = CELLS[cell](3, 5, layers, batch_first=True, bidirectional=bidirectional).to(dtype)
    for parameter in rnn.parameters():
        nn.init.normal_(parameter, std=0.8)  # biases that would move a state on padding
    return rnn, torch.randn(4, 6, 3, dtype=dtype)


def packed(rnn, inputs):
    batch = pack_padded_sequence(inputs, LENGTHS, batch_first=True, enforce_sorted=False)
    states, final = rnn(batch)
    return pad_packed_sequence(states, batch_first=True, total_length=6)[0], final


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_the_numbers_are_those_of_packing(cell, layers, bidirectional):
    rnn, inputs = make(cell, layers, bidirectional)
    expected = packed(rnn, inputs)
    for garbage in (0.0, 7.0, float("nan"), float("inf")):
        spoilt = inputs.masked_fill(PADDING[:, :, None], garbage)
        states, final = run_padded(rnn, spoilt, LENGTHS)
        torch.testing.assert_close((states, final), expected, rtol=0, atol=1e-12)
        assert (states[PADDING] == 0).all()


@pytest.mark.parametrize("cell", CELLS)
def test_in_float32_too(cell):
    rnn, inputs = make(cell, 2, True, torch.float32)
    torch.testing.assert_close(run_padded(rnn, inputs, LENGTHS), packed(rnn, inputs))


def test_dropout_is_between_the_layers_and_in_training_only():
    rnn, inputs = make("gru", 2, False)
    rnn.dropout = 0.5
    first, second = (run_padded(rnn, inputs, LENGTHS)[0] for _ in range(2))
    assert not torch.equal(first, second)
    rnn.eval()
    torch.testing.assert_close(run_padded(rnn, inputs, LENGTHS), packed(rnn, inputs))
