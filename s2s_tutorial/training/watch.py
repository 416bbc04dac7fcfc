"""What comes after an update: a look at the validation set, the best model, a checkpoint, the end."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import nullcontext

from tqdm.auto import tqdm

from s2s_tutorial.base.value_checks import check_number
from s2s_tutorial.machine.interrupt import StopRequest
from s2s_tutorial.models.seq2seq import Seq2Seq, inference
from s2s_tutorial.scoring.evaluation import Evaluation, evaluate
from s2s_tutorial.text.batches import Batches
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.history import FINISHED, INTERRUPTED, NO_IMPROVEMENT, History
from s2s_tutorial.training.state import TrainingState

Metric = Callable[[Seq2Seq], float]


class Watch:
    """Looks after a run: every ``evaluate_every`` updates at the validation set, each time at the end.

    Args:
        state: the run.
        valid: validation batches.
        metric: a validation metric of the model, higher is better; None goes by the loss.
        bar: the progress bar.
        stop: whether somebody wants the run to stop.
        tell: called with the history after each evaluation, of the first process.
    """

    def __init__(
        self,
        state: TrainingState,
        valid: Batches,
        metric: Metric | None,
        bar: tqdm,
        stop: StopRequest,
        tell: Callable[[History], None] | None = None,
    ):
        self.state = state
        self.valid = valid
        self.metric = metric
        self.bar = bar
        self.stop = stop
        self.tell = tell
        self.started = time.perf_counter() - state.history.pending_seconds

    def after_update(self, interrupted: bool) -> str:
        """Do what is due after an update: see :meth:`look`."""
        self.bar.update()
        return self.look(interrupted)

    def look(self, interrupted: bool = False) -> str:
        """Evaluate if it is time, keep what there is to keep, and say whether the run ends.

        When the run is to stop, an evaluation that is due is left to the one that goes on, and one
        in progress is given up (not where several processes are in it together).

        Args:
            interrupted: whether the reader has pressed stop.

        Returns:
            Why the run ends here, as in ``History.stopped``; empty while it goes on.

        Raises:
            FloatingPointError: if the validation loss is infinite or no number; the last checkpoint
                is as it was.
            OSError: if a checkpoint cannot be written.
            TypeError: if the metric is no number.
        """
        config, history = self.state.config, self.state.history
        evaluated = False
        if self._due and not interrupted:
            evaluated = self._evaluate()
            interrupted = not evaluated
        history.stopped = reason_to_stop(config, history, interrupted)
        if history.stopped == INTERRUPTED and not evaluated:
            history.pending_seconds = time.perf_counter() - self.started
        if config.checkpoint and (evaluated or history.stopped):
            self.state.save()
        if evaluated and self.tell is not None and self.state.processes.rank == 0:
            self.tell(history)  # when all is kept: nobody may be there any more to be told
        return history.stopped

    @property
    def _due(self) -> bool:
        config, history = self.state.config, self.state.history
        done = history.steps_done
        time_to = done and done % config.evaluate_every == 0 or done == config.steps
        return bool(time_to) and history.evaluated_at[-1:] != [done]

    def _evaluate(self) -> bool:
        """Look at the validation set, and keep the best model; False if that was given up."""
        state = self.state
        try:
            result, value = self._looked_at()
        except KeyboardInterrupt:
            if not self.stop.requested:
                raise
            return False
        if not math.isfinite(result.loss):
            raise FloatingPointError(
                f"the validation loss is {result.loss} after update {state.history.steps_done}: the "
                "model's weights are no longer numbers, or too large; a checkpoint written before "
                "is as it was. Try a lower learning rate or a smaller clip"
            )
        state.history.add_evaluation(result, time.perf_counter() - self.started, value)
        self.started = time.perf_counter()
        self.bar.set_postfix(valid_loss=f"{result.loss:.3f}")
        if state.history.just_improved:
            state.keep_best()
        return True

    def _looked_at(self) -> tuple[Evaluation, float | None]:
        state, metric = self.state, self.metric
        together = state.processes.world_size > 1
        with nullcontext() if together else self.stop.giving_up():
            result = evaluate(state.model, self.valid, state.config.precision, state.processes)
            if metric is None or not math.isfinite(result.loss):
                return result, None
            return result, state.processes.on_first(lambda: _measure(metric, state.model))


def reason_to_stop(config: TrainConfig, history: History, interrupted: bool) -> str:
    """Why a run ends here, as in ``History.stopped``; empty while it goes on.

    >>> history = History(batch_loss=[2.0, 1.0], valid_loss=[1.5], evaluated_at=[2])
    >>> reason_to_stop(TrainConfig(steps=2), history, interrupted=True)
    'finished'

    Args:
        config: the settings.
        history: what happened so far.
        interrupted: whether the reader has pressed stop.
    """
    if history.evaluated_at[-1:] == [config.steps]:
        return FINISHED
    if config.patience is not None and history.evaluations_since_best >= config.patience:
        return NO_IMPROVEMENT
    return INTERRUPTED if interrupted else ""


def _measure(metric: Metric, model: Seq2Seq) -> float:
    with inference(model):
        value = metric(model)
    try:
        return check_number("metric", value)
    except TypeError:
        raise TypeError(
            f"metric must give a number, higher is better, but it gave {type(value).__name__}"
        ) from None
