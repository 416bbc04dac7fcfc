"""Finding a translation: at inference nobody hands the decoder the true previous word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import Tensor

from s2s_tutorial.batch import Batches
from s2s_tutorial.seq2seq import Seq2Seq
from s2s_tutorial.vocabulary import BOS_ID, EOS_ID, PAD_ID


class Decoded(NamedTuple):
    """What search found, one entry a sentence.

    Attributes:
        ids: the token ids, without ``<bos>`` and ``<eos>``.
        scores: the summed log-probability of those tokens, and of ``<eos>`` where it was
            reached, in nats.
        weights: for each sentence the attention weights ``(len(ids), src_len)``, without
            padding; None for a model without attention.
    """

    ids: list[list[int]]
    scores: list[float]
    weights: list[Tensor] | None


@contextmanager
def inference(model: torch.nn.Module) -> Iterator[None]:
    """Evaluation mode and no gradients inside; the model's own mode again afterwards."""
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(was_training)


def token_log_probabilities(logits: Tensor) -> Tensor:
    """Log-probabilities of the next token, with ``<pad>`` and ``<bos>`` ruled out.

    Both stand in the vocabulary but are never an answer; their entries become $-\\infty$, the
    others are the model's own (not renormalised).

    Args:
        logits: ``(batch, vocab_size)``.

    Returns:
        ``(batch, vocab_size)`` in float32 or wider.
    """
    if logits.dtype.itemsize < 4:
        logits = logits.float()
    log_probs = logits.log_softmax(dim=-1)
    log_probs[:, [PAD_ID, BOS_ID]] = float("-inf")
    return log_probs


def greedy_decode(
    model: Seq2Seq, src: Tensor, src_lengths: Tensor, max_length: int = 100
) -> Decoded:
    """Take the most probable token at every step, and feed it back.

    $$ \\hat y_i = \\arg\\max_{y} \\log p(y \\mid \\hat y_{<i}, x) $$

    A whole batch is decoded at once; a sentence that has reached ``<eos>`` waits for the others.

    Args:
        model: the model.
        src: ``(batch, src_len)`` int64.
        src_lengths: ``(batch,)`` int64.
        max_length: the most tokens to write, ``<eos>`` not counted.

    Returns:
        A :class:`Decoded`.

    Raises:
        ValueError: if ``max_length`` is not positive, or the input does not fit the model.
    """
    if max_length < 1:
        raise ValueError(f"max_length must be at least 1, not {max_length}")
    with inference(model):
        encoded = model.encode(src, src_lengths)
        state = model.decoder.init_state(encoded)
        token = torch.full_like(src_lengths, BOS_ID, device=src.device)
        scores = torch.zeros(len(src), dtype=torch.float64)
        done = torch.zeros(len(src), dtype=torch.bool, device=src.device)
        tokens, weights = [], []
        for _ in range(max_length):
            step = model.decoder.step(token, state, encoded)
            state = step.state
            best, token = token_log_probabilities(step.logits).max(dim=-1)
            scores += best.cpu().double().where(~done.cpu(), 0.0)
            done |= token == EOS_ID
            tokens.append(token.masked_fill(done, EOS_ID))
            weights.append(step.weights)
            if done.all():
                break
    ids = [_before_eos(row) for row in torch.stack(tokens, dim=1).tolist()]
    if weights[0] is None:
        return Decoded(ids, scores.tolist(), None)
    stacked = torch.stack(weights, dim=1)
    trimmed = [w[: len(row), :n] for w, row, n in zip(stacked, ids, src_lengths.tolist())]
    return Decoded(ids, scores.tolist(), trimmed)


def decode_corpus(model: Seq2Seq, batches: Batches, max_length: int = 100) -> Decoded:
    """Greedy decoding of a whole corpus, in the corpus's own order.

    Args:
        model: the model, on any device.
        batches: from :func:`make_batches`; without ``max_length`` there, so that every pair of
            the corpus is in them.
        max_length: the most tokens to write for a sentence, ``<eos>`` not counted.

    Returns:
        A :class:`Decoded`; entry k belongs to pair k of the corpus.

    Raises:
        ValueError: if the batches leave pairs out.
    """
    if batches.dropped:
        raise ValueError(
            f"these batches leave out {batches.dropped} long pairs, so no order can be kept; "
            "make them without max_length"
        )
    device = next(model.parameters()).device
    found: list[tuple] = []
    for batch in batches:
        batch = batch.to(device)
        decoded = greedy_decode(model, batch.src, batch.src_lengths, max_length)
        weights = decoded.weights or [None] * len(batch)
        found += zip(batch.indices.tolist(), decoded.ids, decoded.scores, weights)
    found.sort(key=lambda row: row[0])
    _, ids, scores, weights = map(list, zip(*found))
    return Decoded(ids, scores, None if weights[0] is None else weights)


def _before_eos(ids: list[int]) -> list[int]:
    return ids[: ids.index(EOS_ID)] if EOS_ID in ids else ids
