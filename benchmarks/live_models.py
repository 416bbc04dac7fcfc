"""The models that run in the book's pages: trained, exported, and scored as exported.

Each is small on purpose, so that it arrives in a second: under 200 kB with the engine. It is trained on a
corpus made here, written by `s2s_tutorial.live.web` in the smallest type that loses nothing on validation
sentences, and scored on test sentences with its own weights and with those it was exported with.

    python -m benchmarks.live_models                  # all; ten minutes on one core
    python -m benchmarks.live_models dates-bahdanau   # some, by name
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile
from s2s_tutorial.live.web import export_web
from s2s_tutorial.live.weights import rounded

RESULTS = Path(__file__).parent / "results" / "live_models.json"
FOLDER = Path(__file__).parents[1] / "book/static/models"
SETUP = {
    "sizes": {"train": 20_000, "valid": 500, "test": 1000},
    "batch_size": 64,
    "embedding_size": 32,
    "steps": 3000,
    "learning_rate": 4e-3,
}
NUMBERS = {"preset": "bahdanau", "corpus": "numbers", "hidden_size": 64}
MODELS = {
    "numbers-gru": {**NUMBERS, "preset": "gru", "hidden_size": 112},
    "numbers-bahdanau": NUMBERS,
    "numbers-bahdanau-2": {**NUMBERS, "seed": 1},
    **{
        f"numbers-luong_{score}": {**NUMBERS, "preset": f"luong_{score}"}
        for score in ("dot", "general", "concat", "location")
    },
    "dates-bahdanau": {**NUMBERS, "corpus": "dates"},
    "phrases-bahdanau": {**NUMBERS, "corpus": "phrases", "hidden_size": 48},
}
TOKENIZERS = {
    "numbers": s2s.WhitespaceTokenizer(),
    "dates": s2s.CharacterTokenizer(),
    "phrases": s2s.WordTokenizer(),
}


def make(name: str) -> dict:
    """Train, export and score one model."""
    choice = MODELS[name]
    seed, tokenizer = choice.get("seed", 0), TOKENIZERS[choice["corpus"]]
    task = s2s.Task.load(choice["corpus"], SETUP["sizes"])
    s2s.seed_everything(seed)
    sizes = {k: v for k, v in (SETUP | choice).items() if k in ("embedding_size", "hidden_size")}
    model = s2s.build_model(choice["preset"], *map(len, task.vocabs), **sizes)
    batches = task.batches("train", SETUP["batch_size"], shuffle=True, seed=seed)
    valid = s2s.make_batches(task.valid[:100], *task.vocabs, 100)
    config = s2s.TrainConfig(
        SETUP["steps"],
        SETUP["learning_rate"],
        evaluate_every=SETUP["steps"],
        seed=seed,
        device="cpu",
        progress=False,
    )
    s2s.fit(model, batches, valid, config)
    longest = max(len(pair.tgt) for pair in task.train)
    translator = s2s.Translator(
        model, *task.vocabs, tokenizer, device="cpu", info={"longest_target": longest}
    )
    texts, references = (
        [tokenizer.detokenize(pair[side]) for pair in task.valid] for side in (0, 1)
    )
    made = export_web(translator, FOLDER / name, texts, references, overwrite=True)
    kind = made.header["weights"]["type"]
    header = json.dumps(made.header, ensure_ascii=False, separators=(",", ":")).encode()
    return {
        "name": name,
        **choice,
        "seed": seed,
        "parameters": model.parameter_count(),
        "exact": exact(model, task),
        "type": kind,
        "exact_exported": exact(rounded(model, kind), task),
        "bytes": len(made.weights) + len(header),
        "gzip_bytes": sum(len(gzip.compress(each, 9)) for each in (made.weights, header)),
    }


def exact(model: s2s.Seq2Seq, task: s2s.Task) -> float:
    """The share of test sentences that greedy decoding writes without a mistake."""
    found = s2s.decode_corpus(model, task.batches("test", 100), max_length=60)
    wanted = [task.tgt_vocab.encode(pair.tgt) for pair in task.test]
    return s2s.sequence_accuracy(found.ids, wanted)


def main() -> None:
    """Make those that are asked for, or all that the results file does not have."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MODELS))
    args = parser.parse_args()
    file = ResultsFile(RESULTS, SETUP, "python -m benchmarks.live_models")
    file.complete([{"name": name} for name in args.names or MODELS], make, 1, "models")


if __name__ == "__main__":
    main()
