"""How well a model predicts a corpus under teacher forcing."""

from __future__ import annotations

from typing import NamedTuple

from s2s_tutorial.batch import Batch, Batches
from s2s_tutorial.loss import SequenceLoss, sequence_loss
from s2s_tutorial.metrics import perplexity
from s2s_tutorial.search import inference
from s2s_tutorial.seq2seq import Seq2Seq


class Evaluation(NamedTuple):
    """How well a model predicts a corpus under teacher forcing.

    Attributes:
        loss: mean negative log-likelihood of a real token, in nats.
        perplexity: its exponential.
        token_accuracy: share of real tokens that are the model's first guess.
        tokens: number of real target tokens, ``<eos>`` included.
    """

    loss: float
    perplexity: float
    token_accuracy: float
    tokens: int


def batch_loss(model: Seq2Seq, batch: Batch, label_smoothing: float = 0.0) -> SequenceLoss:
    """The teacher-forced loss of one batch that is already on the model's device."""
    output = model(batch.src, batch.src_lengths, batch.tgt_in)
    return sequence_loss(output.logits, batch.tgt_out, batch.tgt_mask, label_smoothing)


def check_batches(name: str, batches: Batches) -> None:
    """Raise TypeError unless these are minibatches, such as :func:`make_batches` makes."""
    if not hasattr(batches, "epoch"):
        raise TypeError(
            f"{name} must be the batches that make_batches gives, not {type(batches).__name__}"
        )


def evaluate(model: Seq2Seq, batches: Batches) -> Evaluation:
    """Loss, perplexity and token accuracy under teacher forcing, over a whole corpus.

    Sums run over all real tokens and are divided once, so the result does not depend on how
    the corpus is cut into batches.

    Args:
        model: the model, on any device; its mode is put back afterwards.
        batches: what to score.

    Returns:
        An :class:`Evaluation`.

    Raises:
        TypeError: if ``batches`` is something else, such as a corpus.
    """
    check_batches("batches", batches)
    device = next(model.parameters()).device
    total, right, tokens = 0.0, 0, 0
    with inference(model):
        for batch in batches:
            batch = batch.to(device)
            logits = model(batch.src, batch.src_lengths, batch.tgt_in).logits
            loss = sequence_loss(logits, batch.tgt_out, batch.tgt_mask)
            total += loss.total.item()
            tokens += loss.tokens
            guesses = logits.argmax(dim=-1)
            right += int(((guesses == batch.tgt_out) & batch.tgt_mask).sum())
    return Evaluation(total / tokens, perplexity(total, tokens), right / tokens, tokens)
