"""A loop's products have autograd's gradients, whatever is asked for and in which order."""

import gc
import weakref

import pytest
import torch

from s2s_tutorial.recurrent.loop_product import LoopProduct

MATRICES = pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3)], ids=["one", "one a row"])


def start(shape):
    torch.manual_seed(0)
    matrix = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    x = torch.randn(2, *[1] * (len(shape) - 2), 3, dtype=torch.float64, requires_grad=True)
    return matrix, x


def states(product, x, steps=5):
    """All states of a small recurrent network."""
    found = []
    for _ in range(steps):
        x = torch.tanh(product(x) + x)
        found.append(x)
    return torch.stack(found)


def plainly(matrix, bias=0.0):
    return lambda x: x @ matrix + bias


@MATRICES
def test_value_and_gradients_are_autograds(shape):
    matrix, x = start(shape)
    wanted, got = states(plainly(matrix), x), states(LoopProduct(matrix), x)
    assert torch.equal(got, wanted)
    for a, b in zip(*(torch.autograd.grad(s.pow(2).sum(), (matrix, x)) for s in (got, wanted))):
        torch.testing.assert_close(a, b)


@MATRICES
@pytest.mark.parametrize("step", [0, 2, slice(None)])
def test_with_a_bias(shape, step):
    matrix, x = start(shape)
    bias = torch.tensor([2.0, -1.0, 0.5], dtype=torch.float64, requires_grad=True)
    wanted, got = (
        states(product, x)[step] for product in (plainly(matrix, bias), LoopProduct(matrix, bias))
    )
    assert torch.equal(got, wanted)
    inputs = matrix, bias, x
    for a, b in zip(*(torch.autograd.grad(s.pow(2).sum(), inputs) for s in (got, wanted))):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("learnt", ["matrix", "bias"])
def test_of_matrix_and_bias_one_may_be_fixed(learnt):
    given = {"matrix": start((3, 3))[0], "bias": torch.ones(3, dtype=torch.float64)}
    given = {name: tensor.detach().requires_grad_(name == learnt) for name, tensor in given.items()}
    x = torch.ones(2, 3, dtype=torch.float64)
    wanted, got = (
        torch.autograd.grad(states(product, x).pow(2).sum(), given[learnt])
        for product in (plainly(*given.values()), LoopProduct(*given.values()))
    )
    torch.testing.assert_close(got, wanted)


@MATRICES
def test_gradcheck(shape):
    matrix, x = start(shape)
    assert torch.autograd.gradcheck(lambda m, x: states(LoopProduct(m), x, 3), (matrix, x))


@MATRICES
@pytest.mark.parametrize("step", [0, 2])
def test_steps_that_the_loss_does_not_depend_on_do_not_count(shape, step):
    matrix, x = start(shape)
    (wanted,), (got,) = (
        torch.autograd.grad(states(product, x)[step].sum(), matrix)
        for product in (plainly(matrix), LoopProduct(matrix))
    )
    torch.testing.assert_close(got, wanted)


def test_an_earlier_backward_is_not_counted_again():
    matrix, x = start((3, 3))
    (wanted,) = torch.autograd.grad(states(plainly(matrix), x).sum(), matrix)
    loss = states(LoopProduct(matrix), x).sum()
    torch.autograd.grad(loss, x, retain_graph=True)  # leaves the matrix out
    loss.backward(retain_graph=True)
    torch.testing.assert_close(matrix.grad, wanted)
    loss.backward()
    torch.testing.assert_close(matrix.grad, 2 * wanted)


def test_a_matrix_without_gradient():
    matrix, x = start((3, 3))
    loss = states(LoopProduct(matrix.detach()), x).sum()
    wanted = torch.autograd.grad(states(plainly(matrix), x).sum(), x)
    torch.testing.assert_close(torch.autograd.grad(loss, x), wanted)
    with torch.no_grad():
        assert not states(LoopProduct(matrix), x).requires_grad


def test_the_product_is_in_the_type_of_the_matrix():
    matrix = torch.randn(3, 5, dtype=torch.bfloat16, requires_grad=True)
    x = torch.randn(2, 3, requires_grad=True)
    with torch.autocast("cpu", torch.bfloat16):
        found = LoopProduct(matrix)(x)
    found.float().sum().backward()
    assert found.dtype is matrix.grad.dtype is torch.bfloat16
    assert x.grad.dtype is torch.float32


def test_autocast_does_not_change_that_type():
    matrix, x = start((3, 3))
    matrix, x = (each.detach().float().requires_grad_() for each in (matrix, x))
    with torch.autocast("cpu", torch.bfloat16):
        assert LoopProduct(matrix)(x).dtype is torch.float32
        found = states(LoopProduct(matrix), x)
    found.sum().backward()
    assert found.dtype is matrix.grad.dtype is x.grad.dtype is torch.float32


def test_a_fixed_matrix_keeps_nothing_for_its_gradient():
    matrix, x = start((3, 3))
    product = LoopProduct(matrix.detach())
    loss = states(product, x).sum()
    for _ in range(3):
        torch.autograd.grad(loss, x, retain_graph=True)
    assert product.pairs == []


def test_after_a_backward_nothing_is_kept_for_the_next():
    matrix, x = start((3, 3))
    product = LoopProduct(matrix)
    states(product, x).sum().backward(retain_graph=True)
    assert product.pairs == []


def test_many_gradients_at_once():
    matrix, x = start((3, 3))
    bias = torch.ones(3, dtype=torch.float64, requires_grad=True)
    found = [states(make(matrix, bias), x)[-1] for make in (plainly, LoopProduct)]
    each = torch.eye(6, dtype=torch.float64).view(6, 2, 3)
    wanted, got = (
        torch.autograd.grad(s, (matrix, bias), each, is_grads_batched=True) for s in found
    )
    torch.testing.assert_close(got, wanted)


def test_second_derivatives_are_refused_and_not_wrong():
    matrix, x = start((3, 3))
    (first,) = torch.autograd.grad(states(LoopProduct(matrix), x).sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        first.sum().backward()


def test_a_bias_keeps_its_own_type():
    matrix = torch.randn(3, 3, dtype=torch.bfloat16, requires_grad=True)
    bias = torch.randn(3, requires_grad=True)
    found = LoopProduct(matrix, bias)(torch.ones(2, 3))
    found.sum().backward()
    assert found.dtype is bias.grad.dtype is torch.float32
    assert matrix.grad.dtype is torch.bfloat16


@pytest.mark.parametrize("backward", [False, True])
def test_nothing_is_kept_when_it_is_over(backward):
    matrix, x = start((3, 3))
    gc.disable()  # freed by counting references, without waiting for the collector
    try:
        product = LoopProduct(matrix * 1)
        gone = weakref.ref(product.matrix)
        loss = states(product, x).sum()
        if backward:
            loss.backward()
        del product, loss
        assert gone() is None
    finally:
        gc.enable()
