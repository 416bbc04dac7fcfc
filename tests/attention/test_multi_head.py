"""Scaled dot products and heads, against PyTorch's, NumPy and what must hold of them."""

import numpy as np
import pytest
import torch
from oracles import softmax
from tiny_models import SIZES, drawn, random_ids
from torch import nn
from torch.nn import functional as F

import s2s_tutorial as s2s
from s2s_tutorial.attention.multi_head import (
    MultiHeadAttention,
    causal_mask,
    check_heads,
    scaled_dot_product_attention,
)

BATCH, TGT_LEN, SRC_LEN, QUERY, KEY = 3, 7, 5, 6, 11
MASK = torch.arange(SRC_LEN)[None, :] < torch.tensor([5, 2, 3])[:, None]


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def make(heads=3, **options):
    return drawn(MultiHeadAttention(QUERY, KEY, heads, **options))


def attend(attention, query, memory, mask=None):
    return attention.attend(query, attention.project_keys(memory), mask)


@pytest.mark.parametrize("mask", [None, MASK, MASK[:, None] & (random(1, TGT_LEN, 1) > -9)])
def test_it_is_pytorchs(mask):
    query, keys = random(BATCH, TGT_LEN, QUERY), random(BATCH, SRC_LEN, QUERY, seed=1)
    values = random(BATCH, SRC_LEN, 13, seed=2)
    theirs = mask if mask is None or mask.dim() == 3 else mask[:, None]
    expected = F.scaled_dot_product_attention(query, keys, values, theirs)
    context, weights = scaled_dot_product_attention(query, keys, values, mask)
    torch.testing.assert_close(context, expected)
    torch.testing.assert_close(weights @ values, context)


def test_it_is_pytorchs_where_nobody_looks_ahead():
    x = random(BATCH, TGT_LEN, QUERY)
    causal = causal_mask(TGT_LEN).expand(BATCH, -1, -1)
    context, weights = scaled_dot_product_attention(x, x, x, causal)
    torch.testing.assert_close(context, F.scaled_dot_product_attention(x, x, x, is_causal=True))
    assert (weights.triu(diagonal=1) == 0).all()


def test_one_query_by_hand():
    query, keys = np.array([3.0, 4.0, 0.0, 0.0]), np.eye(4)[:2]
    context, weights = scaled_dot_product_attention(
        torch.tensor(query)[None, None],
        torch.tensor(keys)[None],
        torch.tensor([[[1.0], [3.0]]]).double(),
    )
    expected = np.exp([1.5, 2.0]) / np.exp([1.5, 2.0]).sum()  # the square root of four is two
    np.testing.assert_allclose(weights[0, 0], expected)
    np.testing.assert_allclose(context[0, 0, 0], expected @ [1, 3])


@pytest.mark.parametrize(("heads", "mask"), [(1, None), (2, MASK), (3, MASK), (6, None)])
def test_heads_are_pytorchs_with_copied_weights(heads, mask):
    attention = make(heads, output_size=QUERY)
    theirs = nn.MultiheadAttention(
        QUERY, heads, bias=False, kdim=KEY, vdim=KEY, batch_first=True, dtype=torch.float64
    )
    with torch.no_grad():
        for name in "qkv":
            getattr(theirs, f"{name}_proj_weight").copy_(getattr(attention, f"W_{name}"))
        theirs.out_proj.weight.copy_(attention.W_o)
    query, memory = random(BATCH, TGT_LEN, QUERY), random(BATCH, SRC_LEN, KEY, seed=1)
    padding = None if mask is None else ~mask
    expected = theirs(query, memory, memory, padding, average_attn_weights=False)
    torch.testing.assert_close(attend(attention, query, memory, mask), expected)
    mean = theirs(query, memory, memory, padding)
    keys = attention.project_keys(memory)
    torch.testing.assert_close(attention(query, keys, memory, mask), mean)


def test_each_head_in_numpy():
    attention = make(heads=3)
    query, memory = random(BATCH, TGT_LEN, QUERY), random(BATCH, SRC_LEN, KEY, seed=1)
    context, weights = attend(attention, query, memory, MASK)
    scores = attention.score(query, attention.project_keys(memory))
    W_q, W_k, W_v, W_o = (p.detach().numpy() for p in attention.parameters())
    for b, n in enumerate(MASK.sum(dim=1).tolist()):
        for i in range(TGT_LEN):
            found = []
            for head in range(3):
                rows = slice(2 * head, 2 * head + 2)
                q = W_q[rows] @ query[b, i].numpy()
                e = [q @ (W_k[rows] @ memory[b, j].numpy()) / np.sqrt(2) for j in range(n)]
                alpha = softmax(np.array(e))
                found += list(sum(alpha[j] * W_v[rows] @ memory[b, j].numpy() for j in range(n)))
                np.testing.assert_allclose(scores[b, head, i, :n].detach(), e, atol=1e-12)
                np.testing.assert_allclose(weights[b, head, i, :n].detach(), alpha, atol=1e-12)
            np.testing.assert_allclose(context[b, i].detach(), W_o @ found, atol=1e-12)


def test_the_joined_heads_are_a_sum_over_heads():
    attention, query, memory = make(heads=2), random(1, 1, QUERY), random(1, SRC_LEN, KEY)
    context, weights = attend(attention, query, memory)
    values = memory @ attention.W_v.T
    parts = [
        weights[:, n] @ values[..., 3 * n : 3 * n + 3] @ attention.W_o[:, 3 * n : 3 * n + 3].T
        for n in range(2)
    ]
    torch.testing.assert_close(sum(parts), context)


def test_who_asks_itself_does_not_know_the_order():
    attention, x = make(heads=3, output_size=QUERY), random(BATCH, SRC_LEN, QUERY)
    attention.W_k, attention.W_v = (nn.Parameter(random(QUERY, QUERY, seed=k)) for k in (1, 2))
    order = torch.tensor([3, 0, 4, 1, 2])
    context, weights = attend(attention, x, x)
    again, their_weights = attend(attention, x[:, order], x[:, order])
    torch.testing.assert_close(again, context[:, order])
    torch.testing.assert_close(their_weights, weights[:, :, order][..., order])
    assert not torch.allclose(again, context)


@pytest.mark.parametrize("past", [0, 1, 5])
def test_a_causal_mask_shows_the_past_and_oneself(past):
    mask = causal_mask(4, past)
    assert mask.shape == (4, past + 4)
    for i in range(4):
        assert mask[i].tolist() == [j <= past + i for j in range(past + 4)]


def test_padding_and_what_stands_there_change_nothing():
    attention, query = make(), random(BATCH, TGT_LEN, QUERY)
    memory = random(BATCH, SRC_LEN, KEY, seed=1)
    spoilt = memory.masked_fill(~MASK[:, :, None], 1e6)
    expected, got = attend(attention, query, memory, MASK), attend(attention, query, spoilt, MASK)
    torch.testing.assert_close(got, expected)
    alone = attend(attention, query[1:2], memory[1:2, :2])
    torch.testing.assert_close(alone[0][0], expected[0][1])


def test_a_query_with_nothing_to_look_at_gets_zeros_and_finite_gradients():
    attention, memory = make(), random(BATCH, SRC_LEN, KEY).requires_grad_()
    mask = MASK & torch.tensor([[True], [False], [True]])
    context, weights = attend(attention, random(BATCH, TGT_LEN, QUERY), memory, mask)
    assert (weights[1] == 0).all() and (context[1] == 0).all() and (context[0] != 0).all()
    context.square().sum().backward()
    assert torch.isfinite(memory.grad).all() and (memory.grad[1] == 0).all()


def test_gradient():
    attention = make(heads=2)
    query, memory = random(2, 3, QUERY).requires_grad_(), random(2, SRC_LEN, KEY).requires_grad_()
    inputs = (query, memory, *attention.parameters())
    assert torch.autograd.gradcheck(
        lambda q, m, *p: attend(attention, q, m, MASK[:2])[0], inputs, fast_mode=True
    )


def test_one_query_or_many_give_the_same():
    attention, query = make(), random(BATCH, TGT_LEN, QUERY)
    keys = attention.project_keys(memory := random(BATCH, SRC_LEN, KEY, seed=1))
    contexts, weights = attention(query, keys, memory, MASK)
    assert contexts.shape == (BATCH, TGT_LEN, KEY) and weights.shape == (BATCH, TGT_LEN, SRC_LEN)
    for i in range(TGT_LEN):
        one = attention(query[:, i], keys, memory, MASK, position=i, previous_weights=weights[:, 0])
        torch.testing.assert_close(one, (contexts[:, i], weights[:, i]))


def test_a_recurrent_decoder_takes_it_as_it_is():
    sizes = SIZES["tgt_vocab_size"], SIZES["embedding_size"], 6, 12
    encoder = s2s.Encoder(SIZES["src_vocab_size"], 5, 6, bidirectional=True)
    heads = MultiHeadAttention(6, 12, heads=3)
    decoder = s2s.BahdanauDecoder(*sizes, heads)
    model = drawn(s2s.Seq2Seq(encoder, decoder, config={})).eval()
    src, lengths = random_ids([5, 2, 3], SIZES["src_vocab_size"], seed=0)
    tgt_in, _ = random_ids([4, 4, 4], SIZES["tgt_vocab_size"], seed=1)
    whole, encoded = model(src, lengths, tgt_in), model.encode(src, lengths)
    torch.testing.assert_close(whole.weights.sum(-1), torch.ones(3, 4).double())
    state = decoder.init_state(encoded)
    for i, token in enumerate(tgt_in.unbind(dim=1)):
        logits, state, weights = decoder.step(token, state, encoded, decoder.project_keys(encoded))
        torch.testing.assert_close((logits, weights), (whole.logits[:, i], whole.weights[:, i]))
    found = s2s.beam_search(model, src, lengths, 5, beam_size=2)
    assert [w[0].shape[1] for w in found.weights] == [5, 2, 3]


@pytest.mark.parametrize(
    ("heads", "size", "said"),
    [
        (4, 6, "4 heads cannot share a width of 6: 6 / 4 is not whole; take 1, 2, 3 or 6 heads"),
        (12, 6, "12 heads cannot share a width of 6"),
        (2, 7, "take 1 or 7 heads"),
        (0, 6, "heads must be at least 1, not 0"),
    ],
)
def test_heads_that_do_not_fit_are_explained(heads, size, said):
    with pytest.raises(ValueError, match=said):
        check_heads(heads, size)
    with pytest.raises(ValueError, match=said):
        MultiHeadAttention(size, KEY, heads)


def test_shapes_that_do_not_fit_are_explained():
    attention, query, memory = make(), random(BATCH, TGT_LEN, QUERY), random(BATCH, SRC_LEN, KEY)
    with pytest.raises(ValueError, match="last dimension of memory must be 11"):
        attention.project_keys(memory[..., 1:])
    keys = attention.project_keys(memory)
    with pytest.raises(ValueError, match="last dimension of query must be 6"):
        attention.attend(query[..., 1:], keys)
    with pytest.raises(ValueError, match="last dimension of keys must be 12"):
        attention.attend(query, keys[..., 1:])
    with pytest.raises(ValueError, match="last dimension of query must be 5"):
        scaled_dot_product_attention(query, query[..., 1:], query)
    with pytest.raises(ValueError, match="the mask must have shape"):
        attention.attend(query, keys, MASK[:, 1:])
    with pytest.raises(TypeError, match="heads must be a whole number, not 2.0"):
        check_heads(2.0, 6)
