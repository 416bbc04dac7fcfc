"""The recommended small recipe of chapter 10 with one ingredient taken out at a time.

Multi30k German to English, captions of at most twelve words, the whole test set: data and sizes of the
chapter's small recipe, twice its passes over the text. ``all in`` has every ingredient that the book recommends; each
other row lacks one. The learning rate is that of ``all in``, the best of three, found with a seed of its
own: a row says whether *this* recipe needs the ingredient, not what one could do without it. What made a difference,
or might have made one with more passes, is trained again with three times as many.

    python -m benchmarks.ablation --processes 2  # three to four hours of one core

Every finished run is kept in the results file, so a stopped benchmark goes on where it was.
"""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

import s2s_tutorial as s2s
from benchmarks.quality_data import Task
from benchmarks.results_file import ResultsFile, tune_and_report

RESULTS = Path(__file__).parent / "results" / "ablation.json"
MODEL = {
    "embedding_size": 96,
    "hidden_size": 96,
    "attention_size": 96,
    "readout_size": 96,
    "dropout": 0.2,
    "word_dropout": 0.1,
    "readout": "tanh",
    "tie_embeddings": True,
    "scale_embeddings": True,
}
DATA = {"units": "subwords", "src_size": 2000, "tgt_size": 1500, "alpha": 0.5, "longest": 12}
TRAIN = {
    "warmup_steps": 50,
    "betas": [0.9, 0.98],
    "label_smoothing": 0.1,
    "schedule": "cosine",
}
SETUP = {
    "corpus": "multi30k de-en, version tok, test_2016_flickr",
    "data": DATA,
    "model": MODEL,
    "train": TRAIN,
    "batch_size": 64,
    "epochs": 6,
    "longer": 18,
    "learning_rates": [2.5e-3, 5e-3, 1e-2],
    "looks_an_epoch": 4,
    "averaged": 4,
    "judges": 200,
    "beam_size": 5,
    "length_penalties_tried": [0.0, 0.8, 1.6],
    "threads": 1,
}
ALL_IN = "all in"
LONGER = (ALL_IN, "no dropout", "constant rate", "maxout readout")
LONGER += ("no subword regularisation", "no word dropout")
ROWS: dict[str, dict[str, Any]] = {  # what each changes
    ALL_IN: {},
    "words": {"units": "words"},
    "no subword regularisation": {"alpha": None},
    "no label smoothing": {"label_smoothing": 0.0},
    "no dropout": {"dropout": 0.0},
    "no word dropout": {"word_dropout": 0.0},
    "embeddings not tied": {"tie_embeddings": False},
    "embeddings not scaled": {"scale_embeddings": False},
    "maxout readout": {"readout": "maxout"},
    "constant rate": {"schedule": "constant"},
    "no averaging": {"averaged": 1},
}
SWEEP_SEED = 1000  # the learning rate is chosen with a seed that no reported run has


def changed(settings: dict, row: str) -> dict:
    """Settings with what a row changes of them."""
    return settings | {name: value for name, value in ROWS[row].items() if name in settings}


@lru_cache(maxsize=2)
def task(**data: Any) -> Task:
    """The captions in one choice of units; words have no cuts to draw."""
    if data["units"] == "words":
        data = data | {"alpha": None}
    return Task(**data)


def bleu(captions: Task, model: s2s.Seq2Seq, split: str, beam_size: int, penalty: float) -> float:
    """BLEU of one split; a word that is unknown is copied, at the place of the largest weight."""
    search = {"beam_size": beam_size, "length_penalty": penalty}
    texts = captions.translate(model, split, True, **search)
    wanted = captions.references(split)[: len(texts)]
    return round(s2s.bleu(texts, wanted, tokenize="none").score, 2)


def train_model(
    captions: Task, row: str, learning_rate: float, seed: int, epochs: int, folder: Path
) -> s2s.Seq2Seq:
    """One training run: the mean of its last checkpoints."""
    s2s.seed_everything(seed)
    sizes = len(captions.src_vocab), len(captions.tgt_vocab)
    model = s2s.build_model("bahdanau", *sizes, **changed(SETUP["model"], row))
    train, paths = captions.batches("train", SETUP["batch_size"], seed), []

    def keep(history: s2s.History) -> None:
        paths.append(folder / f"{history.steps_done}.safetensors")
        s2s.save_checkpoint(paths[-1], model)

    settings = changed(SETUP["train"], row)
    config = s2s.TrainConfig(
        epochs * len(train),
        learning_rate,
        **settings | {"betas": tuple(settings["betas"])},
        evaluate_every=-(-len(train) // SETUP["looks_an_epoch"]),
        seed=seed,
        device="cpu",
        progress=False,
    )
    s2s.fit(model, train, captions.batches("valid", SETUP["judges"]), config, on_evaluation=keep)
    averaged = ROWS[row].get("averaged", SETUP["averaged"])
    return s2s.average_checkpoints(paths[-averaged:]).model


def train_one(row: str, learning_rate: float, seed: int, epochs: int) -> dict:
    """One run, and its BLEU on the validation captions (to tune) or on the test set."""
    torch.set_num_threads(1)
    captions, beam_size = task(**changed(SETUP["data"], row)), SETUP["beam_size"]
    captions.splits["valid"] = captions.splits["valid"][: SETUP["judges"]]
    with tempfile.TemporaryDirectory() as folder:
        model = train_model(captions, row, learning_rate, seed, epochs, Path(folder))
    run = {"row": row, "learning_rate": learning_rate, "seed": seed, "epochs": epochs}
    tried = {
        penalty: bleu(captions, model, "valid", beam_size, penalty)
        for penalty in SETUP["length_penalties_tried"]
    }
    penalty = max(tried, key=tried.get)
    run |= {"length_penalty": penalty, "valid": tried[penalty]}
    if seed != SWEEP_SEED:  # the choice of a learning rate never looks at test data
        run["parameters"] = model.parameter_count()
        run["greedy"] = bleu(captions, model, "test", 1, penalty)
        run["beam"] = bleu(captions, model, "test", beam_size, penalty)
    return run


def jobs_to_tune() -> list[dict]:
    """The whole recipe with every learning rate."""
    return [
        {"row": ALL_IN, "learning_rate": rate, "seed": SWEEP_SEED, "epochs": SETUP["epochs"]}
        for rate in SETUP["learning_rates"]
    ]


def jobs_to_report(file: ResultsFile, seeds: int) -> list[dict]:
    """Every row with every seed, at the best learning rate of the whole recipe; some rows once more, for longer."""
    best = max((file.find(**job) for job in jobs_to_tune()), key=lambda run: run["valid"])
    return [
        {"row": row, "learning_rate": best["learning_rate"], "seed": seed, "epochs": SETUP[passes]}
        for passes, rows in (("epochs", ROWS), ("longer", LONGER))
        for row in rows
        for seed in range(seeds)
    ]


if __name__ == "__main__":
    tune_and_report(__doc__, RESULTS, SETUP, train_one, jobs_to_tune, jobs_to_report, seeds=3)
