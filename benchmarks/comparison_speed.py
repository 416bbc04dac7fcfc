"""How fast the systems of the comparison train and write, taking turns on the same batches."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

import torch

import s2s_tutorial as s2s
from benchmarks.comparison_task import SETUP, build, equal_size, load_task
from benchmarks.speed_machine import Clock, in_turns, times_as_fast
from s2s_tutorial.scoring.evaluation import batch_loss

BASE = "lstm"  # what the others are compared with
TURNS = 12


def updates_of(model: s2s.Seq2Seq) -> Callable[[s2s.Batch], None]:
    """One update of this model: forward, backward, clip, step."""
    optimizer = torch.optim.Adam(model.parameters(), fused=True)

    def update(batch: s2s.Batch) -> None:
        loss = batch_loss(model, batch)
        optimizer.zero_grad()
        loss.mean.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), SETUP["clip"])
        optimizer.step()

    return update


def writing_of(model: s2s.Seq2Seq, length: int) -> Callable[[s2s.Batch], None]:
    """Greedy decoding of a batch by this model, ``length`` tokens a sentence, no fewer."""

    def write(batch: s2s.Batch) -> None:
        s2s.greedy_decode(model, batch.src, batch.src_lengths, length, min_length=length)

    return write


def measure_speed(corpus: str, presets: Sequence[str]) -> list[dict]:
    """For each system the target tokens of a second of CPU time, in training and in decoding.

    All take turns on the same batches. In decoding every system writes as many tokens for each
    sentence as the test targets have on average, so that none is fast by being brief.
    """
    torch.set_num_threads(1)
    task = load_task(corpus)
    presets = [BASE, *(preset for preset in presets if preset != BASE)]
    torch.manual_seed(0)
    models = [build(task, preset, equal_size(corpus, preset)) for preset in presets]
    length = round(statistics.fmean(len(pair.tgt) for pair in task.splits["test"]))
    batches = [batch for _, batch in zip(range(TURNS + 1), task.batches("train", seed=0))]
    clock, work = Clock("cpu"), {}
    work["training"] = [updates_of(model) for model in models]
    work["decoding"] = [writing_of(model, length) for model in models]
    tokens = {
        "training": [int(batch.tgt_mask.sum()) for batch in batches[1:]],
        "decoding": [len(batch) * length for batch in batches[1:]],
    }
    rows = [
        {"corpus": corpus, "preset": preset, "seed": 0, "kind": "speed", "of": BASE}
        for preset in presets
    ]
    for what, functions in work.items():
        in_turns(functions, batches[:1], clock)  # the first call of anything is slow
        times = in_turns(functions, batches[1:], clock)
        for row, seconds in zip(rows, times):
            rate = statistics.median(n / s for n, s in zip(tokens[what], seconds))
            ratio, quartiles = times_as_fast(times[0], seconds)
            row[what] = {"tokens_per_second": round(rate), "ratio": ratio, "quartiles": quartiles}
    return rows
