"""The settings of `fit`: accumulation, precision, feeding, stopping early."""

from dataclasses import replace
from itertools import islice

import pytest
import torch
from small_runs import make_model, reverse_batches, weights
from torch.nn import functional as F

from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.scoring.evaluation import evaluate
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import PAD_ID
from s2s_tutorial.training import loop as training
from s2s_tutorial.training.config import TrainConfig, learning_rate
from s2s_tutorial.training.loop import fit
from s2s_tutorial.training.scheduled_sampling import Decay

CONFIG = TrainConfig(steps=13, evaluate_every=5, learning_rate=3e-3, device="cpu", progress=False)


@pytest.fixture(scope="module")
def data():
    return reverse_batches(60, 16, 21, 8)


def test_an_update_over_several_batches_is_that_of_their_union(data):
    vocab, _, valid = data
    corpus = load_corpus("reverse", size=60, symbols=5, max_length=5)
    small, large = (make_batches(corpus, vocab, vocab, size, bucket=False) for size in (4, 12))
    lengths = [int(batch.tgt_mask.sum()) for batch in small.epoch(0)]
    assert len(set(lengths[:3])) > 1  # a mean of the batches' means would be another number
    config = replace(CONFIG, steps=11, label_smoothing=0.1)  # two epochs and a bit
    model, expected = (make_model(vocab, dropout=0.0).double() for _ in range(2))
    accumulated = fit(model, small, valid, replace(config, accumulate=3))
    at_once = fit(expected, large, valid, config)
    torch.testing.assert_close(weights(model), weights(expected), atol=1e-12, rtol=1e-12)
    assert accumulated.steps_done == 11 and accumulated.tokens == at_once.tokens
    assert accumulated.batch_loss == pytest.approx(at_once.batch_loss, rel=1e-12)
    assert accumulated.gradient_norm == pytest.approx(at_once.gradient_norm, rel=1e-10)


@pytest.mark.parametrize("options", [{"fused": True}, {"betas": (0.7, 0.95)}])
def test_adam_is_pytorchs(data, options):
    vocab, train, valid = data
    model, ours = (make_model(vocab, dropout=0.0).double() for _ in range(2))
    config = replace(CONFIG, clip=None, schedule="constant", **options)
    fit(model, train, valid, config)
    betas = options.get("betas", (0.9, 0.999))
    optimizer = torch.optim.Adam(ours.parameters(), lr=config.learning_rate, betas=betas)
    for batch in islice(training.batches_from(train, 0), config.steps):
        optimizer.zero_grad()
        logits = ours(batch.src, batch.src_lengths, batch.tgt_in).logits.flatten(0, 1)
        F.cross_entropy(logits, batch.tgt_out.flatten(), ignore_index=PAD_ID).backward()
        optimizer.step()
    torch.testing.assert_close(weights(model), weights(ours), atol=1e-11, rtol=1e-11)


def test_bfloat16_rounds_the_products_and_leaves_the_weights_float32(data):
    vocab, train, valid = data
    exact, rounded = (make_model(vocab, dropout=0.0) for _ in range(2))
    reference = fit(exact, train, valid, CONFIG)
    history = fit(rounded, train, valid, replace(CONFIG, precision="bfloat16"))
    assert history.batch_loss != reference.batch_loss
    assert history.batch_loss == pytest.approx(reference.batch_loss, rel=0.02)
    assert {p.dtype for p in rounded.parameters()} == {torch.float32}
    assert history.valid_loss[-1] == evaluate(rounded, valid, "bfloat16").loss
    assert history.valid_loss[-1] != evaluate(rounded, valid).loss


def test_float16_without_a_gpu_is_explained_before_training(data):
    vocab, train, valid = data
    with pytest.raises(ValueError, match="float16' needs a CUDA device"):
        fit(make_model(vocab), train, valid, replace(CONFIG, precision="float16"))


def test_matmul_precision_holds_in_fit_only(data, monkeypatch):
    vocab, train, valid = data
    seen, loss = set(), training.batch_loss

    def noting(*arguments):
        seen.add(torch.get_float32_matmul_precision())
        return loss(*arguments)

    monkeypatch.setattr(training, "batch_loss", noting)
    fit(make_model(vocab), train, valid, replace(CONFIG, matmul_precision="medium"))
    assert seen == {"medium"} and torch.get_float32_matmul_precision() == "highest"


def test_the_decoder_is_fed_as_the_schedule_says(data, monkeypatch):
    vocab, train, valid = data
    ratios, feed = [], training.feed_own_words

    def noting(model, batch, ratio):
        ratios.append(ratio)
        return feed(model, batch, ratio)

    monkeypatch.setattr(training, "feed_own_words", noting)
    forced, sampled = make_model(vocab, dropout=0.0), make_model(vocab, dropout=0.0)
    decay = Decay("linear", over_steps=10, end=0.5)
    reference = fit(forced, train, valid, replace(CONFIG, accumulate=2))
    assert set(ratios) == {1.0}
    ratios.clear()
    config = replace(CONFIG, accumulate=2, teacher_forcing=decay)
    history = fit(sampled, train, valid, config)
    assert ratios == pytest.approx([decay.at(step) for step in range(13) for _ in range(2)])
    assert history.tokens == reference.tokens
    assert history.batch_loss[0] == reference.batch_loss[0]  # the first update is always forced
    assert history.batch_loss[5:] != reference.batch_loss[5:]


def test_early_stopping_on_the_validation_loss(data):
    vocab, train, valid = data
    config = replace(CONFIG, steps=200, evaluate_every=2, learning_rate=0.5, patience=3, clip=None)
    model = make_model(vocab, dropout=0.0)
    history = fit(model, train, valid, replace(config, restore_best=True))
    best = min(history.valid_loss)
    assert history.stopped == "no improvement" and history.steps_done < 200
    assert history.valid_loss.index(best) == len(history.valid_loss) - 1 - 3
    assert evaluate(model, valid).loss == best


def test_a_metric_decides_and_must_be_a_number(data):
    vocab, train, valid = data
    modes = []

    def worse_and_worse(model):
        modes.append((model.training, torch.is_grad_enabled()))
        return -len(modes)

    model = make_model(vocab)
    config = replace(CONFIG, steps=50, evaluate_every=4, patience=2)
    history = fit(model, train, valid, config, metric=worse_and_worse)
    assert (history.valid_metric, history.best_step, history.steps_done) == ([-1, -2, -3], 4, 12)
    assert set(modes) == {(False, False)} and model.training
    with pytest.raises(TypeError, match="metric must give a number, .*gave Evaluation"):
        fit(model, train, valid, config, metric=lambda model: evaluate(model, valid))


def test_the_name_of_version_0_1_goes_on_working(data):
    vocab, train, valid = data
    with pytest.warns(DeprecationWarning, match="metric now"):
        history = fit(make_model(vocab), train, valid, replace(CONFIG, steps=2), score=lambda _: 7)
    with pytest.warns(DeprecationWarning, match="valid_metric now"):
        assert history.valid_score == history.valid_metric == [7.0]


def test_the_learning_rate_is_noted(data):
    vocab, train, valid = data
    config = replace(CONFIG, warmup_steps=4)
    history = fit(make_model(vocab), train, valid, config)
    assert history.learning_rate == [learning_rate(config, step) for step in range(13)]
    assert history.stopped == "finished"
