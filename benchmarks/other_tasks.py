"""Chapter 12's five tasks: models with attention and without, tuned alike, three seeds each.

Each system has the best of two learning rates, chosen on validation pairs with a seed of its own. A decoder without attention
is given twice the updates, which take about as long. The models of seed 0 are kept in ``results/other_tasks/``; the chapter
looks into them.

    python -m benchmarks.other_tasks             # half an hour on one core
"""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path

import torch

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile, tune_and_report
from s2s_tutorial.corpora.made.dialogue import slots_of

RESULTS = Path(__file__).parent / "results" / "other_tasks.json"
MODELS = RESULTS.with_suffix("")
SETUP = {
    "sizes": {"train": 8_000, "valid": 300, "test": 500},
    "batch_size": 64,
    "embedding_size": 32,
    "max_length": 80,
    "learning_rates": [5e-3, 1e-2],
    "sweep": 0.4,  # of the updates, to choose the rate by
    "tasks": {  # of each: corpus, its options, updates
        "sentiment": ["sentiment", {}, 400],
        "entities": ["entities", {}, 400],
        "trees": ["trees", {"clauses": 2}, 450],
        "facts": ["facts", {"max_facts": 6}, 400],
        "facts, chain": ["facts", {"max_facts": 6, "chain": True}, 400],
        "facts, turned": ["facts", {"max_facts": 6, "chain": True}, 400],
        "facts, chain, long": ["facts", {"max_facts": 6, "chain": True}, 800],
        "dialogue": ["dialogue", {}, 250],
        "dialogue, last turn": ["dialogue", {}, 250],
    },
    "systems": {  # what builds it, its options, and how many times the updates it is given
        "attention pooling": ["classifier", {"hidden_size": 32, "pooling": "attention"}, 1],
        "mean pooling": ["classifier", {"hidden_size": 32, "pooling": "mean"}, 1],
        "both ends": ["classifier", {"hidden_size": 32, "pooling": "ends"}, 1],
        "tagger": ["tagger", {"hidden_size": 48}, 0.5],
        "attention": ["bahdanau", {"hidden_size": 48, "attention_size": 16}, 1],
        "no attention": ["gru", {"hidden_size": 64}, 2],
    },
}
TABLES = ("tasks",)  # another task leaves the runs of the others as they are
WAYS = {
    "sentiment": ["attention pooling", "mean pooling", "both ends"],
    "entities": ["tagger", "attention", "no attention"],
    "trees": ["attention", "no attention"],
    "facts": ["attention", "no attention"],
    "facts, chain": ["attention", "no attention"],
    "facts, turned": ["attention"],
    "facts, chain, long": ["attention", "no attention"],
    "dialogue": ["attention", "no attention"],
    "dialogue, last turn": ["attention"],
}
BUILD = {"classifier": s2s.build_classifier, "tagger": s2s.build_tagger}
LOOKED_INTO = ("entities", "trees", "facts, chain, long", "dialogue")
SWEEP_SEED = 1000  # the learning rate is chosen with a seed that no reported run has


@lru_cache
def load_task(name: str) -> s2s.Task:
    """The corpus of a task.

    Of the last turn, each history without what came before it; of the turned chain, the place first and
    then the person, so that the same words are learned and the place is to be said at the first look.
    """
    corpus, options, _ = SETUP["tasks"][name]
    task = s2s.Task.load(corpus, SETUP["sizes"], **options)
    changes = {"dialogue, last turn": last_turns, "facts, turned": turned}
    if name not in changes:
        return task
    splits = [changes[name](getattr(task, split)) for split in ("train", "valid", "test")]
    return task._replace(train=splits[0], valid=splits[1], test=splits[2])


def last_turns(corpus: s2s.ParallelCorpus) -> s2s.ParallelCorpus:
    """The same replies to the user's last turn alone."""
    pairs = []
    for pair in corpus:
        start = len(pair.src) - 1 - pair.src[::-1].index("user:")
        links = frozenset((j - start, i) for j, i in pair.alignment if j >= start)
        pairs.append(s2s.Pair(pair.src[start:], pair.tgt, links))
    return s2s.ParallelCorpus(pairs, corpus.name, corpus.split)


def turned(corpus: s2s.ParallelCorpus) -> s2s.ParallelCorpus:
    """The same answers with their words in the other order."""
    pairs = []
    for pair in corpus:
        links = frozenset((j, len(pair.tgt) - 1 - i) for j, i in pair.alignment)
        pairs.append(s2s.Pair(pair.src, pair.tgt[::-1], links))
    return s2s.ParallelCorpus(pairs, corpus.name, corpus.split)


def scores(name: str, task: s2s.Task, decoded: s2s.Decoded) -> dict:
    """What the field measures, of the test pairs."""
    written = [tuple(task.tgt_vocab.decode(ids)) for ids in decoded.ids]
    gold = [pair.tgt for pair in task.test]
    found = {"exact": s2s.sequence_accuracy(written, gold)}
    if name == "entities":
        padded = [(w + ("O",) * len(g))[: len(g)] for w, g in zip(written, gold)]
        found["f1"] = s2s.entity_f1(padded, gold).f1
        found["words"] = share(len(w) == len(g) for w, g in zip(written, gold))
    elif name == "trees":
        found["f1"] = s2s.bracket_f1(written, gold).f1
        found["words"] = share(w.count("XX") == g.count("XX") for w, g in zip(written, gold))
    elif name.startswith("facts"):
        place = 0 if name == "facts, turned" else -1
        found["place"] = share(w[place:][:1] == g[place:][:1] for w, g in zip(written, gold))
    elif name.startswith("dialogue"):
        slots = [list(map(slots_of, some)) for some in (written, gold)]
        found["joint"] = share(sorted(w) == sorted(g) for w, g in zip(*slots))
        found["f1"] = s2s.match_f1(*slots).f1
    if decoded.weights is not None:
        found["on_gold"] = on_gold(task, decoded)
    return {key: round(value, 4) for key, value in found.items()}


def on_gold(task: s2s.Task, decoded: s2s.Decoded) -> float:
    """The mean weight on the gold source words of a target word, of all that have some."""
    values = []
    for pair, weights, ids in zip(task.test, decoded.weights, decoded.ids):
        if tuple(task.tgt_vocab.decode(ids)) == pair.tgt:  # of what was written right
            for i in {i for _, i in pair.alignment}:
                values.append(sum(weights[i, j].item() for j, k in pair.alignment if k == i))
    return sum(values) / max(len(values), 1)


def share(hits) -> float:
    """How many of them are true."""
    hits = list(hits)
    return sum(hits) / len(hits)


def train_one(task: str, system: str, learning_rate: float, seed: int) -> dict:
    """One training run, and how it does on validation pairs (to tune) or on test pairs."""
    torch.set_num_threads(1)
    data, (kind, options, times) = load_task(task), SETUP["systems"][system]
    steps = SETUP["tasks"][task][2] * times * (SETUP["sweep"] if seed == SWEEP_SEED else 1)
    model, history = data.fit(
        BUILD.get(kind, kind),
        seed,
        int(steps),
        learning_rate,
        batch_size=SETUP["batch_size"],
        config={"device": "cpu", "progress": False, "fused": True, "warmup_steps": 30},
        embedding_size=SETUP["embedding_size"],
        **options,
    )
    run = {
        "task": task,
        "system": system,
        "learning_rate": learning_rate,
        "seed": seed,
        "valid_loss": round(history.valid_loss[-1], 4),
        "parameters": model.parameter_count(),
    }
    if seed != SWEEP_SEED:  # the choice of a learning rate never looks at test data
        decode = (
            data.decode if kind in BUILD else partial(data.decode, max_length=SETUP["max_length"])
        )
        run |= scores(task, data, decode(model))
    if seed == 0 and system == "attention" and task in LOOKED_INTO:
        MODELS.mkdir(exist_ok=True)
        s2s.save_checkpoint(model_file(task), model, *data.vocabs)
    return run


def model_file(task: str) -> Path:
    """Where the model of seed 0 that attends is kept."""
    return MODELS / f"{task.replace(', ', '-')}.safetensors"


def jobs_to_tune() -> list[dict]:
    """Every system of every task, with every learning rate."""
    return [
        {"task": task, "system": system, "learning_rate": rate, "seed": SWEEP_SEED}
        for task, systems in WAYS.items()
        for system in systems
        for rate in SETUP["learning_rates"]
    ]


def jobs_to_report(file: ResultsFile, seeds: int) -> list[dict]:
    """The runs that the chapter shows: every system, with its best learning rate."""
    best = {}
    for job in jobs_to_tune():
        run = file.find(**job)
        before = best.setdefault((job["task"], job["system"]), run)
        if run["valid_loss"] < before["valid_loss"]:
            best[job["task"], job["system"]] = run
    return [
        {"task": task, "system": system, "learning_rate": run["learning_rate"], "seed": seed}
        for seed in range(seeds)
        for (task, system), run in best.items()
    ]


if __name__ == "__main__":
    jobs = jobs_to_tune, jobs_to_report
    tune_and_report(__doc__, RESULTS, SETUP, train_one, *jobs, seeds=3, tables=TABLES)
