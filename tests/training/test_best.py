"""The best model of a run: kept beside the last state, and given back."""

from dataclasses import replace

import pytest
import torch
from small_runs import Stopping, interrupt, make_model, reverse_batches, scores, weights

from s2s_tutorial.saving.checkpoint import CheckpointError, load_checkpoint
from s2s_tutorial.scoring.evaluation import evaluate
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.loop import fit
from s2s_tutorial.training.state import best_path

CONFIG = TrainConfig(steps=13, evaluate_every=3, learning_rate=3e-3, device="cpu", progress=False)


@pytest.fixture(scope="module")
def data():
    return reverse_batches(59, 13, 19, 7)


def test_patience_is_counted_across_a_stop(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, patience=2, checkpoint=tmp_path / "run.safetensors")
    stopping = Stopping(train, 7, interrupt)
    first = fit(make_model(vocab), stopping, valid, config, metric=scores(5.0, 4.0))
    assert (first.evaluated_at, first.stopped) == ([3, 6], "interrupted")
    model = make_model(vocab)
    history = fit(model, train, valid, config, resume=True, metric=scores(3.0))
    assert (history.evaluated_at, history.stopped) == ([3, 6, 9], "no improvement")
    assert history.best_step == 3
    again = make_model(vocab)
    assert fit(again, train, valid, config, resume=True, metric=scores()) == history
    assert torch.equal(weights(again), weights(model))


def test_the_best_model_lies_beside_the_last(data, tmp_path):
    vocab, train, valid = data
    path = tmp_path / "run.safetensors"
    config = replace(CONFIG, checkpoint=path)
    model = make_model(vocab)
    given = {"src_vocab": vocab, "tgt_vocab": vocab, "info": {"tokenizer": "characters"}}
    history = fit(model, train, valid, config, metric=scores(1.0, 7.0, 7.0, 2.0, 0.0), **given)
    assert history.valid_metric == [1.0, 7.0, 7.0, 2.0, 0.0] and history.best_step == 6
    assert {p.name for p in tmp_path.iterdir()} == {"run.safetensors", "run.best.safetensors"}

    best, last = load_checkpoint(best_path(path)), load_checkpoint(path)
    assert torch.equal(weights(last.model), weights(model))
    assert evaluate(best.model, valid).loss == pytest.approx(history.valid_loss[1], rel=1e-6)
    assert not torch.equal(weights(best.model), weights(model))
    for checkpoint in (best, last):
        assert checkpoint.src_vocab.tokens == checkpoint.tgt_vocab.tokens == vocab.tokens
        assert checkpoint.info["tokenizer"] == "characters"
    with pytest.raises(CheckpointError, match="no training state"):
        fit(model, train, valid, replace(config, checkpoint=best_path(path)), resume=True)


@pytest.mark.parametrize("kept_in", ["memory", "file"])
def test_the_best_weights_are_restored_on_request(data, tmp_path, kept_in):
    vocab, train, valid = data
    path = tmp_path / "run.safetensors" if kept_in == "file" else None
    config = replace(CONFIG, checkpoint=path, restore_best=True)
    model = make_model(vocab)
    history = fit(model, train, valid, config, metric=scores(1.0, 7.0, 3.0, 2.0, 0.0))
    assert evaluate(model, valid).loss == history.valid_loss[1] != history.valid_loss[-1]
    if kept_in == "file":
        again = make_model(vocab, seed=5)
        fit(again, train, valid, config, resume=True, metric=scores())
        assert torch.equal(weights(again), weights(model))


def test_an_interrupted_run_keeps_its_last_weights(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors", restore_best=True)
    model = make_model(vocab)
    fit(model, Stopping(train, 7, interrupt), valid, config, metric=scores(2.0, 1.0))
    assert torch.equal(weights(model), weights(load_checkpoint(config.checkpoint).model))


def test_a_best_model_that_is_gone_is_missed_before_the_work(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors", restore_best=True)
    fit(make_model(vocab), Stopping(train, 7, interrupt), valid, config)
    best_path(config.checkpoint).unlink()
    model = make_model(vocab, seed=5)
    before = weights(model)
    with pytest.raises(CheckpointError, match=r"run\.best\.safetensors, which is not there; copy"):
        fit(model, train, valid, config, resume=True)
    assert torch.equal(weights(model), before)
    history = fit(model, train, valid, replace(config, restore_best=False), resume=True)
    assert history.stopped == "finished"


def test_the_best_model_of_another_run_is_not_taken_for_this_one_s(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors", restore_best=True)
    other = replace(config, checkpoint=tmp_path / "other.safetensors", seed=1)
    fit(make_model(vocab), Stopping(train, 7, interrupt), valid, config)
    fit(make_model(vocab), train, valid, other)
    best_path(other.checkpoint).replace(best_path(config.checkpoint))
    with pytest.raises(CheckpointError, match=r"not in .*run\.best\.safetensors, which is another"):
        fit(make_model(vocab), train, valid, config, resume=True)


def test_a_run_with_a_metric_and_one_without_are_not_the_same(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    fit(make_model(vocab), train, valid, config)
    with pytest.raises(CheckpointError, match="metric was False and is now True"):
        fit(make_model(vocab), train, valid, config, resume=True, metric=scores(1.0))
