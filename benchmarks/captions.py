"""The small translator of chapter 10 over seeds: where it fails, and what would warn of it.

The chapter trains one model while it is read; what it says of such models is measured here, with
the same recipe and several seeds. Multi30k German to English, captions of at most twelve words,
subwords; the test set is whole.

    python -m benchmarks.captions                # five seeds: ten minutes on one core

Every finished run is kept in the results file, so a stopped benchmark goes on where it was.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from sacrebleu.metrics import BLEU

import s2s_tutorial as s2s
from benchmarks.captions_signals import joined_weights, signals_of
from benchmarks.results_file import ResultsFile

RESULTS = Path(__file__).parent / "results" / "captions.json"
SETUP = {
    "corpus": "multi30k de-en, version tok, test_2016_flickr",
    "longest": 12,
    "pieces": [2000, 1500],
    "batch_size": 64,
    "epochs": 3,
    "model": {
        "embedding_size": 96,
        "hidden_size": 96,
        "attention_size": 96,
        "readout_size": 96,
        "dropout": 0.1,
        "readout": "tanh",
        "tie_embeddings": True,
        "scale_embeddings": True,
    },
    "train": {"learning_rate": 5e-3, "warmup_steps": 50, "betas": [0.9, 0.98]},
    "judges": 200,
    "length_penalties_tried": [0.0, 0.8, 1.6],
    "beam_size": 5,
    "threads": 1,
}
SPANS = ((1, 8), (9, 12), (13, 16), (17, 99))  # source words
SEEN = (0, 1, 10, 100, 1000, 10**9)  # how often training showed a word


class Captions(NamedTuple):
    """The corpus in words and in pieces, and what training showed of each word."""

    words: dict[str, s2s.ParallelCorpus]
    pieces: dict[str, list[s2s.Pair]]
    tokenizers: list[s2s.SubwordTokenizer]
    vocabs: list[s2s.Vocabulary]
    counts: list[Counter]

    def batches(self, split: str, size: int, **options) -> s2s.Batches:
        """One split's batches."""
        return s2s.make_batches(self.pieces[split], *self.vocabs, size, **options)

    def references(self, split: str) -> list[str]:
        """The English side as it came."""
        return [" ".join(pair.tgt) for pair in self.words[split]]

    def text(self, ids: list[list[int]]) -> list[str]:
        """Ids as the corpus's tokens, joined by spaces."""
        tokenizer, vocab = self.tokenizers[1], self.vocabs[1]
        return [tokenizer.detokenize(vocab.decode(each)) for each in ids]


@lru_cache
def captions() -> Captions:
    """Short captions to learn from, everything else whole; the judges are the first ones."""
    words = {name: s2s.load_corpus("multi30k", name) for name in ("train", "valid", "test")}
    limit = SETUP["longest"]
    train = [pair for pair in words["train"] if max(len(pair.src), len(pair.tgt)) <= limit]
    words |= {"train": train, "valid": list(words["valid"])[: SETUP["judges"]]}
    tokenizers = [
        s2s.SubwordTokenizer.train((" ".join(pair[k]) for pair in train), SETUP["pieces"][k])
        for k in (0, 1)
    ]
    pieces = {
        name: [
            s2s.Pair(*(tuple(t.tokenize(" ".join(side))) for t, side in zip(tokenizers, pair)))
            for pair in pairs
        ]
        for name, pairs in words.items()
    }
    vocabs = [s2s.Vocabulary.build(pair[k] for pair in pieces["train"]) for k in (0, 1)]
    counts = [Counter(token for pair in train for token in pair[k]) for k in (0, 1)]
    return Captions(words, pieces, tokenizers, vocabs, counts)


def train_model(seed: int) -> s2s.Seq2Seq:
    """One training run, as the chapter's."""
    data = captions()
    train = data.batches("train", SETUP["batch_size"], shuffle=True, seed=seed)
    s2s.seed_everything(seed)
    model = s2s.build_model("bahdanau", *map(len, data.vocabs), **SETUP["model"])
    steps = SETUP["epochs"] * len(train)
    options = SETUP["train"] | {"betas": tuple(SETUP["train"]["betas"])}
    config = s2s.TrainConfig(
        steps, **options, evaluate_every=steps, seed=seed, device="cpu", progress=False
    )
    s2s.fit(model, train, data.batches("valid", 100), config)
    return model


def run(seed: int) -> dict:
    """Train, choose the penalty on the judges, translate the test set once, and look closely."""
    data, beam = captions(), SETUP["beam_size"]
    model = train_model(seed)
    judges, wanted = data.batches("valid", 100), data.references("valid")
    tried = {
        penalty: s2s.bleu(
            data.text(s2s.decode_corpus(model, judges, 60, beam, penalty).ids),
            wanted,
            tokenize="none",
        ).score
        for penalty in SETUP["length_penalties_tried"]
    }
    penalty = max(tried, key=tried.get)
    test = data.batches("test", 100)
    greedy = s2s.decode_corpus(model, test, 60)
    found = s2s.decode_corpus(model, test, 60, beam, penalty)
    references = data.references("test")
    return {
        "seed": seed,
        "length_penalty": penalty,
        "greedy": round(s2s.bleu(data.text(greedy.ids), references, tokenize="none").score, 2),
        **report(data, found, penalty),
    }


def report(data: Captions, found: s2s.Decoded, penalty: float) -> dict:
    """All that is measured of one model's translations of the test set."""
    texts, references = data.text(found.ids), data.references("test")
    n_words = np.array([len(pair.src) for pair in data.words["test"]])
    maps = {
        k: joined_weights(
            data.vocabs[1].decode(ids), found.weights[k].float().numpy(), data.pieces["test"][k].src
        )
        for k, ids in enumerate(found.ids)
        if ids
    }
    blamed = blame(data, maps)
    return {
        "beam": round(s2s.bleu(texts, references, tokenize="none").score, 2),
        "by_length": {
            str(low): corpus_numbers(texts, references, (low <= n_words) & (n_words <= high))
            for low, high in SPANS
        },
        "not_in_reference": {
            str(low): share(blamed, lambda seen, low=low, high=high: low <= seen < high)
            for low, high in zip(SEEN, SEEN[1:])
        },
        "missing": missing(data, texts, references),
        "unseen": unseen_words(data, maps, n_words),
        **warnings_of(data, found, maps, penalty, texts, references, n_words),
    }


def corpus_numbers(texts: list[str], references: list[str], inside: np.ndarray) -> dict:
    """BLEU and its parts for some sentences."""
    chosen = [[row for row, yes in zip(rows, inside) if yes] for rows in (texts, references)]
    score = BLEU(tokenize="none", force=True).corpus_score(chosen[0], [chosen[1]])
    return {
        "bleu": round(score.score, 2),
        "no_penalty": round(score.score / score.bp, 2),
        "precisions": [round(p, 1) for p in score.precisions],
        "ratio": round(score.ratio, 3),
    }


def blame(data: Captions, maps: dict) -> list[tuple[int, bool]]:
    """For each written word: how often its source word was seen, whether the reference has it."""
    blamed = []
    for k, (written, weights) in maps.items():
        left = Counter(data.words["test"][k].tgt)
        for word, row in zip(written, weights):
            blamed.append((data.counts[0][data.words["test"][k].src[row.argmax()]], left[word] > 0))
            left[word] -= 1
    return blamed


def share(blamed: list[tuple[int, bool]], inside) -> dict:
    """Percentage of words that are not in the reference, and its part of all that are not."""
    chosen = [there for seen, there in blamed if inside(seen)]
    wrong, everything = chosen.count(False), sum(not there for _, there in blamed)
    percent = 100 * wrong / len(chosen) if chosen else math.nan
    return {"wrong": round(percent, 1), "of_all": round(wrong / max(1, everything), 3)}


def missing(data: Captions, texts: list[str], references: list[str]) -> dict[str, float]:
    """Share of the references' words, rare and common ones, that the translations lack."""
    lacking, there = Counter(), Counter()
    for text, reference in zip(texts, references):
        wanted = Counter(reference.split())
        there += wanted
        lacking += wanted - Counter(text.split())
    shares = {"all": lacking.total() / there.total()}
    for name, low, high in (("rare", 0, 10), ("common", 1000, 10**9)):
        kind = [word for word in there if low <= data.counts[1][word] < high]
        shares[name] = sum(lacking[w] for w in kind) / max(1, sum(there[w] for w in kind))
    return {name: round(value, 4) for name, value in shares.items()}


def unseen_words(data: Captions, maps: dict, n_words: np.ndarray) -> dict[str, int]:
    """What became of source words that training never showed, in sentences up to the limit."""
    common = {token for token, _ in data.counts[1].most_common(100)}
    cases = {"right": 0, "wrong": 0, "nothing": 0}
    for k, (written, weights) in maps.items():
        if n_words[k] > SETUP["longest"]:
            continue
        source, target = data.words["test"][k][:2]
        for j, word in enumerate(source):
            if data.counts[0][word] == 0:
                got = [
                    y for y, row in zip(written, weights) if row.argmax() == j and y not in common
                ]
                hit = any(y in target for y in got)
                cases["right" if hit else "wrong" if got else "nothing"] += 1
    return cases


def warnings_of(data, found, maps, penalty, texts, references, n_words) -> dict:
    """How well each signal ranks the sentences, and what refusing the worst fifth is worth."""
    chrf = np.array([s2s.chrf([t], [r]).score for t, r in zip(texts, references)])
    index = np.array(list(maps))
    signals = signals_of(found, maps, penalty)
    inside = n_words[index] <= SETUP["longest"]
    correlation = {
        name: [
            round(rank_correlation(values[m], chrf[index][m]), 3)
            for m in (np.full(len(index), True), inside)
        ]
        for name, values in signals.items()
    }
    refused = {}
    for name, values in (signals | {"oracle (chrF)": chrf[index]}).items():
        keep = index[np.argsort(values, kind="stable")[len(values) // 5 :]]
        kept = [texts[k] for k in keep], [references[k] for k in keep]
        refused[name] = round(s2s.bleu(*kept, tokenize="none").score, 2)
    return {"correlation": correlation, "refused": refused}


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's, equal values sharing their rank."""
    from scipy import stats

    return float(stats.spearmanr(a, b).statistic)


def main() -> None:
    """The runs that the file does not have yet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    file = ResultsFile(arguments.out, SETUP, "python -m benchmarks.captions")
    for seed in range(arguments.seeds):
        if file.find(seed=seed) is None:
            file.add(run(seed))


if __name__ == "__main__":
    main()
