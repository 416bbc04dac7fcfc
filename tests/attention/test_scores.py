import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from oracles import softmax

from s2s_tutorial.attention import scores as s

BATCH, TGT_LEN, SRC_LEN = 3, 7, 5
QUERY, KEY, ATTENTION = 11, 13, 2
MASK = torch.arange(SRC_LEN)[None, :] < torch.tensor([5, 2, 3])[:, None]


def make(name, dtype=torch.float64):
    torch.manual_seed(0)
    module = {
        "additive": lambda: s.AdditiveAttention(QUERY, KEY, ATTENTION),
        "dot": lambda: s.DotAttention(),
        "general": lambda: s.GeneralAttention(QUERY, KEY),
        "concat": lambda: s.ConcatAttention(QUERY, KEY, ATTENTION),
        "location": lambda: s.LocationAttention(QUERY, 6),
    }[name]()
    return module.to(dtype)


NAMES = ["additive", "dot", "general", "concat", "location"]


def score_by_hand(name, module, q, k, j):
    """One score of one query and one key, as the paper writes it."""
    p = {n: w.detach().double().numpy() for n, w in module.named_parameters()}
    if name == "additive":
        return p["v"] @ np.tanh(p["W_q"] @ q + p["W_k"] @ k)
    if name == "dot":
        return q @ k
    if name == "general":
        return q @ p["W"] @ k
    if name == "concat":
        return p["v"] @ np.tanh(p["W"] @ np.concatenate([q, k]))
    return (p["W"] @ q)[j]


def example(name, dtype=torch.float64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    size = QUERY if name == "dot" else KEY
    query = torch.randn(BATCH, TGT_LEN, QUERY, generator=generator, dtype=torch.float64)
    memory = torch.randn(BATCH, SRC_LEN, size, generator=generator, dtype=torch.float64)
    return query.to(dtype), memory.to(dtype)


def attend(module, query, memory, mask=MASK):
    return module(query, module.project_keys(memory), values=memory, mask=mask)


@pytest.mark.parametrize("name", NAMES)
def test_follows_the_paper(name):
    module = make(name)
    query, memory = example(name)
    context, weights = attend(module, query, memory)
    for b in range(BATCH):
        n = int(MASK[b].sum())
        for i in range(TGT_LEN):
            q, h = query[b, i].numpy(), memory[b].numpy()
            alpha = softmax(np.array([score_by_hand(name, module, q, h[j], j) for j in range(n)]))
            np.testing.assert_allclose(weights[b, i, :n].detach().numpy(), alpha, atol=1e-12)
            assert (weights[b, i, n:] == 0).all()
            np.testing.assert_allclose(context[b, i].detach().numpy(), alpha @ h[:n], atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_one_query_at_a_time_gives_the_same(name):
    module = make(name)
    query, memory = example(name)
    context, weights = attend(module, query, memory)
    for i in range(TGT_LEN):
        one_context, one_weights = attend(module, query[:, i], memory)
        assert one_context.shape == (BATCH, memory.shape[-1])
        assert one_weights.shape == (BATCH, SRC_LEN)
        torch.testing.assert_close(one_context, context[:, i])
        torch.testing.assert_close(one_weights, weights[:, i])


@pytest.mark.parametrize("name", NAMES)
def test_padding_changes_nothing(name):
    module = make(name)
    query, memory = example(name)
    wider = torch.cat([memory, torch.full_like(memory[:, :1], 1e6)], dim=1)
    mask = torch.cat([MASK, torch.zeros(BATCH, 1, dtype=torch.bool)], dim=1)
    context, weights = attend(module, query, memory)
    wide_context, wide_weights = attend(module, query, wider, mask)
    torch.testing.assert_close(wide_context, context)
    torch.testing.assert_close(wide_weights[..., :SRC_LEN], weights)


@given(st.data())
def test_weights_sum_to_one_over_real_tokens(data):
    name = data.draw(st.sampled_from(NAMES))
    lengths = data.draw(st.lists(st.integers(0, SRC_LEN), min_size=BATCH, max_size=BATCH))
    mask = torch.arange(SRC_LEN)[None, :] < torch.tensor(lengths)[:, None]
    query, memory = example(name, seed=data.draw(st.integers(0, 99)))
    context, weights = attend(make(name), query, memory, mask)
    for b, n in enumerate(lengths):
        torch.testing.assert_close(
            weights[b].sum(-1), torch.full((TGT_LEN,), float(n > 0)).double()
        )
        if n == 0:
            assert (context[b] == 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_gradients(name):
    module = make(name)
    query, memory = (x.requires_grad_() for x in example(name))
    assert torch.autograd.gradcheck(lambda q, m: attend(module, q, m)[0], (query, memory))
    attend(module, query, memory)[0].square().sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in module.parameters())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_low_precision_is_close(name, dtype):
    expected, _ = attend(make(name), *example(name))
    context, weights = attend(make(name, dtype), *example(name, dtype))
    assert context.dtype == weights.dtype == dtype
    tolerance = {torch.float32: 1e-5, torch.float16: 0.02, torch.bfloat16: 0.15}[dtype]
    torch.testing.assert_close(context.double(), expected, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("name", NAMES)
def test_runs_under_autocast(name):
    module = make(name, torch.float32)
    query, memory = example(name, torch.float32)
    expected, _ = attend(module, query, memory)
    with torch.autocast("cpu", torch.bfloat16):
        context, _ = attend(module, query, memory)
    torch.testing.assert_close(context.float(), expected, atol=0.15, rtol=0.15)


def test_concat_is_additive_with_its_matrices_side_by_side():
    additive, concat = make("additive"), make("concat")
    with torch.no_grad():
        concat.W.copy_(torch.cat([additive.W_q, additive.W_k], dim=1))
        concat.v.copy_(additive.v)
    query, memory = example("additive")
    torch.testing.assert_close(attend(concat, query, memory), attend(additive, query, memory))


def test_location_never_sees_the_source():
    module = make("location")
    query, memory = example("location")
    _, weights = attend(module, query, memory)
    _, other = attend(module, query, torch.randn_like(memory))
    assert torch.equal(weights, other)


def test_parameters_have_the_documented_shapes():
    shapes = {name: {n: tuple(p.shape) for n, p in make(name).named_parameters()} for name in NAMES}
    assert shapes == {
        "additive": {"W_q": (2, 11), "W_k": (2, 13), "v": (2,)},
        "dot": {},
        "general": {"W": (11, 13)},
        "concat": {"W": (2, 24), "v": (2,)},
        "location": {"W": (6, 11)},
    }


def test_sizes_that_are_none_are_explained():
    for sizes in [(0, 3, 2), (3, 0, 2), (3, 3, 0), (3, 3, -1)]:
        with pytest.raises(
            ValueError, match=f"size of an attention .* at least 1, not {min(sizes)}"
        ):
            s.AdditiveAttention(*sizes)
    with pytest.raises(ValueError, match="size of an attention must be at least 1, not 0"):
        s.LocationAttention(3, 0)
    with pytest.raises(TypeError, match="size of an attention must be a whole number, not 2.5"):
        s.GeneralAttention(2.5, 3)


@pytest.mark.parametrize("name", ["additive", "general", "concat"])
def test_a_memory_of_another_rank_is_explained(name):
    _, memory = example(name)
    for wrong in (memory[0], memory[:, :, None]):
        with pytest.raises(ValueError, match=r"memory must have shape \(batch, src_len, 13\), but"):
            make(name).project_keys(wrong)
    with pytest.raises(TypeError, match="memory must be a tensor of shape .* not list"):
        make(name).project_keys(memory.tolist())


@pytest.mark.parametrize("name", ["additive", "dot", "general", "concat"])
def test_numbers_of_two_kinds_are_explained(name):
    query, memory = example(name)
    keys = make(name).project_keys(memory)
    with pytest.raises(TypeError, match=r"but are torch.float32 and torch.float64; query.to"):
        make(name)(query.float(), keys, values=memory)


def test_sizes_that_do_not_fit_are_explained():
    query, memory = example("additive")
    with pytest.raises(ValueError, match=r"last dimension of memory must be 13.*\(3, 7, 11\)"):
        make("additive").project_keys(query)
    with pytest.raises(ValueError, match="last dimension of keys must be 2"):
        make("additive")(query, memory, values=memory)  # keys that were not projected
    with pytest.raises(ValueError, match="last dimension of query must be 13"):
        make("dot")(query, memory, values=memory)
    with pytest.raises(ValueError, match="up to 6 tokens, but this batch has 7"):
        long = torch.zeros(BATCH, 7, KEY, dtype=torch.float64)
        make("location")(query, long, values=long)
