import numpy as np
import pytest
import torch
from oracles import gru, lstm, run_layer
from tiny_models import drawn
from torch import nn
from torch.nn import functional as F

from s2s_tutorial.recurrent.cells import gru_update, lstm_update, stack_update

BATCH, INPUT, HIDDEN = 3, 5, 7
RNNS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


def example(layers=1):
    generator = torch.Generator().manual_seed(0)
    shapes = (BATCH, INPUT), (layers, BATCH, HIDDEN), (layers, BATCH, HIDDEN)
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


def products(cell, x, h):
    return (
        F.linear(x, cell.weight_ih, cell.bias_ih),
        F.linear(h, cell.weight_hh, cell.bias_hh),
    )


def test_gru_update_is_pytorchs_and_the_equations():
    cell = drawn(nn.GRUCell(INPUT, HIDDEN))
    x, (h,), _ = example()
    new = gru_update(*products(cell, x, h), h)
    torch.testing.assert_close(new, cell(x, h))
    weights = [p.detach().numpy() for p in cell.parameters()]
    for b in range(BATCH):
        expected = gru(*weights, x[b].numpy(), h[b].numpy())
        np.testing.assert_allclose(new[b].detach().numpy(), expected, atol=1e-12)


def test_lstm_update_is_pytorchs_and_the_equations():
    cell = drawn(nn.LSTMCell(INPUT, HIDDEN))
    x, (h,), (c,) = example()
    new = lstm_update(*products(cell, x, h), c)
    torch.testing.assert_close(new, cell(x, (h, c)))
    weights = [p.detach().numpy() for p in cell.parameters()]
    for b in range(BATCH):
        expected = lstm(*weights, x[b].numpy(), (h[b].numpy(), c[b].numpy()))
        np.testing.assert_allclose([n[b].detach().numpy() for n in new], expected, atol=1e-12)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("name", RNNS)
def test_a_stack_steps_as_pytorchs_does(name, layers):
    rnn = drawn(RNNS[name](INPUT, HIDDEN, layers, batch_first=True))
    x, h, c = example(layers)
    state = (h, c) if name == "lstm" else h
    top, new = stack_update(rnn, F.linear(x, rnn.weight_ih_l0, rnn.bias_ih_l0), state)
    expected_top, expected = rnn(x[:, None], state)
    torch.testing.assert_close(top, expected_top[:, 0])
    torch.testing.assert_close(new, expected)


@pytest.mark.parametrize("name", RNNS)
def test_a_stack_over_many_steps_follows_the_equations(name):
    rnn, steps = drawn(RNNS[name](INPUT, HIDDEN, 2)), 4
    xs = torch.randn(steps, BATCH, INPUT, generator=torch.Generator().manual_seed(1)).double()
    zero = torch.zeros(2, BATCH, HIDDEN).double()
    state, tops = (zero, zero) if name == "lstm" else zero, []
    for x in xs:
        top, state = stack_update(rnn, F.linear(x, rnn.weight_ih_l0, rnn.bias_ih_l0), state)
        tops.append(top)
    for b in range(BATCH):
        below, _ = run_layer(rnn, "l0", list(xs[:, b].numpy()))
        expected, _ = run_layer(rnn, "l1", below)
        np.testing.assert_allclose(
            torch.stack(tops)[:, b].detach().numpy(), np.array(expected), atol=1e-12
        )


@pytest.mark.parametrize("name", RNNS)
def test_gradients_are_pytorchs(name):
    rnn = drawn(RNNS[name](INPUT, HIDDEN, 2, batch_first=True))
    x, h, c = (t.requires_grad_() for t in example(2))
    state = (h, c) if name == "lstm" else h
    top, _ = stack_update(rnn, F.linear(x, rnn.weight_ih_l0, rnn.bias_ih_l0), state)
    inputs = [x, h, *([c] if name == "lstm" else []), *rnn.parameters()]
    got = torch.autograd.grad(top.square().sum(), inputs)
    expected = torch.autograd.grad(rnn(x[:, None], state)[0].square().sum(), inputs)
    torch.testing.assert_close(got, expected)


def test_dropout_is_between_the_layers_and_only_while_training():
    rnn = drawn(nn.GRU(INPUT, HIDDEN, 2, dropout=0.5))
    x, h, _ = example(2)

    def step():
        return stack_update(rnn, F.linear(x, rnn.weight_ih_l0, rnn.bias_ih_l0), h)[1]

    torch.manual_seed(0)
    first, second = step(), step()
    assert torch.equal(first[0], second[0]) and not torch.equal(first[1], second[1])
    rnn.eval()
    assert torch.equal(step(), step())
    torch.testing.assert_close(step(), rnn(x[None], h)[1])
