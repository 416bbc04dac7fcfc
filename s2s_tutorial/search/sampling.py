"""Sampling: translations drawn from the model, each as often as it is probable."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from s2s_tutorial.base.value_checks import check_count, check_number, check_whole
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.search.checks import check_output_lengths
from s2s_tutorial.search.greedy import write


class Samples(NamedTuple):
    """Translations drawn from a model: entry ``[b][k]`` is the k-th of sentence b.

    Attributes:
        ids: the token ids, without ``<bos>`` and ``<eos>``.
        log_probs: the summed log-probability of the tokens, and of ``<eos>`` where it was
            reached, in nats: the model's own, whatever the temperature.
        weights: attention weights ``(len(ids), src_len)``, without padding; None for a model
            without attention.

    Example:
        >>> len(Samples([[[4, 5], [4], [4, 5]]], [[-1.4, -1.6, -1.4]], None).ids[0])
        3
    """

    ids: list[list[list[int]]]
    log_probs: list[list[float]]
    weights: list[list[Tensor]] | None


def sample_decode(
    model: Seq2Seq,
    src: Tensor,
    src_lengths: Tensor,
    samples: int = 16,
    max_length: int = 100,
    temperature: float = 1.0,
    seed: int = 0,
    min_length: int = 0,
    allow_unknown: bool = True,
) -> Samples:
    """Draw translations, token by token (ancestral sampling).

    $$ \\hat y_i \\sim p_\\tau(y \\mid \\hat y_{<i}, x) \\propto p(y \\mid \\hat y_{<i}, x)^{1/\\tau} $$

    At the temperature $\\tau = 1$ a translation is drawn as often as the model finds it probable
    (those cut off at ``max_length`` apart); below 1, probable words come more often still.

    Args:
        model: the model.
        src: ``(batch, src_len)`` int64.
        src_lengths: ``(batch,)`` int64.
        samples: how many translations of each sentence.
        max_length: the most tokens to write, ``<eos>`` not counted.
        temperature: $\\tau > 0$.
        seed: decides the draws, for the same batch.
        min_length: ``<eos>`` is ruled out before that many tokens.
        allow_unknown: False rules out ``<unk>``.

    Returns:
        :class:`Samples`.

    Raises:
        TypeError: if an argument is of another kind than it should be.
        ValueError: if an option is out of range, or the input does not fit the model.
        FloatingPointError: if the model's probabilities are NaN.

    Example:
        >>> model = s2s.build_model("gru", src_vocab_size=9, tgt_vocab_size=7)
        >>> src, src_lengths = torch.tensor([[4, 5], [8, 0]]), torch.tensor([2, 1])
        >>> drawn = sample_decode(model, src, src_lengths, samples=3, max_length=4)
        >>> [len(each) for each in drawn.ids]
        [3, 3]
        >>> drawn.ids == sample_decode(model, src, src_lengths, samples=3, max_length=4).ids
        True
    """
    check_output_lengths(min_length, max_length)
    check_count("samples", samples)
    check_whole("seed", seed)
    if not 0 < check_number("temperature", temperature) < float("inf"):
        raise ValueError(f"temperature must be above 0, not {temperature}; 0 is greedy decoding")
    generator = torch.Generator().manual_seed(seed)

    def encode() -> EncoderOutput:
        rows = torch.arange(len(src), device=src.device).repeat_interleave(samples)
        return model.encode(src, src_lengths).select_rows(rows)

    def choose(log_probs: Tensor) -> Tensor:
        if log_probs.isnan().any():
            return log_probs.argmax(dim=-1)  # the search says so at its end
        p = (log_probs / temperature).softmax(dim=-1)
        return torch.multinomial(p.cpu(), 1, generator=generator)[:, 0].to(log_probs.device)

    drawn = write(model, encode, choose, max_length, min_length, allow_unknown)
    columns = (drawn.ids, drawn.scores, drawn.weights)
    ids, log_probs, weights = (
        None if rows is None else [rows[b : b + samples] for b in range(0, len(rows), samples)]
        for rows in columns
    )
    return Samples(ids, log_probs, weights)
