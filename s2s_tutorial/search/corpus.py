"""Greedy decoding or beam search, as asked: of a batch, or of a whole corpus in its order."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.search.beam import beam_search
from s2s_tutorial.search.checks import check_search
from s2s_tutorial.search.coverage import check_coverage_penalty
from s2s_tutorial.search.decoded import Decoded
from s2s_tutorial.search.greedy import greedy_decode
from s2s_tutorial.text.batches import Batches


class Hypothesis(NamedTuple):
    """One translation of a sentence.

    Attributes:
        ids: its token ids, without ``<bos>`` and ``<eos>``.
        score: what it was ranked by; of greedy decoding, its log-probability.
        weights: attention weights ``(len(ids), src_len)``; None for a model without attention.
    """

    ids: list[int]
    score: float
    weights: Tensor | None


def search_batch(
    model: Seq2Seq,
    src: Tensor,
    src_lengths: Tensor,
    max_length: int = 100,
    beam_size: int = 5,
    length_penalty: float = 0.6,
    n_best: int = 1,
    min_length: int = 0,
    allow_unknown: bool = True,
    coverage_penalty: float = 0.0,
) -> list[list[Hypothesis]]:
    """The hypotheses of each sentence, the best first: greedy decoding's one, or a beam's.

    Args:
        model: the model.
        src: ``(batch, src_len)`` int64, on the model's device.
        src_lengths: ``(batch,)`` int64.
        max_length: the most tokens to write, ``<eos>`` not counted.
        beam_size: 1 for :func:`greedy_decode`; more for :func:`beam_search`.
        length_penalty: see :func:`beam_search`; greedy decoding ranks nothing.
        n_best: how many hypotheses of each sentence.
        min_length: ``<eos>`` is ruled out before that many tokens.
        allow_unknown: see :func:`beam_search`.
        coverage_penalty: likewise.

    Raises:
        TypeError: if an option is of another kind than it should be.
        ValueError: if an option is out of range.

    >>> from s2s_tutorial.models.build import build_model
    >>> model = build_model("gru", src_vocab_size=9, tgt_vocab_size=7)
    >>> src, src_lengths = torch.tensor([[4, 5], [8, 0]]), torch.tensor([2, 1])
    >>> [len(found) for found in search_batch(model, src, src_lengths, max_length=4, n_best=3)]
    [3, 3]
    """
    check_search(beam_size, length_penalty, n_best, 1.0, min_length, max_length)
    check_coverage_penalty(model, coverage_penalty)
    if beam_size == 1:
        found = greedy_decode(model, src, src_lengths, max_length, min_length, allow_unknown)
        ids, scores = [[row] for row in found.ids], [[score] for score in found.scores]
        weights = found.weights and [[each] for each in found.weights]
    else:
        searched = beam_search(
            model,
            src,
            src_lengths,
            max_length,
            beam_size,
            length_penalty,
            n_best,
            min_length,
            allow_unknown=allow_unknown,
            coverage_penalty=coverage_penalty,
        )
        ids, scores, weights = searched.ids, searched.scores, searched.weights
    weights = weights or [[None] * len(rows) for rows in ids]
    return [list(map(Hypothesis, *columns)) for columns in zip(ids, scores, weights)]


def decode_corpus(
    model: Seq2Seq,
    batches: Batches,
    max_length: int = 100,
    beam_size: int = 1,
    length_penalty: float = 0.6,
    min_length: int = 0,
    patience: float = 1.0,
    allow_unknown: bool = True,
    coverage_penalty: float = 0.0,
) -> Decoded:
    """Decode a whole corpus, in the corpus's own order.

    Args:
        model: the model, on any device.
        batches: from :func:`make_batches`; without ``max_length`` there, so that every pair of
            the corpus is in them.
        max_length: the most tokens to write for a sentence, ``<eos>`` not counted.
        beam_size: 1 for :func:`greedy_decode`; more for the best hypotheses of
            :func:`beam_search`.
        length_penalty: see :func:`beam_search`; greedy decoding ranks nothing.
        min_length: ``<eos>`` is ruled out before that many tokens.
        allow_unknown: see :func:`beam_search`.
        patience: see :func:`beam_search`.
        coverage_penalty: likewise.

    Returns:
        A :class:`Decoded`; entry k belongs to pair k of the corpus.

    Raises:
        TypeError: if ``batches`` is something else, such as a corpus.
        IndexError: if they hold ids outside the model's source vocabulary.
        ValueError: if the batches leave pairs out, or an option is out of range.

    Example:
        >>> from s2s_tutorial import Vocabulary, build_model, load_corpus, make_batches
        >>> corpus = load_corpus("reverse", "valid", size=5, symbols=6)
        >>> vocab = Vocabulary.build(corpus.src_sentences)
        >>> model = build_model("bahdanau", len(vocab), len(vocab))
        >>> batches = make_batches(corpus, vocab, vocab, batch_size=2)
        >>> decoded = decode_corpus(model, batches, max_length=7, beam_size=3)
        >>> len(decoded.ids), len(decoded.weights)
        (5, 5)
    """
    if not isinstance(batches, Batches):
        raise TypeError(f"batches must be what make_batches gives, not {type(batches).__name__}")
    if batches.dropped:
        raise ValueError(
            f"these batches leave out {batches.dropped} long pairs, so no order can be kept; "
            "make them without max_length"
        )
    check_search(beam_size, length_penalty, 1, patience, min_length, max_length)
    check_coverage_penalty(model, coverage_penalty)
    if "src_vocab_size" in model.config:
        feature_size, copies = model.config.get("feature_size"), model.copies
        batches.check_ids(model.config["src_vocab_size"], feature_size=feature_size, copies=copies)
    device = next(model.parameters()).device
    found: list[tuple] = []
    for batch in batches:
        batch = batch.to(device)
        if beam_size == 1:
            decoded = greedy_decode(
                model, batch.src, batch.src_lengths, max_length, min_length, allow_unknown
            )
        else:
            decoded = beam_search(
                model,
                batch.src,
                batch.src_lengths,
                max_length,
                beam_size,
                length_penalty,
                min_length=min_length,
                patience=patience,
                allow_unknown=allow_unknown,
                coverage_penalty=coverage_penalty,
            ).best
        weights = decoded.weights or [None] * len(batch)
        found += zip(batch.indices.tolist(), decoded.ids, decoded.scores, weights)
    found.sort(key=lambda row: row[0])
    _, ids, scores, weights = map(list, zip(*found))
    return Decoded(ids, scores, None if weights[0] is None else weights)
