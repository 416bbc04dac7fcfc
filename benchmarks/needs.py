"""Does a corpus need attention? Chapter 7's first test, with uniform weights from the start.

Bahdanau's model with its own weights, and with the plain mean of all encoder states in their place
(Wiegreffe and Pinter, 2019, section 3.2) for several times as many updates, on
number words and on random letters. The letters' learning rate for uniform weights is the best of
three, found with a seed of its own; all others are those that the chapter trains with.

    python -m benchmarks.needs                # some minutes on one core
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile, tune_and_report

RESULTS = Path(__file__).parent / "results" / "needs.json"
SETUP = {
    "sizes": {"train": 20_000, "valid": 250, "test": 500},
    "batch_size": 64,
    "numbers": {
        "corpus": ["numbers", {"max_digits": 6}],
        "model": {"embedding_size": 32, "hidden_size": 64},
    },
    "letters": {
        "corpus": ["copy", {"min_length": 12, "max_length": 16}],
        "model": {"embedding_size": 16, "hidden_size": 24},
    },
}
STEPS = {
    ("numbers", "own"): (200,),
    ("numbers", "uniform"): (200, 800),
    ("letters", "own"): (300,),
    ("letters", "uniform"): (1200, 3600, 14_400),
}
LEARNING_RATE = {"numbers": 1e-2, "letters": 3e-2}
LEARNING_RATES = (2e-2, 4e-2, 8e-2)
SWEEP_SEED = 1000  # the learning rate is chosen with a seed that no reported run has


class UniformAttention(s2s.Attention):
    """Every score is zero, so every real position gets the same weight."""

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """See :meth:`Attention.score`."""
        return keys.new_zeros(len(query), query.shape[1], keys.shape[1])


@lru_cache
def task(name: str) -> s2s.Task:
    """The corpus of that name in the setup."""
    corpus, options = SETUP[name]["corpus"]
    return s2s.Task.load(corpus, SETUP["sizes"], **options)


def uniform(model: s2s.Seq2Seq) -> None:
    """Give a fresh model uniform weights."""
    model.decoder.attention = UniformAttention()


def train_one(name: str, weights: str, steps: int, learning_rate: float, seed: int) -> dict:
    """One training run, and how it does on validation pairs (to tune) or on test pairs."""
    torch.set_num_threads(1)
    model, history = task(name).fit(
        "bahdanau",
        seed,
        steps,
        learning_rate,
        batch_size=SETUP["batch_size"],
        prepare=uniform if weights == "uniform" else None,
        config={"device": "cpu", "progress": False},
        **SETUP[name]["model"],
    )
    run = {
        "name": name,
        "weights": weights,
        "steps": steps,
        "learning_rate": learning_rate,
        "seed": seed,
        "valid_loss": round(history.valid_loss[-1], 4),
    }
    if seed != SWEEP_SEED:  # the choice of a learning rate never looks at test data
        run["exact"] = task(name).exact_match(model)
    return run


def jobs_to_tune() -> list[dict]:
    """Uniform weights on letters with every learning rate."""
    job = {"name": "letters", "weights": "uniform", "steps": 300, "seed": SWEEP_SEED}
    return [{**job, "learning_rate": rate} for rate in LEARNING_RATES]


def jobs_to_report(file: ResultsFile, seeds: int) -> list[dict]:
    """The runs whose scores the chapter shows."""
    tried = [file.find(**job) for job in jobs_to_tune()]
    best = min(tried, key=lambda run: run["valid_loss"])["learning_rate"]
    return [
        {
            "name": name,
            "weights": weights,
            "steps": steps,
            "learning_rate": best
            if (name, weights) == ("letters", "uniform")
            else LEARNING_RATE[name],
            "seed": seed,
        }
        for (name, weights), budgets in STEPS.items()
        for steps in budgets
        for seed in range(seeds)
    ]


if __name__ == "__main__":
    tune_and_report(__doc__, RESULTS, SETUP, train_one, jobs_to_tune, jobs_to_report, seeds=3)
