"""Names that training has hardly shown: lost, put in afterwards, or copied. Chapter 10's measurement.

Italian to English (``phrases``, simple level), the sentences with a person in them; each person gets a first
and a last name out of 4,000 made ones, by Zipf's law, so that some are known and most are not. Two systems that
differ in copying alone, ``bigru_concat`` and ``pointer_generator``, each with the best of four
learning rates, found with a seed of its own, for 100 updates and for 200. What the first writes is
read twice: as it is, and with each ``<unk>`` replaced by the source word with the largest weight.

    python -m benchmarks.rare_names              # four minutes on one core
"""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import torch

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile, tune_and_report

RESULTS = Path(__file__).parent / "results" / "rare_names.json"
SETUP = {
    "corpus": ["phrases", {"level": "simple"}],
    "sizes": {"train": 8000, "valid": 1000, "test": 1000},
    "names": 4000,
    "min_freq": 5,
    "batch_size": 64,
    "model": {"embedding_size": 64, "hidden_size": 64},
    "learning_rates": [1e-2, 2e-2, 4e-2, 8e-2],
    "sweep_steps": 100,
    "steps": [100, 200],
}
SYSTEMS = ("bigru_concat", "pointer_generator")
SWEEP_SEED = 1000  # the learning rate is chosen with a seed that no reported run has
PEOPLE = frozenset(
    "Thomas Marco Luca Simone Anna Giulia Sara Alice Paolo Pietro Matteo Elena Chiara Laura Davide "
    "Giorgio Sofia Marta Emma".split()
)


def invented(number: int) -> list[str]:
    """So many names of two or three syllables, always the same."""
    rng, names = random.Random("names"), {}
    while len(names) < number:
        syllables = (
            rng.choice("bcdfghjklmnprstvz") + rng.choice("aeiou") for _ in range(rng.choice((2, 3)))
        )
        names["".join(syllables).capitalize()] = None
    return list(names)


@lru_cache
def pairs(split: str) -> list[s2s.Pair]:
    """One split's sentences with a person in them, each person with two names of their own."""
    name, options = SETUP["corpus"]
    rng, names = random.Random(f"people, {split}"), invented(SETUP["names"])
    weights = list(accumulate(1 / (1 + k) for k in range(len(names))))
    found = []
    for pair in s2s.load_corpus(name, split, size=SETUP["sizes"][split], **options):
        people = dict.fromkeys(token for token in pair.src if token in PEOPLE)
        called = {person: rng.choices(names, cum_weights=weights, k=2) for person in people}
        if people:
            sides = ([w for t in side for w in called.get(t, [t])] for side in pair[:2])
            found.append(s2s.Pair(*map(tuple, sides)))
    return found


@lru_cache
def vocabulary() -> s2s.Vocabulary:
    """One for both sides: what training shows often enough."""
    sides = (side for pair in pairs("train") for side in pair[:2])
    return s2s.Vocabulary.build(sides, min_freq=SETUP["min_freq"])


def batches(split: str, seed: int, copy: bool) -> s2s.Batches:
    """One split's batches."""
    train, vocab = split == "train", vocabulary()
    size = SETUP["batch_size"] if train else 250
    return s2s.make_batches(pairs(split), vocab, vocab, size, shuffle=train, seed=seed, copy=copy)


def translations(model: s2s.Seq2Seq, seed: int) -> dict[str, list[list[str]]]:
    """What a model makes of the test set: as it writes, and with ``<unk>`` replaced."""
    copies = model.decoder.copies
    decoded, vocab = s2s.decode_corpus(model, batches("test", seed, copies), 30), vocabulary()
    written, replaced = [], []
    for pair, ids, weights in zip(pairs("test"), decoded.ids, decoded.weights):
        tokens = vocab.decode(ids, vocab.unknown(pair.src) if copies else ())
        written.append(tokens)
        replaced.append(s2s.replace_unknown(tokens, weights, pair.src))
    return {"written": written} if copies else {"written": written, "replaced": replaced}


def measured(outputs: list[list[str]]) -> dict[str, float]:
    """Sentences right, names that are there (those of the vocabulary, and the others), and BLEU."""
    names, vocab = frozenset(invented(SETUP["names"])), vocabulary()
    there: dict[bool, list[bool]] = {True: [], False: []}
    for pair, tokens in zip(pairs("test"), outputs):
        for name in names.intersection(pair.tgt):
            there[name in vocab].append(name in tokens)
    references = [pair.tgt for pair in pairs("test")]
    lines = [[" ".join(row) for row in rows] for rows in (outputs, references)]
    exact = sum(tuple(y) == r for y, r in zip(outputs, references)) / len(references)
    return {
        "exact": round(exact, 4),
        "rare_names": round(sum(there[False]) / len(there[False]), 4),
        "known_names": round(sum(there[True]) / len(there[True]), 4),
        "bleu": round(s2s.bleu(*lines, tokenize="none").score, 2),
    }


def train_one(preset: str, steps: int, learning_rate: float, seed: int) -> dict:
    """One training run, and what came of it on validation pairs (to tune) or on test pairs."""
    torch.set_num_threads(1)
    s2s.seed_everything(seed)
    size = len(vocabulary())
    model = s2s.build_model(preset, size, size, **SETUP["model"])
    data = (batches(split, seed, model.decoder.copies) for split in ("train", "valid"))
    config = s2s.TrainConfig(
        steps, learning_rate, evaluate_every=steps, seed=seed, device="cpu", progress=False
    )
    history = s2s.fit(model, *data, config)
    run = {
        "preset": preset,
        "steps": steps,
        "learning_rate": learning_rate,
        "seed": seed,
        "valid_loss": round(history.valid_loss[-1], 4),
    }
    if seed != SWEEP_SEED:  # the choice of a learning rate never looks at test data
        run |= {how: measured(outputs) for how, outputs in translations(model, seed).items()}
    return run


def jobs_to_tune() -> list[dict]:
    """Both systems, with every learning rate."""
    return [
        {
            "preset": preset,
            "steps": SETUP["sweep_steps"],
            "learning_rate": rate,
            "seed": SWEEP_SEED,
        }
        for preset in SYSTEMS
        for rate in SETUP["learning_rates"]
    ]


def jobs_to_report(file: ResultsFile, seeds: int) -> list[dict]:
    """The runs that the chapter shows: each system with its best learning rate."""
    best = {}
    for job in jobs_to_tune():
        run = file.find(**job)
        if run["valid_loss"] < best.setdefault(job["preset"], run)["valid_loss"]:
            best[job["preset"]] = run
    return [
        {
            "preset": preset,
            "steps": steps,
            "learning_rate": run["learning_rate"],
            "seed": seed,
        }
        for seed in range(seeds)
        for steps in SETUP["steps"]
        for preset, run in best.items()
    ]


if __name__ == "__main__":
    tune_and_report(__doc__, RESULTS, SETUP, train_one, jobs_to_tune, jobs_to_report, seeds=5)
