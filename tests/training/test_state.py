"""What a checkpoint keeps of a run: everything that decides the next number."""

import errno
import math
import os
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small_runs import (
    Stopping,
    crash_after,
    interrupt,
    make_model,
    power_cut,
    results,
    reverse_batches,
    weights,
)

import s2s_tutorial as s2s
from s2s_tutorial.saving.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from s2s_tutorial.training import loop as training
from s2s_tutorial.training import watch as validation
from s2s_tutorial.training.config import TrainConfig, learning_rate
from s2s_tutorial.training.loop import fit
from s2s_tutorial.training.scheduled_sampling import Decay
from s2s_tutorial.training.state import best_path

CONFIG = TrainConfig(steps=13, evaluate_every=3, learning_rate=3e-3, device="cpu", progress=False)
EVERYTHING = {
    "accumulate": 3,
    "teacher_forcing": Decay("linear", over_steps=11, end=0.2),
    "betas": (0.8, 0.98),
    "fused": True,
    "precision": "bfloat16",
    "matmul_precision": "medium",
    "label_smoothing": 0.1,
}


@pytest.fixture(scope="module")
def data():
    return reverse_batches(59, 13, 19, 7)


@pytest.mark.slow
@pytest.mark.parametrize("action", [interrupt, power_cut])
def test_all_settings_together_resume_to_the_same_numbers(data, tmp_path, action):
    vocab, train, valid = data
    config = replace(CONFIG, **EVERYTHING)
    whole = make_model(vocab, preset="bahdanau")
    expected = fit(whole, train, valid, config)

    kept = replace(config, checkpoint=tmp_path / "run.safetensors")
    stopping = Stopping(train, 8 * 3, action)  # the last batch of update 8
    try:
        stopped = fit(make_model(vocab, preset="bahdanau"), stopping, valid, kept)
        assert (stopped.stopped, stopped.steps_done) == ("interrupted", 8)
        assert action is interrupt
    except SystemExit:
        assert action is power_cut
    model = make_model(vocab, seed=5, preset="bahdanau")
    resumed = fit(model, train, valid, kept, resume=True)
    assert results(resumed) == results(expected)
    assert torch.equal(weights(model), weights(whole))


def test_the_gradient_scaler_goes_on_too(data, tmp_path, monkeypatch):
    """What float16 does on a GPU, with the same scaler on the CPU and an overflow at update 2."""
    vocab, train, valid = data
    sound, calls = training.batch_loss, []

    def overflows_at_update_2(*arguments):
        calls.append(None)
        loss = sound(*arguments)
        return loss._replace(total=loss.total * 1e30) if len(calls) == 2 else loss

    def scaler(precision, device):
        return torch.amp.GradScaler("cpu", init_scale=2.0**40, growth_interval=5)

    monkeypatch.setattr(training, "gradient_scaler", scaler)
    monkeypatch.setattr(training, "batch_loss", overflows_at_update_2)
    whole = make_model(vocab)
    expected = fit(whole, train, valid, replace(CONFIG, checkpoint=tmp_path / "whole.safetensors"))
    assert [math.isinf(norm) for norm in expected.gradient_norm] == [False, True] + 11 * [False]
    info = load_checkpoint(tmp_path / "whole.safetensors").info
    assert info["scaler"]["scale"] == 2.0**39 * 2 * 2  # one overflow, then twice 5 sound updates

    calls.clear()
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    fit(make_model(vocab), Stopping(train, 8, interrupt), valid, config)
    model = make_model(vocab, seed=5)
    resumed = fit(model, train, valid, config, resume=True)
    assert results(resumed) == results(expected)
    assert torch.equal(weights(model), weights(whole))
    assert load_checkpoint(config.checkpoint).info["scaler"] == info["scaler"]


def test_a_run_goes_on_though_every_update_so_far_overflowed(data, tmp_path, monkeypatch):
    """As float16's first updates may, before the scale has come down: Adam knows nothing yet."""
    vocab, train, valid = data
    sound = training.batch_loss

    def overflows(*arguments):
        loss = sound(*arguments)
        return loss._replace(total=loss.total * 1e30)

    monkeypatch.setattr(
        training, "gradient_scaler", lambda *_: torch.amp.GradScaler("cpu", init_scale=2.0**40)
    )
    monkeypatch.setattr(training, "batch_loss", overflows)
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    model = make_model(vocab)
    before = weights(model)
    stopped = fit(model, Stopping(train, 2, interrupt), valid, config)
    assert stopped.stopped == "interrupted" and stopped.gradient_norm == 2 * [math.inf]
    assert torch.equal(weights(model), before)
    monkeypatch.setattr(training, "batch_loss", sound)
    history = fit(model, train, valid, config, resume=True)
    assert history.stopped == "finished" and math.isfinite(sum(history.gradient_norm[2:]))
    assert not torch.equal(weights(model), before)


def test_info_that_would_be_overwritten_is_refused(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    for name in ("history", "settings", "scaler"):
        with pytest.raises(ValueError, match=f"info must not have an entry '{name}'"):
            fit(make_model(vocab), train, valid, config, info={"mine": 1, name: 2})
    with pytest.raises(TypeError, match="info must be a dict, not list"):
        fit(make_model(vocab), train, valid, config, info=["mine"])
    assert not list(tmp_path.iterdir())


def test_an_overflow_leaves_the_weights_as_they_were(data, monkeypatch):
    vocab, train, valid = data
    sound, seen = training.batch_loss, []

    def overflows_at_update_2(model, *arguments):
        seen.append(weights(model))
        loss = sound(model, *arguments)
        return loss._replace(total=loss.total * 1e30) if len(seen) == 2 else loss

    monkeypatch.setattr(
        training, "gradient_scaler", lambda *_: torch.amp.GradScaler("cpu", init_scale=2.0**40)
    )
    monkeypatch.setattr(training, "batch_loss", overflows_at_update_2)
    fit(make_model(vocab), train, valid, replace(CONFIG, steps=3))
    assert not torch.equal(seen[0], seen[1]) and torch.equal(seen[1], seen[2])


@pytest.mark.parametrize("full_for", ["run.best.safetensors", "run.safetensors"])
def test_a_full_disk_stops_the_run_and_leaves_what_was_there(data, tmp_path, monkeypatch, full_for):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    whole = make_model(vocab)
    expected = fit(whole, train, valid, CONFIG)
    write, written = Path.write_bytes, []

    def fills_up(path, content):
        if path.name.startswith(f".{full_for}.{os.getpid()}"):  # not those that only try
            written.append(path)
            if len(written) > 1:
                write(path, content[:100])
                raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    model = make_model(vocab)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fills_up)
        with pytest.raises(OSError, match=f"{full_for}.*No space left.*nothing was changed"):
            fit(model, train, valid, config)
    assert torch.isfinite(weights(model)).all()
    assert {p.name for p in tmp_path.iterdir()} == {"run.safetensors", "run.best.safetensors"}
    resumed = fit(make_model(vocab), train, valid, config, resume=True)
    assert results(resumed) == results(expected)


def test_a_checkpoint_from_before_the_newer_settings_goes_on(data, tmp_path):
    vocab, train, valid = data
    whole = make_model(vocab)
    expected = fit(whole, train, valid, CONFIG)
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    fit(make_model(vocab), Stopping(train, 8, interrupt), valid, config)
    saved = load_checkpoint(config.checkpoint)
    older = {
        "steps", "learning_rate", "schedule", "warmup_steps", "clip", "label_smoothing",
        "evaluate_every", "seed",
    }  # fmt: skip
    info = {
        "settings": {k: v for k, v in saved.info["settings"].items() if k in older},
        "history": {
            k: v
            for k, v in saved.info["history"].items()
            if k not in ("learning_rate", "valid_metric", "stopped")
        },
    }
    save_checkpoint(config.checkpoint, saved.model, tensors=saved.tensors, info=info)
    model = make_model(vocab)
    resumed = fit(model, train, valid, config, resume=True)
    assert results(resumed) == results(expected)
    assert resumed.learning_rate == [learning_rate(config, step) for step in range(13)]
    assert torch.equal(weights(model), weights(whole))


def test_no_number_at_an_evaluation_stops_and_keeps_the_last_checkpoint(
    data, tmp_path, monkeypatch
):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    sound, calls = validation.evaluate, []

    def broken_at_the_second(*arguments):
        calls.append(arguments)
        result = sound(*arguments)
        return result._replace(loss=math.nan) if len(calls) == 2 else result

    monkeypatch.setattr(validation, "evaluate", broken_at_the_second)
    with pytest.raises(FloatingPointError, match="nan after update 6"):
        fit(make_model(vocab), train, valid, config)
    kept = load_checkpoint(config.checkpoint)
    assert len(kept.info["history"]["batch_loss"]) == 3
    assert load_checkpoint(best_path(config.checkpoint)).info["history"]["evaluated_at"] == [3]


class Halved(s2s.AdditiveAttention):
    """Another score with the same weights."""

    def score(self, query, keys):
        return super().score(query, keys) / 2


@pytest.mark.parametrize("preset_built", [True, False])
def test_a_model_that_no_preset_makes_resumes_to_the_same_numbers(data, tmp_path, preset_built):
    vocab, train, valid = data

    def build():
        model = make_model(vocab, preset="bahdanau")
        sizes = (model.decoder.attention.W_q.shape[1], model.decoder.attention.W_k.shape[1], 5)
        model.decoder.attention = Halved(*sizes)
        return model if preset_built else s2s.Seq2Seq(model.encoder, model.decoder, config={})

    torch.manual_seed(0)
    whole = build()
    stopped = deepcopy(whole)
    fit(whole, train, valid, CONFIG)
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    crash_after(5, stopped, train, valid, config)
    resumed = build()
    fit(resumed, train, valid, config, resume=True)
    assert torch.equal(weights(resumed), weights(whole))
    with pytest.raises(CheckpointError, match="the file alone cannot build it"):
        load_checkpoint(config.checkpoint)


@pytest.mark.parametrize("lost", ["history", "optimizer.0.exp_avg", "random.cpu"])
def test_an_incomplete_training_state_is_refused(data, tmp_path, lost):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    crash_after(5, make_model(vocab), train, valid, config)
    kept = load_checkpoint(config.checkpoint)
    assert lost in kept.info or lost in kept.tensors
    info = {name: value for name, value in kept.info.items() if name != lost}
    tensors = {name: value for name, value in kept.tensors.items() if name != lost}
    save_checkpoint(config.checkpoint, kept.model, tensors=tensors, info=info)
    model = make_model(vocab)
    before = weights(model).clone()
    with pytest.raises(CheckpointError, match="incomplete"):
        fit(model, train, valid, config, resume=True)
    assert torch.equal(weights(model), before)
