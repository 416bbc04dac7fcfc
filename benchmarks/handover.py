"""What has to cross from a stack of encoder layers to a stack of decoder layers? Chapter 5's measurements.

Models with two LSTM layers a side on number words, trained with some of the four final vectors ($h$ and $c$ of
each layer) handed over and zeros in place of the others: without attention, with the *general* score, and with a score
that does not see the source. Each way has the best of three learning rates, found with a seed of its own, and is
trained for 200 updates and for three times as many.

    python -m benchmarks.handover                # some twenty minutes on one core
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile, tune_and_report

RESULTS = Path(__file__).parent / "results" / "handover.json"
SETUP = {
    "corpus": ["numbers", {"max_digits": 6}],
    "sizes": {"train": 12_800, "valid": 400, "test": 400},
    "batch_size": 64,
    "model": {
        "embedding_size": 32,
        "hidden_size": 48,
        "num_layers": 2,
        "scale_embeddings": True,
    },
    "learning_rates": [1e-2, 2e-2, 4e-2],
    "sweep_steps": 200,
    "steps": [200, 600],
}
KEPT = {  # of h and of c: layer 1, layer 2
    "all four": ((1, 1), (1, 1)),
    "top layer": ((0, 1), (0, 1)),
    "only h": ((1, 1), (0, 0)),
    "only c": ((0, 0), (1, 1)),
    "only c of layer 2": ((0, 0), (0, 1)),
    "nothing": ((0, 0), (0, 0)),
}
WAYS = {
    "lstm": ("all four", "top layer", "only h", "only c", "only c of layer 2"),
    "stacked_lstm_general": ("all four", "top layer", "nothing"),
    "stacked_lstm_location": ("all four", "nothing"),
}
CUTS = KEPT | {
    "without h of layer 1": ((0, 1), (1, 1)),
    "without c of layer 1": ((1, 1), (0, 1)),
    "without h of layer 2": ((1, 0), (1, 1)),
    "without c of layer 2": ((1, 1), (1, 0)),
}
SWEEP_SEED = 1000  # the learning rate is chosen with a seed that no reported run has
LONG = 5  # words of a source sentence in which looks are counted


@lru_cache
def task() -> s2s.Task:
    """The corpus of the setup."""
    name, options = SETUP["corpus"]
    return s2s.Task.load(name, SETUP["sizes"], **options)


def cut(model: s2s.Seq2Seq, kept: tuple, mean: bool = False) -> None:
    """Let some of the vectors cross; zeros stand in for the others, or their mean over the batch."""
    start = type(model.decoder).init_state

    def stand_in(encoded: s2s.EncoderOutput) -> object:
        crossed = []
        for half, keep in zip(encoded.final_state, torch.tensor(kept, dtype=torch.float32)):
            keep = keep.to(half)[:, None, None]  # (layers, 1, 1)
            other = half.mean(dim=1, keepdim=True) if mean else torch.zeros_like(half)
            crossed.append(keep * half + (1 - keep) * other)
        return start(model.decoder, encoded._replace(final_state=tuple(crossed)))

    model.decoder.init_state = stand_in


@torch.no_grad()
def gates_of(rnn: torch.nn.LSTM, inputs: Tensor) -> tuple[Tensor, Tensor]:
    """The gates i, f, o, ``(layers, 3, batch, T, hidden)``, and h, ``(layers, batch, T, hidden)``."""
    state, steps = None, []
    for x in inputs.split(1, dim=1):
        _, state = rnn(x, state)
        steps.append(state[0])
    h = torch.stack(steps, dim=2)
    below, gates = inputs, []
    for layer, (w_x, w_h, b_x, b_h) in enumerate(rnn.all_weights):
        before = F.pad(h[layer, :, :-1], (0, 0, 1, 0))
        a = below @ w_x.T + before @ w_h.T + b_x + b_h
        i, f, _, o = a.sigmoid().chunk(4, dim=-1)
        gates.append(torch.stack([i, f, o]))
        below = h[layer]
    return torch.stack(gates), h


def word_share(values: Tensor, words: Tensor) -> float:
    """The share of the units' variance over all words that is between the words' means.

    Args:
        values: ``(n, units)``, one row for each word of a text.
        words: ``(n,)``, which words.
    """
    total = (values - values.mean(dim=0)).square().sum()
    within = [values[words == word] for word in words.unique()]
    rest = sum((rows - rows.mean(dim=0)).square().sum() for rows in within)
    return 1 - (rest / total).item()


def measure_gates(encoder: s2s.Encoder, batch: s2s.Batch) -> dict:
    """By layer: the mean forget gate, and what the word read explains of each gate and of h."""
    gates, h = gates_of(encoder.rnn, encoder.embedding(batch.src))
    real = batch.src != s2s.PAD_ID
    words = batch.src[real]
    share = {
        name: [round(word_share(layer[real], words), 4) for layer in layers]
        for name, layers in (*zip("ifo", gates.transpose(0, 1)), ("h", h))
    }
    forget = [round(layer[1][real].mean().item(), 4) for layer in gates]
    return {"mean_forget": forget, "word_share": share}


@torch.no_grad()
def measure_looks(model: s2s.Seq2Seq, batch: s2s.Batch) -> dict:
    """Of the gold links in longer sentences: is the largest weight on the word, after it, before it?"""
    best = model(batch.src, batch.src_lengths, batch.tgt_in).weights.argmax(dim=2)
    offsets = torch.tensor(
        [
            best[row, i].item() - j
            for row, k in enumerate(batch.indices.tolist())
            for j, i in task().test[k].alignment
            if len(task().test[k].src) >= LONG
        ]
    )
    found = {"on": offsets == 0, "after": offsets > 0, "before": offsets < 0}
    return {name: round(each.float().mean().item(), 4) for name, each in found.items()}


def measure_cuts(model: s2s.Seq2Seq, batches: s2s.Batches) -> dict:
    """The loss of a trained model when vectors are cut: ``[zeros, means]`` in their place."""
    losses = {}
    for name, kept in CUTS.items():
        losses[name] = []
        for mean in (False, True):
            cut(model, kept, mean)
            losses[name].append(round(s2s.evaluate(model, batches).loss, 4))
    cut(model, KEPT["all four"])
    return losses


def train_one(preset: str, handed: str, steps: int, learning_rate: float, seed: int) -> dict:
    """One training run, and how it does on validation pairs (to tune) or on test pairs."""
    torch.set_num_threads(1)
    model, history = task().fit(
        preset,
        seed,
        steps,
        learning_rate,
        batch_size=SETUP["batch_size"],
        prepare=lambda model: cut(model, KEPT[handed]),
        config={"device": "cpu", "progress": False, "fused": True},
        **SETUP["model"],
    )
    run = {
        "preset": preset,
        "handed": handed,
        "steps": steps,
        "learning_rate": learning_rate,
        "seed": seed,
        "valid_loss": round(history.valid_loss[-1], 4),
    }
    if seed != SWEEP_SEED:  # the choice of a learning rate never looks at test data
        run["exact"] = round(task().exact_match(model), 4)
        (batch,) = batches = task().batches("test", batch_size=len(task().test))
        if preset != "lstm":
            run["looks"] = measure_looks(model.eval(), batch)
        if handed == "all four":
            run["gates"] = measure_gates(model.encoder.eval(), batch)
            run["cuts"] = measure_cuts(model, batches)
    return run


def jobs_to_tune() -> list[dict]:
    """Every way to hand over, with every learning rate."""
    return [
        {
            "preset": preset,
            "handed": handed,
            "steps": SETUP["sweep_steps"],
            "learning_rate": rate,
            "seed": SWEEP_SEED,
        }
        for preset, ways in WAYS.items()
        for handed in ways
        for rate in SETUP["learning_rates"]
    ]


def jobs_to_report(file: ResultsFile, seeds: int) -> list[dict]:
    """The runs that the chapter shows: every way, with its best learning rate."""
    best = {}
    for job in jobs_to_tune():
        run = file.find(**job)
        before = best.setdefault((job["preset"], job["handed"]), run)
        if run["valid_loss"] < before["valid_loss"]:
            best[job["preset"], job["handed"]] = run
    return [
        {
            "preset": preset,
            "handed": handed,
            "steps": steps,
            "learning_rate": run["learning_rate"],
            "seed": seed,
        }
        for seed in range(seeds)
        for steps in SETUP["steps"]
        for (preset, handed), run in best.items()
    ]


if __name__ == "__main__":
    tune_and_report(__doc__, RESULTS, SETUP, train_one, jobs_to_tune, jobs_to_report, seeds=5)
