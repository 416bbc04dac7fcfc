"""Does a model recognise longer utterances than it was trained on? Chapter 11's measurements.

Three attentions on `spoken_digits`, all trained alike on utterances of one to six digits: additive, location-aware
and monotonic. Then utterances of the test set are joined, two to five in a row, and the phoneme error rate is counted;
once more with the scores sharpened and in a window (Chorowski et al., 2015, section 2.3), for both attentions that
look everywhere. Nothing was tuned for any of them: one learning rate, and one sharpness and window for both.
A fourth, location-aware and trained with smoothing, is measured by ``benchmarks.speech_smoothing``.

    python -m benchmarks.speech                # some twenty-five minutes on one core
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import torch

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile, tune_and_report

RESULTS = Path(__file__).parent / "results" / "speech.json"
SETUP = {
    "corpus": "spoken_digits",
    "steps": 400,
    "learning_rate": 8e-3,
    "batch_size": 64,
    "model": {"embedding_size": 32, "hidden_size": 64, "dropout": 0.2},
    "joined": [1, 2, 3, 4, 5],
    "utterances": 120,  # before they are joined
    "focus": {
        "plain": {},
        "sharp": {"sharpening": 2.0},
        "window": {"window": 8},
        "both": {"sharpening": 2.0, "window": 8},
    },
}
SYSTEMS = ("additive", "location_aware", "monotonic")
SMOOTH = "location_aware, smooth"
NEAR = 1  # positions by which the largest weight may miss a phoneme and still be on it


@lru_cache
def task() -> s2s.Task:
    """The corpus of the setup."""
    return s2s.Task.load(SETUP["corpus"])


@lru_cache
def longer(joined: int, repeated: int = 1) -> s2s.Task:
    """The task with the test utterances joined, or said again."""
    size = SETUP["utterances"] // joined // repeated
    options = {"size": size, "joined": joined, "repeated": repeated}
    return task()._replace(test=s2s.load_corpus(SETUP["corpus"], "test", **options))


def make_monotonic(model: s2s.Seq2Seq) -> None:
    """Give a fresh additive model a monotonic attention of the same sizes."""
    width, query_size = model.decoder.attention.W_q.shape
    key_size = model.decoder.attention.W_k.shape[1]
    model.decoder.attention = s2s.MonotonicAttention(query_size, key_size, width)


def make_smooth(model: s2s.Seq2Seq) -> None:
    """Let the attention of a fresh model smooth its weights, in training and ever after."""
    model.decoder.attention = s2s.FocusedAttention(model.decoder.attention, smoothing=True)


def train(system: str, seed: int, steps: int) -> tuple[s2s.Seq2Seq, s2s.History]:
    """One model of one attention."""
    preset = "location_aware" if system in ("location_aware", SMOOTH) else "bahdanau"
    prepare = {"monotonic": make_monotonic, SMOOTH: make_smooth}.get(system)
    rate, batch_size = SETUP["learning_rate"], SETUP["batch_size"]
    return task().fit(
        preset, seed, steps, rate, batch_size=batch_size, prepare=prepare, **SETUP["model"]
    )


def errors(model: s2s.Seq2Seq, of: s2s.Task) -> dict:
    """Phoneme error rate and its parts; a model that loops is stopped at twice the longest."""
    longest = max(len(pair.tgt) for pair in of.test)
    decoded = of.decode(model, max_length=2 * longest)
    said = [of.tgt_vocab.decode(ids) for ids in decoded.ids]
    found = s2s.token_error_rate(said, [pair.tgt for pair in of.test])
    return found._asdict() | {"rate": round(found.rate, 4)}


@torch.no_grad()
def on_target(model: s2s.Seq2Seq, of: s2s.Task) -> float:
    """Fed the true phonemes: how often the largest weight lies on the phoneme, or beside it."""
    model.eval()
    hits: Counter[bool] = Counter()
    for batch in of.batches(batch_size=30):
        found = model(batch.src, batch.src_lengths, batch.tgt_in).weights.argmax(dim=2)
        for row, index in enumerate(batch.indices.tolist()):
            pair = of.test[index]
            positions: dict[int, list[int]] = {}
            for frame, phoneme in pair.alignment:
                positions.setdefault(phoneme, []).append(frame // 4)
            for phoneme, gold in positions.items():
                j = found[row, phoneme].item()
                hits[min(gold) - NEAR <= j <= max(gold) + NEAR] += 1
    return round(hits[True] / sum(hits.values()), 4)


def train_one(system: str, seed: int, steps: int) -> dict:
    """A run: the model trained, and its errors by length."""
    torch.set_num_threads(1)
    model, history = train(system, seed, steps)
    model, found = model.cpu().eval(), {}
    inner, settings = model.decoder.attention, dict(SETUP["focus"])
    if system == "monotonic":
        settings = {"plain": {}, "hard": None}
    if system == SMOOTH:
        inner = inner.inner
        settings = {name: {"smoothing": True, **options} for name, options in settings.items()}
    for name, options in settings.items():
        if options is None:
            inner.hard = True
        model.decoder.attention = s2s.FocusedAttention(inner, **options) if options else inner
        always = name in ("plain", "both", "hard")
        lengths = SETUP["joined"] if always else SETUP["joined"][2::2]
        found[name] = {
            "errors": {str(k): errors(model, longer(k)) for k in lengths},
            "on_target": {str(k): on_target(model, longer(k)) for k in lengths if k in (1, 3)},
        }
        if always:
            found[name]["repeated"] = errors(model, longer(1, repeated=3))
    count = model.parameter_count()
    about = {"valid_loss": round(history.valid_loss[-1], 4), "parameters": count}
    return {"system": system, "seed": seed, "steps": steps, **about, "found": found}


def to_report(file: ResultsFile, seeds: int, systems: Sequence[str] = SYSTEMS) -> list[dict]:
    """All systems with every seed."""
    return [
        {"system": system, "seed": seed, "steps": SETUP["steps"]}
        for seed in range(seeds)
        for system in systems
    ]


if __name__ == "__main__":
    tune_and_report(__doc__, RESULTS, SETUP, train_one, lambda: [], to_report, seeds=4)
