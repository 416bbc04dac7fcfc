"""The whole state of a training run, saved and restored: weights, Adam's moments, randomness."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from s2s_tutorial.machine.device import random_state, set_random_state
from s2s_tutorial.machine.distributed import OneProcess
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.checkpoint import checkpoint_bytes, load_checkpoint, save_checkpoint
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig, learning_rate
from s2s_tutorial.training.history import History, as_long_as
from s2s_tutorial.training.run_files import best_path, check_files, check_room
from s2s_tutorial.training.same_run import (
    check_batches_are_the_same,
    check_best,
    check_settings,
    check_vocabularies_are_the_same,
    random_name,
    under,
    what_was_kept,
)

OURS = ("history", "settings", "scaler")  # what a checkpoint's ``info`` says of the run
_BATCHES = "batches"  # among the settings of the run


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
        batches: what the batches for training and validation are, as far as it is known.
        history: what happened so far.
        best_weights: the best model, where there is no file for it.
        kept_at: after how many updates the state in the file was written.
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
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    history: History = field(default_factory=History)
    best_weights: dict[str, Tensor] = field(default_factory=dict)
    kept_at: int = 0

    def save(self) -> None:
        """Write the state to ``config.checkpoint``; of several processes, the first writes.

        Raises:
            OSError: if the file cannot be written; an older one is as it was.
        """
        ranks = self.processes.gather(random_state(self._device))
        self.processes.on_first(
            lambda: save_checkpoint(
                self.config.checkpoint,
                *self._content(self.history, ranks, self.optimizer.state_dict()["state"]),
            )
        )
        self.kept_at = self.history.steps_done

    def keep_best(self) -> None:
        """Keep the model as the best so far: beside the checkpoint, or in memory without one.

        Raises:
            OSError: if the file cannot be written; an older one is as it was.
        """
        if self.config.checkpoint:
            self.processes.on_first(
                lambda: save_checkpoint(
                    best_path(self.config.checkpoint), *self._content(self.history)
                )
            )
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
        """Go on from ``config.checkpoint`` if that is asked for and the file exists.

        Nothing is written yet: what an earlier run left there stays until this one has more to
        keep.

        Raises:
            CheckpointError: as :meth:`load`.
            FileExistsError: if a file that is not ours would be replaced.
        """
        path = self.config.checkpoint
        resume = self.processes.on_first(lambda: resume and Path(path).exists())
        self.processes.on_first(lambda: check_files(path, resume))
        if resume:
            self.load()

    def check_room(self) -> None:
        """Find out, before the first update, whether the files can be written as large as they get.

        Raises:
            OSError: if they cannot; what is there is as it was.
        """
        ranks = self.processes.gather(random_state(self._device))
        history = as_long_as(self.config.steps, self.config.evaluate_every)
        moments = self.optimizer.state_dict()["state"] or self._first_moments()
        self.processes.on_first(
            lambda: check_room(
                self.config.checkpoint,
                last=checkpoint_bytes(*self._content(history, ranks, moments)),
                best=checkpoint_bytes(*self._content(history)),
            )
        )

    def load(self) -> None:
        """Put everything back to where ``config.checkpoint`` was written.

        Raises:
            CheckpointError: if the checkpoint is of another model, other data or settings, or holds a
                model but no training state, or not all of one, or if the best model, to be
                restored at the end, is not beside it. Nothing is changed then.
        """
        path = self.config.checkpoint
        checkpoint = load_checkpoint(path, deepcopy(self.model))  # ours only if all is well
        settings = checkpoint.info.get("settings", {})
        batches = settings.pop(_BATCHES, {})
        check_settings(path, settings, self._settings())
        check_vocabularies_are_the_same(path, checkpoint, self.src_vocab, self.tgt_vocab)
        check_batches_are_the_same(path, batches, self.batches)
        history, moments = what_was_kept(path, checkpoint, self.scaler.is_enabled())
        if self.config.restore_best:
            check_best(path, best_path(path), history)
        load_checkpoint(path, self.model)
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": moments})
        if self.scaler.is_enabled():
            self.scaler.load_state_dict(checkpoint.info["scaler"])
        random = under(random_name(self.processes.rank), checkpoint.tensors)
        if random:  # a process that was not there when the file was written keeps its seed
            set_random_state(random, self._device)
        self.history, self.kept_at = history, history.steps_done
        steps = range(self.history.steps_done)
        self.history.learning_rate = [learning_rate(self.config, step) for step in steps]

    @property
    def _device(self) -> torch.device:
        return next(self.model.parameters()).device

    def _settings(self) -> dict[str, Any]:
        return self.config.what_decides_the_result() | {"metric": self.measured}

    def _content(
        self,
        history: History,
        ranks: list[dict[str, Tensor]] | None = None,
        moments: dict[int, dict[str, Any]] | None = None,
    ) -> tuple:
        """A model to use; with the random states of all ranks and Adam's moments, to go on from."""
        tensors: dict[str, Tensor] = {}
        info = self.info | {"history": history.to_dict()}
        if ranks is not None:
            settings = self._settings() | {_BATCHES: self.batches}
            info |= {"settings": settings, "scaler": self.scaler.state_dict()}
            for rank, state in enumerate(ranks):
                tensors |= {random_name(rank) + kind: value for kind, value in state.items()}
            for index, of_weight in moments.items():
                for name, value in of_weight.items():
                    tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value)
        return self.model, self.src_vocab, self.tgt_vocab, tensors, info

    def _first_moments(self) -> dict[int, dict[str, Tensor]]:
        """What Adam will keep once it has made an update, still at nought."""
        trained = (p for group in self.optimizer.param_groups for p in group["params"])
        return {
            index: {"step": torch.zeros(()), "exp_avg": zeros, "exp_avg_sq": zeros}
            for index, zeros in zip(count(), map(torch.zeros_like, trained))
        }
