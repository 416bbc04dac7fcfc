"""What does each part of a Transformer do? Chapter 13's measurements, one part taken away at a time.

A small Transformer on number words, whole, without one of its parts, and with other positions or another number
of heads (which costs no parameter). Each way has the best of three learning rates, found with a seed of its own. The
whole one is trained for four times as many updates as well.

    python -m benchmarks.transformer_parts       # some ten minutes on one core
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor, nn

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile, tune_and_report

RESULTS = Path(__file__).parent / "results" / "transformer_parts.json"
SETUP = {
    "corpus": ["numbers", {"max_digits": 6}],
    "sizes": {"train": 12_800, "valid": 400, "test": 400},
    "batch_size": 64,
    "model": {"embedding_size": 48, "hidden_size": 48, "feedforward_size": 96, "num_layers": 2},
    "learning_rates": [1e-3, 3e-3, 8e-3],
    "sweep_steps": 100,
    "steps": 200,
    "longer": 800,
}
SWEEP_SEED = 1000  # the learning rate is chosen with a seed that no reported run has


class NoResidual(nn.Module):
    """What a layer found takes the place of what it read."""

    def forward(self, x: Tensor, change: Tensor) -> Tensor:
        """Two tensors of one shape to the second."""
        return change


class NotScaled(s2s.MultiHeadAttention):
    """Scores are plain dot products: queries that are $\\sqrt{d_k}$ times as long undo the scale."""

    def attend(
        self, query: Tensor, keys: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """See :meth:`MultiHeadAttention.attend`."""
        return super().attend(query * math.sqrt(len(self.W_q) / self.heads), keys, mask)


def replace(model: nn.Module, kind: type[nn.Module], new: type[nn.Module]) -> None:
    """Put a new part in the place of every part of a kind."""
    for part in list(model.modules()):
        for name, child in part.named_children():
            if isinstance(child, kind):
                setattr(part, name, new())


def unscale(model: nn.Module) -> None:
    """Let every attention score by plain dot products."""
    for part in model.modules():
        if isinstance(part, s2s.MultiHeadAttention):
            part.__class__ = NotScaled


def keep(model: nn.Module) -> None:
    """The model as it is."""


# By name: options of build_model, and what is done to the fresh model.
WAYS = {
    "whole": ({}, keep),
    "no scale": ({}, unscale),
    "no positions": ({"positions": "none"}, keep),
    "learned positions": ({"positions": "learned"}, keep),
    "no residual": ({}, lambda model: replace(model, s2s.Residual, NoResidual)),
    "no norm": ({}, lambda model: replace(model, nn.LayerNorm, nn.Identity)),
    "1 head": ({"heads": 1}, keep),
    "12 heads": ({"heads": 12}, keep),
}


@lru_cache
def task() -> s2s.Task:
    """The corpus of the setup."""
    name, options = SETUP["corpus"]
    return s2s.Task.load(name, SETUP["sizes"], **options)


def train_one(way: str, steps: int, learning_rate: float, seed: int) -> dict:
    """One training run, and how it does on validation pairs (to tune) or on test pairs."""
    torch.set_num_threads(1)
    options, prepare = WAYS[way]
    model, history = task().fit(
        "transformer",
        seed,
        steps,
        learning_rate,
        batch_size=SETUP["batch_size"],
        prepare=prepare,
        config={"device": "cpu", "progress": False, "fused": True},
        **{**SETUP["model"], **options},
    )
    run = {
        "way": way,
        "steps": steps,
        "learning_rate": learning_rate,
        "seed": seed,
        "parameters": model.parameter_count(),
        "valid_loss": round(history.valid_loss[-1], 4),
    }
    if seed != SWEEP_SEED:  # the choice of a learning rate never looks at test data
        run["exact"] = round(task().exact_match(model), 4)
    return run


def jobs_to_tune() -> list[dict]:
    """Every way, with every learning rate."""
    return [
        {"way": way, "steps": SETUP["sweep_steps"], "learning_rate": rate, "seed": SWEEP_SEED}
        for way in WAYS
        for rate in SETUP["learning_rates"]
    ]


def jobs_to_report(file: ResultsFile, seeds: int) -> list[dict]:
    """The runs that the chapter shows: every way, with its best learning rate."""
    best: dict[str, dict] = {}
    for job in jobs_to_tune():
        run = file.find(**job)
        best[job["way"]] = min(best.get(job["way"], run), run, key=_loss)
    runs = [(way, SETUP["steps"]) for way in best] + [("whole", SETUP["longer"])]
    return [
        {"way": way, "steps": steps, "learning_rate": best[way]["learning_rate"], "seed": seed}
        for seed in range(seeds)
        for way, steps in runs
    ]


def _loss(run: dict) -> float:
    """The validation loss; of a run that lost itself, infinite."""
    return math.inf if math.isnan(run["valid_loss"]) else run["valid_loss"]


if __name__ == "__main__":
    tune_and_report(__doc__, RESULTS, SETUP, train_one, jobs_to_tune, jobs_to_report, seeds=5)
