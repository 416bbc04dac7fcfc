"""Decoding speed: the package's batches beside one sentence at a time."""

from __future__ import annotations

import copy
import statistics

import torch

import s2s_tutorial as s2s
from benchmarks.quality_data import Task
from benchmarks.speed_machine import Clock, flops_of, in_turns, matrix_peak, times_as_fast
from benchmarks.speed_training import SIZES
from benchmarks.textbook import textbook_greedy
from s2s_tutorial.machine.precision import compute_dtype, fast_precision

ONE, GREEDY, BEAM = "one sentence at a time", "greedy", "beam 5"
HALF = ", bfloat16 weights"
BATCH = {GREEDY: 256, BEAM: 64}  # a beam search has a row for each of a sentence's hypotheses
MAX_LENGTH, TURNS = 50, 4


def trained_model(task: Task, device: str, steps: int = 300) -> s2s.Seq2Seq:
    """A model that has learnt to end its sentences: untrained ones write to the limit."""
    torch.manual_seed(0)
    sizes = (len(task.src_vocab), len(task.tgt_vocab))
    model = s2s.build_model("bahdanau", *sizes, **SIZES)
    train = task.batches("train", 64, seed=0)
    valid = task.batches("valid", 128)
    settings = {
        "precision": fast_precision(device),
        "fused": True,
        "device": device,
        "learning_rate": 2e-3,
    }
    s2s.fit(model, train, valid, s2s.TrainConfig(steps=steps, evaluate_every=steps, **settings))
    return model


def measure_decoding(task: Task, sentences: int, device: str) -> dict:
    """Seconds for the test set: one-sentence greedy loop, batched greedy, batched beam of 5.

    The batched ones twice where the machine is fast at bfloat16: with the weights as they are,
    and rounded to it, which changes some translations: hence each way's BLEU. All take turns. A
    turn of the first, which is slow, is every fourth sentence; its time is multiplied by four. The
    share of the peak tells how much the arithmetic leaves to gain: at 1 nothing but matrix products
    is done, and these as fast as the machine does its fastest one in float32.
    """
    model = trained_model(task, device)
    half = copy.deepcopy(model).bfloat16()
    corpus = task.splits["test"][:sentences]
    encoded = [task.src_vocab.encode(pair.src) for pair in corpus]
    vocabularies = (task.src_vocab, task.tgt_vocab)
    batches = {way: s2s.make_batches(corpus, *vocabularies, size) for way, size in BATCH.items()}
    found: dict[str, list] = {ONE: [None] * len(corpus)}

    def one(turn: int) -> None:
        part = slice(turn, None, TURNS)
        found[ONE][part] = textbook_greedy(model, encoded[part], MAX_LENGTH)

    def batched(way: str, model: s2s.Seq2Seq, kind: str, **options: int):
        def decode(turn: int) -> None:
            found[way] = s2s.decode_corpus(model, batches[kind], MAX_LENGTH, **options).ids

        return decode

    work = {ONE: one}
    for kind, options in ((GREEDY, {}), (BEAM, {"beam_size": 5})):
        work[kind] = batched(kind, model, kind, **options)
        if compute_dtype(fast_precision(device), device) is torch.bfloat16:
            work[kind + HALF] = batched(kind + HALF, half, kind, **options)
    turns = {way: range(TURNS if way == ONE else 1) for way in work}  # that make a whole test set
    flops = {way: sum(flops_of(work[way], turn) for turn in turns[way]) for way in work}
    times = in_turns(list(work.values()), range(TURNS), Clock(device))
    times[0] = [TURNS * seconds for seconds in times[0]]
    faster = {way: times_as_fast(times[0], row) for way, row in zip(work, times)}
    seconds = {way: statistics.median(row) for way, row in zip(work, times)}
    return {
        "sentences": len(corpus),
        "batch": BATCH,
        "turns": TURNS,
        "seconds": {way: round(took, 2) for way, took in seconds.items()},
        "share_of_peak": {
            way: round(flops[way] / seconds[way] / matrix_peak(device), 3) for way in work
        },
        "ratio": {way: ratio for way, (ratio, _) in faster.items()},
        "ratio_quartiles": {way: quartiles for way, (_, quartiles) in faster.items()},
        "bleu": {way: bleu_of(ids, corpus, task) for way, ids in found.items()},
        "same_translations": sum(a == b for a, b in zip(found[ONE], found[GREEDY])),
    }


def bleu_of(found: list[list[int]], corpus: s2s.ParallelCorpus, task: Task) -> float:
    """BLEU of translations as ids, on the corpus's own tokens."""
    hypotheses = [" ".join(task.tgt_vocab.decode(ids)) for ids in found]
    references = [" ".join(pair.tgt) for pair in corpus]
    return round(s2s.bleu(hypotheses, references, tokenize="none").score, 2)
