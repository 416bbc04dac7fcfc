"""How much passes through one context vector: chapter 2's grid.

Vanilla RNN, GRU and LSTM without attention learn to reverse strings of random symbols, with
context vectors of several sizes and over several seeds. A string of n symbols out of K carries
n log2 K bits; what a model predicts of it under teacher forcing, n log2 K minus the summed loss
in bits, can only have come through the vector.

    python -m benchmarks.bottleneck                # the grid: about an hour on two cores
    python -m benchmarks.bottleneck --seeds 1      # a look

Every finished run is kept in the results file, so a stopped benchmark goes on where it was.
"""

from __future__ import annotations

import argparse
import math
from functools import lru_cache
from pathlib import Path

import torch

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile

RESULTS = Path(__file__).parent / "results" / "bottleneck.json"
SETUP = {
    "corpus": "reverse",
    "symbols": 20,
    "max_length": 16,
    "train_size": 100_000,
    "test_size": 200,
    "embedding_size": 32,
    "batch_size": 64,
    "steps": 1500,
    "clip": 1.0,
}
PRESETS = ("rnn", "gru", "lstm")
HIDDEN_SIZES = (32, 64, 128, 256)
LEARNING_RATES = (1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2)
SWEEP_SEED = 1000  # the learning rate is chosen with a seed that no reported run has
LONGER = {"preset": "gru", "hidden_size": 128, "steps": (3000, 6000), "seeds": 3}


@lru_cache
def data(seed: int):
    """Vocabulary, training batches in this seed's order, validation batches."""
    options = {"symbols": SETUP["symbols"], "max_length": SETUP["max_length"]}
    train = s2s.load_corpus("reverse", size=SETUP["train_size"], **options)
    valid = s2s.load_corpus("reverse", "valid", **options)
    vocab = s2s.Vocabulary.build(train.src_sentences)
    size = SETUP["batch_size"]
    batches = s2s.make_batches(train, vocab, vocab, size, shuffle=True, seed=seed)
    return vocab, batches, s2s.make_batches(valid, vocab, vocab, 250)


def score_by_length(model: s2s.Seq2Seq, vocab: s2s.Vocabulary) -> dict[str, list[float]]:
    """For each source length: exact match by greedy decoding, and bits through the vector."""
    scores: dict[str, list[float]] = {"length": [], "accuracy": [], "bits": []}
    for n in range(1, SETUP["max_length"] + 1):
        test = s2s.load_corpus(
            "reverse",
            "test",
            size=SETUP["test_size"],
            symbols=SETUP["symbols"],
            min_length=n,
            max_length=n,
        )
        batches = s2s.make_batches(test, vocab, vocab, SETUP["test_size"])
        decoded = s2s.decode_corpus(model, batches, max_length=2 * SETUP["max_length"])
        references = [vocab.encode(pair.tgt) for pair in test]
        loss = s2s.evaluate(model, batches)
        loss_bits = loss.loss * loss.tokens / len(test) / math.log(2)
        scores["length"].append(n)
        scores["accuracy"].append(round(s2s.sequence_accuracy(decoded.ids, references), 4))
        scores["bits"].append(round(n * math.log2(SETUP["symbols"]) - loss_bits, 3))
    return scores


def reach_after_training(model: s2s.Seq2Seq) -> dict[str, list[float]]:
    """How far a gradient reaches back in the trained encoder, on strings of the longest length.

    The pull is on all that the decoder is handed, for an LSTM the pair (h, c); there also on each
    of the two alone.
    """
    generator = torch.Generator().manual_seed(0)
    src = torch.randint(4, 4 + SETUP["symbols"], (200, SETUP["max_length"]), generator=generator)
    rnn, embedded = model.encoder.rnn, model.encoder.embedding(src)
    parts = {"reach": None}
    if isinstance(rnn, torch.nn.LSTM):
        parts |= {"reach_from_h": "h", "reach_from_c": "c"}
    return {
        name: [float(f"{length:.4g}") for length in s2s.gradient_reach(rnn, embedded, part=part)]
        for name, part in parts.items()
    }


def train_one(preset: str, hidden_size: int, steps: int, learning_rate: float, seed: int) -> dict:
    """One training run and its scores."""
    torch.set_num_threads(1)
    vocab, train, valid = data(seed)
    s2s.seed_everything(seed)
    model = s2s.build_model(preset, len(vocab), len(vocab), SETUP["embedding_size"], hidden_size)
    config = s2s.TrainConfig(
        steps=steps,
        learning_rate=learning_rate,
        clip=SETUP["clip"],
        seed=seed,
        evaluate_every=steps // 10,
        device="cpu",
        progress=False,
    )
    history = s2s.fit(model, train, valid, config)
    run = {
        "preset": preset,
        "hidden_size": hidden_size,
        "steps": steps,
        "learning_rate": learning_rate,
        "seed": seed,
        "tuning": seed == SWEEP_SEED,
        "parameters": model.parameter_count(),
        "valid_loss": [round(loss, 4) for loss in history.valid_loss],
    }
    if not run["tuning"]:  # the choice of a learning rate never looks at test data
        run |= score_by_length(model, vocab) | reach_after_training(model)
    return run


def sweep_jobs() -> list[dict]:
    """Every cell and size with every learning rate, on a seed of its own."""
    return [
        {
            "preset": preset,
            "hidden_size": size,
            "steps": SETUP["steps"],
            "learning_rate": rate,
            "seed": SWEEP_SEED,
        }
        for preset in PRESETS
        for size in HIDDEN_SIZES
        for rate in LEARNING_RATES
    ]


def best_learning_rate(file: ResultsFile, preset: str, hidden_size: int) -> float:
    """The rate of the sweep with the lowest validation loss at the end."""
    tried = [
        file.find(**job)
        for job in sweep_jobs()
        if (job["preset"], job["hidden_size"]) == (preset, hidden_size)
    ]
    return min(tried, key=lambda run: run["valid_loss"][-1])["learning_rate"]


def grid_jobs(file: ResultsFile, seeds: int) -> list[dict]:
    """Every cell and size over the seeds at its learning rate, and one of them trained longer."""
    jobs = []
    for preset in PRESETS:
        for size in HIDDEN_SIZES:
            job = {
                "preset": preset,
                "hidden_size": size,
                "steps": SETUP["steps"],
                "learning_rate": best_learning_rate(file, preset, size),
            }
            jobs += [{**job, "seed": seed} for seed in range(seeds)]
            if (preset, size) == (LONGER["preset"], LONGER["hidden_size"]):
                for steps in LONGER["steps"]:
                    longer = {**job, "steps": steps}
                    jobs += [{**longer, "seed": s} for s in range(min(LONGER["seeds"], seeds))]
    return jobs


def largest_first(jobs: list[dict]) -> list[dict]:
    """So that no process is left with a long run at the end."""
    return sorted(jobs, key=lambda job: job["hidden_size"] * job["steps"], reverse=True)


def main() -> None:
    """The sweep for the learning rate, the grid, and the longer runs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    file = ResultsFile(arguments.out, SETUP, "python -m benchmarks.bottleneck")

    file.complete(largest_first(sweep_jobs()), train_one, arguments.processes, "learning rates")
    grid = largest_first(grid_jobs(file, arguments.seeds))
    file.complete(grid, train_one, arguments.processes, "grid")
    known = [run["seed"] for run in file.content["runs"]]
    file.keep(sweep_jobs() + grid_jobs(file, max(known) + 1))  # fewer seeds asked drop none


if __name__ == "__main__":
    main()
