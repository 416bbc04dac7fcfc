"""When a run ends, and what is looked at and kept on the way."""

import math
import signal

import pytest

from s2s_tutorial.machine.distributed import OneProcess
from s2s_tutorial.machine.interrupt import StopRequest
from s2s_tutorial.scoring.evaluation import Evaluation
from s2s_tutorial.training import watch as validation
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.history import History
from s2s_tutorial.training.watch import Watch, reason_to_stop


def history(losses, steps=5):
    evaluated = [min(5 * (k + 1), steps) for k in range(len(losses))]
    return History(batch_loss=[1.0] * steps, valid_loss=list(losses), evaluated_at=evaluated)


@pytest.mark.parametrize(
    ("steps", "losses", "interrupted", "reason"),
    [
        (13, (3.0, 2.0, 1.0), False, "finished"),
        (13, (3.0, 4.0, 5.0), True, "finished"),
        (13, (3.0, 2.5), True, "interrupted"),  # before it was looked at
        (12, (3.0, 4.0, 5.0), True, "no improvement"),
        (12, (3.0, math.nan, math.nan), False, "no improvement"),
        (12, (3.0, 4.0), True, "interrupted"),
        (12, (3.0, 4.0, 2.0), False, ""),
        (12, (), False, ""),
    ],
)
def test_reasons_in_the_order_that_counts(steps, losses, interrupted, reason):
    config = TrainConfig(steps=13, patience=2)
    assert reason_to_stop(config, history(losses, steps), interrupted) == reason


class Run:
    """Stands for a training state, and notes what is kept."""

    def __init__(self, config):
        self.config, self.history, self.model, self.processes = (
            config,
            History(),
            None,
            OneProcess(),
        )
        self.kept = []

    def keep_best(self):
        self.kept.append(("best", self.history.steps_done))

    def save(self):
        self.kept.append(("last", self.history.steps_done))


class Bar:
    def update(self):
        pass

    def set_postfix(self, **_):
        pass


def test_the_best_is_kept_before_the_last_state_and_the_end_is_always_looked_at(monkeypatch):
    losses = iter([3.0, 4.0, 2.0, 2.5])
    evaluate = lambda *_: Evaluation(next(losses), 0.0, 0.0, 1)  # noqa: E731
    monkeypatch.setattr(validation, "evaluate", evaluate)
    run = Run(TrainConfig(steps=11, evaluate_every=3, checkpoint="x.safetensors"))
    watch, reasons = Watch(run, None, None, Bar(), StopRequest()), []
    for _ in range(11):
        run.history.add_update(1.0, 1.0, 1, 0.1)
        reasons.append(watch.after_update(interrupted=False))
    assert reasons == [""] * 10 + ["finished"]
    assert run.history.evaluated_at == [3, 6, 9, 11]
    assert run.kept == [
        *[("best", 3), ("last", 3), ("last", 6)],
        *[("best", 9), ("last", 9), ("last", 11)],
    ]


def test_an_interruption_between_evaluations_is_kept_without_one(monkeypatch):
    monkeypatch.setattr(validation, "evaluate", None)
    run = Run(TrainConfig(steps=11, evaluate_every=3, checkpoint="x.safetensors"))
    watch = Watch(run, None, None, Bar(), StopRequest())
    run.history.add_update(1.0, 1.0, 1, 0.1)
    assert watch.after_update(interrupted=True) == "interrupted" == run.history.stopped
    assert run.kept == [("last", 1)] and run.history.pending_seconds > 0


@pytest.mark.parametrize("at", ["before it", "in it"])
def test_an_evaluation_that_a_stop_comes_to_is_left_to_the_run_that_goes_on(monkeypatch, at):
    run, stop, looked = (
        Run(TrainConfig(steps=4, evaluate_every=2, checkpoint="x")),
        StopRequest(),
        [],
    )
    run.history.add_update(1.0, 1.0, 1, 0.1)
    run.history.add_update(1.0, 1.0, 1, 0.1)

    def evaluate(*_):
        if at == "in it" and not looked:
            looked.append("given up")
            signal.raise_signal(signal.SIGTERM)
        looked.append("done")
        return Evaluation(2.0, 0.0, 0.0, 1)

    monkeypatch.setattr(validation, "evaluate", evaluate)
    with stop:
        watch = Watch(run, None, None, Bar(), stop)
        assert watch.after_update(interrupted=at == "before it") == "interrupted"
    assert run.kept == [("last", 2)] and looked == (["given up"] if at == "in it" else [])
    resumed = Watch(run, None, None, Bar(), StopRequest())
    assert resumed.look() == "" and run.history.evaluated_at == [2]
    assert run.kept[1:] == [("best", 2), ("last", 2)]
    assert resumed.look() == "" and run.history.evaluated_at == [2]  # once is enough
    run.history.add_update(1.0, 1.0, 1, 0.1)
    run.history.add_update(1.0, 1.0, 1, 0.1)
    assert resumed.after_update(interrupted=True) == "interrupted"  # at its last update
    assert Watch(run, None, None, Bar(), StopRequest()).look() == "finished"


def test_what_is_told_is_kept_before(monkeypatch):
    monkeypatch.setattr(validation, "evaluate", lambda *_: Evaluation(2.0, 0.0, 0.0, 1))
    run = Run(TrainConfig(steps=3, evaluate_every=2, checkpoint="x.safetensors"))

    def nobody_there(history):
        assert history.evaluated_at == [2]
        raise BrokenPipeError

    watch = Watch(run, None, None, Bar(), StopRequest(), nobody_there)
    run.history.add_update(1.0, 1.0, 1, 0.1)
    watch.after_update(interrupted=False)  # nothing to tell
    run.history.add_update(1.0, 1.0, 1, 0.1)
    with pytest.raises(BrokenPipeError):
        watch.after_update(interrupted=False)
    assert run.kept == [("best", 2), ("last", 2)]
