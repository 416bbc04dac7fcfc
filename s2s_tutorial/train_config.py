"""The settings of a training run, and the learning rate that they give each update."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class TrainConfig:
    """The settings of one training run.

    Attributes:
        steps: number of updates; ``len(train)`` of them are one epoch.
        learning_rate: Adam's, at its highest.
        schedule: ``"cosine"`` falls to 5 % by the last step, ``"constant"`` stays.
        warmup_steps: updates over which the learning rate first rises from zero.
        clip: largest norm of the whole gradient; None leaves it as it is.
        label_smoothing: see :func:`s2s_tutorial.sequence_loss`.
        evaluate_every: updates between two looks at the validation set (and checkpoints).
        seed: decides dropout and the order of the batches.
        device: ``"auto"`` takes CUDA, then MPS, then the CPU; or a device's name.
        checkpoint: file to keep the last state in; None keeps none.
        progress: show a progress bar (the environment variable TQDM_DISABLE=1 hides it too).
    """

    steps: int = 1000
    learning_rate: float = 2e-3
    schedule: str = "cosine"
    warmup_steps: int = 0
    clip: float | None = 1.0
    label_smoothing: float = 0.0
    evaluate_every: int = 100
    seed: int = 0
    device: str = "auto"
    checkpoint: str | Path | None = None
    progress: bool = True

    def __post_init__(self) -> None:
        if self.schedule not in ("cosine", "constant"):
            raise ValueError(f"schedule must be 'cosine' or 'constant', not {self.schedule!r}")
        for name in ("steps", "evaluate_every", "learning_rate"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)}")
        if self.clip is not None and not self.clip > 0:
            raise ValueError(f"clip must be positive, or None for no clipping, not {self.clip}")
        if not 0 <= self.label_smoothing < 1:
            raise ValueError(f"label_smoothing must lie in [0, 1), not {self.label_smoothing}")
        if not 0 <= self.warmup_steps < self.steps:
            raise ValueError(f"warmup_steps must lie in [0, steps), not {self.warmup_steps}")

    def what_decides_the_result(self) -> dict:
        """The settings two runs must share for one to go on where the other stopped."""
        settings = asdict(self)
        for name in ("device", "checkpoint", "progress"):
            del settings[name]
        return settings


def learning_rate(config: TrainConfig, step: int) -> float:
    """The learning rate of update ``step`` (from 0): linear warm-up, then the schedule.

    $$ \\eta_t = \\eta \\Big(0.05 + 0.95 \\cdot \\tfrac12\\big(1 + \\cos(\\pi t / T)\\big)\\Big) $$
    """
    warmup = min(1.0, (step + 1) / (config.warmup_steps + 1))
    if config.schedule == "constant":
        return config.learning_rate * warmup
    done = (step - config.warmup_steps) / (config.steps - config.warmup_steps)
    cosine = 0.5 * (1 + math.cos(math.pi * max(done, 0.0)))
    return config.learning_rate * warmup * (0.05 + 0.95 * cosine)
