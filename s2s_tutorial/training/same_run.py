"""Whether a run can go on from a checkpoint to the same numbers, or what stands against it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from torch import Tensor

from s2s_tutorial.saving.checkpoint import Checkpoint, CheckpointError
from s2s_tutorial.saving.checkpoint_file import unpacked
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.history import History, renamed

ADAM = {"step", "exp_avg", "exp_avg_sq"}  # what it keeps for each weight


def check_settings(path: str | Path, saved: dict[str, Any], ours: dict[str, Any]) -> None:
    """Raise CheckpointError unless the run was begun with these settings.

    Args:
        path: the checkpoint.
        saved: its settings; of an older version, without the newer ones, and one by another name.
        ours: the settings now.
    """
    if not saved:
        raise CheckpointError(f"{path} holds a model but no training state to resume from")
    defaults = TrainConfig().what_decides_the_result() | {"metric": False}
    saved = defaults | {renamed(name): value for name, value in saved.items()}
    names = [name for name in saved | ours if saved.get(name) != ours.get(name)]
    if names:
        differences = "; ".join(
            f"{name} was {saved.get(name)!r} and is now {ours.get(name)!r}" for name in names
        )
        raise CheckpointError(
            f"{path} was written by a run with other settings: {differences}. "
            "Use the same ones, or another checkpoint file"
        )


def check_batches_are_the_same(
    path: str | Path, saved: dict[str, Any], ours: dict[str, dict[str, Any]]
) -> None:
    """Raise CheckpointError unless the run had these batches, as far as they are known.

    Args:
        path: the checkpoint.
        saved: its batches, by what they are for; files of version 0.1 know of none.
        ours: the batches now.
    """
    for purpose in saved.keys() & ours.keys():
        before, now = saved[purpose], ours[purpose]
        names = [name for name in now if name in before and before[name] != now[name]]
        if names:
            differences = "; ".join(f"{n} was {before[n]} and is {now[n]}" for n in names)
            raise CheckpointError(
                f"{path} was written by a run with other {purpose} batches: {differences}. "
                "Make them as before, or use another checkpoint file"
            )


def check_vocabularies_are_the_same(
    path: str | Path,
    checkpoint: Checkpoint,
    src_vocab: Vocabulary | None,
    tgt_vocab: Vocabulary | None,
) -> None:
    """Raise CheckpointError unless the run had these vocabularies, as far as they are known."""
    for side, before, now in (
        ("source", checkpoint.src_vocab, src_vocab),
        ("target", checkpoint.tgt_vocab, tgt_vocab),
    ):
        if None not in (before, now) and before != now:
            raise CheckpointError(
                f"{path} was written by a run with another {side} vocabulary, so its training "
                "data were others; use the same ones, or another checkpoint file"
            )


def check_best(path: str | Path, best: Path, history: History) -> None:
    """Raise CheckpointError unless the best model of a run is in the file beside it.

    A run that was killed may have evaluated it once more than its last state knows of.

    Args:
        path: the checkpoint.
        best: where its best model should be.
        history: the run's.
    """
    if history.best_step is None:
        return
    advice = "or go on with restore_best=False"
    if not best.exists():
        raise CheckpointError(
            f"the run in {path} has its best model in {best}, which is not there; copy it, too, "
            f"{advice}"
        )
    kept = unpacked(best)[0]["info"].get("history")
    losses = kept.get("valid_loss") if isinstance(kept, dict) else None
    known = min(len(losses or []), len(history.valid_loss))
    if not known or losses[:known] != history.valid_loss[:known]:
        raise CheckpointError(
            f"the best model of the run in {path} is not in {best}, which is another run's; copy "
            f"the right one there, {advice}"
        )


def what_was_kept(
    path: str | Path, checkpoint: Checkpoint, scaled: bool
) -> tuple[History, dict[int, dict]]:
    """The history and Adam's moments.

    Raises:
        CheckpointError: unless all is there.
    """
    moments: dict[int, dict] = {}
    for name, tensor in under("optimizer.", checkpoint.tensors).items():
        index, moment = name.split(".")
        moments.setdefault(int(index), {})[moment] = tensor
    try:
        history = History.from_dict(checkpoint.info["history"])
        whole = all(found.keys() == ADAM for found in moments.values())
        sound = whole and bool(moments) == any(map(math.isfinite, history.gradient_norm))
        sound = sound and random_name(rank=0) + "cpu" in checkpoint.tensors
        sound = sound and ("scaler" in checkpoint.info or not scaled)
    except (KeyError, TypeError):
        sound = False
    if not sound:
        raise CheckpointError(
            f"{path} holds an incomplete training state, from which no run can go on; its weights "
            "can be used, but the run has to start again"
        )
    return history, moments


def random_name(rank: int) -> str:
    """What the names of a process's random states begin with."""
    return "random." if rank == 0 else f"random{rank}."


def under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors whose names begin so, by the rest of their names."""
    return {n[len(prefix) :]: tensor for n, tensor in tensors.items() if n.startswith(prefix)}
