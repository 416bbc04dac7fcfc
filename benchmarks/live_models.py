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
    "phrases-bahdanau": {**NUMBERS, "corpus": "phrases", "hidden_size": 40},
}
# Stopped early, as chapter 6's: a model that makes no mistakes has no use for a beam.
EARLY = {"steps": 250, "learning_rate": 2e-2}
MODELS["phrases-bahdanau-250"] = MODELS["phrases-bahdanau"] | EARLY
# German to English: a small one of chapter 10's, which a reader fetches in a second or two.
MODELS["multi30k-bahdanau"] = {
    "preset": "bahdanau",
    "corpus": "multi30k",
    "embedding_size": 128,
    "hidden_size": 192,
    "attention_size": 128,
    "readout": "tanh",
    "readout_size": 128,
    "tie_embeddings": True,
    "scale_embeddings": True,
    "dropout": 0.2,
    "word_dropout": 0.1,
    "steps": 2700,
    "learning_rate": 2e-3,
    "batch_size": 128,
    "label_smoothing": 0.1,
}
TOKENIZERS = {
    "multi30k": s2s.WordTokenizer(lowercase=True),
    "numbers": s2s.WhitespaceTokenizer(),
    "dates": s2s.CharacterTokenizer(),
    "phrases": s2s.WordTokenizer(),
}


def load_task(choice: dict) -> s2s.Task:
    """The corpus of a model; of a real one all sentences, and words seen twice."""
    corpus = choice["corpus"]
    if corpus != "multi30k":
        return s2s.Task.load(corpus, SETUP["sizes"])
    task = s2s.Task.load(corpus, tokenizer=TOKENIZERS[corpus])
    sides = task.train.src_sentences, task.train.tgt_sentences
    vocabs = [s2s.Vocabulary.build(side, min_freq=2) for side in sides]
    return task._replace(src_vocab=vocabs[0], tgt_vocab=vocabs[1])


def train(choice: dict, task: s2s.Task) -> s2s.Seq2Seq:
    """A model as the table says."""
    settings = SETUP | choice
    s2s.seed_everything(settings.get("seed", 0))
    left_out = {*SETUP, "preset", "corpus", "seed", "label_smoothing"} - {"embedding_size"}
    sizes = {"embedding_size": settings["embedding_size"]}
    sizes |= {name: value for name, value in choice.items() if name not in left_out}
    model = s2s.build_model(choice["preset"], *map(len, task.vocabs), **sizes)
    seed = settings.get("seed", 0)
    batches = task.batches("train", settings["batch_size"], shuffle=True, seed=seed)
    config = s2s.TrainConfig(
        settings["steps"],
        settings["learning_rate"],
        label_smoothing=settings.get("label_smoothing", 0.0),
        evaluate_every=settings["steps"],
        seed=seed,
        device="cpu",
        progress=False,
    )
    s2s.fit(model, batches, s2s.make_batches(task.valid[:100], *task.vocabs, 100), config)
    return model


def make(name: str) -> dict:
    """Train, export and score one model."""
    choice = MODELS[name]
    tokenizer, task = TOKENIZERS[choice["corpus"]], load_task(choice)
    model = train(choice, task)
    longest = max(len(pair.tgt) for pair in task.train)
    translator = s2s.Translator(
        model, *task.vocabs, tokenizer, device="cpu", info={"longest_target": longest}
    )
    texts, references = (
        [tokenizer.detokenize(pair[side]) for pair in task.valid[:500]] for side in (0, 1)
    )
    made = export_web(translator, FOLDER / name, texts, references, overwrite=True)
    kind = made.header["weights"]["type"]
    header = json.dumps(made.header, ensure_ascii=False, separators=(",", ":")).encode()
    exported = rounded(model, kind)
    run = {
        "name": name,
        **choice,
        "seed": choice.get("seed", 0),
        "parameters": model.parameter_count(),
        "exact": exact(model, task),
        "type": kind,
        "exact_exported": exact(exported, task),
        "exact_by_length": by_length(exported, task),
        "bytes": len(made.weights) + len(header),
        "gzip_bytes": sum(len(gzip.compress(each, 9)) for each in (made.weights, header)),
    }
    if choice["corpus"] == "multi30k":
        run |= {"bleu": bleu(model, task), "bleu_exported": bleu(exported, task)}
    return run


def bleu(model: s2s.Seq2Seq, task: s2s.Task) -> float:
    """BLEU of greedy decoding on the test sentences, their own tokens."""
    found = s2s.decode_corpus(model, task.batches("test", 100), max_length=60)
    texts = [" ".join(task.tgt_vocab.decode(ids)) for ids in found.ids]
    wanted = [" ".join(pair.tgt) for pair in task.test]
    return round(s2s.bleu(texts, wanted, tokenize="none").score, 2)


def exact(model: s2s.Seq2Seq, task: s2s.Task) -> float:
    """The share of test sentences that greedy decoding writes without a mistake."""
    found = s2s.decode_corpus(model, task.batches("test", 100), max_length=60)
    wanted = [task.tgt_vocab.encode(pair.tgt) for pair in task.test]
    return s2s.sequence_accuracy(found.ids, wanted)


def by_length(model: s2s.Seq2Seq, task: s2s.Task) -> dict[str, float]:
    """The same for sources of up to 11 tokens, of 12 to 19, and of more, where there are any."""
    found = {}
    for name, least, most in (("1-11", 1, 11), ("12-19", 12, 19), ("20-", 20, 999)):
        kept = [pair for pair in task.test if least <= len(pair.src) <= most]
        short = s2s.ParallelCorpus(kept, task.test.name, "test")
        if len(short):
            found[name] = exact(model, task._replace(test=short))
    return found


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
