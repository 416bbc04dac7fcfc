"""Luong's dials: the runs that chapter 4 shows beside those that it trains itself.

The race of the scores on number words, each at four learning rates; the telephone book,
where a score that cannot see the source should fail; and the windows on letters to be copied and
to be reversed. The learning rate of an entry of the race is the one with the least validation loss.

    python -m benchmarks.dials                # ten to twenty minutes on one core
"""

from __future__ import annotations

import argparse
import random
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor, nn

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile

RESULTS = Path(__file__).parent / "results" / "dials.json"
SETUP = {
    "sizes": {"train": 5000, "valid": 250, "test": 500},
    "model": {"embedding_size": 32, "hidden_size": 64},
    "batch_size": {"numbers": 32, "book": 64, "copy": 64, "reverse": 64},
    "numbers": {"max_digits": 4},
    "book": {"names": "abcdef", "numbers": 20},
    "strings": {"symbols": 20, "min_length": 6, "max_length": 10},
    "window": 2,
    "positions": 10,  # `by_position` is of strings as long as that
}
RATES = (0.006, 0.012, 0.024, 0.048)
ENTRIES = {
    "dot": ("luong_dot", {}),
    "general": ("luong_general", {}),
    "concat": ("luong_concat", {}),
    "concat, bare keys": ("luong_concat", {}),
    "location": ("luong_location", {"max_source_length": 40}),
    "location, empty start": ("luong_location", {"max_source_length": 40}),
    "no attention": ("lstm", {}),
    "general, fed": ("luong_general", {"input_feeding": True}),
    "dot, times 8": ("luong_dot", {}),
    "general, W not trained": ("luong_general", {}),
    "general, W = I at first": ("luong_general", {}),
    "local-m": ("luong_local_m", {"window": SETUP["window"]}),
    "local-p": ("luong_local_p", {"window": SETUP["window"]}),
}
RACE = ("dot", "general", "concat", "concat, bare keys", "location", "no attention")
FED = "general, fed"
WHY = ("dot", "dot, times 8", "general, W not trained", "general, W = I at first")  # at 0.006
WINDOWS = ("general", "local-m", "local-p")
FEW = 3  # seeds of every run
MANY = {"no attention": 10}  # of an entry at its own learning rate: 5, or more where they scatter
OTHERS = (  # game, entry, updates, learning rate
    ("book", "no attention", 100, 0.02),
    ("book", "location", 100, 0.02),
    ("book", "general", 100, 0.02),
    ("book", "location", 1000, 0.01),
    ("book", "no attention", 1000, 0.01),
    ("book", "location, empty start", 1000, 0.01),
    ("copy", "local-m", 150, 0.01),
    ("reverse", "local-m", 150, 0.01),
    ("reverse", "local-p", 150, 0.01),
    ("reverse", "general", 150, 0.01),
    ("reverse", "local-m", 600, 0.01),
    ("reverse", "local-p", 600, 0.01),
    ("numbers", "dot", 600, 0.006),
)


class BareKeysConcat(s2s.Attention):
    """The concat score as Luong et al. (2015) ran it: the keys' part of its matrix is the identity.

    $$ e_{ij} = v^\\top \\tanh(W_q q_i + h_j) $$

    Args:
        size: of the query, the keys and the hidden layer.
    """

    def __init__(self, size: int):
        super().__init__()
        concat = s2s.ConcatAttention(size, size, size)
        self.W_q = nn.Parameter(concat.W.detach()[:, :size].clone())
        self.v = concat.v

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """See :meth:`Attention.score`."""
        return torch.tanh((query @ self.W_q.T)[:, :, None] + keys[:, None]) @ self.v


class EmptyStart(s2s.LuongDecoder):
    """Luong's decoder from a state of zeros: of the source it knows what its looks find."""

    def init_state(self, encoded: s2s.EncoderOutput) -> s2s.AttentionState:
        """See :meth:`LuongDecoder.init_state`."""
        start = super().init_state(encoded)
        zeros = tuple(torch.zeros_like(part) for part in start.recurrent)
        return start._replace(recurrent=zeros)


class TimesEight(s2s.DotAttention):
    """The dot score, eight times as large."""

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """See :meth:`Attention.score`."""
        return 8 * super().score(query, keys)


def bare_keys(model: s2s.Seq2Seq) -> None:
    """Give a fresh model the concat score with bare keys."""
    model.decoder.attention = BareKeysConcat(SETUP["model"]["hidden_size"])


def empty_start(model: s2s.Seq2Seq) -> None:
    """Let a fresh model's decoder start from zeros."""
    model.decoder.__class__ = EmptyStart


def times_eight(model: s2s.Seq2Seq) -> None:
    """Give a fresh model eight times the dot score."""
    model.decoder.attention = TimesEight()


def not_trained(model: s2s.Seq2Seq) -> None:
    """Keep the matrix of a fresh model's general score as it is."""
    model.decoder.attention.W.requires_grad_(False)


def identity(model: s2s.Seq2Seq) -> None:
    """Let a fresh model's general score start as the dot score."""
    with torch.no_grad():
        model.decoder.attention.W.copy_(torch.eye(SETUP["model"]["hidden_size"]))


PREPARE = {
    "concat, bare keys": bare_keys,
    "location, empty start": empty_start,
    "dot, times 8": times_eight,
    "general, W not trained": not_trained,
    "general, W = I at first": identity,
}


def telephone_book(size: int, seed: int) -> s2s.ParallelCorpus:
    """Names in any order, each with its number behind it; wanted are the numbers by name."""
    rng, src, tgt = random.Random(seed), [], []
    names, numbers = SETUP["book"]["names"], SETUP["book"]["numbers"]
    for _ in range(size):
        book = {name: str(rng.randrange(numbers)) for name in names}
        order = rng.sample(names, len(names))
        src.append([token for name in order for token in (name, book[name])])
        tgt.append([book[name] for name in names])
    return s2s.ParallelCorpus.from_pairs(src, tgt)


@lru_cache
def task(game: str) -> s2s.Task:
    """The game of that name in the setup."""
    sizes = SETUP["sizes"]
    if game == "numbers":
        return s2s.Task.load(game, sizes, **SETUP["numbers"])
    if game in ("copy", "reverse"):
        return s2s.Task.load(game, sizes, **SETUP["strings"])
    splits = [telephone_book(size, seed) for seed, size in enumerate(sizes.values())]
    train = splits[0]
    vocabs = (s2s.Vocabulary.build(side) for side in (train.src_sentences, train.tgt_sentences))
    return s2s.Task(*splits, *vocabs)


@torch.no_grad()
def right_by_position(model: s2s.Seq2Seq, game: s2s.Task) -> list[float]:
    """Teacher-forced, test strings of ten letters: the share of right letters at each position."""
    n = SETUP["positions"]
    test = [pair for pair in game.test if len(pair.src) == n]
    (batch,) = game._replace(test=test).batches(batch_size=len(test))
    best = model(batch.src, batch.src_lengths, batch.tgt_in).logits.argmax(dim=-1)
    right = (best == batch.tgt_out).float().mean(dim=0)
    return [round(share, 4) for share in right[:n].tolist()]


def train_one(game: str, entry: str, steps: int, learning_rate: float, seed: int) -> dict:
    """One training run, and how it does on the test pairs."""
    torch.set_num_threads(1)
    preset, options = ENTRIES[entry]
    model, history = task(game).fit(
        preset,
        seed,
        steps,
        learning_rate,
        batch_size=SETUP["batch_size"][game],
        prepare=PREPARE.get(entry),
        config={"device": "cpu", "progress": False},
        **SETUP["model"],
        **options,
    )
    run = {
        "game": game,
        "entry": entry,
        "steps": steps,
        "learning_rate": learning_rate,
        "seed": seed,
        "valid_loss": round(history.valid_loss[-1], 4),
        "exact": task(game).exact_match(model, max_length=40),
    }
    if entry in WINDOWS and game in ("copy", "reverse"):
        run["by_position"] = right_by_position(model, task(game))
    return run


def job(game: str, entry: str, steps: int, learning_rate: float, seed: int) -> dict:
    """The settings of one run by name."""
    return dict(game=game, entry=entry, steps=steps, learning_rate=learning_rate, seed=seed)


def jobs_of_few() -> list[dict]:
    """The race at every learning rate and the other games, three seeds; what holds dot back, five."""
    race = [("numbers", entry, 200, rate) for entry in (*RACE, FED) for rate in RATES]
    why = [job("numbers", entry, 200, RATES[0], seed) for entry in WHY for seed in range(FEW, 5)]
    few = [job(*each, seed) for seed in range(FEW) for each in (*race, *OTHERS)]
    few += [job("numbers", entry, 200, RATES[0], seed) for entry in WHY[1:] for seed in range(FEW)]
    return few + why


def jobs_at_best(file: ResultsFile) -> list[dict]:
    """Every entry of the race at its own rate, by the validation loss, with more seeds."""
    chosen = []
    for entry in (*RACE, FED):
        losses = {
            rate: sum(
                file.find(**job("numbers", entry, 200, rate, seed))["valid_loss"]
                for seed in range(FEW)
            )
            for rate in RATES
        }
        best = min(RATES, key=losses.get)
        chosen += [job("numbers", entry, 200, best, seed) for seed in range(MANY.get(entry, 5))]
    return chosen


def main() -> None:
    """All the runs that the file does not have yet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    file = ResultsFile(arguments.out, SETUP, "python -m benchmarks.dials")
    file.complete(jobs_of_few(), train_one, arguments.processes, "three seeds")
    best = jobs_at_best(file)
    file.complete(best, train_one, arguments.processes, "more at the best rate")
    file.keep(jobs_of_few() + best)


if __name__ == "__main__":
    main()
