"""Training: forward, backward, clip, step; reproducible, and resumable to the same numbers."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Any

import torch
from torch import nn

from s2s_tutorial.machine import distributed
from s2s_tutorial.machine.device import pick_device, random_state_kept, seed_everything
from s2s_tutorial.machine.interrupt import StopRequest
from s2s_tutorial.machine.precision import (
    autocast,
    check_finite,
    gradient_scaler,
    matmul_precision,
    warn_if_slow,
)
from s2s_tutorial.models.labeller import Labeller
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.scoring.evaluation import batch_loss
from s2s_tutorial.text.batch import Batch
from s2s_tutorial.text.batches import Batches
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig, learning_rate
from s2s_tutorial.training.fit_arguments import check_arguments, described
from s2s_tutorial.training.history import FINISHED, INTERRUPTED, NO_IMPROVEMENT, History
from s2s_tutorial.training.progress import progress, say_how_to_go_on
from s2s_tutorial.training.run_files import only_run
from s2s_tutorial.training.scheduled_sampling import feed_own_words, forcing_ratio
from s2s_tutorial.training.state import TrainingState, check_info
from s2s_tutorial.training.watch import Metric, Watch


def batches_from(train: Batches, number: int) -> Iterator[Batch]:
    """The batches from number ``number`` (from 0) on, epoch after epoch, without an end."""
    epoch, start = divmod(number, len(train))
    while True:
        yield from islice(train.epoch(epoch), start, None)
        epoch, start = epoch + 1, 0


def fit(
    model: Seq2Seq | Labeller,
    train: Batches,
    valid: Batches,
    config: TrainConfig | None = None,
    resume: bool = False,
    *,
    metric: Metric | None = None,
    src_vocab: Vocabulary | None = None,
    tgt_vocab: Vocabulary | None = None,
    info: dict[str, Any] | None = None,
    on_evaluation: Callable[[History], None] | None = None,
    score: Metric | None = None,
) -> History:
    """Train a model with teacher forcing and Adam (Kingma & Ba, 2015).

    A :class:`Tagger` or :class:`Classifier` trains in the same way, on batches with its kind of
    targets; there is nothing to force, for it is fed no words.

    The model is moved to the device and changed in place. The same seed, data and machine give
    the same numbers, bit for bit on a CPU. PyTorch's global random state is left as it was.

    With ``config.checkpoint`` the whole state is saved at every evaluation, and when the run is
    interrupted (Ctrl-C, a notebook's stop button, SIGTERM, SIGHUP): the update in progress is
    finished, the state saved, and the history so far returned; SIGTERM and SIGHUP then end the
    process, unless it has handlers of its own. ``resume=True`` goes on from there, to the same
    numbers as a run that never stopped. The model of the best evaluation is kept beside it, for
    ``run.safetensors`` in ``run.best.safetensors``. One run at a time writes these files. Those of
    an earlier run are replaced once this one has a model, or is interrupted; a file that is no
    checkpoint of ours never is.

    Started by torchrun, inside ``with distributed.start():``, all processes train one model
    together: see :mod:`s2s_tutorial.machine.distributed`. The first one writes the files, which the
    others must be able to read. The numbers are those of one process, up to rounding, except that
    each process draws its own dropout and coins.

    Args:
        model: the model.
        train: training batches.
        valid: validation batches, looked at every ``config.evaluate_every`` updates.
        config: the settings; None takes the defaults of :class:`TrainConfig`.
        resume: go on from ``config.checkpoint`` if that file exists.
        metric: a validation metric of the model, higher is better (BLEU, say), computed at every
            evaluation. With it, it decides what is best and when to stop early; without, the
            validation loss does.
        src_vocab: written into the checkpoints, so that these are all one needs to translate.
        tgt_vocab: likewise.
        info: anything else to write into them that JSON can say, such as the tokeniser's name; the
            names history, settings and scaler are taken.
        on_evaluation: called with the history so far after each evaluation, to show or log it; of
            several processes, in the first one.
        score: the name of ``metric`` in version 0.1.

    Returns:
        A :class:`History`.

    Raises:
        TypeError: if ``train`` or ``valid`` is no :class:`Batches`, or ``config`` no
            :class:`TrainConfig`.
        IndexError: if these hold ids outside the model's vocabularies.
        ValueError: if the model's weights are in half precision, the batches' targets are of
            another kind than the model's, a vocabulary to be written is not of the model's size,
            there is no checkpoint to resume from in the settings, or its name is not UTF-8.
        OSError: if the checkpoint cannot be written (the disk is full, say; room for the whole
            run is looked for before the first update), something else lies there, or another run
            is writing it (the message names the run). A checkpoint written before is as it was.
        CheckpointError: when resuming from a checkpoint of another model, other settings or other
            batches.
        FloatingPointError: if the loss, in training or in validation, is no longer finite, naming
            the update; the last checkpoint is as it was.
        KeyboardInterrupt: when interrupted without a checkpoint to save to, or three times.

    Example:
        >>> import s2s_tutorial as s2s
        >>> corpus = s2s.load_corpus("reverse", size=20, symbols=3, max_length=4)
        >>> vocab = s2s.Vocabulary.build(corpus.src_sentences)
        >>> batches = s2s.make_batches(corpus, vocab, vocab, batch_size=7, shuffle=True)
        >>> model = s2s.build_model("gru", len(vocab), len(vocab), embedding_size=3, hidden_size=4)
        >>> config = s2s.TrainConfig(steps=5, evaluate_every=2, device="cpu", progress=False)
        >>> fit(model, batches, batches, config).evaluated_at
        [2, 4, 5]
    """
    if score is not None:
        warnings.warn("score of fit is metric now", DeprecationWarning, stacklevel=2)
        metric = score
    config = TrainConfig() if config is None else config
    check_arguments(model, train, valid, config, resume, src_vocab, tgt_vocab)
    check_info(info or {})
    device = pick_device(config.device)
    warn_if_slow(config.precision, device)
    model.to(device)
    optimizer = torch.optim.Adam(
        model.parameters(), lr=config.learning_rate, betas=config.betas, fused=config.fused
    )
    scaler, processes = gradient_scaler(config.precision, device), distributed.current()
    state = TrainingState(
        config,
        model,
        optimizer,
        scaler,
        processes,
        measured=metric is not None,
        src_vocab=src_vocab,
        tgt_vocab=tgt_vocab,
        info=info or {},
        batches=described(training=train, validation=valid) if config.checkpoint else {},
    )
    stop = StopRequest(active=config.checkpoint is not None)
    with random_state_kept(device), matmul_precision(config.matmul_precision), ExitStack() as held:
        seed_everything(config.seed + 104_729 * processes.rank)  # dropout of its own for each
        if config.checkpoint:
            state.open(resume)
        if state.history.stopped not in (FINISHED, NO_IMPROVEMENT):
            if config.checkpoint:
                held.enter_context(only_run(config.checkpoint, processes))
                state.check_room()
            with progress(state) as bar, stop:
                _train(state, train, Watch(state, valid, metric, bar, stop, on_evaluation), stop)
        if state.history.stopped == INTERRUPTED:
            say_how_to_go_on(state)
        elif config.restore_best:
            state.restore_best()
    stop.pass_on()
    return state.history


def _train(state: TrainingState, train: Batches, watch: Watch, stop: StopRequest) -> None:
    """The loop: forward, backward, clip, step."""
    config, model, history, processes = state.config, state.model, state.history, state.processes
    optimizer, scaler = state.optimizer, state.scaler
    device = next(model.parameters()).device
    replica = processes.wrap(model)
    replica.train()
    history.stopped = ""
    if watch.look():  # at an evaluation that a stop came before
        return
    batches = batches_from(train, history.steps_done * config.accumulate)
    for step in range(history.steps_done, config.steps):
        rate = learning_rate(config, step)
        for group in optimizer.param_groups:
            group["lr"] = rate

        optimizer.zero_grad()
        own_loss = 0.0
        together = list(islice(batches, config.accumulate))
        tokens = sum(int(batch.tgt_mask.sum()) for batch in together)
        for batch in together:
            batch_is_last = batch is together[-1]
            batch = processes.share(batch).to(device)
            with autocast(config.precision, device):
                batch = feed_own_words(model, batch, forcing_ratio(config.teacher_forcing, step))
            with processes.summing(batch_is_last):
                with autocast(config.precision, device):
                    loss = batch_loss(replica, batch, config.label_smoothing)
                scaler.scale(loss.total / tokens).backward()
            own_loss += loss.total.item()
        scaler.unscale_(optimizer)
        norm = nn.utils.clip_grad_norm_(model.parameters(), config.clip or math.inf).item()
        total_loss, stop_anywhere = processes.sum(own_loss, stop.requested)
        check_finite(step, total_loss, norm, scaler)
        scaler.step(optimizer)
        scaler.update()

        norm = norm if math.isfinite(norm) else math.inf  # NaN would differ from itself
        history.add_update(total_loss / tokens, norm, tokens, rate)
        if watch.after_update(interrupted=bool(stop_anywhere)):
            return
