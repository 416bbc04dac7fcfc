"""Training: forward, backward, clip, step; reproducible, and resumable to the same numbers."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import torch
from torch import nn
from tqdm.auto import tqdm

from s2s_tutorial.batch import Batch, Batches
from s2s_tutorial.device import pick_device, random_state_kept, seed_everything
from s2s_tutorial.evaluation import batch_loss, check_batches, evaluate
from s2s_tutorial.history import History
from s2s_tutorial.interrupt import StopRequest
from s2s_tutorial.seq2seq import Seq2Seq
from s2s_tutorial.train_config import TrainConfig, learning_rate
from s2s_tutorial.training_state import load_training_state, save_training_state


def batches_from(train: Batches, step: int, steps: int) -> Iterator[tuple[int, Batch]]:
    """The batches of updates ``step`` to ``steps - 1``, epoch after epoch."""
    while step < steps:
        epoch, start = divmod(step, len(train))
        for position, batch in enumerate(train.epoch(epoch)):
            if position >= start and step < steps:
                yield step, batch
                step += 1


def fit(
    model: Seq2Seq,
    train: Batches,
    valid: Batches,
    config: TrainConfig | None = None,
    resume: bool = False,
) -> History:
    """Train a model with teacher forcing and Adam (Kingma & Ba, 2015).

    The model is moved to the device and changed in place. The same seed, data and machine give
    the same numbers, bit for bit on a CPU. PyTorch's global random state is left as it was.

    With ``config.checkpoint`` the whole state is saved at every evaluation, and when the run is
    interrupted (Ctrl-C, or a notebook's stop button): the update in progress is finished, the
    state saved, and the history so far returned. ``resume=True`` goes on from there, to the same
    numbers as a run that never stopped.

    Args:
        model: the model.
        train: training batches.
        valid: validation batches, looked at every ``config.evaluate_every`` updates.
        config: the settings; None takes the defaults of :class:`TrainConfig`.
        resume: go on from ``config.checkpoint`` if that file exists.

    Returns:
        A :class:`History`.

    Raises:
        TypeError: if ``train`` or ``valid`` is no :class:`Batches`.
        OSError: if the checkpoint cannot be written; tried before the first update.
        CheckpointError: when resuming from a checkpoint of another model or other settings.
        FloatingPointError: if the loss is no longer finite, naming the update.
        KeyboardInterrupt: when interrupted without a checkpoint to save to.
    """
    config = config or TrainConfig()
    check_batches("train", train)
    check_batches("valid", valid)
    device = pick_device(config.device)
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    history = History()
    with random_state_kept(device):
        seed_everything(config.seed)
        if resume and config.checkpoint and Path(config.checkpoint).exists():
            history = load_training_state(config, model, optimizer)
        elif config.checkpoint:
            save_training_state(config, model, optimizer, history)
        quiet = not config.progress or bool(os.environ.get("TQDM_DISABLE"))
        bar = tqdm(total=config.steps, initial=history.steps_done, disable=quiet)
        with bar, StopRequest() if config.checkpoint else nullcontext() as stop:
            _train(model, optimizer, train, valid, config, history, bar, stop)
    return history


def _train(model, optimizer, train, valid, config, history, bar, stop) -> None:
    device = next(model.parameters()).device
    model.train()
    started = time.perf_counter() - history.pending_seconds
    for step, batch in batches_from(train, history.steps_done, config.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(config, step)

        loss = batch_loss(model, batch.to(device), config.label_smoothing)
        optimizer.zero_grad()
        loss.mean.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), config.clip or math.inf)
        if not torch.isfinite(norm):
            raise FloatingPointError(
                f"the loss or its gradient is not finite at update {step + 1}; the model is as "
                "it was before it. Try a lower learning rate or clip=1.0"
            )
        optimizer.step()

        history.add_update(loss.mean.item(), norm.item(), loss.tokens)
        bar.update()
        stopping = stop is not None and stop.requested
        if (step + 1) % config.evaluate_every == 0 or step + 1 == config.steps:
            history.add_evaluation(evaluate(model, valid), time.perf_counter() - started)
            started = time.perf_counter()
            bar.set_postfix(valid_loss=f"{history.valid_loss[-1]:.3f}")
            if config.checkpoint:
                save_training_state(config, model, optimizer, history)
        elif stopping:
            history.pending_seconds = time.perf_counter() - started
            save_training_state(config, model, optimizer, history)
        if stopping:
            bar.write(
                f"stopped after update {step + 1}; fit(..., resume=True) goes on from "
                f"{config.checkpoint}"
            )
            return
