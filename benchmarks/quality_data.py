"""Multi30k in words or subwords, for the benchmarks: vocabularies, batches, translations."""

from __future__ import annotations

import s2s_tutorial as s2s


class Task:
    """German to English in one choice of units.

    Args:
        units: ``"words"`` or ``"subwords"``.
        min_freq: words seen less often in training are unknown.
        src_size: number of German subwords.
        tgt_size: number of English subwords.
    """

    def __init__(
        self, units: str, min_freq: int = 2, src_size: int = 8000, tgt_size: int = 5000
    ) -> None:
        splits = {name: s2s.load_corpus("multi30k", name) for name in ("train", "valid", "test")}
        self._words = splits
        self.tokenizers = None
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

    def _cut(self, corpus: s2s.ParallelCorpus) -> s2s.ParallelCorpus:
        pairs = [
            s2s.Pair(*(tuple(t.tokenize(" ".join(side))) for t, side in zip(self.tokenizers, pair)))
            for pair in corpus
        ]
        return s2s.ParallelCorpus(pairs, corpus.name, corpus.split)

    def batches(self, split: str, batch_size: int, seed: int | None = None) -> s2s.Batches:
        """The split's batches; shuffled if there is a seed."""
        corpus = self.splits[split]
        shuffle = seed is not None
        return s2s.make_batches(
            corpus, self.src_vocab, self.tgt_vocab, batch_size, shuffle=shuffle, seed=seed or 0
        )

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
