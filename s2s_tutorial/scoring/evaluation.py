"""How well a model predicts a corpus under teacher forcing."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from s2s_tutorial.base.checks import check_rank
from s2s_tutorial.machine.distributed import OneProcess
from s2s_tutorial.machine.precision import autocast
from s2s_tutorial.models.decoder import real_steps
from s2s_tutorial.models.labeller import Labeller
from s2s_tutorial.models.seq2seq import Seq2Seq, inference
from s2s_tutorial.scoring.loss import SequenceLoss, sequence_loss
from s2s_tutorial.scoring.metrics import perplexity
from s2s_tutorial.text.batch import Batch
from s2s_tutorial.text.batches import Batches


class Evaluation(NamedTuple):
    """How well a model predicts a corpus under teacher forcing.

    Attributes:
        loss: mean negative log-likelihood of a real token, in nats.
        perplexity: its exponential.
        token_accuracy: share of real tokens that are the model's first guess.
        tokens: number of real target tokens, ``<eos>`` included.

    Example:
        >>> import math
        >>> blind = Evaluation(math.log(8), perplexity=8.0, token_accuracy=1 / 8, tokens=40)
        >>> round(math.exp(blind.loss), 6) == blind.perplexity  # a guess among eight words
        True
    """

    loss: float
    perplexity: float
    token_accuracy: float
    tokens: int


def batch_loss(
    model: Seq2Seq | Labeller, batch: Batch, label_smoothing: float = 0.0
) -> SequenceLoss:
    """The teacher-forced loss of one batch that is already on the model's device.

    A batch without a real target token, as a process has it that got no row, has a loss of zero
    with a gradient of zero.

    Example:
        >>> import s2s_tutorial as s2s
        >>> corpus = s2s.load_corpus("reverse", size=1, symbols=3, max_length=4)
        >>> vocab = s2s.Vocabulary.build(corpus.src_sentences)
        >>> model = s2s.build_model("gru", len(vocab), len(vocab), embedding_size=3, hidden_size=4)
        >>> batch = next(iter(s2s.make_batches(corpus, vocab, vocab, batch_size=1)))
        >>> batch_loss(model, batch).tokens == len(corpus[0].tgt) + 1
        True
    """
    logits = _real_logits(model, batch)
    if not batch.tgt_mask.any():
        return SequenceLoss(logits.sum(), 0)
    return sequence_loss(logits, batch.tgt_out, batch.tgt_mask, label_smoothing)


def _real_logits(model: Seq2Seq | Labeller, batch: Batch) -> Tensor:
    """The logits at the real target tokens, also of a model that scores padding too."""
    logits = model(batch.src, batch.src_lengths, batch.tgt_in, batch.tgt_mask).logits
    if logits.dim() == 2:
        return logits
    check_rank("the model's logits", logits, "(batch, tgt_len, vocab_size)")
    return real_steps(logits, batch.tgt_mask)


def check_batches(name: str, batches: Batches, model: Seq2Seq | Labeller) -> None:
    """Raise unless these are minibatches, such as :func:`make_batches` makes, that a model can read.

    Raises:
        TypeError: if they are something else.
        IndexError: if they hold ids outside the model's vocabularies.
        ValueError: if they hold a source or a target longer than the model was made for, other
            targets than the model has (sentences, tags or labels), or words of a sentence's own and
            the model cannot copy.
    """
    if not hasattr(batches, "epoch"):
        raise TypeError(
            f"{name} must be the batches that make_batches gives, not {type(batches).__name__}"
        )
    if isinstance(batches, Batches) and "src_vocab_size" in model.config:
        sizes = ("src_vocab_size", "tgt_vocab_size", "feature_size")
        batches.check_ids(*(model.config.get(size) for size in sizes), copies=model.copies)
    if isinstance(batches, Batches) and batches.targets != model.targets:
        raise ValueError(
            f"{name} has {batches.targets} for targets, but a {type(model).__name__} needs "
            f"{model.targets}: make_batches(..., targets={model.targets!r})"
        )
    limit, most_steps = model.source_limit, model.target_limit
    reads_tokens = isinstance(batches, Batches) and "feature_size" not in model.config
    if reads_tokens and limit is not None and batches.longest_source > limit:
        raise ValueError(
            f"{name} holds a source of {batches.longest_source} tokens, but this model was made for up "
            f"to {limit}; build it with a larger max_source_length (location scores: s2s train "
            "--max-source-length) or max_positions (a Transformer), or leave longer pairs out: "
            f"make_batches(..., max_length={limit})"
        )
    if isinstance(batches, Batches) and most_steps is not None:
        if batches.longest_target + 1 > most_steps:  # <bos> has a position, too
            raise ValueError(
                f"{name} holds a target of {batches.longest_target} tokens, but this model was made "
                f"for up to {most_steps - 1}; build it with more max_positions (s2s train "
                f"--max-positions), or leave longer pairs out: make_batches(..., max_length={most_steps - 1})"
            )


def evaluate(
    model: Seq2Seq | Labeller,
    batches: Batches,
    precision: str = "float32",
    processes: OneProcess | None = None,
) -> Evaluation:
    """Loss, perplexity and token accuracy under teacher forcing, over a whole corpus.

    Sums run over all real tokens and are divided once, so the result does not depend on how
    the corpus is cut into batches.

    Args:
        model: the model, on any device; its mode is put back afterwards.
        batches: what to score.
        precision: what products are computed in, as in :class:`s2s_tutorial.TrainConfig`.
        processes: those that share the work, as in :func:`s2s_tutorial.fit`; None is this one
            alone.

    Returns:
        An :class:`Evaluation`.

    Raises:
        TypeError: if ``batches`` is something else, such as a corpus.
        IndexError: if they hold ids outside the model's vocabularies.
        ValueError: if the device does not offer the precision.

    Example:
        >>> import s2s_tutorial as s2s
        >>> corpus = s2s.load_corpus("reverse", size=5, symbols=3, max_length=4)
        >>> vocab = s2s.Vocabulary.build(corpus.src_sentences)
        >>> model = s2s.build_model("gru", len(vocab), len(vocab), embedding_size=3, hidden_size=4)
        >>> result = evaluate(model, s2s.make_batches(corpus, vocab, vocab, batch_size=2))
        >>> result.tokens == sum(len(pair.tgt) + 1 for pair in corpus)
        True
    """
    check_batches("batches", batches, model)
    processes = processes or OneProcess()
    device = next(model.parameters()).device
    total, right, tokens = 0.0, 0, 0
    with inference(model), autocast(precision, device):
        for batch in processes.every_nth(batches):
            batch = batch.to(device)
            logits = _real_logits(model, batch)
            loss = sequence_loss(logits, batch.tgt_out, batch.tgt_mask)
            total += loss.total.item()
            tokens += loss.tokens
            right += int((logits.argmax(dim=-1) == batch.tgt_out[batch.tgt_mask]).sum())
    total, right, tokens = processes.sum(total, right, tokens)
    return Evaluation(total / tokens, perplexity(total, tokens), right / tokens, int(tokens))
