"""What every system of the comparison is given: data, size, training; and how it is scored."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import torch

import s2s_tutorial as s2s

# Lengths are of the source, in characters (dates), words (numbers, phrases) or symbols (reverse).
SETUP = {
    "corpora": {
        "dates": {"options": {}, "steps": 150, "lengths": [[6, 10], [11, 14], [15, 18], [19, 40]]},
        "numbers": {"options": {}, "steps": 200, "lengths": [[1, 4], [5, 9], [10, 14], [15, 30]]},
        "phrases": {
            "options": {},
            "steps": 400,
            "lengths": [[3, 4], [5, 5], [6, 7], [8, 14]],
        },
        "reverse": {
            "options": {"max_length": 12},
            "steps": 250,
            "lengths": [[1, 4], [5, 8], [9, 12], [13, 16]],
            "beyond": {"min_length": 13, "max_length": 16},
        },
    },
    "sizes": {"train": 20_000, "valid": 500, "test": 1000, "beyond": 250},
    "parameters_of": {"preset": "bahdanau", "hidden_size": 48},
    "tolerance": 0.02,
    "model": {"embedding_size": 32, "scale_embeddings": True},
    "window": 4,
    "batch_size": 64,
    "clip": 1.0,
    "learning_rates": [0.003, 0.008, 0.02, 0.05],
    "max_length": 40,
}


# Where the free number of (9.1) is another one than the hidden size: a Transformer is as wide as its
# embeddings, so that its heads divide the width, and what is left of the budget is hidden units of
# its feed-forward layers.
FREE = {
    "transformer": (
        "feedforward_size",
        {"hidden_size": SETUP["model"]["embedding_size"], "heads": 4},
    )
}


@dataclass(frozen=True)
class Task:
    """A corpus as the systems meet it.

    Attributes:
        name: the corpus.
        splits: its pairs: ``"train"``, ``"valid"``, ``"test"``, and ``"beyond"``, longer than any
            trained on (empty for most corpora).
        vocabs: source and target vocabulary, of the training pairs.
    """

    name: str
    splits: dict[str, Sequence[s2s.Pair]]
    vocabs: tuple[s2s.Vocabulary, s2s.Vocabulary]

    def batches(self, split: str, seed: int | None = None) -> s2s.Batches:
        """A split's batches: with a seed those of training, in that seed's order."""
        size = 250 if seed is None else SETUP["batch_size"]
        return s2s.make_batches(
            self.splits[split], *self.vocabs, size, shuffle=seed is not None, seed=seed or 0
        )

    @property
    def longest_source(self) -> int:
        """The most source tokens of a pair in any split."""
        return max(len(pair.src) for pairs in self.splits.values() for pair in pairs)


@cache
def load_task(name: str) -> Task:
    """The corpus of that name, with the comparison's options and sizes."""
    corpus, sizes = SETUP["corpora"][name], SETUP["sizes"]
    train, valid, test = (
        s2s.load_corpus(name, split, size=sizes[split], **corpus["options"])
        for split in ("train", "valid", "test")
    )
    beyond: Sequence[s2s.Pair] = []
    if "beyond" in corpus:
        options = {**corpus["options"], **corpus["beyond"]}
        beyond = s2s.load_corpus(name, "test", size=sizes["beyond"], **options)
    splits = {"train": train, "valid": valid, "test": test, "beyond": beyond}
    sides = train.src_sentences, train.tgt_sentences
    return Task(name, splits, tuple(map(s2s.Vocabulary.build, sides)))


@lru_cache(maxsize=1)
def training_batches(name: str, seed: int) -> s2s.Batches:
    """The training batches of one seed: the same for every system."""
    return load_task(name).batches("train", seed)


def sizes_of(preset: str, size: int) -> dict[str, int]:
    """The options that give a system its size: its free number, and what goes with it."""
    name, fixed = FREE.get(preset, ("hidden_size", {}))
    return {**fixed, name: size}


def build(task: Task, preset: str, size: int) -> s2s.Seq2Seq:
    """A system of that size (see :func:`sizes_of`), with the options that its attention needs."""
    options = {**SETUP["model"], **sizes_of(preset, size)}
    if preset.endswith("_location"):
        options["max_source_length"] = task.longest_source
    if "_local_" in preset:
        options["window"] = SETUP["window"]
    return s2s.build_model(preset, *map(len, task.vocabs), **options)


@cache
def equal_size(name: str, preset: str) -> int:
    """The size (see :func:`sizes_of`) with which a system has as many parameters as the reference.

    As nearly as whole numbers allow: the count grows with the size, so the two sizes around the
    target are found by halving, and the nearer one is taken.

    Raises:
        ValueError: if the nearest misses the target by more than the tolerance.
    """
    task, reference = load_task(name), SETUP["parameters_of"]
    target = build(task, reference["preset"], reference["hidden_size"]).parameter_count()

    def miss(size: int) -> int:
        return build(task, preset, size).parameter_count() - target

    low, high = 1, 16 * reference["hidden_size"]
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if miss(middle) <= 0 else (low, middle)
    size = min((low, high), key=lambda size: abs(miss(size)))
    if abs(miss(size)) > SETUP["tolerance"] * target:
        free = FREE.get(preset, ("hidden_size",))[0].replace("_", " ")
        raise ValueError(
            f"no {free} gives {preset} {target} parameters within {SETUP['tolerance']:.0%}: "
            f"{size} is {miss(size):+} off; take a larger reference"
        )
    return size


def score(model: s2s.Seq2Seq, task: Task) -> dict:
    """Greedy decoding of the test pairs, and of those beyond the trained lengths.

    ``exact`` and ``tokens`` are shares of right sentences and tokens, ``perplexity`` is teacher
    forced, ``by_length`` the share of right sentences in each range of source lengths.
    """
    test = [*task.splits["test"], *task.splits["beyond"]]
    batches = s2s.make_batches(test, *task.vocabs, 250)
    found = s2s.decode_corpus(model, batches, SETUP["max_length"]).ids
    wanted = [task.vocabs[1].encode(pair.tgt) for pair in test]
    n = len(task.splits["test"])
    by_length = []
    for shortest, longest in SETUP["corpora"][task.name]["lengths"]:
        rows = [k for k, pair in enumerate(test) if shortest <= len(pair.src) <= longest]
        right = [found[k] == wanted[k] for k in rows]
        by_length.append(round(sum(right) / len(right), 4))
    return {
        "exact": round(s2s.sequence_accuracy(found[:n], wanted[:n]), 4),
        "tokens": round(s2s.token_accuracy(found[:n], wanted[:n]), 4),
        "perplexity": round(s2s.evaluate(model, task.batches("test")).perplexity, 4),
        "by_length": by_length,
    }


def train_one(corpus: str, preset: str, learning_rate: float, seed: int, tuning: bool) -> dict:
    """One training run; its scores on the test pairs unless it is for tuning."""
    torch.set_num_threads(1)
    task = load_task(corpus)
    size = equal_size(corpus, preset)
    steps, batches = SETUP["corpora"][corpus]["steps"], training_batches(corpus, seed)
    started = time.process_time()
    s2s.seed_everything(seed)
    model = build(task, preset, size)
    config = s2s.TrainConfig(
        steps=steps,
        learning_rate=learning_rate,
        clip=SETUP["clip"],
        seed=seed,
        evaluate_every=steps // 2,
        fused=True,
        device="cpu",
        progress=False,
    )
    history = s2s.fit(model, batches, task.batches("valid"), config)
    run = {
        "corpus": corpus,
        "preset": preset,
        "learning_rate": learning_rate,
        "seed": seed,
        "kind": "tuning" if tuning else "score",
        **sizes_of(preset, size),
        "parameters": model.parameter_count(),
        "valid_loss": [round(loss, 4) for loss in history.valid_loss],
    }
    if not tuning:  # the choice of a learning rate never looks at test pairs
        run |= score(model, task)
    return run | {"cpu_seconds": round(time.process_time() - started, 1)}
