import math
import os
import signal
from dataclasses import replace
from itertools import islice

import pytest
import torch
from torch.nn import functional as F

from s2s_tutorial import training, validation
from s2s_tutorial.batches import make_batches
from s2s_tutorial.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.evaluation import evaluate
from s2s_tutorial.scheduled_sampling import Decay
from s2s_tutorial.seq2seq import build_model
from s2s_tutorial.train_config import TrainConfig, learning_rate
from s2s_tutorial.training import fit
from s2s_tutorial.vocabulary import EOS_ID, PAD_ID, Vocabulary

CONFIG = TrainConfig(steps=13, evaluate_every=5, learning_rate=3e-3, device="cpu", progress=False)


@pytest.fixture(scope="module")
def data():
    corpus = load_corpus("reverse", size=60, symbols=5, max_length=5)
    vocab = Vocabulary.build(corpus.src_sentences)
    train = make_batches(corpus, vocab, vocab, batch_size=16, shuffle=True, seed=3)
    held_out = load_corpus("reverse", split="valid", size=21, symbols=5, max_length=5)
    return vocab, train, make_batches(held_out, vocab, vocab, batch_size=8)


def make_model(vocab, dropout=0.3, seed=0):
    torch.manual_seed(seed)
    return build_model(
        "gru", len(vocab), len(vocab), embedding_size=5, hidden_size=7, dropout=dropout
    )


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def results(history):
    return {k: v for k, v in history.to_dict().items() if "seconds" not in k}


class Interrupting:
    """Batches that send Ctrl-C while the given update is being prepared."""

    def __init__(self, batches, update):
        self.batches, self.update, self.seen = batches, update, 0

    def __len__(self):
        return len(self.batches)

    def epoch(self, number):
        for batch in self.batches.epoch(number):
            self.seen += 1
            if self.seen == self.update:
                signal.raise_signal(signal.SIGINT)
            yield batch


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


@pytest.mark.parametrize("update", [1, 5, 8, 12])
def test_interrupted_and_resumed_is_as_never_stopped(data, tmp_path, update):
    vocab, train, valid = data
    whole = make_model(vocab)
    expected = fit(whole, train, valid, CONFIG)

    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    first = make_model(vocab)
    stopped = fit(first, Interrupting(train, update), valid, config)
    assert stopped.steps_done == update
    model = make_model(vocab, seed=5)  # other weights: all must come from the file
    resumed = fit(model, train, valid, config, resume=True)
    assert results(resumed) == results(expected)
    assert torch.equal(weights(model), weights(whole))


def test_seconds_are_counted_across_a_stop(data, tmp_path, monkeypatch):
    vocab, train, valid = data
    clock = iter(range(1000))  # every look at the clock is one second later
    monkeypatch.setattr(validation.time, "perf_counter", lambda: float(next(clock)))
    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    model = make_model(vocab)
    stopped = fit(model, Interrupting(train, 8), valid, config)
    assert stopped.seconds == [1] and stopped.pending_seconds == 1
    resumed = fit(model, train, valid, config, resume=True)
    assert resumed.seconds == [1, 1 + 2, 1 + 2 + 1] and resumed.pending_seconds == 0


def test_a_killed_run_resumes_from_its_last_evaluation(data, tmp_path):
    vocab, train, valid = data
    whole = make_model(vocab)
    expected = fit(whole, train, valid, CONFIG)

    class PowerCut(Interrupting):
        def epoch(self, number):
            for batch in self.batches.epoch(number):
                self.seen += 1
                if self.seen == self.update:
                    raise SystemExit("killed")
                yield batch

    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    with pytest.raises(SystemExit):
        fit(make_model(vocab), PowerCut(train, 9), valid, config)
    model = make_model(vocab)
    resumed = fit(model, train, valid, config, resume=True)
    assert results(resumed) == results(expected)
    assert torch.equal(weights(model), weights(whole))


def test_without_a_checkpoint_an_interrupt_is_an_interrupt(data):
    vocab, train, valid = data
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # scripts may ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            fit(make_model(vocab), Interrupting(train, 2), valid, CONFIG)
    finally:
        signal.signal(signal.SIGINT, before)


def test_randomness_from_before_does_not_reach_the_run(data):
    vocab, train, valid = data
    model, other = make_model(vocab), make_model(vocab)
    torch.manual_seed(3)
    fit(model, train, valid, CONFIG)
    torch.manual_seed(5)
    fit(other, train, valid, CONFIG)
    assert torch.equal(weights(model), weights(other))


def test_resuming_a_finished_run_changes_nothing(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    model = make_model(vocab)
    first = fit(model, train, valid, config)
    again = make_model(vocab)
    assert fit(again, train, valid, config, resume=True) == first
    assert torch.equal(weights(again), weights(model))


def test_a_checkpoint_of_something_else_is_refused_and_the_model_left_alone(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    fit(make_model(vocab), train, valid, config)
    model = make_model(vocab, seed=7)
    before = weights(model)
    with pytest.raises(CheckpointError, match="learning_rate was 0.003 and is now 0.1"):
        fit(model, train, valid, replace(config, learning_rate=0.1), resume=True)
    assert torch.equal(weights(model), before)
    with pytest.raises(CheckpointError, match="dropout is 0.3 there and 0.0 here"):
        fit(make_model(vocab, dropout=0.0), train, valid, config, resume=True)
    save_checkpoint(config.checkpoint, model)
    with pytest.raises(CheckpointError, match="no training state"):
        fit(model, train, valid, config, resume=True)


def test_settings_that_agree_are_not_listed(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    fit(make_model(vocab), train, valid, config)
    with pytest.raises(CheckpointError, match=r"settings: seed was 0 and is now 1\. Use"):
        fit(make_model(vocab), train, valid, replace(config, seed=1), resume=True)


def test_an_unwritable_checkpoint_is_said_before_training(data, tmp_path):
    vocab, train, valid = data
    (tmp_path / "file").write_text("in the way")
    model = make_model(vocab)
    before = weights(model)
    config = replace(CONFIG, checkpoint=tmp_path / "file" / "last.safetensors")
    with pytest.raises(OSError, match="could not write"):
        fit(model, train, valid, config)
    assert torch.equal(weights(model), before) and os.listdir(tmp_path) == ["file"]


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
    fit(after_five, Interrupting(train, 5), valid, config)
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


def test_a_score_decides_and_must_be_a_number(data):
    vocab, train, valid = data
    modes = []

    def worse_and_worse(model):
        modes.append((model.training, torch.is_grad_enabled()))
        return -len(modes)

    model = make_model(vocab)
    config = replace(CONFIG, steps=50, evaluate_every=4, patience=2)
    history = fit(model, train, valid, config, score=worse_and_worse)
    assert (history.valid_score, history.best_step, history.steps_done) == ([-1, -2, -3], 4, 12)
    assert set(modes) == {(False, False)} and model.training
    with pytest.raises(TypeError, match="score must give a number, .*gave Evaluation"):
        fit(model, train, valid, config, score=lambda model: evaluate(model, valid))


def test_the_learning_rate_is_noted(data):
    vocab, train, valid = data
    config = replace(CONFIG, warmup_steps=4)
    history = fit(make_model(vocab), train, valid, config)
    assert history.learning_rate == [learning_rate(config, step) for step in range(13)]
    assert history.stopped == "finished"


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
