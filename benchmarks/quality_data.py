"""Multi30k in words or subwords, for the benchmarks: vocabularies, batches, translations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch

import s2s_tutorial as s2s


class Task:
    """German to English in one choice of units.

    Args:
        units: ``"words"`` or ``"subwords"``.
        min_freq: words seen less often in training are unknown.
        src_size: number of German subwords.
        tgt_size: number of English subwords.
        alpha: cut the training sentences anew in every epoch, by chance
            (:meth:`s2s_tutorial.SubwordTokenizer.tokenize`); None cuts them once, the best way.
        longest: leave out training pairs with more words than that on either side.
    """

    def __init__(
        self,
        units: str,
        min_freq: int = 2,
        src_size: int = 8000,
        tgt_size: int = 5000,
        alpha: float | None = None,
        longest: int | None = None,
    ) -> None:
        splits = {name: s2s.load_corpus("multi30k", name) for name in ("train", "valid", "test")}
        if longest is not None:
            short = [p for p in splits["train"] if max(len(p.src), len(p.tgt)) <= longest]
            splits["train"] = s2s.ParallelCorpus(short, "multi30k", "train")
        self._words = splits
        self.tokenizers, self.alpha = None, alpha
        if units == "subwords":
            train = splits["train"]
            self.tokenizers = (
                s2s.SubwordTokenizer.train(map(" ".join, train.src_sentences), src_size),
                s2s.SubwordTokenizer.train(map(" ".join, train.tgt_sentences), tgt_size),
            )
            splits = {name: self._cut(corpus) for name, corpus in splits.items()}
            min_freq = 1
        self.splits = splits
        train = splits["train"]
        self.src_vocab = s2s.Vocabulary.build(train.src_sentences, min_freq=min_freq)
        self.tgt_vocab = s2s.Vocabulary.build(train.tgt_sentences, min_freq=min_freq)
        if alpha is not None:  # any piece may be drawn
            self.src_vocab, self.tgt_vocab = (s2s.Vocabulary(t.pieces) for t in self.tokenizers)

    def _cut(self, corpus: s2s.ParallelCorpus, **sampling) -> s2s.ParallelCorpus:
        pairs = [
            s2s.Pair(
                *(
                    tuple(t.tokenize(" ".join(side), **sampling))
                    for t, side in zip(self.tokenizers, pair)
                )
            )
            for pair in corpus
        ]
        return s2s.ParallelCorpus(pairs, corpus.name, corpus.split)

    def batches(self, split: str, batch_size: int, seed: int | None = None) -> s2s.Batches:
        """The split's batches; shuffled if there is a seed."""
        if seed is None:
            return self._batches(self.splits[split], batch_size)
        if self.alpha is None:
            return self._batches(self.splits[split], batch_size, shuffle=True, seed=seed)

        def drawn(epoch: int) -> s2s.Batches:
            generator = torch.Generator().manual_seed(1000 * seed + epoch)
            corpus = self._cut(
                self._words[split], sample=True, alpha=self.alpha, generator=generator
            )
            return self._batches(corpus, batch_size, shuffle=True, seed=seed)

        return DrawnBatches(drawn)

    def _batches(self, corpus: s2s.ParallelCorpus, batch_size: int, **order) -> s2s.Batches:
        return s2s.make_batches(corpus, self.src_vocab, self.tgt_vocab, batch_size, **order)

    def decode(self, model: s2s.Seq2Seq, split: str, **search) -> s2s.Decoded:
        """Every sentence of the split, by greedy decoding or beam search."""
        return s2s.decode_corpus(model, self.batches(split, 64), max_length=80, **search)

    def text(self, decoded: s2s.Decoded, split: str, copy_unknown: bool = False) -> list[str]:
        """The translations as the corpus's own tokens, joined by spaces."""
        sentences = []
        for k, ids in enumerate(decoded.ids):
            tokens = self.tgt_vocab.decode(ids)
            if copy_unknown and decoded.weights is not None:
                tokens = s2s.replace_unknown(tokens, decoded.weights[k], self.splits[split][k].src)
            sentences.append(
                self.tokenizers[1].detokenize(tokens) if self.tokenizers else " ".join(tokens)
            )
        return sentences

    def translate(
        self, model: s2s.Seq2Seq, split: str, copy_unknown: bool = False, **search
    ) -> list[str]:
        """Decode a split and write it out."""
        return self.text(self.decode(model, split, **search), split, copy_unknown)

    def references(self, split: str) -> list[str]:
        """The split's English side, as it came."""
        return [" ".join(pair.tgt) for pair in self._words[split]]

    def bleu(self, split: str, translations: list[str]) -> float:
        """BLEU on the tokens of the corpus."""
        return s2s.bleu(translations, self.references(split), tokenize="none").score


class DrawnBatches:
    """Batches that are drawn again in every epoch, the same in the same epoch.

    Args:
        draw: makes the batches of an epoch from its number.
    """

    def __init__(self, draw: Callable[[int], s2s.Batches]) -> None:
        self.draw = draw
        self._length = len(draw(0))

    def __len__(self) -> int:
        return self._length

    def epoch(self, epoch: int) -> Iterator[s2s.Batch]:
        """The batches of one epoch."""
        return self.draw(epoch).epoch(epoch)
