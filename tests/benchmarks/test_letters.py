"""The models of chapter 7 that copy letters, and their adversaries, as they are stored."""

import pytest
import torch

import s2s_tutorial as s2s
from benchmarks import letters, needs
from benchmarks.results_file import ResultsFile


def stored(kind, seed):
    return s2s.load_checkpoint(letters.MODELS / f"{kind}-{seed}.safetensors").model


@pytest.fixture(scope="module")
def task():
    return needs.task("letters")  # whose vocabularies are those of the stored models


def first(batches):
    return next(iter(batches))


def test_the_divergence_is_that_of_jensen_and_shannon():
    p, q = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    assert letters.jensen_shannon(p, p).item() == pytest.approx(0, abs=1e-6)
    assert letters.jensen_shannon(p, q).item() == pytest.approx(0.6931, abs=1e-3)


def test_there_are_three_runs_with_two_models_each():
    file = ResultsFile(letters.RESULTS, letters.SETUP, "python -m benchmarks.letters")
    assert [run["seed"] for run in file.content["runs"]] == [0, 1, 2]
    names = {path.name for path in letters.MODELS.iterdir()}
    kinds = ("model", "adversary")
    assert names == {f"{kind}-{seed}.safetensors" for kind in kinds for seed in range(3)}


@pytest.mark.parametrize("seed", range(3))
def test_an_adversary_does_what_it_was_trained_for(task, seed):
    model, rival = stored("model", seed), stored("adversary", seed)
    batch = first(task.batches())
    with torch.no_grad():
        assert letters.cost(model, model, batch).item() == pytest.approx(0, abs=1e-5)
        assert letters.cost(model, rival, batch).item() < -0.01


def test_training_lowers_the_cost_and_guesses_are_shares(task):
    model = stored("model", 0)
    rival = letters.train_adversary(model, task, seed=0, steps=1)
    batch = first(task.batches())
    assert letters.cost(model, rival, batch).item() != 0
    assert 0 <= letters.guided(letters.equal_weights, task, seed=0, steps=1) <= 1
