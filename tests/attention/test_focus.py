import numpy as np
import pytest
import torch
from oracles import numbers, sigmoid, softmax
from oracles_attention import SCORES
from tiny_models import drawn

from s2s_tutorial.attention.focus import FocusedAttention, smooth_weights, window_around
from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.attention.scores import AdditiveAttention, DotAttention

BATCH, TGT_LEN, SRC_LEN, QUERY, KEY, WIDTH = 3, 5, 7, 11, 2, 13
LENGTHS = [7, 2, 3]
MASK = torch.arange(SRC_LEN)[None, :] < torch.tensor(LENGTHS)[:, None]
INNER = {
    "additive": lambda: AdditiveAttention(QUERY, KEY, WIDTH),
    "location_aware": lambda: LocationAwareAttention(QUERY, KEY, WIDTH, 3, 5),
}


def example():
    generator = torch.Generator().manual_seed(1)
    shapes = (BATCH, TGT_LEN, QUERY), (BATCH, SRC_LEN, KEY)
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


def look(module, query, memory, previous=None, mask=MASK):
    return module(query, module.project_keys(memory), memory, mask, previous_weights=previous)


def median(weights):
    """The first place at which half of the weight has been seen."""
    seen = 0.0
    for place, weight in enumerate(weights):
        seen += weight
        if seen >= sum(weights) / 2:
            return place


@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize(
    ("options", "turn"),
    [
        ({}, softmax),
        ({"sharpening": 2.5}, lambda e: softmax(2.5 * e)),
        ({"smoothing": True}, lambda e: sigmoid(e) / sigmoid(e).sum()),
        ({"window": 1}, softmax),
        ({"window": 1, "smoothing": True, "sharpening": 3.0}, None),
    ],
)
def test_follows_the_paper(inner, options, turn):
    module = FocusedAttention(drawn(INNER[inner]()), **options)
    turn = turn or (lambda e: sigmoid(3 * e) / sigmoid(3 * e).sum())
    query, memory = example()
    context, weights = look(module, query, memory)
    p = {name.removeprefix("inner."): value for name, value in numbers(module).items()}
    for b, n in enumerate(LENGTHS):
        h, previous = memory[b, :n].numpy(), None
        for i in range(TGT_LEN):
            q = query[b, i].numpy()
            e = np.array([SCORES[inner](p, q, h, j, previous) for j in range(n)])
            inside = np.arange(n)
            if module.window is not None:
                centre = 0 if previous is None else median(previous)
                inside = inside[abs(inside - centre) <= module.window]
            previous = np.zeros(n)
            previous[inside] = turn(e[inside])
            np.testing.assert_allclose(weights[b, i, :n].detach().numpy(), previous, atol=1e-12)
            np.testing.assert_allclose(context[b, i].detach().numpy(), previous @ h, atol=1e-12)
    assert (weights.transpose(1, 2)[~MASK] == 0).all()


@pytest.mark.parametrize("inner", INNER)
def test_with_no_option_it_is_the_attention_inside(inner):
    module = drawn(INNER[inner]())
    torch.testing.assert_close(look(FocusedAttention(module), *example()), look(module, *example()))


@pytest.mark.parametrize("inner", INNER)
def test_a_whole_target_equals_its_steps_and_padding_changes_nothing(inner):
    module = FocusedAttention(drawn(INNER[inner]()), 1.5, True, 2)
    query, memory = example()
    whole, previous, steps = look(module, query, memory), None, []
    wider = torch.cat([memory, memory.new_full((BATCH, 4, KEY), 1e3)], dim=1)
    mask = torch.cat([MASK, torch.zeros(BATCH, 4, dtype=torch.bool)], dim=1)
    for i in range(TGT_LEN):
        context, previous = look(module, query[:, i], wider, previous, mask)
        steps.append((context, previous[:, :SRC_LEN]))
    torch.testing.assert_close([torch.stack(c, dim=1) for c in zip(*steps)], list(whole))


def test_smoothing_in_closed_form_and_without_overflow():
    scores = torch.tensor([[0.0, np.log(3), -1e4, 5.0]], dtype=torch.float64)
    weights = smooth_weights(scores, torch.tensor([[True, True, True, False]]))
    np.testing.assert_allclose(weights.numpy(), [[0.4, 0.6, 0, 0]], atol=1e-12)  # 1/2 : 3/4
    low = smooth_weights(torch.tensor([[-1e4, -1e4]], requires_grad=True))
    assert low.tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize("seed", range(5))
def test_sharpening_grows_the_largest_weight_and_smoothing_lowers_it(seed):
    generator = torch.Generator().manual_seed(seed)
    query, memory = (torch.randn(s, generator=generator) for s in ((1, 3), (1, 5, 3)))
    largest = [
        FocusedAttention(DotAttention(), **options)(query, memory, memory)[1].max().item()
        for options in ({"smoothing": True}, {}, {"sharpening": 2.0}, {"sharpening": 9.0})
    ]
    assert largest == sorted(largest) and largest[0] < largest[-1]


def test_the_window_lies_around_the_median():
    weights = torch.tensor([[0.3, 0.1, 0.1, 0.2, 0.3], [0, 0, 0, 0, 1.0], [0.5, 0.5, 0, 0, 0]])
    near = window_around(weights, 1)
    assert near.int().tolist() == [[0, 1, 1, 1, 0], [0, 0, 0, 1, 1], [1, 1, 0, 0, 0]]


def test_gradients_reach_everything_through_the_steps():
    module = FocusedAttention(drawn(INNER["location_aware"]()), 2.0, True, 3)
    query, memory = (x.requires_grad_() for x in example())
    look(module, query, memory)[0][:, -1].square().sum().backward()
    assert (query.grad[1:].abs().sum(-1) > 0).all()
    assert all(p.grad.abs().sum() > 0 for p in module.parameters())


def test_bad_input_is_explained():
    additive = INNER["additive"]()
    with pytest.raises(TypeError, match="only scores.*not LocalAttention"):
        FocusedAttention(LocalAttention(additive, 2))
    with pytest.raises(TypeError, match="not FocusedAttention"):
        FocusedAttention(FocusedAttention(additive))
    with pytest.raises(TypeError, match="not str"):
        FocusedAttention("additive")
    with pytest.raises(ValueError, match="sharpening must be positive, not 0"):
        FocusedAttention(additive, sharpening=0)
    with pytest.raises(ValueError, match="window must be at least 1, not 0"):
        FocusedAttention(additive, window=0)
    with pytest.raises(TypeError, match="smoothing"):
        FocusedAttention(additive, smoothing="yes")
