"""A loop's products have autograd's gradients, whatever is asked for and in which order."""

import gc
import weakref

import pytest
import torch

from s2s_tutorial.loop_product import LoopProduct

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


def plainly(matrix):
    return lambda x: x @ matrix


@MATRICES
def test_value_and_gradients_are_autograds(shape):
    matrix, x = start(shape)
    wanted, got = states(plainly(matrix), x), states(LoopProduct(matrix), x)
    assert torch.equal(got, wanted)
    for a, b in zip(*(torch.autograd.grad(s.pow(2).sum(), (matrix, x)) for s in (got, wanted))):
        torch.testing.assert_close(a, b)


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
        found = states(LoopProduct(matrix), x)
    found.sum().backward()
    assert found.dtype is matrix.grad.dtype is x.grad.dtype is torch.float32


def test_second_derivatives_are_refused_and_not_wrong():
    matrix, x = start((3, 3))
    (first,) = torch.autograd.grad(states(LoopProduct(matrix), x).sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        first.sum().backward()


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
