"""What happened during training: plain lists, to look at and to plot."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class History:
    """The course of one training run.

    Attributes:
        batch_loss: loss per real token of each update's batch, in nats.
        gradient_norm: norm of each update's whole gradient, before clipping.
        tokens: real target tokens of each update.
        evaluated_at: number of updates done at each evaluation.
        valid_loss: validation loss per real token at each evaluation, in nats.
        valid_accuracy: share of validation tokens guessed right under teacher forcing.
        seconds: wall-clock time from the start to each evaluation, without interruptions.
        pending_seconds: time spent since the last evaluation when the run was stopped.
    """

    batch_loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    evaluated_at: list[int] = field(default_factory=list)
    valid_loss: list[float] = field(default_factory=list)
    valid_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    pending_seconds: float = 0.0

    @property
    def steps_done(self) -> int:
        """Number of updates made."""
        return len(self.batch_loss)

    def add_update(self, loss: float, gradient_norm: float, tokens: int) -> None:
        """Note one update."""
        self.batch_loss.append(loss)
        self.gradient_norm.append(gradient_norm)
        self.tokens.append(tokens)

    def add_evaluation(self, evaluation: Any, seconds: float) -> None:
        """Note one look at the validation set, ``seconds`` after the one before."""
        self.evaluated_at.append(self.steps_done)
        self.valid_loss.append(evaluation.loss)
        self.valid_accuracy.append(evaluation.token_accuracy)
        self.seconds.append((self.seconds[-1] if self.seconds else 0.0) + seconds)
        self.pending_seconds = 0.0

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain lists and numbers, for JSON."""
        return asdict(self)

    def __repr__(self) -> str:
        if not self.valid_loss:
            return f"History({self.steps_done} updates)"
        return (
            f"History({self.steps_done} updates, validation loss {self.valid_loss[-1]:.3f}, "
            f"{self.seconds[-1]:.1f} s)"
        )
