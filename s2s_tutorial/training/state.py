"""The whole state of a training run, saved and restored: weights, Adam's moments, randomness."""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from s2s_tutorial.machine.device import random_state, set_random_state
from s2s_tutorial.machine.distributed import OneProcess
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.checkpoint import (
    Checkpoint,
    CheckpointError,
    load_checkpoint,
    save_checkpoint,
)
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig, learning_rate
from s2s_tutorial.training.history import History, renamed

ADAM = {"step", "exp_avg", "exp_avg_sq"}  # what it keeps for each weight
OURS = ("history", "settings", "scaler")  # what a checkpoint's ``info`` says of the run


def check_info(info: dict[str, Any]) -> None:
    """Raise unless ``info`` can be kept beside what a checkpoint says of its run.

    Raises:
        TypeError: if it is no dict.
        ValueError: if it uses a name that the run's own entries have.
    """
    if not isinstance(info, dict):
        raise TypeError(f"info must be a dict, not {type(info).__name__}")
    taken = [name for name in OURS if name in info]
    if taken:
        raise ValueError(
            f"info must not have an entry {taken[0]!r}: the run writes its own under the names "
            f"{', '.join(OURS)}; choose another name"
        )


def best_path(checkpoint: str | Path) -> Path:
    """Where the best model of a run is kept: beside the run's last state.

    Example:
        >>> best_path("runs/small.safetensors").name
        'small.best.safetensors'
    """
    path = Path(checkpoint)
    return path.with_name(f"{path.stem}.best{path.suffix}")


@dataclass
class TrainingState:
    """All that the next update depends on, and what is written beside it.

    Attributes:
        config: the settings.
        model: the model.
        optimizer: Adam.
        scaler: float16's gradient scaler; disabled for other types.
        processes: the processes that train together; the first one writes.
        measured: whether the best model is chosen by a metric instead of the loss.
        src_vocab: written with the model, if given.
        tgt_vocab: likewise.
        info: further JSON, written with the model.
        history: what happened so far.
    """

    config: TrainConfig
    model: Seq2Seq
    optimizer: torch.optim.Adam
    scaler: torch.amp.GradScaler
    processes: OneProcess
    measured: bool = False
    src_vocab: Vocabulary | None = None
    tgt_vocab: Vocabulary | None = None
    info: dict[str, Any] = field(default_factory=dict)
    history: History = field(default_factory=History)
    best_weights: dict[str, Tensor] = field(default_factory=dict)

    def save(self) -> None:
        """Write the state to ``config.checkpoint``; of several processes, the first writes.

        Raises:
            OSError: if the file cannot be written; an older one is as it was.
        """
        ranks = self.processes.gather(random_state(self._device))
        self.processes.on_first(lambda: self._write(self.config.checkpoint, ranks))

    def keep_best(self) -> None:
        """Keep the model as the best so far: beside the checkpoint, or in memory without one.

        Raises:
            OSError: if the file cannot be written; an older one is as it was.
        """
        if self.config.checkpoint:
            self.processes.on_first(lambda: self._write(best_path(self.config.checkpoint)))
        elif self.config.restore_best:
            state = self.model.state_dict()
            self.best_weights = {name: tensor.clone() for name, tensor in state.items()}

    def restore_best(self) -> None:
        """Give the model the weights of the best evaluation, if there was one."""
        if self.best_weights:
            self.model.load_state_dict(self.best_weights)
        elif self.config.checkpoint and self.history.best_step is not None:
            load_checkpoint(best_path(self.config.checkpoint), self.model)

    def open(self, resume: bool) -> None:
        """Go on from ``config.checkpoint`` if that is asked for and the file exists, else begin it.

        Raises:
            CheckpointError: as :meth:`load`.
            OSError: if the file cannot be written.
        """
        there = self.processes.on_first(lambda: Path(self.config.checkpoint).exists())
        self.load() if resume and there else self.start_files()

    def start_files(self) -> None:
        """Write a first checkpoint before any update, so that a bad path is found at once.

        The best model of an earlier run with the same path goes: the two belong together.
        """
        self.save()
        self.processes.on_first(lambda: best_path(self.config.checkpoint).unlink(missing_ok=True))

    def load(self) -> None:
        """Put everything back to where ``config.checkpoint`` was written.

        Raises:
            CheckpointError: if the checkpoint is of another model, vocabulary or settings, or holds a
                model but no training state, or not all of one, or if the best model, to be
                restored at the end, is not beside it. Nothing is changed then.
        """
        path = self.config.checkpoint
        checkpoint = load_checkpoint(path, deepcopy(self.model))  # ours only if all is well
        saved = checkpoint.info.get("settings")
        if saved is None:
            raise CheckpointError(f"{path} holds a model but no training state to resume from")
        ours = self._settings()
        defaults = TrainConfig().what_decides_the_result() | {"metric": False}
        # A file of an older version lacks the newer settings, and has one by another name.
        saved = defaults | {renamed(name): value for name, value in saved.items()}
        if saved != ours:
            names = [name for name in ours if saved.get(name) != ours[name]]
            differences = "; ".join(
                f"{name} was {saved.get(name)!r} and is now {ours[name]!r}" for name in names
            )
            raise CheckpointError(
                f"{path} was written by a run with other settings: {differences}. "
                "Use the same ones, or another checkpoint file"
            )
        for side, before, now in (
            ("source", checkpoint.src_vocab, self.src_vocab),
            ("target", checkpoint.tgt_vocab, self.tgt_vocab),
        ):
            if None not in (before, now) and before != now:
                raise CheckpointError(
                    f"{path} was written by a run with another {side} vocabulary, so its training "
                    "data were others; use the same ones, or another checkpoint file"
                )
        history, moments = _what_was_kept(path, checkpoint, self.scaler.is_enabled())
        best = best_path(path)
        if self.config.restore_best and history.best_step is not None and not best.exists():
            raise CheckpointError(
                f"the run in {path} has its best model in {best}, which is not there; copy it, "
                "too, or go on with restore_best=False"
            )
        load_checkpoint(path, self.model)
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": moments})
        if self.scaler.is_enabled():
            self.scaler.load_state_dict(checkpoint.info["scaler"])
        random = _under(_random_name(self.processes.rank), checkpoint.tensors)
        if random:  # a process that was not there when the file was written keeps its seed
            set_random_state(random, self._device)
        self.history = history
        steps = range(self.history.steps_done)
        self.history.learning_rate = [learning_rate(self.config, step) for step in steps]

    @property
    def _device(self) -> torch.device:
        return next(self.model.parameters()).device

    def _settings(self) -> dict[str, Any]:
        return self.config.what_decides_the_result() | {"metric": self.measured}

    def _write(self, path: str | Path, ranks: list[dict[str, Tensor]] | None = None) -> None:
        """A file to use the model from; with the random states of all ranks, to go on from."""
        tensors: dict[str, Tensor] = {}
        info = self.info | {"history": self.history.to_dict()}
        if ranks is not None:
            info |= {"settings": self._settings(), "scaler": self.scaler.state_dict()}
            for rank, state in enumerate(ranks):
                tensors |= {_random_name(rank) + kind: value for kind, value in state.items()}
            for index, moments in self.optimizer.state_dict()["state"].items():
                for name, value in moments.items():
                    tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value)
        save_checkpoint(path, self.model, self.src_vocab, self.tgt_vocab, tensors, info)


def _what_was_kept(
    path: str | Path, checkpoint: Checkpoint, scaled: bool
) -> tuple[History, dict[int, dict]]:
    """The history and Adam's moments; raises CheckpointError unless all is there."""
    moments: dict[int, dict] = {}
    for name, tensor in _under("optimizer.", checkpoint.tensors).items():
        index, moment = name.split(".")
        moments.setdefault(int(index), {})[moment] = tensor
    try:
        history = History.from_dict(checkpoint.info["history"])
        whole = all(found.keys() == ADAM for found in moments.values())
        sound = whole and bool(moments) == any(map(math.isfinite, history.gradient_norm))
        sound = sound and _random_name(rank=0) + "cpu" in checkpoint.tensors
        sound = sound and ("scaler" in checkpoint.info or not scaled)
    except (KeyError, TypeError):
        sound = False
    if not sound:
        raise CheckpointError(
            f"{path} holds an incomplete training state, from which no run can go on; its weights "
            "can be used, but the run has to start again"
        )
    return history, moments


def _random_name(rank: int) -> str:
    return "random." if rank == 0 else f"random{rank}."


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {n[len(prefix) :]: tensor for n, tensor in tensors.items() if n.startswith(prefix)}
