"""The scores of a model on a corpus, as ``train`` and ``evaluate`` print them."""

from __future__ import annotations

import math
from typing import NamedTuple

from s2s_tutorial.corpora import ParallelCorpus
from s2s_tutorial.scoring.evaluation import evaluate
from s2s_tutorial.scoring.metrics import TextScore, bleu, chrf, sequence_accuracy
from s2s_tutorial.search.corpus import decode_corpus
from s2s_tutorial.text.batches import make_batches
from s2s_tutorial.text.vocabulary import UNK
from s2s_tutorial.translate.translator import Translator
from s2s_tutorial.translate.unknown import replace_unknown


class Report(NamedTuple):
    """How good a model is on a corpus.

    Attributes:
        sentences: number of pairs.
        tokens: number of target tokens, ``<eos>`` included.
        perplexity: under teacher forcing, a token.
        token_accuracy: share of the tokens that are the model's first guess, teacher forced.
        exact_match: share of the translations that are the reference, to the letter.
        bleu: of the translations as text.
        chrf: likewise.
        search: how the translations were found.
    """

    sentences: int
    tokens: int
    perplexity: float
    token_accuracy: float
    exact_match: float
    bleu: TextScore
    chrf: TextScore
    search: str

    def to_dict(self) -> dict:
        """As JSON can say it, which has no infinite numbers: None."""
        scores = {name: getattr(self, name)._asdict() for name in ("bleu", "chrf")}
        perplexity = self.perplexity if math.isfinite(self.perplexity) else None
        return self._asdict() | scores | {"perplexity": perplexity}

    def lines(self, name: str) -> list[str]:
        """In words, for people."""
        return [
            f"{name:<12}perplexity {self.perplexity:.3f}, {self.token_accuracy:.1%} of tokens right "
            "(teacher forced)",
            f"{'':<12}exact match {self.exact_match:.1%}, BLEU {self.bleu.score:.1f}, "
            f"chrF {self.chrf.score:.1f} ({self.search}, {self.sentences:,} sentences)",
        ]

    def signatures(self) -> list[str]:
        """What others need to compute the same scores."""
        return [f"{'BLEU':<12}{self.bleu.signature}", f"{'chrF':<12}{self.chrf.signature}"]


def roomy_length(pairs: ParallelCorpus, least: int = 100) -> int:
    """A limit for translations that no reference comes near: twice the longest one, or more."""
    return max(least, 2 * max(len(pair.tgt) for pair in pairs))


def score(
    translator: Translator,
    corpus: ParallelCorpus,
    tokenize: str,
    *,
    beam_size: int = 1,
    length_penalty: float = 0.6,
    max_length: int = 100,
    batch_size: int = 100,
    copy_unknown: bool = False,
    min_length: int = 0,
) -> Report:
    """Translate a corpus and compare.

    Args:
        translator: the model with its vocabularies and tokenizers.
        corpus: pairs cut by those tokenizers.
        tokenize: sacrebleu's tokenizer for BLEU.
        beam_size: 1 decodes greedily.
        length_penalty: see :func:`beam_search`.
        max_length: the most tokens to write for a sentence.
        batch_size: pairs at once.
        copy_unknown: write source tokens for ``<unk>``.
        min_length: the fewest tokens to write for a sentence.

    Returns:
        A :class:`Report`.

    Raises:
        ValueError: if source tokens are to be copied and the model has no attention.
    """
    if copy_unknown:
        translator.check_attention("--replace-unknown")
    vocabularies = translator.src_vocab, translator.tgt_vocab
    batches = make_batches(corpus, *vocabularies, batch_size=batch_size)
    forced = evaluate(translator.model, batches)
    found = decode_corpus(
        translator.model, batches, max_length, beam_size, length_penalty, min_length
    )
    tokens = [translator.tgt_vocab.decode(ids) for ids in found.ids]
    if copy_unknown:
        tokens = [
            replace_unknown(t, weights, pair.src) if UNK in t else t
            for t, weights, pair in zip(tokens, found.weights, corpus)
        ]
    hypotheses = [translator.tgt_tokenizer.detokenize(t) for t in tokens]
    references = [translator.tgt_tokenizer.detokenize(pair.tgt) for pair in corpus]
    return Report(
        len(corpus),
        forced.tokens,
        forced.perplexity,
        forced.token_accuracy,
        sequence_accuracy(hypotheses, references),
        bleu(hypotheses, references, tokenize),
        chrf(hypotheses, references),
        "greedy" if beam_size == 1 else f"beam {beam_size}, length penalty {length_penalty}",
    )


def bleu_tokenizer(corpus_tokenizer: str, references: list[str]) -> str:
    """sacrebleu's tokenizer that fits a corpus.

    Text whose tokens are set apart needs none, characters are compared as such, Chinese and
    Japanese have no spaces to cut at; all other text takes sacrebleu's usual ``13a``.

    >>> bleu_tokenizer("word", ["我 喜 欢 猫"]), bleu_tokenizer("whitespace", ["a cat ."])
    ('zh', 'none')

    Args:
        corpus_tokenizer: what cuts the corpus's own text.
        references: target sentences.
    """
    if corpus_tokenizer == "whitespace":
        return "none"
    if corpus_tokenizer == "character":
        return "char"
    letters = [c for text in references[:200] for c in text if c.isalpha()]
    han = sum("\u4e00" <= c <= "\u9fff" for c in letters)
    kana = sum("\u3040" <= c <= "\u30ff" for c in letters)
    if han + kana > 0.3 * len(letters):
        return "char" if kana else "zh"
    return "13a"
