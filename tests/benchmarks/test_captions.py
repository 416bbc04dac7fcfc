"""Chapter 10's small translator over seeds: the signals by hand, and a whole run in small."""

from __future__ import annotations

import math

import numpy as np
import pytest

import s2s_tutorial as s2s
from benchmarks import captions
from benchmarks.captions_signals import joined_weights, order_of, signals_of
from s2s_tutorial.corpora import load_corpus

SIZES = {"train": 400, "valid": 11, "test": 13}


def found_for(maps, scores):
    ids = [[5] * len(weights) for _, weights in maps.values()]
    return s2s.Decoded(ids, scores, None)


def test_signals_of_a_good_and_a_bad_map():
    straight = np.eye(3)
    stuck = np.array([[1.0, 0, 0], [1.0, 0, 0], [0.5, 0.5, 0]])  # never looks at the third
    maps = {0: (["a", "b", "c"], straight), 1: (["a", "b", "c"], stuck)}
    signals = signals_of(found_for(maps, [-2.0, -4.0]), maps, penalty=0.0)
    assert signals["log-probability"].tolist() == [-0.5, -1.0]  # three tokens and <eos>
    assert signals["sharpness"] == pytest.approx([1, 2.5 / 3])
    assert signals["least coverage"].tolist() == [1, 0.5]  # without the last word
    assert signals["mean coverage"] == pytest.approx([1, 0.5])
    assert signals["log coverage"][1] == pytest.approx((math.log(0.5) + math.log(1e-6)) / 3)
    assert signals["length"].tolist() == [1, 1]
    assert signals["log-prob. + mean coverage"].tolist() == [4, 2]


def test_the_length_penalty_is_taken_back():
    maps = {0: (["a"], np.ones((1, 1)))}
    factor = s2s.length_penalty_factor(2, 1.6)
    signals = signals_of(found_for(maps, [-3.0 / factor]), maps, penalty=1.6)
    assert signals["log-probability"] == pytest.approx([-1.5])


def test_weights_of_pieces_become_weights_of_words():
    weights = np.array([[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]])
    words, joined = joined_weights(["▁foot", "ball"], weights, ["▁fuß", "ball", "▁."])
    assert words == ["football"] and joined == pytest.approx(np.array([[0.65, 0.35]]))
    assert order_of(np.eye(4)) == pytest.approx(1) and order_of(np.eye(4)[::-1]) == -1


def test_a_whole_run_in_small(monkeypatch):
    def phrases(name, split="train", **options):
        return load_corpus("phrases", split, size=SIZES[split])

    monkeypatch.setattr(captions.s2s, "load_corpus", phrases)
    sizes = {"embedding_size": 5, "hidden_size": 7, "attention_size": 3, "readout_size": 5}
    model = captions.SETUP["model"] | sizes
    small = {"pieces": [90, 80], "model": model, "epochs": 1, "length_penalties_tried": [0.8]}
    train = captions.SETUP["train"] | {"warmup_steps": 2}
    monkeypatch.setattr(captions, "SETUP", captions.SETUP | small | {"train": train})
    monkeypatch.setattr(captions, "SPANS", ((1, 99),))
    captions.captions.cache_clear()
    run = captions.run(1)
    captions.captions.cache_clear()
    assert run["seed"] == 1 and list(run["by_length"]) == ["1"]
    assert set(run["missing"]) == {"all", "rare", "common"}
    assert set(run["correlation"]) < set(run["refused"])
    assert all(0 <= value <= 1 for value in run["missing"].values())
