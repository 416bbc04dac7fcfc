"""The runs with uniform weights that chapter 7 shows."""

import torch

import s2s_tutorial as s2s
from benchmarks import needs
from benchmarks.results_file import ResultsFile


def test_uniform_weights_are_the_mean_of_the_real_positions():
    memory = torch.rand(2, 3, 5)
    mask = torch.tensor([[True, True, True], [True, True, False]])
    context, weights = needs.UniformAttention()(torch.zeros(2, 7), memory, memory, mask)
    expected = torch.tensor([[1 / 3, 1 / 3, 1 / 3], [1 / 2, 1 / 2, 0]])
    torch.testing.assert_close(weights, expected)
    torch.testing.assert_close(context[1], memory[1, :2].mean(dim=0))


def test_the_stored_runs_are_all_there():
    file = ResultsFile(needs.RESULTS, needs.SETUP, "python -m benchmarks.needs")
    wanted = needs.jobs_to_tune() + needs.jobs_to_report(file, seeds=3)
    assert [job for job in wanted if file.find(**job) is None] == []
    assert len(file.content["runs"]) == len(wanted)
    for run in file.content["runs"]:
        assert ("exact" in run) == (run["seed"] != needs.SWEEP_SEED)


def test_one_small_run_has_the_fields_of_the_stored_ones(monkeypatch):
    small = s2s.Task.load("copy", {"train": 40, "valid": 5, "test": 5}, max_length=4)
    monkeypatch.setattr(needs, "task", lambda name: small)
    run = needs.train_one("letters", "uniform", steps=2, learning_rate=1e-2, seed=0)
    file = ResultsFile(needs.RESULTS, needs.SETUP, "python -m benchmarks.needs")
    assert run.keys() == next(r for r in file.content["runs"] if "exact" in r).keys()
    assert 0 <= run["exact"] <= 1
