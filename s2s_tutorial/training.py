"""Training: forward, backward, clip, step; reproducible, and resumable to the same numbers."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn
from tqdm.auto import tqdm

from s2s_tutorial.batch import Batch, Batches
from s2s_tutorial.history import History
from s2s_tutorial.interrupt import StopRequest
from s2s_tutorial.loss import SequenceLoss, sequence_loss
from s2s_tutorial.metrics import perplexity
from s2s_tutorial.search import inference
from s2s_tutorial.seq2seq import Seq2Seq
from s2s_tutorial.training_state import load_training_state, save_training_state


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


class Evaluation(NamedTuple):
    """How well a model predicts a corpus under teacher forcing.

    Attributes:
        loss: mean negative log-likelihood of a real token, in nats.
        perplexity: its exponential.
        token_accuracy: share of real tokens that are the model's first guess.
        tokens: number of real target tokens, ``<eos>`` included.
    """

    loss: float
    perplexity: float
    token_accuracy: float
    tokens: int


def seed_everything(seed: int) -> None:
    """Seed PyTorch on every device; the book's other randomness takes its own seeds."""
    torch.manual_seed(seed)


def pick_device(name: str = "auto") -> torch.device:
    """The device to compute on: ``"auto"`` is CUDA if there is one, then MPS, then the CPU.

    Raises:
        ValueError: if the named device is not there, with a word on what to do.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    device = torch.device(name)
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            "there is no CUDA device here; use device='auto' (on Colab: Runtime > Change "
            "runtime type > GPU)"
        )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError("there is no MPS device here; use device='auto'")
    return device


def batch_loss(model: Seq2Seq, batch: Batch, label_smoothing: float = 0.0) -> SequenceLoss:
    """The teacher-forced loss of one batch that is already on the model's device."""
    output = model(batch.src, batch.src_lengths, batch.tgt_in)
    return sequence_loss(output.logits, batch.tgt_out, batch.tgt_mask, label_smoothing)


def evaluate(model: Seq2Seq, batches: Batches) -> Evaluation:
    """Loss, perplexity and token accuracy under teacher forcing, over a whole corpus.

    Sums run over all real tokens and are divided once, so the result does not depend on how
    the corpus is cut into batches.

    Args:
        model: the model, on any device; its mode is put back afterwards.
        batches: what to score.

    Returns:
        An :class:`Evaluation`.
    """
    device = next(model.parameters()).device
    total, right, tokens = 0.0, 0, 0
    with inference(model):
        for batch in batches:
            batch = batch.to(device)
            logits = model(batch.src, batch.src_lengths, batch.tgt_in).logits
            loss = sequence_loss(logits, batch.tgt_out, batch.tgt_mask)
            total += loss.total.item()
            tokens += loss.tokens
            guesses = logits.argmax(dim=-1)
            right += int(((guesses == batch.tgt_out) & batch.tgt_mask).sum())
    return Evaluation(total / tokens, perplexity(total, tokens), right / tokens, tokens)


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
    config: TrainConfig = TrainConfig(),
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
        config: the settings.
        resume: go on from ``config.checkpoint`` if that file exists.

    Returns:
        A :class:`History`.

    Raises:
        OSError: if the checkpoint cannot be written; tried before the first update.
        CheckpointError: when resuming from a checkpoint of another model or other settings.
        FloatingPointError: if the loss is no longer finite, naming the update.
        KeyboardInterrupt: when interrupted without a checkpoint to save to.
    """
    device = pick_device(config.device)
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    history = History()
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
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
    started = time.perf_counter()
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
            save_training_state(config, model, optimizer, history)
        if stopping:
            bar.write(
                f"stopped after update {step + 1}; fit(..., resume=True) goes on from "
                f"{config.checkpoint}"
            )
            return
