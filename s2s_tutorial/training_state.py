"""The whole state of a training run, saved and restored: weights, Adam's moments, randomness."""

from __future__ import annotations

import torch

from s2s_tutorial.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from s2s_tutorial.device import random_state, set_random_state
from s2s_tutorial.history import History
from s2s_tutorial.seq2seq import Seq2Seq
from s2s_tutorial.train_config import TrainConfig


def save_training_state(
    config: TrainConfig, model: Seq2Seq, optimizer: torch.optim.Adam, history: History
) -> None:
    """Write all that the next update depends on to ``config.checkpoint``."""
    device = next(model.parameters()).device
    tensors = {f"random.{kind}": state for kind, state in random_state(device).items()}
    for index, moments in optimizer.state_dict()["state"].items():
        for name, value in moments.items():
            tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value)
    info = {"settings": config.what_decides_the_result(), "history": history.to_dict()}
    save_checkpoint(config.checkpoint, model, tensors=tensors, info=info)


def load_training_state(
    config: TrainConfig, model: Seq2Seq, optimizer: torch.optim.Adam
) -> History:
    """Put model, optimiser and random state back to where ``config.checkpoint`` was written.

    Returns:
        The history so far.

    Raises:
        CheckpointError: if the checkpoint is of another model, of other settings, or holds a
            model but no training state.
    """
    checkpoint = load_checkpoint(config.checkpoint)  # ours is untouched until all is checked
    saved = checkpoint.info.get("settings")
    if saved is None:
        raise CheckpointError(
            f"{config.checkpoint} holds a model but no training state to resume from"
        )
    ours = config.what_decides_the_result()
    if saved != ours:
        names = [name for name in ours if saved.get(name) != ours[name]]
        differences = "; ".join(f"{n} was {saved.get(n)!r} and is now {ours[n]!r}" for n in names)
        raise CheckpointError(
            f"{config.checkpoint} was written by a run with other settings: {differences}. "
            "Use the same ones, or another checkpoint file"
        )
    load_checkpoint(config.checkpoint, model)
    state: dict[int, dict] = {}
    for name, tensor in checkpoint.tensors.items():
        kind, *rest = name.split(".")
        if kind == "optimizer":
            state.setdefault(int(rest[0]), {})[rest[1]] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
    saved_state = {
        name.removeprefix("random."): tensor
        for name, tensor in checkpoint.tensors.items()
        if name.startswith("random.")
    }
    set_random_state(saved_state, next(model.parameters()).device)
    return History(**checkpoint.info["history"])
