"""Pooling: against NumPy and against the attention it is made of."""

import numpy as np
import pytest
import torch
from tiny_models import ATTENTIONS, drawn

from s2s_tutorial.attention.pooling import AttentionPooling, EndPooling, MeanPooling, make_pooling
from s2s_tutorial.attention.scores import AdditiveAttention

BATCH, SRC_LEN, SIZE = 3, 5, 14
LENGTHS = (5, 2, 3)
MASK = torch.tensor([[j < n for j in range(SRC_LEN)] for n in LENGTHS])


def memory(seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(BATCH, SRC_LEN, SIZE, generator=generator, dtype=torch.float64)


def poolings():
    made = {
        name: drawn(AttentionPooling(make(11, 14), 11), seed=3)
        for name, make in ATTENTIONS.items()
        if name not in ("dot", "location_aware", "local_m", "local_p", "monotonic")
    }
    made["dot"] = drawn(AttentionPooling(ATTENTIONS["dot"](14, 14), 14), seed=3)
    return made | {"mean": MeanPooling(), "ends": EndPooling()}


def test_the_additive_one_is_yangs_equations_in_numpy():
    pooling = drawn(AttentionPooling(AdditiveAttention(7, SIZE, 11), 7))
    context, weights = pooling(memory(), MASK)
    h, score = memory().numpy(), pooling.attention
    W_q, W_k, v, q = (p.detach().numpy() for p in (score.W_q, score.W_k, score.v, pooling.query))
    bias = W_q @ q  # Yang's b_w
    for row, n in enumerate(LENGTHS):
        e = np.tanh(h[row, :n] @ W_k.T + bias) @ v
        alpha = np.exp(e) / np.exp(e).sum()
        np.testing.assert_allclose(weights[row, :n].detach().numpy(), alpha)
        np.testing.assert_allclose(context[row].detach().numpy(), alpha @ h[row, :n])
        assert (weights[row, n:] == 0).all()


def test_a_learned_query_is_the_same_question_to_every_sentence():
    pooling = drawn(AttentionPooling(AdditiveAttention(7, SIZE, 11), 7))
    keys = pooling.attention.project_keys(memory())
    query = pooling.query.repeat(BATCH, 1)
    expected = pooling.attention(query, keys, memory(), MASK)
    torch.testing.assert_close(pooling(memory(), MASK), expected)


def test_mean_and_ends_are_what_they_say():
    context, weights = MeanPooling()(memory(), MASK)
    ends, none = EndPooling()(memory(), MASK)
    assert none is None
    for row, n in enumerate(LENGTHS):
        torch.testing.assert_close(context[row], memory()[row, :n].mean(dim=0))
        torch.testing.assert_close(weights[row, :n], torch.full((n,), 1 / n).double())
        expected = torch.cat([memory()[row, n - 1, :7], memory()[row, 0, 7:]])
        torch.testing.assert_close(ends[row], expected)


@pytest.mark.parametrize(("name", "pooling"), poolings().items())
def test_padding_changes_nothing_and_weights_sum_to_one(name, pooling):
    with torch.no_grad():
        context, weights = pooling(memory(), MASK)
        spoilt = memory().masked_fill(~MASK[:, :, None], 1e6)
        torch.testing.assert_close(pooling(spoilt, MASK)[0], context)
        for row, n in enumerate(LENGTHS):
            alone, _ = pooling(memory()[row : row + 1, :n])
            torch.testing.assert_close(alone[0], context[row])
    if weights is not None:
        torch.testing.assert_close(weights.sum(dim=1), torch.ones(BATCH).double())


def test_the_query_learns():
    pooling = AttentionPooling(AdditiveAttention(7, SIZE, 11), 7)
    context, _ = pooling(memory().float(), MASK)
    context.square().sum().backward()
    assert pooling.query.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: AttentionPooling(torch.nn.Linear(3, 3), 3), TypeError, "attention must be one of"),
        (lambda: AttentionPooling(AdditiveAttention(3, 5, 7), 0), ValueError, "at least 1, not 0"),
        (lambda: make_pooling("maen", 3, 5), ValueError, "no pooling 'maen' .did you mean 'mean'"),
        (lambda: EndPooling()(torch.zeros(2, 3, 5)), ValueError, "an even size, not 5"),
        (lambda: MeanPooling()(torch.zeros(2, 3)), ValueError, "memory must"),
        (lambda: MeanPooling()(torch.zeros(2, 3, 5), torch.ones(2, 4).bool()), ValueError, "mask"),
    ],
)
def test_what_does_not_fit_is_said(make, error, message):
    with pytest.raises(error, match=message):
        make()
