"""What else can be done: coverage in the score and in the beam, averaged checkpoints, minimum Bayes risk.

The setting of chapter 6 (Italian to English, 250 updates, so that mistakes are left), each seed three times:
``bahdanau`` as it is; ``coverage``, whose score sees the sum of all weights so far; and
``bahdanau`` at a constant learning rate. Of each run the last four checkpoints, one every ten updates, are
averaged. The beam ranks with and without a coverage penalty; both penalties are chosen on validation
sentences. Translations drawn from the first kind are judged by their expected chrF.

    python -m benchmarks.further                 # eight minutes on one core
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from functools import cache, lru_cache, partial
from pathlib import Path

import torch
from sacrebleu.metrics import BLEU, CHRF

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile

RESULTS = Path(__file__).parent / "results" / "further.json"
SETUP = {
    "corpus": "phrases",
    "sizes": {"train": 16_000, "valid": 150, "test": 500},
    "batch_size": 64,
    "model": {"embedding_size": 64, "hidden_size": 48},
    "steps": 250,
    "learning_rate": 2e-2,
    "averaged": 4,
    "every": 10,
    "beam_size": 8,
    "length_penalties_tried": [1.0, 2.0],
    "coverage_penalties_tried": [0.0, 0.2, 0.6],
    "judged": 150,
    "samples": 16,
    "temperatures": [1.0, 0.7],
}
WAYS = {
    "bahdanau": ("bahdanau", "cosine"),
    "coverage": ("coverage", "cosine"),
    "bahdanau, constant rate": ("bahdanau", "constant"),
}
LONGEST = 30


@lru_cache
def task() -> s2s.Task:
    """The corpus of the setup."""
    return s2s.Task.load(SETUP["corpus"], SETUP["sizes"])


@lru_cache(maxsize=2**16)
def text_of(ids: tuple[int, ...]) -> str:
    """Ids as text."""
    return s2s.WordTokenizer().detokenize(task().tgt_vocab.decode(ids))


def references(split: str) -> list[str]:
    """One split's target sentences, as text."""
    vocab = task().tgt_vocab
    return [text_of(tuple(vocab.encode(pair.tgt))) for pair in getattr(task(), split)]


def train_model(way: str, seed: int, folder: Path) -> tuple[s2s.Seq2Seq, list[Path]]:
    """One training run, and the last checkpoints of it."""
    preset, schedule = WAYS[way]
    s2s.seed_everything(seed)
    model = s2s.build_model(preset, *map(len, task().vocabs), **SETUP["model"])
    train = task().batches("train", SETUP["batch_size"], shuffle=True, seed=seed)
    few = s2s.make_batches(task().valid[:10], *task().vocabs, 10)
    paths: list[Path] = []

    def keep(history: s2s.History) -> None:
        paths.append(folder / f"{history.steps_done}.safetensors")
        s2s.save_checkpoint(paths[-1], model)

    config = s2s.TrainConfig(
        SETUP["steps"],
        SETUP["learning_rate"],
        schedule=schedule,
        evaluate_every=SETUP["every"],
        seed=seed,
        device="cpu",
        progress=False,
    )
    s2s.fit(model, train, few, config, on_evaluation=keep)
    return model, paths[-SETUP["averaged"] :]


def twice(text: str) -> int:
    """How many pairs of words in a row a translation writes again.

    >>> twice("a man and a man in a hat")
    1
    """
    words = text.split()
    return sum(count - 1 for count in Counter(zip(words, words[1:])).values())


def measured(ids: list[list[int]], split: str = "test", first: int | None = None) -> dict:
    """Scores, words written over those of the references, words missing, and pairs said twice."""
    texts, wanted = [text_of(tuple(y)) for y in ids], references(split)[:first]
    score = BLEU().corpus_score(texts, [wanted])
    lacking = sum((Counter(r.split()) - Counter(y.split())).total() for y, r in zip(texts, wanted))
    return {
        "bleu": round(score.score, 2),
        "chrf": round(s2s.chrf(texts, wanted).score, 2),
        "exact": round(sum(map(str.__eq__, texts, wanted)) / len(wanted), 4),
        "ratio": round(score.sys_len / score.ref_len, 4),
        "missing": round(lacking / sum(len(r.split()) for r in wanted), 4),
        "twice": sum(map(twice, texts)),
    }


def searched(model: s2s.Seq2Seq, split: str, length: float, coverage: float) -> list[list[int]]:
    """The beam's translations of one split."""
    options = {"beam_size": SETUP["beam_size"], "coverage_penalty": coverage}
    return task().decode(model, split, LONGEST, length_penalty=length, **options).ids


def best_penalties(model: s2s.Seq2Seq, coverages: list[float]) -> tuple[float, float]:
    """The length and the coverage penalty with the best BLEU on the validation sentences."""
    tried = {
        (length, coverage): measured(searched(model, "valid", length, coverage), "valid")["bleu"]
        for length in SETUP["length_penalties_tried"]
        for coverage in coverages
    }
    return max(tried, key=tried.get)


def least_risk(model: s2s.Seq2Seq, length: float) -> dict[str, dict]:
    """The first test sentences by minimum Bayes risk, beside the beam and one draw."""
    first, metric = SETUP["judged"], CHRF()
    batch = next(iter(task().batches("test", batch_size=first, bucket=False)))

    @cache
    def alike(y: str, right: str) -> float:
        return metric.sentence_score(y, [right]).score

    def utility(y, right):
        return alike(text_of(tuple(y)), text_of(tuple(right)))

    draw = partial(s2s.mbr_decode, model, batch.src, batch.src_lengths, utility)
    beam = s2s.beam_search(
        model, batch.src, batch.src_lengths, LONGEST, SETUP["beam_size"], length, SETUP["beam_size"]
    )
    one = s2s.sample_decode(model, batch.src, batch.src_lengths, 1, LONGEST)
    found = {"beam": beam.best.ids, "one sample": [drawn[0] for drawn in one.ids]}
    for temperature in SETUP["temperatures"]:
        name = f"{SETUP['samples']} samples, temperature {temperature}"
        found[name] = draw(SETUP["samples"], LONGEST, temperature).ids
    found["the beam's, judged by samples"] = draw(
        SETUP["samples"], LONGEST, candidates=beam.ids
    ).ids
    return {name: measured(ids, first=first) for name, ids in found.items()}


def train_one(way: str, seed: int) -> dict:
    """Train, average, choose the penalties on validation sentences, translate the test set."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        model, paths = train_model(way, seed, Path(folder))
        mean = s2s.average_checkpoints(paths).model
    run = {"way": way, "seed": seed}
    for name, each in (("greedy", model), ("averaged", mean)):
        run[name] = measured(task().decode(each, max_length=LONGEST).ids)
    if WAYS[way][1] == "constant":
        return run
    for name, tried in (("beam", [0.0]), ("covered", SETUP["coverage_penalties_tried"])):
        length, coverage = best_penalties(model, tried)
        found = measured(searched(model, "test", length, coverage))
        run[name] = {"penalties": [length, coverage], **found}
    if way == "bahdanau":
        run["least risk"] = least_risk(model, run["beam"]["penalties"][0])
    return run


def main() -> None:
    """The runs that the file does not have yet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    file = ResultsFile(asked.out, SETUP, "python -m benchmarks.further")
    jobs = [{"way": way, "seed": seed} for seed in range(asked.seeds) for way in WAYS]
    file.complete(jobs, train_one, asked.processes, "runs")


if __name__ == "__main__":
    main()
