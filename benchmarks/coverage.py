"""What coverage changes in the small translator of chapter 10, and what averaging its checkpoints does.

The chapter's small recipe (``benchmarks/captions.py``: Multi30k German to English, captions of at most twelve
words, subwords, the whole test set), each seed three times: ``bahdanau`` as it is; ``coverage``, whose
score sees the sum of all weights so far; and ``bahdanau`` at a constant learning rate. Of each run
the last four checkpoints, a twentieth of the training apart, are averaged. The beam ranks with and
without a coverage penalty; both penalties are chosen on the validation captions.

    python -m benchmarks.coverage                # half an hour on one core

Every finished run is kept in the results file, so a stopped benchmark goes on where it was.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import torch
from sacrebleu.metrics import BLEU

import s2s_tutorial as s2s
from benchmarks import captions
from benchmarks.results_file import ResultsFile

RESULTS = Path(__file__).parent / "results" / "coverage.json"
SETUP = captions.SETUP | {
    "coverage_penalties_tried": [0.0, 0.1, 0.2, 0.4],
    "averaged": 4,
    "looks": 20,
}
WAYS = {
    "bahdanau": ("bahdanau", "cosine"),
    "coverage": ("coverage", "cosine"),
    "bahdanau, constant rate": ("bahdanau", "constant"),
}


def train_model(way: str, seed: int, folder: Path) -> tuple[s2s.Seq2Seq, list[Path]]:
    """One training run as the chapter's, and the checkpoints of its last looks."""
    data, (preset, schedule) = captions.captions(), WAYS[way]
    train = data.batches("train", SETUP["batch_size"], shuffle=True, seed=seed)
    s2s.seed_everything(seed)
    model = s2s.build_model(preset, *map(len, data.vocabs), **SETUP["model"])
    steps, paths = SETUP["epochs"] * len(train), []

    def keep(history: s2s.History) -> None:
        paths.append(folder / f"{history.steps_done}.safetensors")
        s2s.save_checkpoint(paths[-1], model)

    config = s2s.TrainConfig(
        steps,
        **SETUP["train"] | {"betas": tuple(SETUP["train"]["betas"])},
        schedule=schedule,
        evaluate_every=-(-steps // SETUP["looks"]),
        seed=seed,
        device="cpu",
        progress=False,
    )
    few = s2s.make_batches(data.pieces["valid"][:20], *data.vocabs, 20)
    s2s.fit(model, train, few, config, on_evaluation=keep)
    return model, paths[-SETUP["averaged"] :]


def greedy_bleu(model: s2s.Seq2Seq, split: str) -> float:
    """BLEU of greedy translations of one split."""
    data = captions.captions()
    texts = data.text(s2s.decode_corpus(model, data.batches(split, 100), 60).ids)
    return round(s2s.bleu(texts, data.references(split), tokenize="none").score, 2)


def twice(text: str) -> int:
    """How many pairs of words in a row a translation writes again.

    >>> twice("a man and a man in a hat")
    1
    """
    words = text.split()
    return sum(count - 1 for count in Counter(zip(words, words[1:])).values())


def measured(ids: list[list[int]], split: str) -> dict[str, float]:
    """BLEU, words written over those of the reference, words missing, and pairs said twice."""
    data = captions.captions()
    texts, references = data.text(ids), data.references(split)
    score = BLEU(tokenize="none", force=True).corpus_score(texts, [references])
    return {
        "bleu": round(score.score, 2),
        "ratio": round(score.ratio, 4),
        "missing": captions.missing(data, texts, references)["all"],
        "twice": round(1000 * sum(map(twice, texts)) / score.sys_len, 2),
    }


def best_penalties(model: s2s.Seq2Seq, coverage_penalties: list[float]) -> tuple[float, float]:
    """The length and the coverage penalty with the best BLEU on the judges."""
    data, tried = captions.captions(), {}
    for length in SETUP["length_penalties_tried"]:
        for coverage in coverage_penalties:
            options = {"coverage_penalty": coverage}
            batches = data.batches("valid", 100)
            found = s2s.decode_corpus(model, batches, 60, SETUP["beam_size"], length, **options)
            tried[length, coverage] = measured(found.ids, "valid")["bleu"]
    return max(tried, key=tried.get)


def run(way: str, seed: int) -> dict:
    """Train, choose the penalties on the judges, translate the test set, average."""
    data = captions.captions()
    with tempfile.TemporaryDirectory() as folder:
        model, paths = train_model(way, seed, Path(folder))
        mean = s2s.average_checkpoints(paths).model
    found = {
        "way": way,
        "seed": seed,
        "greedy": measured(s2s.decode_corpus(model, data.batches("test", 100), 60).ids, "test"),
        "averaged": greedy_bleu(mean, "test"),
    }
    if WAYS[way][1] != "constant":
        for name, tried in (("beam", [0.0]), ("covered", SETUP["coverage_penalties_tried"])):
            length, coverage = best_penalties(model, tried)
            test, options = data.batches("test", 100), {"coverage_penalty": coverage}
            ids = s2s.decode_corpus(model, test, 60, SETUP["beam_size"], length, **options).ids
            found[name] = {"penalties": [length, coverage], **measured(ids, "test")}
    return found


def main() -> None:
    """The runs that the file does not have yet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    file = ResultsFile(arguments.out, SETUP, "python -m benchmarks.coverage")
    for seed in range(arguments.seeds):
        for way in WAYS:
            if file.find(way=way, seed=seed) is None:
                file.add(run(way, seed))


if __name__ == "__main__":
    main()
