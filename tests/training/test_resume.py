"""A run that was stopped goes on to the same numbers, or says why it cannot."""

import os
import signal
from dataclasses import replace

import pytest
import torch
from small_runs import Stopping, interrupt, make_model, power_cut, results, reverse_batches, weights

from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.saving.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training import watch as validation
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.loop import fit

CONFIG = TrainConfig(steps=13, evaluate_every=5, learning_rate=3e-3, device="cpu", progress=False)


@pytest.fixture(scope="module")
def data():
    return reverse_batches(60, 16, 21, 8)


@pytest.mark.parametrize("update", [1, 5, 8, 12])
def test_interrupted_and_resumed_is_as_never_stopped(data, tmp_path, update):
    vocab, train, valid = data
    whole = make_model(vocab)
    expected = fit(whole, train, valid, CONFIG)

    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    first = make_model(vocab)
    stopped = fit(first, Stopping(train, update, interrupt), valid, config)
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
    stopped = fit(model, Stopping(train, 8, interrupt), valid, config)
    assert stopped.seconds == [1] and stopped.pending_seconds == 1
    resumed = fit(model, train, valid, config, resume=True)
    assert resumed.seconds == [1, 1 + 2, 1 + 2 + 1] and resumed.pending_seconds == 0


def test_a_killed_run_resumes_from_its_last_evaluation(data, tmp_path):
    vocab, train, valid = data
    whole = make_model(vocab)
    expected = fit(whole, train, valid, CONFIG)
    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    with pytest.raises(SystemExit):
        fit(make_model(vocab), Stopping(train, 9, power_cut), valid, config)
    model = make_model(vocab)
    resumed = fit(model, train, valid, config, resume=True)
    assert results(resumed) == results(expected)
    assert torch.equal(weights(model), weights(whole))


def test_without_a_checkpoint_an_interrupt_is_an_interrupt(data):
    vocab, train, valid = data
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # scripts may ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            fit(make_model(vocab), Stopping(train, 2, interrupt), valid, CONFIG)
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


CORPUS = load_corpus("reverse", size=60, symbols=5, max_length=5)
OTHER = {
    "batch size was 16 and is 8": {"batch_size": 8},
    "seed was 3 and is 4": {"seed": 4},
    "shuffle was True and is False; seed was 3 and is None": {"shuffle": False},
    "bucket was True and is False": {"bucket": False},
    "number of pairs was 60 and is 59": {"corpus": CORPUS[:59]},
    "sha256 of the pairs was .* and is": {"corpus": [*CORPUS[1:], CORPUS[0]]},
}


@pytest.mark.parametrize("difference", OTHER)
@pytest.mark.slow
@pytest.mark.parametrize("purpose", ["training", "validation"])
def test_a_run_does_not_go_on_with_other_batches(data, tmp_path, purpose, difference):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    usual = {"corpus": CORPUS, "batch_size": 16, "shuffle": True, "seed": 3}

    def batches(corpus, **options):
        return make_batches(corpus, vocab, vocab, **options)

    def both(used):
        return (used, valid) if purpose == "training" else (train, used)

    begun, looked_at = both(batches(**usual))
    fit(make_model(vocab), Stopping(begun, 3, interrupt), looked_at, config)
    before = config.checkpoint.read_bytes()
    with pytest.raises(CheckpointError, match=f"other {purpose} batches: {difference}"):
        fit(make_model(vocab), *both(batches(**usual | OTHER[difference])), config, resume=True)
    assert config.checkpoint.read_bytes() == before
    assert fit(make_model(vocab), *both(batches(**usual)), config, resume=True).steps_done == 13


@pytest.mark.parametrize(("side", "name"), [("source", "src_vocab"), ("target", "tgt_vocab")])
def test_a_run_does_not_go_on_with_another_vocabulary(data, tmp_path, side, name):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    ours = {"src_vocab": vocab, "tgt_vocab": vocab}
    fit(make_model(vocab), Stopping(train, 3, interrupt), valid, config, **ours)
    other = Vocabulary(reversed(vocab.tokens[4:]))
    with pytest.raises(CheckpointError, match=f"another {side} vocabulary"):
        fit(make_model(vocab), train, valid, config, resume=True, **ours | {name: other})


def test_a_state_of_version_0_1_knows_of_no_batches_and_goes_on(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "last.safetensors")
    fit(make_model(vocab), Stopping(train, 3, interrupt), valid, config)
    kept = load_checkpoint(config.checkpoint)
    del kept.info["settings"]["batches"]
    save_checkpoint(config.checkpoint, kept.model, tensors=kept.tensors, info=kept.info)
    model, whole = make_model(vocab, seed=5), make_model(vocab)
    fit(model, train, valid, config, resume=True)
    fit(whole, train, valid, CONFIG)
    assert torch.equal(weights(model), weights(whole))


def test_an_unwritable_checkpoint_is_said_before_training(data, tmp_path):
    vocab, train, valid = data
    (tmp_path / "file").write_text("in the way")
    model = make_model(vocab)
    before = weights(model)
    config = replace(CONFIG, checkpoint=tmp_path / "file" / "last.safetensors")
    with pytest.raises(OSError, match="could not write"):
        fit(model, train, valid, config)
    assert torch.equal(weights(model), before) and os.listdir(tmp_path) == ["file"]
