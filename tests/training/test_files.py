"""The files of a run: what was there is replaced by something better, by one run at a time."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from places import HELPERS, ROOT
from safetensors.torch import save_file
from small_runs import Stopping, crash_after, interrupt, make_model, reverse_batches, weights

from s2s_tutorial.base import files
from s2s_tutorial.base.locks import claimed
from s2s_tutorial.saving.checkpoint import load_checkpoint
from s2s_tutorial.scoring.loss import SequenceLoss
from s2s_tutorial.training import loop
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.loop import fit
from s2s_tutorial.training.state import best_path

pytestmark = pytest.mark.slow  # what is resumed is in test_resume

CONFIG = TrainConfig(steps=13, evaluate_every=3, learning_rate=3e-3, device="cpu", progress=False)


@pytest.fixture(scope="module")
def data():
    return reverse_batches(59, 13, 19, 7)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def earlier(data, tmp_path):
    """A finished run, its settings, and what it left."""
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    fit(make_model(vocab), train, valid, config)
    kept = contents(tmp_path)
    assert set(kept) == {"run.safetensors", "run.best.safetensors"}
    return config, kept


@pytest.mark.parametrize("fault", ["it diverges", "it is killed"])
def test_a_run_that_comes_to_nothing_leaves_the_earlier_one(
    data, earlier, tmp_path, monkeypatch, fault
):
    vocab, train, valid = data
    config, kept = earlier
    other = replace(config, seed=1)
    if fault == "it diverges":
        broken = lambda *_: SequenceLoss(torch.tensor(torch.nan, requires_grad=True), 1)  # noqa: E731
        monkeypatch.setattr(loop, "batch_loss", broken)
        with pytest.raises(FloatingPointError, match="and so is what was kept in files"):
            fit(make_model(vocab), train, valid, other)
    else:
        crash_after(2, make_model(vocab), train, valid, other)
    assert contents(tmp_path) == kept


def test_a_run_that_has_a_model_replaces_both_files(data, earlier, tmp_path):
    vocab, train, valid = data
    config, kept = earlier
    other = replace(config, seed=1)
    crash_after(4, make_model(vocab), train, valid, other)
    now = contents(tmp_path)
    assert set(now) == set(kept) and all(now[name] != kept[name] for name in kept)
    for path in (config.checkpoint, best_path(config.checkpoint)):
        assert load_checkpoint(path).info["history"]["evaluated_at"] == [3]


def test_a_run_stopped_before_it_has_a_model_keeps_its_state_beside_the_earlier_best(
    data, earlier, tmp_path
):
    vocab, train, valid = data
    config, kept = earlier
    config = replace(config, seed=1, restore_best=True)
    fit(make_model(vocab), Stopping(train, 2, interrupt), valid, config)
    now = contents(tmp_path)
    assert now["run.best.safetensors"] == kept["run.best.safetensors"]
    assert len(load_checkpoint(config.checkpoint).info["history"]["batch_loss"]) == 2
    model = make_model(vocab)
    history = fit(model, train, valid, config, resume=True)
    best = load_checkpoint(best_path(config.checkpoint))
    assert best.info["history"]["valid_loss"] == history.valid_loss[: history.best_evaluation + 1]
    assert torch.equal(weights(model), weights(best.model))


@pytest.mark.parametrize("name", ["run.safetensors", "run.best.safetensors"])
@pytest.mark.parametrize("kind", ["weights of another program", "half a file", "a text"])
def test_what_is_not_ours_is_not_replaced(data, tmp_path, name, kind):
    vocab, train, valid = data
    save_file({"weight": torch.ones(3)}, tmp_path / name)
    if kind != "weights of another program":
        (tmp_path / name).write_bytes(
            b"text" if kind == "a text" else (tmp_path / name).read_bytes()[:50]
        )
    before = contents(tmp_path)
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    with pytest.raises(
        FileExistsError, match=f"{name} is there already and is no checkpoint of ours"
    ):
        fit(make_model(vocab), train, valid, config)
    assert contents(tmp_path) == before


def test_an_empty_file_is_nothing_to_lose(data, tmp_path):
    vocab, train, valid = data
    (tmp_path / "run.safetensors").touch()
    fit(make_model(vocab), train, valid, replace(CONFIG, checkpoint=tmp_path / "run.safetensors"))
    assert load_checkpoint(tmp_path / "run.safetensors").info["history"]["stopped"] == "finished"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "resume"),
    [("run.safetensors", False), ("run.safetensors", True), ("run.best.safetensors", False)],
)
def test_a_second_run_on_the_same_files_is_told_of_the_first(data, tmp_path, name, resume):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    other = replace(config, checkpoint=tmp_path / name)
    refused = []

    def second_run():
        before = contents(tmp_path)
        program = RIVAL.format(path=str(other.checkpoint), resume=resume)
        paths = [str(HELPERS), str(ROOT)]
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
        )
        refused.append(done.stdout)
        assert contents(tmp_path) == before, done.stderr

    history = fit(make_model(vocab), Stopping(train, 5, second_run), valid, config)
    assert history.stopped == "finished"
    assert f"is being written by process {os.getpid()} on" in refused[0]
    assert "two runs need two files" in refused[0]
    assert set(contents(tmp_path)) == {"run.safetensors", "run.best.safetensors"}


RIVAL = """
from small_runs import make_model, reverse_batches
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.loop import fit

vocab, train, valid = reverse_batches(59, 13, 19, 7)
config = TrainConfig(
    steps=13, evaluate_every=3, learning_rate=3e-3, device="cpu", progress=False, checkpoint={path!r}
)
try:
    fit(make_model(vocab), train, valid, config, resume={resume})
except OSError as error:
    print(error)
"""


def test_nobody_is_in_the_way_of_a_finished_run(data, earlier):
    vocab, train, valid = data
    with claimed(earlier[0].checkpoint):
        history = fit(make_model(vocab), train, valid, earlier[0], resume=True)
    assert history.stopped == "finished"


def sizes_tried(monkeypatch, allowed=10**9):
    """How much is on the disk at once, beyond the folder's finished files, until the first update."""
    write, seen = Path.write_bytes, []

    def counting(path, content):
        write(path, content)
        seen.append(sum(p.stat().st_size for p in path.parent.iterdir() if p.suffix == ".partial"))
        if seen[-1] > allowed:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.Path, "write_bytes", counting)
    return seen


def test_room_is_looked_for_before_the_first_update_at_its_full_size(data, tmp_path, monkeypatch):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    fit(make_model(vocab), train, valid, config)
    last, best = (len(kept) for _, kept in sorted(contents(tmp_path).items(), reverse=True))
    assert last > 2.5 * best  # Adam's moments are in it
    with monkeypatch.context() as patch:  # in place of an earlier run, once more the state's size
        seen = sizes_tried(patch)
        crash_after(0, make_model(vocab), train, valid, config)
        assert last <= max(seen) < last + 0.5 * best
    for path in tmp_path.iterdir():
        path.unlink()
    with monkeypatch.context() as patch:  # where nothing is, both files, and one twice
        seen = sizes_tried(patch)
        crash_after(0, make_model(vocab), train, valid, config)
        assert 2 * last + best <= max(seen) < 2 * last + 1.5 * best
    assert contents(tmp_path) == {}
    model = make_model(vocab)
    before = weights(model)
    sizes_tried(monkeypatch, allowed=2 * last)
    with pytest.raises(OSError, match="could not write .*run.*No space left.*nothing was changed"):
        fit(model, train, valid, config)
    assert torch.equal(weights(model), before) and contents(tmp_path) == {}


def test_a_name_that_safetensors_cannot_open_again_is_refused_at_once(data, tmp_path):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "caf\udce9" / "run.safetensors")
    with pytest.raises(ValueError, match="not UTF-8"):
        fit(make_model(vocab), train, valid, config)
    assert contents(tmp_path) == {}
