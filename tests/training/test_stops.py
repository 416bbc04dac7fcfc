"""Whoever stops a run, in whichever way: its state is kept, in one sentence, and it goes on."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from places import HELPERS, ROOT
from small_runs import Stopping, make_model, results, reverse_batches, weights

from s2s_tutorial.saving.checkpoint import load_checkpoint
from s2s_tutorial.training import watch as validation
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.loop import fit

pytestmark = pytest.mark.slow  # what is resumed is in test_resume

CONFIG = TrainConfig(steps=13, evaluate_every=5, learning_rate=3e-3, device="cpu", progress=False)
STOPS = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]


@pytest.fixture(scope="module")
def data():
    return reverse_batches(60, 16, 21, 8)


@pytest.fixture(scope="module")
def whole(data):
    """A run that never stopped: its numbers and weights."""
    vocab, train, valid = data
    model = make_model(vocab)
    return results(fit(model, train, valid, CONFIG)), weights(model)


@pytest.fixture
def heard(tmp_path):
    """What reaches the handlers from before, and which files were there then."""
    heard = []

    def note(number, frame):
        heard.append((number, {path.name for path in tmp_path.iterdir()}))

    before = {number: signal.signal(number, note) for number in STOPS}
    yield heard
    for number, handler in before.items():
        signal.signal(number, handler)


def goes_on(data, whole, config):
    vocab, train, valid = data
    model = make_model(vocab, seed=5)
    resumed = fit(model, train, valid, config, resume=True)
    assert results(resumed) == whole[0] and torch.equal(weights(model), whole[1])


@pytest.mark.parametrize("number", STOPS)
@pytest.mark.parametrize("update", [8, 10, 13])
def test_a_signal_in_an_update_keeps_the_run_and_takes_its_course(
    data, whole, tmp_path, heard, capsys, number, update
):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    stopping = Stopping(train, update, lambda: signal.raise_signal(number))
    history = fit(make_model(vocab), stopping, valid, config)
    assert (history.stopped, history.steps_done) == ("interrupted", update)
    files = {"run.safetensors", "run.best.safetensors"}
    assert heard == ([] if number == signal.SIGINT else [(number, files)])
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and said.startswith(f"stopped after update {update}, kept in ")
    goes_on(data, whole, config)


@pytest.mark.parametrize("number", STOPS)
@pytest.mark.parametrize("at", [5, 10, 13])
def test_a_signal_in_an_evaluation_does_not_wait_for_its_end(
    data, whole, tmp_path, heard, monkeypatch, number, at
):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    evaluate, calls = validation.evaluate, []

    def stopped_at(*arguments):
        calls.append(arguments)
        if len(calls) == [5, 10, 13].index(at) + 1:
            signal.raise_signal(number)
            raise AssertionError("it must not get here")
        return evaluate(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(validation, "evaluate", stopped_at)
        history = fit(make_model(vocab), train, valid, config)
    assert (history.stopped, history.steps_done) == ("interrupted", at)
    assert history.evaluated_at == [n for n in (5, 10) if n < at]
    goes_on(data, whole, config)


def test_a_second_ctrl_c_loses_nothing(data, whole, tmp_path, heard, capsys):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")

    def twice():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    history = fit(make_model(vocab), Stopping(train, 8, twice), valid, config)
    assert history.steps_done == 8 and "is being finished" in capsys.readouterr().err
    goes_on(data, whole, config)


@pytest.mark.parametrize(
    ("update", "sentence"),
    [(8, "holds the run as it was after update 5"), (3, "nothing of this run")],
)
def test_a_third_ctrl_c_says_what_is_left(data, whole, tmp_path, heard, capsys, update, sentence):
    vocab, train, valid = data
    config = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")

    def three_times():
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        fit(make_model(vocab), Stopping(train, update, three_times), valid, config)
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and said.startswith("stopped at once; ") and sentence in said
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]
    if config.checkpoint.exists():
        goes_on(data, whole, config)


def test_a_stop_without_a_checkpoint_is_not_held_up(data, heard):
    vocab, train, valid = data
    fit(make_model(vocab), Stopping(train, 2, lambda: signal.raise_signal(STOPS[1])), valid, CONFIG)
    assert [number for number, _ in heard] == [STOPS[1]]  # the handler from before, there and then


RUN = """
import signal, sys
from small_runs import Stopping, make_model, reverse_batches
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.loop import fit

vocab, train, valid = reverse_batches(60, 16, 21, 8)
config = TrainConfig(
    steps=13, evaluate_every=5, learning_rate=3e-3, device="cpu", checkpoint=sys.argv[1]
)

def stop():
    print("here", flush=True)
    sys.stdin.readline()

fit(make_model(vocab), Stopping(train, 8, stop), valid, config)
print("and on with the program")
"""


def started(tmp_path, **streams):
    paths = [str(HELPERS), str(ROOT)]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path / "run.safetensors")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams,
    )


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_a_process_that_is_asked_to_end_keeps_its_run_and_ends_so(data, whole, tmp_path):
    process = started(tmp_path)
    assert process.stdout.readline() == b"here\n"
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(b"\n")
    assert process.returncode == -signal.SIGTERM
    assert said.startswith(b"stopped after update 8, kept in ") and said.count(b"\n") == 1
    assert {p.name for p in tmp_path.iterdir()} == {"run.safetensors", "run.best.safetensors"}
    goes_on(data, whole, replace(CONFIG, checkpoint=tmp_path / "run.safetensors"))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGHUP")
def test_a_terminal_that_goes_away_takes_no_update_with_it(data, whole, tmp_path):
    """A laptop is closed: the reader of standard error is gone, then comes SIGHUP."""
    process = started(tmp_path)
    assert process.stdout.readline() == b"here\n"
    process.stdout.close()
    process.stderr.close()
    process.send_signal(signal.SIGHUP)
    process.stdin.write(b"\n")
    process.stdin.close()
    assert process.wait() == -signal.SIGHUP
    kept = load_checkpoint(tmp_path / "run.safetensors").info["history"]
    assert len(kept["batch_loss"]) == 8
    goes_on(data, whole, replace(CONFIG, checkpoint=tmp_path / "run.safetensors"))
