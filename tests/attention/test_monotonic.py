import itertools

import numpy as np
import pytest
import torch
from oracles import numbers, sigmoid
from tiny_models import drawn

from s2s_tutorial.attention.monotonic import MonotonicAttention, move_on

BATCH, TGT_LEN, SRC_LEN, QUERY, KEY, WIDTH = 3, 5, 7, 11, 2, 13
LENGTHS = [7, 2, 3]
MASK = torch.arange(SRC_LEN)[None, :] < torch.tensor(LENGTHS)[:, None]


def make(**options):
    return drawn(MonotonicAttention(QUERY, KEY, WIDTH, **options)).eval()


def example():
    generator = torch.Generator().manual_seed(1)
    shapes = (BATCH, TGT_LEN, QUERY), (BATCH, SRC_LEN, KEY)
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


def look(module, query, memory, previous=None, mask=MASK):
    return module(query, module.project_keys(memory), memory, mask, previous_weights=previous)


def energies(module, query, h):
    """Equation 16 of the paper, one query and one position at a time."""
    p = numbers(module)
    v = p["inner.v"] / np.sqrt((p["inner.v"] ** 2).sum())
    return np.array(
        [
            [
                p["g"] * v @ np.tanh(p["inner.W_q"] @ q + p["inner.W_k"] @ h_j + p["b"]) + p["r"]
                for h_j in h
            ]
            for q in query
        ]
    )


def every_path(stops):
    """The chance of each place at each step: the sum over all ways a pointer can go.

    Args:
        stops: ``(steps, positions)``, the chance to stop where it stands.
    """
    steps, positions = stops.shape
    expected = np.zeros((steps, positions))
    for path in itertools.combinations_with_replacement(range(positions), steps):
        chance, at = 1.0, 0
        for i, place in enumerate(path):
            chance *= np.prod(1 - stops[i, at:place]) * stops[i, place]
            at = place
            # what follows does not change the chance of having got here; count it once
            if path[i + 1 :] == (place,) * (steps - i - 1):
                expected[i, place] += chance
    return expected


def test_it_is_the_sum_over_all_ways_to_go():
    module = make()
    query, memory = example()
    context, weights = look(module, query, memory)
    for b, n in enumerate(LENGTHS):
        h = memory[b, :n].numpy()
        expected = every_path(sigmoid(energies(module, query[b].numpy(), h)))
        np.testing.assert_allclose(weights[b, :, :n].detach().numpy(), expected, atol=1e-12)
        np.testing.assert_allclose(context[b].detach().numpy(), expected @ h, atol=1e-12)
    assert (weights.transpose(1, 2)[~MASK] == 0).all()
    assert weights.sum(-1).max() <= 1 + 1e-12


def test_hard_it_walks_to_the_first_stop():
    module = make(hard=True)
    with torch.no_grad():
        module.r.fill_(-0.1)
    query, memory = example()
    _, weights = look(module, query, memory)
    stopped = 0
    for b, n in enumerate(LENGTHS):
        e, at = energies(module, query[b].numpy(), memory[b, :n].numpy()), 0
        for i in range(TGT_LEN):
            while at < n and e[i, at] < 0:
                at += 1
            expected = [float(j == at) for j in range(SRC_LEN)] if at < n else [0.0] * SRC_LEN
            assert weights[b, i].tolist() == expected
            stopped += at < n
    assert 0 < stopped < BATCH * TGT_LEN  # some walk off the end


def test_one_step_by_hand():
    half = torch.zeros(1, 4, dtype=torch.float64)
    start = torch.tensor([[0.0, 0.5, 0.5, 0.0]], dtype=torch.float64)
    # at 1: .5 x .5; at 2: .5 x (.5 x .5 + .5); at 3: what went on, .125 + .25, halved
    assert move_on(half, start).tolist() == [[0, 0.25, 0.375, 0.1875]]


def test_far_from_the_start_nothing_is_lost():
    scores = torch.full((1, 3000), -9.0)  # float32: the product of 3,000 chances to go on
    start = torch.zeros(1, 3000)
    start[0, 2990] = 1.0
    p = sigmoid(np.float64(-9.0))
    expected = p * (1 - p) ** np.arange(10)
    np.testing.assert_allclose(move_on(scores, start)[0, 2990:].numpy(), expected, rtol=2e-3)
    assert move_on(scores, start)[0, :2990].sum() == 0


def test_a_whole_target_equals_its_steps_and_padding_changes_nothing():
    for module in (make(), make(hard=True)):
        query, memory = example()
        whole, previous, steps = look(module, query, memory), None, []
        wider = torch.cat([memory, memory.new_full((BATCH, 4, KEY), 1e3)], dim=1)
        mask = torch.cat([MASK, torch.zeros(BATCH, 4, dtype=torch.bool)], dim=1)
        for i in range(TGT_LEN):
            context, previous = look(module, query[:, i], wider, previous, mask)
            steps.append((context, previous[:, :SRC_LEN]))
        torch.testing.assert_close([torch.stack(c, dim=1) for c in zip(*steps)], list(whole))


def test_it_never_goes_back():
    _, weights = look(make(), *example())
    passed = weights.flip(-1).cumsum(-1).flip(-1)  # the chance to be at j or beyond, of all
    reached = passed / weights.sum(-1, keepdim=True)
    assert (reached.diff(dim=1) >= -1e-12).all()


def test_noise_only_in_training():
    module = make(hard=True)
    query, memory = example()
    still = [look(module, query, memory)[1] for _ in range(2)]
    assert torch.equal(*still)
    module.train()
    noisy = [look(module, query, memory)[1] for _ in range(2)]
    assert not torch.equal(*noisy)
    assert ((noisy[0] > 0) & (noisy[0] < 1)).any()  # hard only where nothing is learned


def test_gradients_reach_everything():
    module = drawn(MonotonicAttention(QUERY, KEY, 2, noise=0)).train()
    query, memory = (x[:2, :3].clone().requires_grad_() for x in example())
    inputs = [query, memory, *module.parameters()]
    assert len(inputs) == 8

    def run(query, memory, *parameters):
        return look(module, query, memory, mask=MASK[:2, :3])

    assert torch.autograd.gradcheck(run, inputs)
    run(*inputs)[0].square().sum().backward()
    assert all(x.grad.abs().sum() > 0 for x in inputs)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_wide(dtype):
    scores, start = torch.full((1, 300), -3.0, dtype=dtype), torch.zeros(1, 300, dtype=dtype)
    start[0, 0] = 1
    expected = move_on(scores.double(), start.double())
    torch.testing.assert_close(move_on(scores, start).double(), expected, rtol=1e-2, atol=1e-4)


def test_bad_input_is_explained():
    with pytest.raises(ValueError, match="noise must be 0 or more, not -1"):
        MonotonicAttention(QUERY, KEY, WIDTH, noise=-1)
    with pytest.raises(TypeError, match="start must be a number"):
        MonotonicAttention(QUERY, KEY, WIDTH, start="low")
    with pytest.raises(ValueError, match="at least 1, not 0"):
        MonotonicAttention(QUERY, KEY, 0)
