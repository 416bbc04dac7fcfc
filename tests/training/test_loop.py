"""`fit`: its updates are the ones that the papers and a plain loop make."""

import math
from dataclasses import replace

import pytest
import torch
from small_runs import Stopping, interrupt, make_model, results, reverse_batches, weights
from torch.nn import functional as F

from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.saving.checkpoint import load_checkpoint
from s2s_tutorial.scoring.evaluation import evaluate
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import EOS_ID, PAD_ID, Vocabulary
from s2s_tutorial.training import loop as training
from s2s_tutorial.training import watch as validation
from s2s_tutorial.training.config import TrainConfig, learning_rate
from s2s_tutorial.training.loop import fit

CONFIG = TrainConfig(steps=13, evaluate_every=5, learning_rate=3e-3, device="cpu", progress=False)


@pytest.fixture(scope="module")
def data():
    return reverse_batches(60, 16, 21, 8)


def test_a_seed_repeats_bit_for_bit_and_leaves_the_global_one_alone(data):
    vocab, train, valid = data
    torch.manual_seed(99)
    expected_next = torch.rand(1)
    runs = []
    for _ in range(2):
        model = make_model(vocab)
        torch.manual_seed(99)
        runs.append((results(fit(model, train, valid, CONFIG)), weights(model)))
        assert torch.equal(torch.rand(1), expected_next)
    assert runs[0][0] == runs[1][0]
    assert torch.equal(runs[0][1], runs[1][1])
    other = make_model(vocab)
    fit(other, train, valid, replace(CONFIG, seed=1))
    assert not torch.equal(weights(other), runs[0][1])


def test_one_update_is_adam_by_hand(data):
    vocab, train, valid = data
    model = make_model(vocab, dropout=0.0)
    start = [p.detach().clone() for p in model.parameters()]
    batch = next(iter(train.epoch(0)))
    training.batch_loss(model, batch).mean.backward()
    gradients = [p.grad.clone() for p in model.parameters()]
    norm = math.sqrt(sum((g**2).sum().item() for g in gradients))
    model.zero_grad()
    config = replace(CONFIG, steps=1, clip=norm / 4, schedule="constant", learning_rate=0.01)
    history = fit(model, train, valid, config)
    assert history.gradient_norm[0] == pytest.approx(norm, rel=1e-4)
    for p, before, g in zip(model.parameters(), start, gradients):
        g = g / 4  # clipped; the first step of Adam is then g / (|g| + eps)
        expected = before - 0.01 * g / (g.abs() + 1e-8)
        torch.testing.assert_close(p.detach(), expected, atol=2e-5, rtol=1e-3)


def test_many_updates_are_a_plain_loop(data):
    vocab, train, valid = data
    config = replace(CONFIG, label_smoothing=0.1, warmup_steps=3, clip=0.35)
    model, ours = make_model(vocab, dropout=0.0), make_model(vocab, dropout=0.0)
    history = fit(model, train, valid, config)
    optimizer = torch.optim.Adam(ours.parameters())
    batches = [batch for epoch in range(4) for batch in train.epoch(epoch)][:13]
    losses, norms = [], []
    for step, batch in enumerate(batches):
        optimizer.param_groups[0]["lr"] = learning_rate(config, step)
        optimizer.zero_grad()
        logits = ours(batch.src, batch.src_lengths, batch.tgt_in).logits.flatten(0, 1)
        targets = batch.tgt_out.flatten()
        loss = F.cross_entropy(logits, targets, ignore_index=PAD_ID, label_smoothing=0.1)
        loss.backward()
        losses.append(loss.item())
        norms.append(torch.nn.utils.clip_grad_norm_(ours.parameters(), 0.35).item())
        optimizer.step()
    assert history.batch_loss == pytest.approx(losses, rel=1e-4)
    assert history.gradient_norm == pytest.approx(norms, rel=1e-3)
    assert min(norms) < 0.35 < max(norms)
    assert history.tokens == [int((batch.tgt_out != PAD_ID).sum()) for batch in batches]
    torch.testing.assert_close(weights(model), weights(ours), atol=1e-4, rtol=1e-3)


def test_fit_trains_even_a_model_in_evaluation_mode(data):
    vocab, train, valid = data
    model, sleeping = make_model(vocab), make_model(vocab).eval()
    fit(model, train, valid, CONFIG)
    fit(sleeping, train, valid, CONFIG)
    assert torch.equal(weights(model), weights(sleeping))


def test_it_evaluates_on_the_validation_set_on_time_and_at_the_end(data):
    vocab, train, valid = data
    model = make_model(vocab)
    history = fit(model, train, valid, CONFIG)
    assert history.evaluated_at == [5, 10, 13]
    at_the_end = evaluate(model, valid)
    assert history.valid_loss[-1] == at_the_end.loss
    assert history.valid_accuracy[-1] == at_the_end.token_accuracy


def test_seconds_run_from_the_start_to_each_evaluation(data, monkeypatch):
    vocab, train, valid = data
    now, loss = [100.0], training.batch_loss

    def takes_a_second(*arguments):
        now[0] += 1
        return loss(*arguments)

    monkeypatch.setattr(training, "batch_loss", takes_a_second)
    monkeypatch.setattr(validation.time, "perf_counter", lambda: now[0])
    assert fit(make_model(vocab), train, valid, CONFIG).seconds == [5, 10, 13]


@pytest.mark.parametrize(("token", "right"), [(PAD_ID, 0), (EOS_ID, 21)])
def test_token_accuracy_of_a_model_that_always_says_the_same(data, token, right):
    vocab, _, valid = data
    model = make_model(vocab)
    torch.nn.init.constant_(model.decoder.output.bias[token : token + 1], 99.0)
    evaluation = evaluate(model, valid)
    assert evaluation.token_accuracy == right / evaluation.tokens


def test_evaluate_does_not_depend_on_the_batches(data):
    vocab, _, valid = data
    model = make_model(vocab)
    corpus = load_corpus("reverse", split="valid", size=21, symbols=5, max_length=5)
    singles = make_batches(corpus, vocab, vocab, batch_size=1)
    one, many = evaluate(model, singles), evaluate(model, valid)
    assert one.tokens == many.tokens == sum(len(pair.tgt) + 1 for pair in corpus)
    assert one.loss == pytest.approx(many.loss, rel=1e-5)
    assert one.perplexity == pytest.approx(math.exp(one.loss))
    assert one.token_accuracy == pytest.approx(many.token_accuracy)


@pytest.mark.slow
def test_it_learns(data):
    vocab, train, valid = data
    model = make_model(vocab, dropout=0.0)
    before = evaluate(model, valid).loss
    history = fit(model, train, valid, replace(CONFIG, steps=150, learning_rate=0.02))
    assert history.valid_loss[-1] < 0.8 * before
    assert history.evaluated_at[-1] == 150 == history.steps_done


def test_a_loss_that_is_no_number_stops_there_and_keeps_the_checkpoint(data, tmp_path, monkeypatch):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    after_five = make_model(vocab)
    fit(after_five, Stopping(train, 5, interrupt), valid, config)
    calls, sound_loss = [], training.batch_loss

    def breaks_at_update_7(*arguments):
        calls.append(None)
        loss = sound_loss(*arguments)
        return loss._replace(total=loss.total * float("nan")) if len(calls) == 7 else loss

    monkeypatch.setattr(training, "batch_loss", breaks_at_update_7)
    model = make_model(vocab)
    with pytest.raises(FloatingPointError, match="not finite at update 7; the model is as"):
        fit(model, train, valid, config)
    assert torch.isfinite(weights(model)).all()
    assert torch.equal(weights(load_checkpoint(config.checkpoint).model), weights(after_five))


def test_a_corpus_in_place_of_batches_is_explained(data):
    vocab, train, valid = data
    corpus = load_corpus("reverse", "valid", size=7, symbols=5, max_length=5)
    with pytest.raises(
        TypeError, match="train must be the batches that make_batches gives, not Pa"
    ):
        fit(make_model(vocab), corpus, valid, CONFIG)
    with pytest.raises(TypeError, match="valid must be the batches"):
        fit(make_model(vocab), train, corpus, CONFIG)
    with pytest.raises(TypeError, match="batches must be the batches"):
        evaluate(make_model(vocab), corpus)


def test_what_cannot_be_trained_with_is_said_before_the_first_update(data, tmp_path):
    vocab, train, valid = data
    model = make_model(vocab)
    before = weights(model)
    with pytest.raises(TypeError, match="config must be a TrainConfig.*dict"):
        fit(model, train, valid, {"steps": 3})
    with pytest.raises(ValueError, match="say which in config.checkpoint"):
        fit(model, train, valid, CONFIG, resume=True)
    larger = Vocabulary([*vocab.tokens[4:], "later"])
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    with pytest.raises(ValueError, match="tgt_vocab has .* tokens, but the model was built for"):
        fit(model, train, valid, config, src_vocab=vocab, tgt_vocab=larger)
    other = load_corpus("reverse", split="valid", size=9, symbols=9, max_length=9)
    foreign = make_batches(other, vocab, Vocabulary.build(other.tgt_sentences), batch_size=4)
    with pytest.raises(IndexError, match="target side .* holds the id 12.*another vocabulary"):
        fit(model, train, foreign, CONFIG)
    assert torch.equal(weights(model), before) and not list(tmp_path.iterdir())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_weights_in_half_precision_are_refused_with_the_way_to_go(data, dtype):
    vocab, train, valid = data
    model = make_model(vocab).to(dtype)
    before = weights(model)
    with pytest.raises(ValueError, match=r"must be float32.*some are b?float16.*precision='auto'"):
        fit(model, train, valid, CONFIG)
    assert torch.equal(weights(model), before)
    assert fit(model.double(), train, valid, replace(CONFIG, steps=1)).steps_done == 1
