import os
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from places import HELPERS
from two_processes import CONFIG, RUNS, make_data, make_model

from s2s_tutorial.machine import distributed
from s2s_tutorial.machine.distributed import ManyProcesses
from s2s_tutorial.saving.checkpoint import load_checkpoint
from s2s_tutorial.training.loop import fit
from s2s_tutorial.training.state import best_path

SCRIPT = HELPERS / "two_processes.py"


def torchrun(folder, scenarios):
    """Run scenarios in two processes that meet on a free port of this machine."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node", "2", str(SCRIPT), str(folder), scenarios]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=150)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the two processes left what they found."""
    folder = tmp_path_factory.mktemp("two_processes")
    first = torchrun(folder, "killed")
    assert first.returncode != 0, first.stderr[-3000:]
    written = load_checkpoint(folder / "killed.safetensors").info["history"]
    assert len(written["batch_loss"]) == 4  # the last evaluation before the kill at update 7
    scenarios = "resumed,same_as_one_process,stop_together,fail_together,evaluated_together"
    second = torchrun(folder, scenarios)
    assert second.returncode == 0, second.stderr[-3000:]
    return folder


def of_both(folder, name):
    """What both processes saved; they must agree, seconds aside."""
    (weights, history), (others, other) = (torch.load(folder / f"{name}-{k}") for k in (0, 1))
    assert torch.equal(weights, others) and without_seconds(history) == without_seconds(other)
    return weights, history


def weights_of(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def without_seconds(history):
    return {k: v for k, v in history.items() if "seconds" not in k}


def assert_same_history(history, expected, rel):
    for name, values in without_seconds(expected).items():
        close = values if name == "stopped" else pytest.approx(values, rel=rel)
        assert history[name] == close, name


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(RUNS)))
def test_two_processes_give_the_numbers_of_one(folder, number):
    preset, dtype, accumulate = RUNS[number]
    vocab, train, valid = make_data()
    model = make_model(vocab, preset).to(dtype)
    config = replace(CONFIG, accumulate=accumulate)
    expected = fit(model, train, valid, config).to_dict()
    weights, history = of_both(folder, f"same{number}")
    tolerance = 1e-11 if dtype is torch.float64 else 2e-5
    torch.testing.assert_close(weights, weights_of(model), atol=tolerance, rtol=tolerance)
    assert_same_history(history, expected, rel=1e-9 if dtype is torch.float64 else 1e-3)


@pytest.mark.slow
def test_a_killed_run_resumes_to_the_numbers_of_one_process(folder):
    vocab, train, valid = make_data()
    model = make_model(vocab).double()
    expected = fit(model, train, valid, CONFIG).to_dict()
    weights, history = of_both(folder, "killed")
    torch.testing.assert_close(weights, weights_of(model), atol=1e-11, rtol=1e-11)
    assert_same_history(history, expected, rel=1e-9)


@pytest.mark.slow
def test_one_interrupted_process_stops_both_and_they_resume_bit_for_bit(folder):
    _, stopped = of_both(folder, "stopped")
    assert (stopped["stopped"], len(stopped["batch_loss"])) == ("interrupted", 6)
    weights, resumed = of_both(folder, "resumed")
    expected_weights, expected = of_both(folder, "whole")
    assert torch.equal(weights, expected_weights)
    assert without_seconds(resumed) == without_seconds(expected)
    assert best_path(folder / "run.safetensors").exists()


@pytest.mark.slow
def test_what_fails_on_the_first_process_is_raised_on_both(folder):
    errors = [(folder / f"error-{rank}").read_text() for rank in (0, 1)]
    assert errors[0] == errors[1] and "could not write" in errors[0]


class Imagined(ManyProcesses):
    """One of several processes, with nobody to talk to."""

    def __init__(self, rank, world_size):
        self.rank, self.world_size = rank, world_size


@pytest.mark.parametrize("world_size", [2, 3, 5, 23])
def test_shares_are_the_batch_without_superfluous_padding(world_size):
    _, train, _ = make_data()
    for batch in train.epoch(0):
        rows = []
        for rank in range(world_size):
            share = Imagined(rank, world_size).share(batch)
            if rank >= len(batch):
                assert len(share) == 1 and not share.tgt_mask.any()
                continue
            assert share.src_mask.any(0).all() and share.tgt_mask.any(0).all()
            assert torch.equal(share.src_mask.sum(1), share.src_lengths)
            for k, index in enumerate(share.indices.tolist()):
                whole = batch.indices.tolist().index(index)
                for name in ("src", "tgt_in", "tgt_out"):
                    mask = "src_mask" if name == "src" else "tgt_mask"
                    ours = getattr(share, name)[k][getattr(share, mask)[k]]
                    assert torch.equal(
                        ours, getattr(batch, name)[whole][getattr(batch, mask)[whole]]
                    )
                rows.append(index)
        assert sorted(rows) == sorted(batch.indices.tolist())


def test_batches_are_dealt_out_once_each():
    dealt = [list(Imagined(rank, 3).every_nth(range(7))) for rank in range(3)]
    assert dealt == [[0, 3, 6], [1, 4], [2, 5]]


@pytest.fixture
def started_as_one_of_two(monkeypatch):
    for name, value in {"RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "localhost"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LOCAL_RANK", "1")


def test_processes_that_have_not_joined_are_told_to(started_as_one_of_two):
    vocab, train, valid = make_data()
    with pytest.raises(RuntimeError, match="torchrun started 2 processes, .*distributed.start"):
        fit(make_model(vocab), train, valid, CONFIG)


def test_a_process_without_a_gpu_is_explained(started_as_one_of_two, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(ValueError, match="process 1 of this machine has no GPU: there are 1"):
        with distributed.start("cuda"):
            raise AssertionError("it must not get here")


def test_without_torchrun_nothing_happens():
    with distributed.start("cpu") as processes:
        assert (processes.rank, processes.world_size) == (0, 1)
        assert not torch.distributed.is_initialized()
