"""Decoding speed: the package's batches beside one sentence at a time."""

from __future__ import annotations

import torch

import s2s_tutorial as s2s
from benchmarks.quality_data import Task
from benchmarks.speed_machine import Clock
from benchmarks.speed_training import SIZES
from benchmarks.textbook import textbook_greedy

MAX_LENGTH, BATCH = 50, 128


def trained_model(task: Task, device: str, steps: int = 500) -> s2s.Seq2Seq:
    """A model that has learnt to end its sentences: untrained ones write to the limit."""
    torch.manual_seed(0)
    sizes = (len(task.src_vocab), len(task.tgt_vocab))
    model = s2s.build_model("bahdanau", *sizes, **SIZES)
    train = task.batches("train", 128, seed=0)
    valid = task.batches("valid", 128)
    settings = {"precision": "bfloat16", "fused": True, "device": device}
    s2s.fit(model, train, valid, s2s.TrainConfig(steps=steps, evaluate_every=steps, **settings))
    return model


def measure_decoding(task: Task, sentences: int, device: str) -> dict:
    """Seconds for the test set: one-sentence greedy loop, batched greedy, batched beam of 5."""
    model = trained_model(task, device)
    corpus = task.splits["test"][:sentences]
    encoded = [task.src_vocab.encode(pair.src) for pair in corpus]
    vocabularies = (task.src_vocab, task.tgt_vocab)
    batches = s2s.make_batches(corpus, *vocabularies, BATCH)
    found = {}
    work = {
        "one sentence at a time": lambda: found.update(
            one=textbook_greedy(model, encoded, MAX_LENGTH)
        ),
        "greedy": lambda: found.update(greedy=s2s.decode_corpus(model, batches, MAX_LENGTH)),
        "beam 5": lambda: s2s.decode_corpus(model, batches, MAX_LENGTH, beam_size=5),
    }
    clock = Clock(device)
    seconds = {name: min(clock.seconds(do) for _ in range(2)) for name, do in work.items()}
    base = seconds["one sentence at a time"]
    same = sum(a == b for a, b in zip(found["one"], found["greedy"].ids))
    return {
        "sentences": len(corpus),
        "batch": BATCH,
        "seconds": {name: round(s, 2) for name, s in seconds.items()},
        "ratio": {name: round(base / s, 2) for name, s in seconds.items()},
        "same_translations": same,
    }
