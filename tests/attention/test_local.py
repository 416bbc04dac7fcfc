import numpy as np
import pytest
import torch
from oracles import numbers
from oracles_attention import attend
from tiny_models import ATTENTIONS, drawn

from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.attention.scores import DotAttention

BATCH, TGT_LEN, SRC_LEN, QUERY, KEY = 3, 11, 7, 5, 2
LENGTHS = [7, 2, 3]
MASK = torch.arange(SRC_LEN)[None, :] < torch.tensor(LENGTHS)[:, None]
SCORES = ["additive", "dot", "general", "concat", "location"]


def make(score="general", window=2, predictive=False):
    inner = ATTENTIONS[score](QUERY, QUERY if score == "dot" else KEY)
    return drawn(LocalAttention(inner, window, predictive, QUERY, position_size=3))


def example(score="general", tgt_len=TGT_LEN):
    generator = torch.Generator().manual_seed(1)
    size = QUERY if score == "dot" else KEY
    shapes = (BATCH, tgt_len, QUERY), (BATCH, SRC_LEN, size)
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


def look(module, query, memory, mask=MASK, position=0):
    return module(query, module.project_keys(memory), memory, mask, position)


def level(predictive=False, window=2):
    """All scores equal; local-p would look at the middle of the sentence, p_t = S / 2."""
    attention = LocalAttention(DotAttention(), window, predictive, query_size=1).double()
    if predictive:
        torch.nn.init.zeros_(attention.v_p)
    return attention


def look_level(lengths, src_len, tgt_len=1, **options):
    query, memory = (torch.zeros(len(lengths), n, 1).double() for n in (tgt_len, src_len))
    mask = torch.arange(src_len)[None, :] < torch.tensor(lengths)[:, None]
    return look(level(**options), query, memory, mask)[1]


@pytest.mark.parametrize("window", [1, 2, 3])
@pytest.mark.parametrize("predictive", [False, True])
@pytest.mark.parametrize("score", SCORES)
def test_follows_the_paper(score, predictive, window):
    module = make(score, window, predictive)
    query, memory = example(score)
    context, weights = look(module, query, memory)
    local = {"local": "predictive" if predictive else "monotonic", "window": window}
    for b, n in enumerate(LENGTHS):
        for t in range(TGT_LEN):
            q, h = query[b, t].numpy(), memory[b, :n].numpy()
            c, a = attend(score, numbers(module), q, h, t, **local)
            np.testing.assert_allclose(weights[b, t, :n].detach().numpy(), a, atol=1e-12)
            np.testing.assert_allclose(context[b, t].detach().numpy(), c, atol=1e-12)
    assert (weights.transpose(1, 2)[~MASK] == 0).all()


def test_local_m_by_hand():
    """Five words, D = 1, equal scores: the window of three moves on, and is cut at both ends."""
    third, half = 1 / 3, 1 / 2
    expected = [
        [half, half, 0, 0, 0],
        [third, third, third, 0, 0],
        [0, third, third, third, 0],
        [0, 0, third, third, third],
        [0, 0, 0, half, half],
        [0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0],
    ]
    weights = look_level([5], 5, tgt_len=7, window=1)
    np.testing.assert_allclose(weights[0].detach().numpy(), expected, atol=1e-15)


def test_local_p_by_hand():
    """Six words, D = 2, sigma = 1, p_t = 3: five positions at a fifth, then the Gaussian."""
    weights = look_level([6, 6], 8, predictive=True)
    fifth = np.exp(-np.array([2.0, 0.5, 0.0, 0.5, 2.0])) / 5
    expected = [0, *fifth, 0, 0]  # the sentence ends before position 6
    np.testing.assert_allclose(weights[0, 0].detach().numpy(), expected, atol=1e-15)
    assert weights[0].sum() < 1


def test_local_m_goes_by_the_position_of_its_first_query():
    module = make()
    query, memory = example()
    context, weights = look(module, query, memory)
    for t in range(TGT_LEN):
        one_context, one_weights = look(module, query[:, t], memory, position=t)
        torch.testing.assert_close(one_context, context[:, t])
        torch.testing.assert_close(one_weights, weights[:, t])
    later_context, later_weights = look(module, query[:, 2:], memory, position=2)
    torch.testing.assert_close(later_weights, weights[:, 2:])
    torch.testing.assert_close(later_context, context[:, 2:])


@pytest.mark.parametrize("score", SCORES)
def test_a_window_over_everything_makes_local_m_global(score):
    module = make(score, window=TGT_LEN + SRC_LEN)
    query, memory = example(score)
    expected = module.inner(query, module.project_keys(memory), memory, MASK)
    torch.testing.assert_close(look(module, query, memory), expected)


@pytest.mark.parametrize("predictive", [False, True])
def test_without_a_mask_all_are_real(predictive):
    module = make(predictive=predictive)
    query, memory = example()
    expected = look(module, query, memory, torch.ones_like(MASK))
    torch.testing.assert_close(look(module, query, memory, None), expected)


@pytest.mark.parametrize("predictive", [False, True])
def test_gradients_reach_everything(predictive):
    module = make(predictive=predictive)
    query, memory = example(tgt_len=3)
    inputs = [query.requires_grad_(), memory.requires_grad_()] + list(module.parameters())
    assert len(inputs) == (5 if predictive else 3)

    def run(query, memory, *parameters):
        return look(module, query, memory)

    assert torch.autograd.gradcheck(run, inputs)
    look(module, *inputs[:2])[0].square().sum().backward()
    assert all(x.grad.abs().sum() > 0 for x in inputs)


def test_the_gradient_of_the_predicted_position_is_that_of_the_gaussian():
    """Equal scores, so that p_t alone decides: d a(s) / d p = a(s) (s - p) / sigma^2."""
    attention = level(predictive=True)
    query, memory = torch.ones(1, 1).double(), torch.zeros(1, 6, 1).double()
    values = torch.tensor([[[2.0], [3], [5], [7], [11], [13]]]).double()
    attention.centre = lambda *_: centre[:, None]  # in place of equation 9
    centre = torch.tensor([3.0], dtype=torch.float64, requires_grad=True)
    context, weights = attention(query, memory, values)
    context.sum().backward()
    slopes = weights[0].detach() * (torch.arange(6) - 3)  # sigma = D / 2 = 1
    expected = (slopes * values[0, :, 0]).sum()
    assert centre.grad.item() == pytest.approx(expected.item(), rel=1e-12)


def test_a_window_beyond_the_sentence_gives_zeros_and_finite_gradients():
    module = make()
    query, memory = (x.requires_grad_() for x in example())
    context, weights = look(module, query, memory, position=40)
    assert (weights == 0).all() and (context == 0).all()
    context.square().sum().backward()
    assert all(torch.isfinite(x.grad).all() for x in (query, memory, *module.parameters()))


@pytest.mark.parametrize("predictive", [False, True])
def test_padding_changes_nothing(predictive):
    module = make(predictive=predictive)
    query, memory = example()
    wider = torch.cat([memory, memory.new_full((BATCH, 5, KEY), 1e3)], dim=1)
    mask = torch.cat([MASK, torch.zeros(BATCH, 5, dtype=torch.bool)], dim=1)
    context, weights = look(module, query, memory)
    wide_context, wide_weights = look(module, query, wider, mask)
    torch.testing.assert_close(wide_context, context)
    torch.testing.assert_close(wide_weights[..., :SRC_LEN], weights)


def test_positions_of_long_sources_are_counted_exactly_in_half_precision():
    """bfloat16 has no 301: p_t and s must be told apart in float32."""
    attention = LocalAttention(DotAttention(), window=1)
    zeros = torch.zeros(1, 400, 3, dtype=torch.bfloat16)
    _, weights = attention(zeros[:, 0], zeros, zeros, position=301)
    assert weights[0].nonzero().flatten().tolist() == [300, 301, 302]


def test_parameters_have_the_documented_shapes():
    shapes = {n: tuple(p.shape) for n, p in make(predictive=True).named_parameters()}
    assert shapes == {"W_p": (3, QUERY), "v_p": (3,), "inner.W": (QUERY, KEY)}
    unasked = LocalAttention(DotAttention(), 1, predictive=True, query_size=QUERY)
    assert unasked.W_p.shape == (QUERY, QUERY)
    assert not list(LocalAttention(DotAttention(), 1, query_size=QUERY).parameters())


def test_bad_settings_are_explained():
    with pytest.raises(TypeError, match="such as DotAttention.*not str"):
        LocalAttention("dot", 2)
    for more in (LocalAttention(DotAttention(), 1), LocationAwareAttention(3, 5, 7)):
        with pytest.raises(TypeError, match=f"only scores.*{type(more).__name__} does would be"):
            LocalAttention(more, 2)
    with pytest.raises(ValueError, match="window must be at least 1, not 0"):
        LocalAttention(DotAttention(), 0)
    with pytest.raises(TypeError, match="window must be a whole number, not 1.5"):
        LocalAttention(DotAttention(), 1.5)
    with pytest.raises(ValueError, match="give its query_size"):
        LocalAttention(DotAttention(), 2, predictive=True)


def test_bad_input_is_explained():
    query, memory = example()
    local_p = make(predictive=True)
    with pytest.raises(ValueError, match=r"last dimension of query must be 5.*\(3, 11, 4\)"):
        look(local_p, query[..., :4], memory)
    with pytest.raises(ValueError, match=r"last dimension of memory must be 2.*\(3, 11, 5\)"):
        local_p.project_keys(query)
    with pytest.raises(TypeError, match="mask must be a bool tensor.*int64"):
        look(make(), query, memory, MASK.long())


def test_the_centre_is_not_rounded_to_half_precision():
    torch.manual_seed(0)
    attention = LocalAttention(DotAttention(), window=2, predictive=True, query_size=5)
    query = torch.randn(1, 400, 5)
    with torch.autocast("cpu", torch.bfloat16):
        centre = attention.centre(query, torch.tensor([50]))
    assert centre.dtype is torch.float32
    assert len(centre.unique()) > 300  # where the sigmoid is taken in bfloat16, 131
