"""The settings of a training run, and the learning rate that they give each update."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path

from s2s_tutorial.base.value_checks import check_number, check_whole
from s2s_tutorial.machine.precision import MATMUL_PRECISIONS, PRECISIONS
from s2s_tutorial.training.scheduled_sampling import Decay


@dataclass(frozen=True)
class TrainConfig:
    """The settings of one training run.

    Attributes:
        steps: number of updates; ``len(train)`` of them are one epoch (see ``accumulate``).
        learning_rate: Adam's, at its highest.
        schedule: ``"cosine"`` falls to 5 % by the last step, ``"constant"`` stays.
        warmup_steps: updates over which the learning rate first rises from zero.
        clip: largest norm of the whole gradient; None leaves it as it is.
        label_smoothing: see :func:`s2s_tutorial.sequence_loss`.
        evaluate_every: updates between two looks at the validation set (and checkpoints).
        seed: decides dropout and the coins of scheduled sampling; the batches have a seed of
            their own, in :func:`s2s_tutorial.make_batches`.
        device: ``"auto"`` takes CUDA, then MPS, then the CPU; or a device's name.
        checkpoint: file to keep the last state in; None keeps none.
        progress: show a progress bar (the environment variable TQDM_DISABLE=1 hides it too).
        betas: Adam's decay rates $\\beta_1, \\beta_2$ of the mean gradient and of its square.
        fused: Adam's update in one kernel: faster, and the same numbers up to rounding.
        precision: what matrix products are computed in: see
            :func:`s2s_tutorial.machine.precision.compute_dtype`, and for what is fastest here
            :func:`s2s_tutorial.machine.precision.fast_precision`. The weights stay float32.
        matmul_precision: how float32 products may be rounded while training; None leaves
            PyTorch's setting: see :func:`s2s_tutorial.machine.precision.matmul_precision`.
        accumulate: batches to an update, which is then that of all of them as one batch;
            ``len(train) / accumulate`` updates are one epoch.
        teacher_forcing: probability that the decoder is fed the true previous word, or how it
            falls (:class:`Decay`): see :func:`s2s_tutorial.training.scheduled_sampling.feed_own_words`.
        patience: stop when so many evaluations in a row brought nothing better; None never does.
        restore_best: at the end, give the model the weights of its best evaluation.

    Raises:
        TypeError: if a setting is of another kind than it should be, such as ``steps=1e4``.
        ValueError: if a setting is out of its range; the message names it.

    Example:
        >>> TrainConfig(steps=300, learning_rate=1e-3).schedule
        'cosine'
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
    betas: tuple[float, float] = (0.9, 0.999)
    fused: bool = False
    precision: str = "float32"
    matmul_precision: str | None = None
    accumulate: int = 1
    teacher_forcing: float | Decay = 1.0
    patience: int | None = None
    restore_best: bool = False

    def __post_init__(self) -> None:
        self._check_choices()
        for name in ("steps", "evaluate_every", "warmup_steps", "seed", "accumulate", "patience"):
            if getattr(self, name) is not None or name != "patience":
                self._keep(name, check_whole(name, getattr(self, name)))
        if not -(2**63) <= self.seed < 2**63:
            raise ValueError(f"seed must fit into 64 bits, and {self.seed} does not")
        for name in ("learning_rate", "label_smoothing", "clip"):
            if getattr(self, name) is not None or name != "clip":
                self._keep(name, check_number(name, getattr(self, name)))
        for name in ("steps", "evaluate_every", "learning_rate", "clip", "accumulate", "patience"):
            value = getattr(self, name)
            if name == "learning_rate" and math.isinf(value):
                raise ValueError(f"learning_rate must be finite, not {value}")
            if value is not None and not value > 0:
                none = {"clip": ", or None for no clipping", "patience": ", or None for no end"}
                raise ValueError(f"{name} must be positive{none.get(name, '')}, not {value}")
        if not 0 <= self.label_smoothing < 1:
            raise ValueError(f"label_smoothing must lie in [0, 1), not {self.label_smoothing}")
        if not 0 <= self.warmup_steps < self.steps:
            raise ValueError(f"warmup_steps must lie in [0, steps), not {self.warmup_steps}")
        self._check_betas()
        if not isinstance(self.teacher_forcing, Decay):
            kind = "in [0, 1], or a Decay"
            ratio = check_number("teacher_forcing", self.teacher_forcing, kind)
            if not 0 <= ratio <= 1:
                raise ValueError(f"teacher_forcing must be {kind}, not {ratio}")
            self._keep("teacher_forcing", ratio)

    def _check_choices(self) -> None:
        if self.schedule not in ("cosine", "constant"):
            raise ValueError(f"schedule must be 'cosine' or 'constant', not {self.schedule!r}")
        for name, known in [("precision", PRECISIONS), ("matmul_precision", MATMUL_PRECISIONS)]:
            if getattr(self, name) not in known:
                names = ", ".join(map(repr, known))
                raise ValueError(f"{name} must be one of {names}, not {getattr(self, name)!r}")

    def _check_betas(self) -> None:
        problem = f"betas must be two numbers in [0, 1), not {self.betas}"
        if not isinstance(self.betas, (tuple, list)) or len(self.betas) != 2:
            raise ValueError(problem)
        betas = tuple(check_number("each of betas", beta) for beta in self.betas)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(problem)
        self._keep("betas", betas)

    def _keep(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)  # frozen, but for Python's own numbers here

    def what_decides_the_result(self) -> dict:
        """The settings two runs must share for one to go on where the other stopped."""
        settings = asdict(self) | {"betas": list(self.betas)}
        for name in ("device", "checkpoint", "progress", "restore_best"):
            del settings[name]
        return settings


def learning_rate(config: TrainConfig, step: int) -> float:
    """The learning rate of update ``step`` (from 0): linear warm-up, then the schedule.

    $$ \\eta_t = \\eta \\Big(0.05 + 0.95 \\cdot \\tfrac12\\big(1 + \\cos(\\pi t / T)\\big)\\Big) $$

    is the cosine, with $\\eta$ = ``config.learning_rate`` and $t$ of $T$ updates done since the
    warm-up.

    Args:
        config: the settings.
        step: which update, from 0.

    Example:
        >>> learning_rate(TrainConfig(learning_rate=0.5), step=0)
        0.5
    """
    warmup = min(1.0, (step + 1) / (config.warmup_steps + 1))
    if config.schedule == "constant":
        return config.learning_rate * warmup
    done = (step - config.warmup_steps) / (config.steps - config.warmup_steps)
    cosine = 0.5 * (1 + math.cos(math.pi * max(done, 0.0)))
    return config.learning_rate * warmup * (0.05 + 0.95 * cosine)
