import numpy as np
import pytest
import torch
from oracles import numbers
from oracles_attention import attend
from tiny_models import drawn

from s2s_tutorial.attention.coverage import CoverageAttention, added
from s2s_tutorial.attention.scores import AdditiveAttention

BATCH, TGT_LEN, SRC_LEN, QUERY, KEY, WIDTH = 3, 5, 7, 11, 2, 13
LENGTHS = [7, 2, 3]
MASK = torch.arange(SRC_LEN)[None, :] < torch.tensor(LENGTHS)[:, None]


def make():
    return drawn(CoverageAttention(QUERY, KEY, WIDTH))


def example():
    generator = torch.Generator().manual_seed(1)
    shapes = (BATCH, TGT_LEN, QUERY), (BATCH, SRC_LEN, KEY)
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


def look(module, query, memory, coverage=None, mask=MASK):
    return module(query, module.project_keys(memory), memory, mask, previous_weights=coverage)


def test_follows_the_paper():
    module, (query, memory) = make(), example()
    context, weights = look(module, query, memory)
    for b, n in enumerate(LENGTHS):
        h, covered = memory[b, :n].numpy(), np.zeros(n)
        for i in range(TGT_LEN):
            q = query[b, i].numpy()
            c, alpha = attend("coverage", numbers(module), q, h, previous=covered)
            covered = covered + alpha
            np.testing.assert_allclose(weights[b, i, :n].detach().numpy(), alpha, atol=1e-12)
            np.testing.assert_allclose(context[b, i].detach().numpy(), c, atol=1e-12)
    assert (weights.transpose(1, 2)[~MASK] == 0).all()


def test_a_whole_target_equals_its_steps_and_may_go_on():
    module, (query, memory) = make(), example()
    whole, coverage = look(module, query, memory), None
    for i in range(TGT_LEN):
        context, weights = look(module, query[:, i], memory, coverage)
        coverage = added(coverage, weights)
        torch.testing.assert_close((context, weights), (whole[0][:, i], whole[1][:, i]))
    torch.testing.assert_close(coverage, whole[1].sum(dim=1))
    later = look(module, query[:, 2:], memory, whole[1][:, :2].sum(dim=1))
    torch.testing.assert_close(later, (whole[0][:, 2:], whole[1][:, 2:]))


def test_before_the_first_step_it_is_the_additive_score():
    module, (query, memory) = make(), example()
    additive = AdditiveAttention(QUERY, KEY, WIDTH).double()
    additive.load_state_dict(module.additive.state_dict())
    first = look(additive, query[:, 0], memory)
    torch.testing.assert_close(look(module, query[:, 0], memory), first)
    nothing = torch.zeros(BATCH, SRC_LEN, dtype=torch.float64)
    torch.testing.assert_close(look(module, query[:, 0], memory, nothing), first)
    covered = torch.ones(BATCH, SRC_LEN, dtype=torch.float64) * torch.arange(SRC_LEN)
    assert (look(module, query[:, 0], memory, covered)[1] - first[1])[MASK].abs().max() > 1e-3


def test_a_score_against_what_is_covered_looks_elsewhere():
    module, (query, memory) = make(), example()
    module.u.data = -3 * module.additive.v.data.sign()  # each hidden unit falls with the coverage
    _, weights = look(module, query[:, :1].expand(-1, TGT_LEN, -1), memory)
    best = weights[:, 0].argmax(dim=1, keepdim=True)
    assert (weights[:, 1].gather(1, best) < weights[:, 0].gather(1, best)).all()


def test_gradients_reach_everything():
    module = drawn(CoverageAttention(QUERY, KEY, 2))
    query, memory = (x[:2, :3].clone().requires_grad_() for x in example())
    coverage = torch.tensor([[0.2, 0.5, 1.3], [0.4, 0.6, 0]], dtype=torch.float64)
    mask = coverage > 0
    inputs = [query, memory, coverage.requires_grad_(), *module.parameters()]
    assert len(inputs) == 7

    def run(query, memory, coverage, *parameters):
        return look(module, query, memory, coverage, mask)

    assert torch.autograd.gradcheck(run, inputs)
    run(*inputs)[0].square().sum().backward()
    assert all(x.grad.abs().sum() > 0 for x in inputs)


def test_bad_input_is_explained():
    module, (query, memory) = make(), example()
    with pytest.raises(ValueError, match=r"last dimension of query must be 11.*10\)"):
        look(module, query[..., 1:], memory)
    with pytest.raises(ValueError, match=r"last dimension of keys must be 13.*\(3, 7, 2\)"):
        module(query, memory, memory)  # keys that were not projected
    with pytest.raises(ValueError, match=r"previous_weights must have shape \(batch, src_len\)"):
        look(module, query, memory, torch.zeros(BATCH, TGT_LEN, SRC_LEN).double())
