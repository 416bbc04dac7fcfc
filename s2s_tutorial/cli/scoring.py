"""The scores of a model on a corpus, as ``train`` and ``evaluate`` print them."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from s2s_tutorial.corpora import ParallelCorpus
from s2s_tutorial.scoring.evaluation import evaluate
from s2s_tutorial.scoring.metrics import sequence_accuracy
from s2s_tutorial.scoring.text_scores import TextScore, bleu, chrf
from s2s_tutorial.search.corpus import decode_corpus
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import UNK
from s2s_tutorial.translate.length import length_limits
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
        right_tokens: share of the translations whose tokens are those of the reference, wherever
            its spaces are; None if it is not known.
        lowercase: whether the model writes lower case, so that case counts in no score of texts.
        cut: how many translations reached the limit of their length.
        limit: that limit, in tokens.
    """

    sentences: int
    tokens: int
    perplexity: float
    token_accuracy: float
    exact_match: float
    bleu: TextScore
    chrf: TextScore
    search: str
    right_tokens: float | None = None
    lowercase: bool = False
    cut: int = 0
    limit: int = 0

    def to_dict(self) -> dict:
        """As JSON can say it, which has no infinite numbers: None."""
        scores = {name: getattr(self, name)._asdict() for name in ("bleu", "chrf")}
        scores["bleu"] |= {
            "brevity_penalty": self.bleu.brevity_penalty,
            "length_ratio": self.bleu.length_ratio,
        }
        perplexity = self.perplexity if math.isfinite(self.perplexity) else None
        return self._asdict() | scores | {"perplexity": perplexity}

    def lines(self, name: str) -> list[str]:
        """In words, for people."""
        said = [
            f"perplexity {self.perplexity:.3f}, {self.token_accuracy:.1%} of tokens right "
            "(teacher forced)",
            f"exact match {self.exact_match:.1%}, BLEU {self.bleu.score:.1f}, "
            f"chrF {self.chrf.score:.1f} ({self.search}, {self.sentences:,} sentences)",
        ]
        if self.bleu.note:
            said.append(f"BLEU: {self.bleu.note}")
        elif self.bleu.length_ratio is not None:
            said.append(
                f"BLEU's length ratio {self.bleu.length_ratio:.3f}, brevity penalty "
                f"{self.bleu.brevity_penalty:.3f}"
            )
        if self.lowercase:
            said.append("without regard to case: the model writes lower case")
        if (self.right_tokens or 0) > self.exact_match:
            said.append(
                f"all tokens right in {self.right_tokens:.1%} of sentences: put together again, "
                "they are not always the file's text"
            )
        if self.cut:
            said.append(
                f"{self.cut:,} translations were cut at {self.limit} tokens, before the model "
                "ended them"
            )
        return [f"{name if k == 0 else '':<12}{line}" for k, line in enumerate(said)]

    def signatures(self) -> list[str]:
        """What others need to compute the same scores."""
        return [f"{'BLEU':<12}{self.bleu.signature}", f"{'chrF':<12}{self.chrf.signature}"]


def score(
    translator: Translator,
    corpus: ParallelCorpus,
    references: Sequence[str],
    tokenize: str,
    *,
    beam_size: int = 1,
    length_penalty: float = 0.6,
    max_length: int | None = None,
    batch_size: int = 100,
    copy_unknown: bool = False,
    min_length: int = 0,
    allow_unknown: bool = True,
    coverage_penalty: float = 0.0,
) -> Report:
    """Translate a corpus and compare with its own text.

    Both are compared in Unicode's composed form (NFC), with one space wherever there is white
    space; without regard to case where the model's target tokenizer writes lower case.

    Args:
        translator: the model with its vocabularies and tokenizers.
        corpus: pairs cut by those tokenizers.
        references: their targets as people wrote them.
        tokenize: sacrebleu's tokenizer for BLEU.
        beam_size: 1 decodes greedily.
        length_penalty: see :func:`beam_search`.
        max_length: the most tokens to write for a sentence; None leaves room as
            :meth:`Translator.translate` does, and for every reference.
        batch_size: pairs at once.
        copy_unknown: write source tokens for ``<unk>``.
        min_length: the fewest tokens to write for a sentence.
        allow_unknown: False never writes ``<unk>``.
        coverage_penalty: see :func:`beam_search`.

    Returns:
        A :class:`Report`.

    Raises:
        ValueError: if source tokens are to be copied and the model has no attention.
    """
    if copy_unknown:
        translator.check_attention("--replace-unknown")
    longest = max(translator.longest_target, *(len(pair.tgt) for pair in corpus))
    sources = [len(pair.src) for pair in corpus]
    limit = max(length_limits(sources, longest, max_length, min_length))
    vocabularies = translator.src_vocab, translator.tgt_vocab
    copies = translator.model.decoder.copies
    batches = make_batches(corpus, *vocabularies, batch_size=batch_size, copy=copies)
    forced = evaluate(translator.model, batches)
    found = decode_corpus(
        translator.model,
        batches,
        limit,
        beam_size,
        length_penalty,
        min_length,
        allow_unknown=allow_unknown,
        coverage_penalty=coverage_penalty,
    )
    own = [translator.src_vocab.unknown(pair.src) if copies else () for pair in corpus]
    tokens = [translator.tgt_vocab.decode(*each) for each in zip(found.ids, own)]
    if copy_unknown:
        tokens = [
            replace_unknown(t, weights, pair.src) if UNK in t else t
            for t, weights, pair in zip(tokens, found.weights, corpus)
        ]
    lowercase = getattr(translator.tgt_tokenizer, "lowercase", False)
    hypotheses = [_compared(translator.tgt_tokenizer.detokenize(t), lowercase) for t in tokens]
    expected = [_compared(text, lowercase) for text in references]
    return Report(
        len(corpus),
        forced.tokens,
        forced.perplexity,
        forced.token_accuracy,
        sequence_accuracy(hypotheses, expected),
        bleu(hypotheses, expected, tokenize, lowercase),
        chrf(hypotheses, expected, lowercase),
        searched_by(beam_size, length_penalty, coverage_penalty),
        right_tokens=sequence_accuracy(tokens, [pair.tgt for pair in corpus]),
        lowercase=lowercase,
        cut=sum(len(ids) == limit for ids in found.ids),
        limit=limit,
    )


def searched_by(beam_size: int, length_penalty: float, coverage_penalty: float) -> str:
    """The search in words.

    >>> searched_by(5, 0.6, 0.2)
    'beam 5, length penalty 0.6, coverage penalty 0.2'
    """
    if beam_size == 1:
        return "greedy"
    said = f"beam {beam_size}, length penalty {length_penalty}"
    return said + (f", coverage penalty {coverage_penalty}" if coverage_penalty else "")


def _compared(text: str, lowercase: bool) -> str:
    """A text as it is compared with another."""
    composed = unicodedata.normalize("NFC", text.lower() if lowercase else text)
    return " ".join(composed.split())


def bleu_tokenizer(corpus_tokenizer: str, references: Sequence[str]) -> str:
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
