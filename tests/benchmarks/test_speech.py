"""What chapter 11 quotes of models that listen to longer utterances than they were trained on."""

import json

import numpy as np
import pytest
import torch

import s2s_tutorial as s2s
from benchmarks import speech, speech_smoothing
from benchmarks.results_file import ResultsFile
from s2s_tutorial.attention import focus
from s2s_tutorial.attention.focus import smooth_weights

COMMAND = "python -m benchmarks.speech"


@pytest.fixture
def small(monkeypatch):
    task = s2s.Task.load("spoken_digits", {"train": 12, "valid": 3, "test": 12})
    monkeypatch.setattr(speech, "task", lambda: task)
    monkeypatch.setitem(speech.SETUP, "utterances", 6)
    monkeypatch.setitem(speech.SETUP, "joined", [1, 2, 3])
    monkeypatch.setitem(speech.SETUP, "model", {"embedding_size": 3, "hidden_size": 5})
    speech.longer.cache_clear()
    yield task
    speech.longer.cache_clear()


def test_longer_utterances_are_as_many_words(small):
    assert [len(speech.longer(k).test) for k in (1, 2, 3)] == [6, 3, 2]
    again = speech.longer(1, 3).test
    assert len(again) == 2 and again[0].tgt == speech.longer(1).test[0].tgt * 3


def test_the_monotonic_model_has_the_sizes_of_the_additive_one(small):
    model, _ = speech.train("monotonic", 0, 1)
    additive, _ = speech.train("additive", 0, 1)
    assert isinstance(model.decoder.attention, s2s.MonotonicAttention)
    extra = model.decoder.attention.b.numel() + 2  # b, g, r
    assert model.parameter_count() == additive.parameter_count() + extra


def test_smoothing_is_there_in_training_and_afterwards(small, monkeypatch):
    shares, calls = [], []

    def seen(scores, mask=None):
        calls.append(torch.is_grad_enabled())
        return smooth_weights(scores, mask)

    monkeypatch.setattr(focus, "smooth_weights", seen)
    model, _ = speech.train(speech.SMOOTH, 0, 1)
    assert any(calls)
    plain, _ = speech.train("location_aware", 0, 1)
    assert model.parameter_count() == plain.parameter_count()
    monkeypatch.setattr(
        speech, "errors", lambda model, of: shares.append(model.decoder.attention) or {}
    )
    speech.train_one(speech.SMOOTH, 0, 1)
    assert all(attention.smoothing for attention in shares)
    ways = {(attention.sharpening, attention.window) for attention in shares}
    assert ways == {(1, None), (2, None), (1, 8), (2, 8)}


def test_on_target_is_what_gold_weights_would_be(small):
    class Gold(s2s.Seq2Seq):
        """Looks at the middle of each phoneme."""

        shift = 0

        def forward(self, src, src_lengths, tgt_in, tgt_mask=None):
            weights = torch.zeros(len(src), tgt_in.shape[1], -(-src.shape[1] // 4) + 9)
            for row, n in enumerate(src_lengths.tolist()):
                (pair,) = (
                    p
                    for p in small.test
                    if len(p.src) == n and np.array_equal(p.src, src[row, :n].numpy())
                )
                for i in range(len(pair.tgt)):
                    frames = sorted(j for j, k in pair.alignment if k == i)
                    weights[row, i, frames[len(frames) // 2] // 4 + self.shift] = 1
            return s2s.DecoderOutput(None, None, weights)

    model = Gold(s2s.Encoder(5, 2, 2), s2s.RNNDecoder(5, 2, 2), {})
    assert speech.on_target(model, small) == 1
    Gold.shift = 9
    assert speech.on_target(model, small) < 0.2


def test_the_stored_runs_are_all_there():
    file = ResultsFile(speech.RESULTS, speech.SETUP, COMMAND)
    seeds = len({run["seed"] for run in file.content["runs"]})
    wanted = speech.to_report(file, seeds)
    assert seeds >= 3 and [job for job in wanted if file.find(**job) is None] == []
    assert len(file.content["runs"]) == len(wanted)


def test_the_smoothed_runs_have_the_seeds_of_their_siblings():
    file = ResultsFile(
        speech_smoothing.RESULTS, speech.SETUP, COMMAND
    )  # empty until it is measured
    siblings = json.loads(speech.RESULTS.read_text(encoding="utf-8"))["runs"]
    smoothed = {(run["system"], run["seed"]) for run in file.content["runs"]}
    assert smoothed in (set(), {(speech.SMOOTH, run["seed"]) for run in siblings})


@pytest.mark.parametrize("system", [*speech.SYSTEMS, speech.SMOOTH])
def test_one_small_run_has_the_fields_of_the_stored_ones(small, system):
    run = speech.train_one(system, 0, 1)
    assert run.keys() == {"system", "seed", "steps", "valid_loss", "parameters", "found"}
    ways = {"plain", "hard"} if system == "monotonic" else set(speech.SETUP["focus"])
    assert run["found"].keys() == ways
    for found in run["found"].values():
        for error in found["errors"].values():
            total = error["substitutions"] + error["deletions"] + error["insertions"]
            assert error["rate"] == pytest.approx(total / error["tokens"], abs=1e-4)
