"""The book's LSTM is PyTorch's, and in mixed precision it runs on every CPU."""

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.recurrent.lstm import LSTM


@pytest.fixture(params=["AVX2", "AVX512", "DEFAULT"])
def capability(request, monkeypatch):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: request.param)
    return request.param


def pair(seed=0):
    torch.manual_seed(seed)
    ours = LSTM(3, 5, num_layers=2, bidirectional=True, batch_first=True)
    theirs = nn.LSTM(3, 5, num_layers=2, bidirectional=True, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("with_state", [False, True])
def test_without_autocast_it_is_pytorchs(capability, packed, with_state):
    ours, theirs = pair()
    inputs = torch.randn(2, 7, 3)
    if packed:
        inputs = pack_padded_sequence(inputs, torch.tensor([7, 3]), batch_first=True)
    state = (torch.randn(4, 2, 5), torch.randn(4, 2, 5)) if with_state else None
    (got, got_state), (wanted, wanted_state) = ours(inputs, state), theirs(inputs, state)
    assert torch.equal(*(x.data if packed else x for x in (got, wanted)))
    assert all(torch.equal(a, b) for a, b in zip(got_state, wanted_state))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("packed", [False, True])
def test_without_bfloat16_it_computes_in_the_type_of_its_weights(monkeypatch, packed, dtype):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX2")
    ours, theirs = (layers.to(dtype) for layers in pair())
    inputs, state = torch.randn(2, 7, 3), (torch.randn(4, 2, 5), torch.randn(4, 2, 5))

    def read(layers, inputs, state):
        if packed:
            inputs = pack_padded_sequence(inputs, torch.tensor([7, 3]), batch_first=True)
        states, final = layers(inputs, state)
        return [states.data if packed else states, *final]

    wanted = read(theirs, inputs.to(dtype), tuple(s.to(dtype) for s in state))
    with torch.autocast("cpu", torch.bfloat16):
        got = read(ours, inputs, state)
        product = torch.ones(1, 2) @ torch.ones(2, 1)
    assert all(torch.equal(a, b) for a, b in zip(got, wanted))
    assert product.dtype is torch.bfloat16  # the rest of the model is as it was
    sum(x.float().sum() for x in got).backward()
    assert all(torch.isfinite(p.grad).all() for p in ours.parameters())


def test_the_models_lstm_is_this_one():
    assert type(Encoder(7, 3, 5, cell="lstm").rnn) is LSTM
