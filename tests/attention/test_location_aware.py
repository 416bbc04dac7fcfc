import numpy as np
import pytest
import torch
from oracles import numbers
from oracles_attention import attend
from tiny_models import drawn

from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.attention.scores import AdditiveAttention

BATCH, TGT_LEN, SRC_LEN, QUERY, KEY, WIDTH = 3, 5, 7, 11, 2, 13
LENGTHS = [7, 2, 3]
MASK = torch.arange(SRC_LEN)[None, :] < torch.tensor(LENGTHS)[:, None]


def make(filters=3, kernel_size=5):
    return drawn(LocationAwareAttention(QUERY, KEY, WIDTH, filters, kernel_size))


def example():
    generator = torch.Generator().manual_seed(1)
    shapes = (BATCH, TGT_LEN, QUERY), (BATCH, SRC_LEN, KEY)
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


def look(module, query, memory, previous=None, mask=MASK):
    return module(query, module.project_keys(memory), memory, mask, previous_weights=previous)


def step_by_step(module, query, memory):
    previous, steps = None, []
    for i in range(query.shape[1]):
        context, previous = look(module, query[:, i], memory, previous)
        steps.append((context, previous))
    return [torch.stack(column, dim=1) for column in zip(*steps)]


@pytest.mark.parametrize(("filters", "kernel_size"), [(1, 1), (3, 5), (2, 7)])
def test_follows_the_paper(filters, kernel_size):
    module = make(filters, kernel_size)
    query, memory = example()
    context, weights = look(module, query, memory)
    for b, n in enumerate(LENGTHS):
        h, previous = memory[b, :n].numpy(), None
        for i in range(TGT_LEN):
            q = query[b, i].numpy()
            c, previous = attend("location_aware", numbers(module), q, h, previous=previous)
            np.testing.assert_allclose(weights[b, i, :n].detach().numpy(), previous, atol=1e-12)
            np.testing.assert_allclose(context[b, i].detach().numpy(), c, atol=1e-12)
    assert (weights.transpose(1, 2)[~MASK] == 0).all()


def test_the_features_by_hand():
    module = make(filters=1, kernel_size=3)
    with torch.no_grad():
        module.F.copy_(torch.tensor([[2.0, 3.0, 5.0]]))
    previous = torch.tensor([[0.5, 0.25, 0.0, 0.125]], dtype=torch.float64)
    features = module.location_features(previous)
    # at 0: 3 x .5 + 5 x .25; at 1: 2 x .5 + 3 x .25; at 2: 2 x .25 + 5 x .125; at 3: 3 x .125
    assert features[0, :, 0].tolist() == [2.75, 1.75, 1.125, 0.375]


def test_a_whole_target_equals_its_steps():
    module, (query, memory) = make(), example()
    torch.testing.assert_close(
        list(look(module, query, memory)), step_by_step(module, query, memory)
    )


def test_a_target_may_go_on_from_given_weights():
    module, (query, memory) = make(), example()
    context, weights = look(module, query, memory)
    later = look(module, query[:, 2:], memory, previous=weights[:, 1])
    torch.testing.assert_close(later, (context[:, 2:], weights[:, 2:]))


def test_the_first_step_is_additive_attention_with_a_bias():
    module, (query, memory) = make(), example()
    additive = AdditiveAttention(QUERY, KEY, WIDTH).double()
    with torch.no_grad():
        for name, p in additive.named_parameters():
            p.copy_(getattr(module, name))
    keys = additive.project_keys(memory) + module.b
    first = additive(query[:, 0], keys, memory, MASK)
    torch.testing.assert_close(look(module, query[:, 0], memory), first)
    nowhere = torch.zeros(BATCH, SRC_LEN, dtype=torch.float64)
    torch.testing.assert_close(look(module, query[:, 0], memory, nowhere), first)


def test_the_previous_weights_matter():
    module, (query, memory) = make(), example()
    _, first = look(module, query[:, 0], memory)
    _, without = look(module, query[:, 1], memory)
    _, with_them = look(module, query[:, 1], memory, first)
    assert (with_them - without).abs()[MASK].max() > 1e-3


def test_gradients_reach_everything():
    module = drawn(LocationAwareAttention(QUERY, KEY, 2, filters=2, kernel_size=3))
    query, memory = (x[:2, :3].clone().requires_grad_() for x in example())
    previous = torch.tensor([[0.2, 0.5, 0.3], [0.4, 0.6, 0]], dtype=torch.float64)
    mask = previous > 0
    inputs = [query, memory, previous.requires_grad_(), *module.parameters()]
    assert len(inputs) == 9

    def run(query, memory, previous, *parameters):
        return look(module, query, memory, previous, mask)

    assert torch.autograd.gradcheck(run, inputs)
    run(*inputs)[0].square().sum().backward()
    assert all(x.grad.abs().sum() > 0 for x in inputs)


def test_the_gradient_goes_through_the_weights_of_all_steps():
    module, (query, memory) = make(), example()
    query.requires_grad_()
    look(module, query, memory)[0][:, -1].square().sum().backward()
    assert (query.grad[1:].abs().sum(-1) > 0).all()  # the last context hangs on every query


def test_padding_changes_nothing():
    module, (query, memory) = make(), example()
    wider = torch.cat([memory, memory.new_full((BATCH, 4, KEY), 1e3)], dim=1)
    mask = torch.cat([MASK, torch.zeros(BATCH, 4, dtype=torch.bool)], dim=1)
    context, weights = look(module, query, memory)
    wide_context, wide_weights = look(module, query, wider, mask=mask)
    torch.testing.assert_close(wide_context, context)
    torch.testing.assert_close(wide_weights[..., :SRC_LEN], weights)


def test_parameters_have_the_documented_shapes():
    assert {n: tuple(p.shape) for n, p in make().named_parameters()} == {
        "W_q": (WIDTH, QUERY),
        "W_k": (WIDTH, KEY),
        "U": (WIDTH, 3),
        "F": (3, 5),
        "v": (WIDTH,),
        "b": (WIDTH,),
    }


@pytest.mark.parametrize("kernel_size", [0, 2, -1])
def test_a_kernel_without_a_middle_is_refused(kernel_size):
    with pytest.raises(ValueError, match=f"odd and positive, not {kernel_size}"):
        LocationAwareAttention(QUERY, KEY, WIDTH, kernel_size=kernel_size)


def test_no_filters_are_refused():
    with pytest.raises(ValueError, match="filters must be at least 1, not 0"):
        LocationAwareAttention(QUERY, KEY, WIDTH, filters=0)


def test_bad_input_is_explained():
    module, (query, memory) = make(), example()
    with pytest.raises(ValueError, match=r"last dimension of query must be 11.*10\)"):
        look(module, query[..., 1:], memory)
    with pytest.raises(ValueError, match=r"last dimension of memory must be 2.*\(3, 5, 11\)"):
        module.project_keys(query)
    with pytest.raises(ValueError, match=r"last dimension of keys must be 13.*\(3, 7, 2\)"):
        module(query, memory, memory)  # keys that were not projected
    with pytest.raises(ValueError, match=r"previous_weights must have shape \(batch, src_len\)"):
        look(module, query, memory, torch.zeros(BATCH, TGT_LEN, SRC_LEN).double())
    with pytest.raises(TypeError, match="previous_weights must be a tensor"):
        look(module, query, memory, [0.5, 0.5])
