"""What is attention worth on real sentences? Chapter 10's recipe with words, and with one fixed vector instead.

Multi30k German to English. Everything is as in the recipe ``words`` of ``benchmarks.quality`` (sizes, dropout, readout,
passes over the text, search, what the validation set chooses) but for the context: at every step the decoder is given the
same vector, the two states in which the encoder has read the whole sentence, forwards and backwards. So the source
is also read from its end, as Sutskever et al. (2014) do, and $s_0$ is the state that has read back to the first
word. It is the decoder that Bahdanau et al. (2015) compare theirs with, after Cho et al. (2014). The learning rate is
its own: the best of four in short runs, on validation captions and with a seed that no reported run has.

    python -m benchmarks.rival --processes 2  # three to four hours of one core

Every finished run is kept in the results file, and stopped ones go on where they were.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

import s2s_tutorial as s2s
from benchmarks import quality
from benchmarks.quality_data import Task
from benchmarks.quality_recipes import RECIPES
from benchmarks.results_file import ResultsFile, tune_and_report
from s2s_tutorial.machine.precision import compute_dtype, fast_precision

RESULTS = Path(__file__).parent / "results" / "rival.json"
SETUP = {
    **quality.SETUP,
    "recipe": RECIPES["words"],
    "learning_rates": [7.5e-4, 1.5e-3, 3e-3, 6e-3],
    "epochs_to_tune": 3,
}
SWEEP_SEED = 1000  # the learning rate is chosen with a seed that no reported run has


class FixedContext(s2s.Attention):
    """The same context at every step: $c_i = [\\overrightarrow{h}_S; \\overleftarrow{h}_1]$.

    The weights say where it comes from, half from the last word and half from the first.
    """

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """There is none to compute."""
        raise NotImplementedError("a fixed context has no scores")

    def forward(
        self,
        query: Tensor,
        keys: Tensor,
        values: Tensor,
        mask: Tensor | None = None,
        position: int = 0,
        previous_weights: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """See :meth:`Attention.forward`; only the values and the mask are looked at."""
        rows, half = torch.arange(len(values)), values.shape[-1] // 2
        last = mask.sum(dim=1) - 1
        context = torch.cat([values[rows, last, :half], values[:, 0, half:]], dim=-1)
        weights = torch.zeros(mask.shape, dtype=values.dtype)
        weights[:, 0] += 0.5
        weights[rows, last] += 0.5
        return context, weights


def build(task: Task, recipe: dict) -> s2s.Seq2Seq:
    """The recipe's model without its attention."""
    model = quality.build(task, recipe)
    model.decoder.attention = FixedContext()
    return model


@lru_cache(maxsize=1)
def captions() -> Task:
    """The corpus in words."""
    return Task(SETUP["recipe"]["units"])


def train_one(learning_rate: float, seed: int) -> dict:
    """One run, and its BLEU: on the validation captions (to tune), or on the test set as well."""
    torch.set_num_threads(1)
    recipe = SETUP["recipe"]
    recipe = recipe | {"train": recipe["train"] | {"learning_rate": learning_rate}}
    if seed == SWEEP_SEED:
        recipe = recipe | {"epochs": SETUP["epochs_to_tune"], "evaluate_epochs": 1}
    name = f"rival-{learning_rate}-{seed}"
    model, history, seconds = quality.train(captions(), recipe, seed, name, build)
    run = {
        "learning_rate": learning_rate,
        "seed": seed,
        "precision": str(compute_dtype(fast_precision("cpu"), "cpu")).removeprefix("torch."),
        "epochs": recipe["epochs"],
        "valid_loss": [round(x, 4) for x in history.valid_loss],
        "valid_greedy": [round(x, 2) for x in history.valid_metric],
        "cpu_minutes": seconds and round(seconds / 60, 1),
    }
    if seed != SWEEP_SEED:  # the choice of a learning rate never looks at test data
        scores, _ = quality.score(captions(), model)
        run |= {**scores, "parameters": model.parameter_count()}
    return run


def jobs_to_tune() -> list[dict]:
    """A short run with every learning rate."""
    return [{"learning_rate": rate, "seed": SWEEP_SEED} for rate in SETUP["learning_rates"]]


def jobs_to_report(file: ResultsFile, seeds: int) -> list[dict]:
    """Every seed at the learning rate that was best."""
    best = max((file.find(**job) for job in jobs_to_tune()), key=lambda r: max(r["valid_greedy"]))
    return [{"learning_rate": best["learning_rate"], "seed": seed} for seed in range(seeds)]


if __name__ == "__main__":
    tune_and_report(__doc__, RESULTS, SETUP, train_one, jobs_to_tune, jobs_to_report, seeds=3)
