"""What happened during training: plain lists, to look at and to plot."""

from __future__ import annotations

import math
import warnings
from dataclasses import asdict, dataclass, field, replace
from typing import Any

FINISHED = "finished"
INTERRUPTED = "interrupted"
NO_IMPROVEMENT = "no improvement"
_RENAMED = {"valid_score": "valid_metric", "score": "metric"}


def renamed(name: str) -> str:
    """Today's name of what a training state of version 0.1 holds by this one.

    >>> renamed("valid_score"), renamed("seconds")
    ('valid_metric', 'seconds')
    """
    return _RENAMED.get(name, name)


def as_long_as(steps: int, evaluate_every: int) -> History:
    """A history that takes as much room in a file as that of so many updates; at most 100,000.

    Args:
        steps: number of updates.
        evaluate_every: updates between two evaluations.
    """
    number = -1 / 3e100  # as many digits as a number has
    updates = min(steps, 100_000)
    evaluations = [number] * (updates // evaluate_every + 1)
    made = History(*[[number] * updates] * 2, [10**9] * updates)
    return replace(
        made,
        **{name: evaluations for name in ("evaluated_at", "valid_loss", "valid_accuracy")},
        **{"seconds": evaluations, "valid_metric": evaluations},
        learning_rate=made.batch_loss,
        stopped=NO_IMPROVEMENT,
    )


@dataclass
class History:
    """The course of one training run.

    Attributes:
        batch_loss: loss per real token of each update, in nats.
        gradient_norm: norm of each update's whole gradient, before clipping; infinite where
            float16 overflowed and the update was left out.
        tokens: real target tokens of each update.
        evaluated_at: number of updates done at each evaluation.
        valid_loss: validation loss per real token at each evaluation, in nats.
        valid_accuracy: share of validation tokens guessed right under teacher forcing.
        seconds: wall-clock time from the start to each evaluation, without interruptions.
        pending_seconds: time spent since the last evaluation when the run was stopped.
        learning_rate: learning rate of each update.
        valid_metric: what ``fit(..., metric=...)`` gave at each evaluation; empty without one.
        stopped: why the run ended: ``"finished"``, ``"no improvement"`` (early stopping) or
            ``"interrupted"``; empty while it goes on.

    Example:
        >>> history = History(batch_loss=[2.0, 1.0], evaluated_at=[1, 2], valid_loss=[1.5, 1.7])
        >>> history.steps_done, history.best_step
        (2, 1)
    """

    batch_loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    evaluated_at: list[int] = field(default_factory=list)
    valid_loss: list[float] = field(default_factory=list)
    valid_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    pending_seconds: float = 0.0
    learning_rate: list[float] = field(default_factory=list)
    valid_metric: list[float] = field(default_factory=list)
    stopped: str = ""

    @property
    def steps_done(self) -> int:
        """Number of updates made."""
        return len(self.batch_loss)

    @property
    def best_evaluation(self) -> int | None:
        """Index of the best evaluation, the first of equals; None before any.

        The best has the highest metric where there is one, else the lowest loss. A value
        that is no number is never the best.
        """
        values = self.valid_metric or [-loss for loss in self.valid_loss]
        sound = [index for index, value in enumerate(values) if not math.isnan(value)]
        return max(sound, key=values.__getitem__, default=None)

    @property
    def best_step(self) -> int | None:
        """Number of updates done at the best evaluation; None before any."""
        best = self.best_evaluation
        return None if best is None else self.evaluated_at[best]

    @property
    def just_improved(self) -> bool:
        """Whether the last evaluation is the best so far."""
        return bool(self.valid_loss) and self.best_evaluation == len(self.valid_loss) - 1

    @property
    def evaluations_since_best(self) -> int:
        """How many evaluations in a row brought nothing better."""
        best = self.best_evaluation
        return len(self.valid_loss) - (0 if best is None else best + 1)

    def add_update(
        self, loss: float, gradient_norm: float, tokens: int, learning_rate: float
    ) -> None:
        """Note one update."""
        self.batch_loss.append(loss)
        self.gradient_norm.append(gradient_norm)
        self.tokens.append(tokens)
        self.learning_rate.append(learning_rate)

    def add_evaluation(self, evaluation: Any, seconds: float, metric: float | None = None) -> None:
        """Note one look at the validation set, ``seconds`` after the one before."""
        self.evaluated_at.append(self.steps_done)
        self.valid_loss.append(evaluation.loss)
        self.valid_accuracy.append(evaluation.token_accuracy)
        if metric is not None:
            self.valid_metric.append(float(metric))
        self.seconds.append((self.seconds[-1] if self.seconds else 0.0) + seconds)
        self.pending_seconds = 0.0

    @property
    def valid_score(self) -> list[float]:
        """The name of :attr:`valid_metric` in version 0.1."""
        warnings.warn("valid_score is valid_metric now", DeprecationWarning, stacklevel=2)
        return self.valid_metric

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> History:
        """The history that :meth:`to_dict` gave, in version 0.1 too."""
        return cls(**{renamed(name): value for name, value in values.items()})

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain lists and numbers, for JSON."""
        return asdict(self)

    def __repr__(self) -> str:
        if not self.valid_loss:
            return f"History({self.steps_done} updates)"
        ended = f", stopped: {self.stopped}" if self.stopped not in ("", FINISHED) else ""
        return (
            f"History({self.steps_done} updates, validation loss {self.valid_loss[-1]:.3f}, "
            f"{self.seconds[-1]:.1f} s{ended})"
        )
