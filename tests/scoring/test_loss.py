import math

import numpy as np
import pytest
import torch

from s2s_tutorial.scoring.loss import sequence_loss

BATCH, TGT_LEN, VOCAB = 3, 5, 7
MASK = torch.arange(TGT_LEN)[None, :] < torch.tensor([5, 2, 3])[:, None]


def example():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(BATCH, TGT_LEN, VOCAB, generator=generator, dtype=torch.float64)
    return logits, torch.randint(0, VOCAB, (BATCH, TGT_LEN), generator=generator)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_sum_over_real_tokens_by_hand(smoothing):
    logits, tgt = example()
    expected = 0.0
    for b, i in MASK.nonzero().tolist():
        row = logits[b, i].numpy()
        log_p = row - np.log(np.exp(row).sum())
        expected -= (1 - smoothing) * log_p[tgt[b, i]] + smoothing * log_p.mean()
    loss = sequence_loss(logits, tgt, MASK, label_smoothing=smoothing)
    assert loss.tokens == 10
    assert loss.total.item() == pytest.approx(expected, rel=1e-12)
    assert loss.mean.item() == pytest.approx(expected / 10, rel=1e-12)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_logits_of_the_real_tokens_only_give_the_same_loss_and_gradient(smoothing):
    logits, tgt = example()
    logits.requires_grad_()
    whole = sequence_loss(logits, tgt, MASK, smoothing)
    (expected,) = torch.autograd.grad(whole.total, logits)
    packed = logits[MASK]
    assert packed.shape == (10, VOCAB)
    loss = sequence_loss(packed, tgt, MASK, smoothing)
    (gradient,) = torch.autograd.grad(loss.total, logits)
    assert loss.tokens == whole.tokens and torch.equal(loss.total, whole.total)
    assert torch.equal(gradient, expected)


def test_uniform_logits_cost_log_vocab():
    loss = sequence_loss(torch.zeros(BATCH, TGT_LEN, VOCAB), example()[1], MASK)
    assert loss.mean.item() == pytest.approx(math.log(VOCAB), rel=1e-6)


def test_padding_has_neither_loss_nor_gradient():
    logits, tgt = example()
    logits.requires_grad_()
    loss = sequence_loss(logits, tgt, MASK)
    loss.total.backward()
    assert (logits.grad[~MASK] == 0).all() and (logits.grad[MASK].abs().sum(-1) > 0).all()
    other = logits.detach().clone()
    other[~MASK] = float("nan")
    assert sequence_loss(other, tgt.masked_fill(~MASK, 6), MASK).total == loss.total


def test_half_precision_is_summed_in_float32():
    logits = torch.zeros(1, 4096, 3, dtype=torch.float16)
    tgt = torch.zeros(1, 4096, dtype=torch.int64)
    loss = sequence_loss(logits, tgt, torch.ones(1, 4096, dtype=torch.bool))
    assert loss.total.dtype == torch.float32
    assert loss.total.item() == pytest.approx(4096 * math.log(3), rel=1e-5)


def test_mismatches_are_explained():
    logits, tgt = example()
    with pytest.raises(ValueError, match=r"tgt_out must have shape \(3, 5\).*\(3, 4\)"):
        sequence_loss(logits, tgt[:, :4], MASK)
    with pytest.raises(ValueError, match=r"tgt_mask must have shape \(3, 5\).*\(3, 4\)"):
        sequence_loss(logits, tgt, MASK[:, :4])
    with pytest.raises(ValueError, match="no real token"):
        sequence_loss(logits, tgt, torch.zeros_like(MASK))
    for scored in (logits, logits[MASK]):
        with pytest.raises(TypeError, match="tgt_mask must be a bool tensor.*int64"):
            sequence_loss(scored, tgt, MASK.long())  # would pick rows 0 and 1, again and again
        with pytest.raises(TypeError, match="tgt_mask must be a bool tensor.*NoneType"):
            sequence_loss(scored, tgt, None)
    with pytest.raises(TypeError, match="tgt_out must be a tensor.*list"):
        sequence_loss(logits, tgt.tolist(), MASK)
    with pytest.raises(TypeError, match="tgt_out must hold integer ids.*float32"):
        sequence_loss(logits, tgt.float(), MASK)
    for outside in (-100, logits.shape[-1]):  # -100: PyTorch would leave it out of the sum alone
        with pytest.raises(IndexError, match=f"tgt_out holds the id {outside}"):
            sequence_loss(logits, tgt.masked_fill(tgt == tgt[0, 0], outside), MASK)
    with pytest.raises(ValueError, match=r"one row for each of the 10 real tokens.*\(5, 7\)"):
        sequence_loss(logits[0], tgt, MASK)
    with pytest.raises(ValueError, match=r"tgt_out must have shape \(3, 5\) to match the mask"):
        sequence_loss(logits[MASK], tgt[:, :4], MASK)
    with pytest.raises(ValueError, match=r"have shape \(batch, tgt_len, vocab_size\).*\(7,\)"):
        sequence_loss(logits[0, 0], tgt, MASK)
