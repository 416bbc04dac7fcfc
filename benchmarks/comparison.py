"""Every system of the book at equal parameters and equal updates, on four corpora: chapter 9.

Each preset gets the hidden size that gives it as many parameters as the others, the same batches
in the same order, and the learning rate of a small grid that did best on the validation pairs,
with a seed that no reported run has. Then ten seeds, scored on test pairs by greedy decoding,
and a measurement of speed with all presets taking turns.

    python -m benchmarks.comparison                 # an hour and a half on one core
    python -m benchmarks.comparison --corpora numbers --presets lstm bahdanau --seeds 1
    python -m benchmarks.comparison --presets transformer    # chapter 13's row: a quarter of an hour

Every finished run is kept in the results file, so a stopped benchmark goes on where it was.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

import s2s_tutorial as s2s
from benchmarks.comparison_speed import measure_speed
from benchmarks.comparison_task import SETUP, train_one
from benchmarks.results_file import ResultsFile

RESULTS = Path(__file__).parent / "results" / "comparison.json"
LATER = ("coverage", "pointer_generator", "transformer")  # not in chapter 9's table
PRESETS = tuple(preset for preset in s2s.list_presets() if preset not in LATER)
ROW = RESULTS.with_name("comparison_transformer.json")  # chapter 13 adds it to chapter 9's table
COMMAND = "python -m benchmarks.comparison"
SWEEP_SEED = 1000  # the learning rate is chosen with a seed that no reported run has


def sweep_jobs(corpora: Sequence[str], presets: Sequence[str]) -> list[dict]:
    """Every system on every corpus with every learning rate."""
    return [
        {
            "corpus": corpus,
            "preset": preset,
            "learning_rate": rate,
            "seed": SWEEP_SEED,
            "kind": "tuning",
        }
        for corpus, preset, rate in itertools.product(corpora, presets, SETUP["learning_rates"])
    ]


def best_learning_rate(file: ResultsFile, corpus: str, preset: str) -> float:
    """The rate of the sweep with the lowest validation loss at the end."""
    tried = [file.find(**job) for job in sweep_jobs([corpus], [preset])]
    return min(tried, key=lambda run: run["valid_loss"][-1])["learning_rate"]


def score_jobs(
    file: ResultsFile, corpora: Sequence[str], presets: Sequence[str], seeds: int
) -> list[dict]:
    """Every system on every corpus at its learning rate; all of one seed before the next."""
    return [
        {
            "corpus": corpus,
            "preset": preset,
            "learning_rate": best_learning_rate(file, corpus, preset),
            "seed": seed,
            "kind": "score",
        }
        for seed, corpus, preset in itertools.product(range(seeds), corpora, presets)
    ]


def run_all(file: ResultsFile, jobs: list[dict], what: str) -> None:
    """Run the jobs that the file does not have yet, one after the other."""
    missing = [job for job in jobs if file.find(**job) is None]
    for job in tqdm(missing, desc=what):
        settings = {name: value for name, value in job.items() if name != "kind"}
        file.add(train_one(**settings, tuning=job["kind"] == "tuning"))


def run_speed(file: ResultsFile, corpora: Sequence[str], presets: Sequence[str]) -> None:
    """Measure the speed on each corpus, all presets in turns, unless the file has them all."""
    for corpus in tqdm(corpora, desc="speed"):
        old = [r for r in file.content["runs"] if (r["kind"], r["corpus"]) == ("speed", corpus)]
        known = [row["preset"] for row in old]
        if not set(presets) <= set(known):
            file.keep([run for run in file.content["runs"] if run not in old])
            for row in measure_speed(corpus, list(dict.fromkeys([*known, *presets]))):
                file.add(row)


def main(arguments: Sequence[str] | None = None) -> None:
    """The sweep for the learning rates, the runs that count, and the speed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    presets, corpora = s2s.list_presets(), tuple(SETUP["corpora"])
    parser.add_argument("--presets", nargs="+", choices=presets, default=PRESETS, metavar="PRESET")
    parser.add_argument("--corpora", nargs="+", choices=corpora, default=corpora, metavar="CORPUS")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(arguments)
    if asked.seeds < 1:
        parser.error(f"--seeds must be at least 1, not {asked.seeds}")
    row = list(asked.presets) == ["transformer"]
    command = f"{COMMAND} --presets transformer" if row else COMMAND
    file = ResultsFile(asked.out or (ROW if row else RESULTS), SETUP, command)

    systems = asked.corpora, asked.presets
    run_all(file, sweep_jobs(*systems), "learning rates")
    run_speed(file, *systems)
    run_all(file, score_jobs(file, *systems, asked.seeds), "scores")


if __name__ == "__main__":
    main()
