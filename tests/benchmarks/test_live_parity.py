"""The benchmark of parity measures what it says."""

import pytest

from benchmarks import live_parity
from benchmarks.live_parity import SETUP, answers, training

SMALL = {"vocabulary": 9, "embedding_size": 8, "hidden_size": 12, "sentences": 2}


@pytest.mark.parametrize("simd", [True, False])
def test_what_is_near_is_measured_as_near(simd):
    run = answers("luong_general", simd, SMALL)
    assert 0 < run["logits"] < 1e-5 and run["weights"] < 1e-5
    assert answers("gru", simd, SMALL)["weights"] is None, "it gives none"


def test_what_is_far_is_measured_as_far(monkeypatch):
    logits = "[...step.logits]"
    wrong = live_parity.ANSWERS.replace(logits, f"{logits}.map((each) => each + 0.25)")
    monkeypatch.setattr(live_parity, "ANSWERS", wrong)
    assert answers("gru", True, SMALL)["logits"] == pytest.approx(0.25, abs=1e-5)


def test_training_is_measured_by_gradients_and_losses(monkeypatch):
    small = {"letters": 3, "longest": 2, "batch": 4, "embedding": 4, "units": 8}
    setup = SETUP | {"training": small, "updates": 3}
    run = training("attention", "gru", setup)
    assert 0 < run["gradients"] < 1e-5 and run["losses"] < 1e-5
    faster = live_parity.TRAINING.replace("given.rate, update", "2 * given.rate, update")
    monkeypatch.setattr(live_parity, "TRAINING", faster)
    assert training("attention", "gru", setup)["losses"] > 1e-3
