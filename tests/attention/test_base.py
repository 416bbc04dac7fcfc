import numpy as np
import pytest
import torch
from oracles import softmax
from tiny_models import ATTENTIONS, make_attention
from torch.nn import functional as F

from s2s_tutorial.attention.base import Attention, masked_softmax
from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.scores import DotAttention

BATCH, TGT_LEN, SRC_LEN, SIZE = 3, 7, 5, 11
MASK = torch.arange(SRC_LEN)[None, :] < torch.tensor([5, 2, 3])[:, None]
EMPTY = torch.tensor([[True, False], [False, False]])


def random(*shape, seed=0, dtype=torch.float64):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


@pytest.mark.parametrize("shape", [(BATCH, SRC_LEN), (BATCH, TGT_LEN, SRC_LEN)])
def test_softmax_is_that_of_the_real_positions_alone(shape):
    scores = random(*shape)
    weights = masked_softmax(scores, MASK)
    for b, row in enumerate(MASK):
        for e, w in zip(scores[b].reshape(-1, SRC_LEN), weights[b].reshape(-1, SRC_LEN)):
            np.testing.assert_allclose(w[row].numpy(), softmax(e[row].numpy()), atol=1e-12)
            assert (w[~row] == 0).all()


def test_closed_form():
    scores = torch.tensor([[0.0, 1.0, 99.0]], dtype=torch.float64)
    weights = masked_softmax(scores, torch.tensor([[True, True, False]]))
    e = np.e
    np.testing.assert_allclose(weights.numpy(), [[1 / (1 + e), e / (1 + e), 0]], rtol=1e-12)


def test_without_a_mask_it_is_softmax():
    scores = random(BATCH, SRC_LEN)
    torch.testing.assert_close(masked_softmax(scores), scores.softmax(-1))
    torch.testing.assert_close(masked_softmax(scores, torch.ones_like(MASK)), scores.softmax(-1))


@pytest.mark.parametrize("garbage", [float("inf"), float("-inf"), float("nan"), 1e30])
def test_what_stands_at_a_masked_position_does_not_matter(garbage):
    scores = random(BATCH, SRC_LEN)
    expected = masked_softmax(scores, MASK)
    spoilt = scores.masked_fill(~MASK, garbage).requires_grad_()
    weights = masked_softmax(spoilt, MASK)
    assert torch.equal(weights, expected)
    (weights**2).sum().backward()
    assert torch.isfinite(spoilt.grad).all() and (spoilt.grad[~MASK] == 0).all()


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_rows_with_nothing_to_attend_to_are_zero_in_every_precision(dtype):
    scores = torch.tensor([[3.0, 4.0], [5.0, 6.0]], dtype=dtype, requires_grad=True)
    weights = masked_softmax(scores, EMPTY)
    assert weights.dtype == dtype and weights.tolist() == [[1, 0], [0, 0]]
    weights.sum().backward()
    assert torch.isfinite(scores.grad).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_the_largest_scores_of_half_precision_neither_overflow_nor_leak(dtype):
    top = torch.finfo(dtype).max
    scores = torch.tensor([[top, top, -top], [-top, -top, top]], dtype=dtype)
    weights = masked_softmax(scores, torch.tensor([[True, True, True], [True, True, False]]))
    assert weights.tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0]]


def test_a_row_of_minus_infinity_is_nothing_to_attend_to_either():
    scores = torch.tensor([[-torch.inf, -torch.inf, 5.0], [-torch.inf, 2.0, 5.0]])
    weights = masked_softmax(scores, torch.tensor([[True, True, False]] * 2))
    assert weights.tolist() == [[0, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_rounded_once_at_the_end(dtype):
    scores = (3 * random(BATCH, TGT_LEN, SRC_LEN)).to(dtype)
    for mask in (None, MASK):
        expected = masked_softmax(scores.double(), mask)
        assert torch.equal(masked_softmax(scores, mask), expected.to(dtype))


def test_gradient():
    scores = random(BATCH, TGT_LEN, SRC_LEN).requires_grad_()
    assert torch.autograd.gradcheck(lambda e: masked_softmax(e, MASK), scores)


def test_each_query_may_have_a_mask_of_its_own():
    scores, hidden = random(BATCH, TGT_LEN, SRC_LEN).requires_grad_(), random(1, TGT_LEN, SRC_LEN)
    mask = MASK[:, None] & (hidden > 0)
    weights = masked_softmax(scores, mask)
    assert not mask.any(dim=-1).all()  # some queries see nothing at all
    for e, m, w in zip(*(t.reshape(-1, SRC_LEN).detach() for t in (scores, mask, weights))):
        expected = np.zeros(SRC_LEN)
        if m.any():
            expected[m.numpy()] = softmax(e[m].numpy())
        np.testing.assert_allclose(w.numpy(), expected, atol=1e-12)
    assert torch.autograd.gradcheck(lambda e: masked_softmax(e, mask), scores)


def test_scores_of_another_rank_are_explained():
    with pytest.raises(ValueError, match=r"scores must have shape \(batch, tgt_len, src_len\)"):
        masked_softmax(random(SRC_LEN))
    with pytest.raises(ValueError, match=r"mask must have shape \(3, 5\).*\(3, 1, 5\)"):
        masked_softmax(random(BATCH, TGT_LEN, SRC_LEN), MASK[:, None])


@pytest.mark.parametrize("name", ["additive", "dot", "general", "concat", "location"])
def test_global_attention_looks_neither_at_the_position_nor_at_the_weights_before(name):
    attention = make_attention(name, SIZE, SIZE)
    query, memory = random(BATCH, SIZE), random(BATCH, SRC_LEN, SIZE, seed=1)
    keys = attention.project_keys(memory)
    plain = attention(query, keys, memory, MASK)
    torch.testing.assert_close(attention(query, keys, memory, MASK, 3, plain[1]), plain)


@pytest.mark.parametrize("name", ATTENTIONS)
def test_every_attention_takes_one_query_or_many(name):
    attention = make_attention(name, SIZE, SIZE)
    query, memory = random(BATCH, TGT_LEN, SIZE), random(BATCH, SRC_LEN, SIZE, seed=1)
    keys, values = attention.project_keys(memory), random(BATCH, SRC_LEN, 2, seed=2)
    context, weights = attention(query, keys, values, MASK)
    assert context.shape == (BATCH, TGT_LEN, 2) and weights.shape == (BATCH, TGT_LEN, SRC_LEN)
    torch.testing.assert_close(context, weights @ values)
    one_context, one_weights = attention(query[:, 0], keys, values, MASK)
    torch.testing.assert_close((one_context, one_weights), (context[:, 0], weights[:, 0]))


def test_dot_is_pytorchs_own_attention_with_scale_one():
    query, memory = random(BATCH, TGT_LEN, SIZE), random(BATCH, SRC_LEN, SIZE, seed=1)
    context, _ = DotAttention()(query, memory, values=memory, mask=MASK)
    expected = F.scaled_dot_product_attention(
        query, memory, memory, attn_mask=MASK[:, None, :], scale=1.0
    )
    torch.testing.assert_close(context, expected)


def test_values_may_differ_from_keys():
    query, keys = random(BATCH, SIZE), random(BATCH, SRC_LEN, SIZE, seed=1)
    values = random(BATCH, SRC_LEN, 2, seed=2)
    context, weights = DotAttention()(query, keys, values=values, mask=MASK)
    expected = np.einsum("bs,bsv->bv", weights.numpy(), values.numpy())
    np.testing.assert_allclose(context.numpy(), expected, atol=1e-12)


def test_nothing_is_remembered():
    attention = DotAttention()
    before = dict(vars(attention))
    attention(random(BATCH, SIZE), random(BATCH, SRC_LEN, SIZE), values=random(BATCH, SRC_LEN, 2))
    assert vars(attention) == before


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"mask": MASK.long()}, TypeError, "mask must be a bool tensor.*int64"),
        ({"mask": MASK[:, :4]}, ValueError, r"mask must have shape \(3, 5\).*\(3, 4\)"),
        ({"mask": MASK.T}, ValueError, r"\(3, 5\).*\(5, 3\)"),
        ({"query": random(SIZE)}, ValueError, "query must have shape"),
        ({"query": random(2, SIZE)}, ValueError, "same batch size, but have 2, 3 and 3"),
        ({"query": random(BATCH, 7)}, ValueError, r"last dimension of query must be 11.*7\)"),
        ({"values": random(BATCH, 4, SIZE)}, ValueError, "5 keys and 4 values"),
        ({"keys": random(BATCH, SIZE)}, ValueError, "keys must have shape"),
        ({"values": [1, 2]}, TypeError, "values must be a tensor"),
        ({"mask": MASK.double()}, TypeError, "mask must be a bool tensor.*float64"),
        ({"mask": MASK.tolist()}, TypeError, "mask must be a bool tensor.*not list"),
        ({"mask": MASK[:1]}, ValueError, r"mask must have shape \(3, 5\).*\(1, 5\)"),
        ({"mask": MASK[0]}, ValueError, r"mask must have shape \(3, 5\).*\(5,\)"),
        ({"mask": MASK[:, None]}, ValueError, r"mask must have shape \(3, 5\).*\(3, 1, 5\)"),
        ({"previous_weights": random(BATCH, 4)}, ValueError, r"shape \(3, 5\).*\(3, 4\)"),
        ({"previous_weights": random(1, SRC_LEN)}, ValueError, r"shape \(3, 5\).*\(1, 5\)"),
        ({"previous_weights": random(BATCH, 1, 5)}, ValueError, r"shape \(batch, src_len\)"),
        ({"previous_weights": [0.5]}, TypeError, "previous_weights must be a tensor"),
    ],
)
@pytest.mark.parametrize("name", ["dot", "local_m", "local_p", "location_aware"])
def test_bad_input_is_explained(name, changes, error, message):
    attention, memory = make_attention(name, SIZE, SIZE), random(BATCH, SRC_LEN, SIZE)
    arguments = {"query": random(BATCH, SIZE), "keys": memory, "values": memory, "mask": MASK}
    if name == "location_aware":
        arguments["keys"] = attention.project_keys(memory)
    with pytest.raises(error, match=message):
        attention(**(arguments | changes))


def test_scores_that_are_no_numbers_to_weigh_are_explained():
    with pytest.raises(TypeError, match="scores must be a tensor of shape .*, not list"):
        masked_softmax([[0.0, 1.0]])
    with pytest.raises(TypeError, match="scores must be floating-point numbers, not torch.int64"):
        masked_softmax(torch.tensor([[0, 1]]), torch.tensor([[True, False]]))


class WrongScores(Attention):
    """A score of another shape than it should have."""

    def __init__(self, spoil):
        super().__init__()
        self.spoil = spoil

    def score(self, query, keys):
        return self.spoil(query @ keys.transpose(1, 2))


class WrongWeights(DotAttention):
    """Weights of another shape than they should have."""

    def __init__(self, spoil):
        super().__init__()
        self.spoil = spoil

    def align(self, *arguments):
        return self.spoil(super().align(*arguments))


SPOILT = [
    lambda t: t.transpose(1, 2),
    lambda t: t[:, 0],
    lambda t: t.sum(dim=-1, keepdim=True),
    lambda t: t[:, :, None],
    lambda t: t[:1],
]


@pytest.mark.parametrize("mask", [None, MASK])
@pytest.mark.parametrize("spoil", SPOILT)
@pytest.mark.parametrize(
    "make, what",
    [
        (WrongScores, "scores that WrongScores.score"),
        (lambda spoil: LocalAttention(WrongScores(spoil), 2), "scores that WrongScores.score"),
        (WrongWeights, "weights that WrongWeights.align"),
    ],
)
def test_a_score_of_another_shape_is_told_so_and_not_the_mask(make, what, spoil, mask):
    query, memory = random(BATCH, TGT_LEN, SIZE), random(BATCH, SRC_LEN, SIZE)
    shape = rf"\({BATCH}, {TGT_LEN}, {SRC_LEN}\)"
    expected = rf"the {what} gives must have shape \(batch, tgt_len, src_len\), here {shape}, but"
    with pytest.raises(ValueError, match=expected):
        make(spoil)(query, memory, memory, mask)


def test_a_score_that_is_no_tensor():
    query, memory = random(BATCH, SIZE), random(BATCH, SRC_LEN, SIZE)
    with pytest.raises(TypeError, match="WrongScores.score gives must be a tensor, not NoneType"):
        WrongScores(lambda t: None)(query, memory, memory, MASK)
