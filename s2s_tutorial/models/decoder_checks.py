"""Checks of what a decoder gives: a reader's own is told at once what was expected of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor

from s2s_tutorial.base.checks import check_rank, check_rows
from s2s_tutorial.models.encoder import EncoderOutput

if TYPE_CHECKING:
    from s2s_tutorial.models.decoder import DecoderOutput, StepOutput


def checked_step(step: StepOutput, encoded: EncoderOutput) -> StepOutput:
    """What a decoder's ``step`` gave, if it is what it should be.

    Args:
        step: what it gave.
        encoded: the encoder's output that it was given.

    Raises:
        TypeError: if it is no :class:`StepOutput`.
        ValueError: if the logits or the weights have another shape.
    """
    if not all(hasattr(step, name) for name in ("logits", "state", "weights")):
        raise TypeError(
            "a decoder's step must return s2s.StepOutput(logits, state, weights), not "
            f"{type(step).__name__}"
        )
    batch, src_len = encoded.src_mask.shape
    name = "what a decoder's step gives as logits"
    check_rank(name, step.logits, "(batch, vocab_size)")
    check_rows(name, step.logits, batch)
    _check_weights("step", step.weights, (batch, src_len))
    return step


def checked_output(
    output: DecoderOutput, tgt_in: Tensor, encoded: EncoderOutput, tgt_mask: Tensor | None
) -> DecoderOutput:
    """What a decoder's ``forward`` gave, if it is what it should be.

    Args:
        output: what it gave.
        tgt_in: the target that it was given, ``(batch, tgt_len)``.
        encoded: the encoder's output that it was given.
        tgt_mask: the mask that it was given, or None.

    Raises:
        TypeError: if it is no :class:`DecoderOutput`.
        ValueError: if the logits or the weights have another shape; how many rows belong to the
            real tokens, where only these are scored, is looked at by the loss.
    """
    if not all(hasattr(output, name) for name in ("logits", "states", "weights")):
        raise TypeError(
            "a decoder's forward must return s2s.DecoderOutput(logits, states, weights), not "
            f"{type(output).__name__}"
        )
    name, logits = "what a decoder's forward gives as logits", output.logits
    if tgt_mask is None or not isinstance(logits, Tensor) or logits.dim() != 2:
        check_rank(name, logits, "(batch, tgt_len, vocab_size)")
        if logits.shape[:2] != tgt_in.shape:
            raise ValueError(
                f"{name} must have shape (batch, tgt_len, vocab_size), here "
                f"{(*tgt_in.shape, logits.shape[2])}, but its shape is {tuple(logits.shape)}"
            )
    _check_weights("forward", output.weights, (*tgt_in.shape, encoded.src_mask.shape[1]))
    return output


def _check_weights(method: str, weights: Tensor | None, expected: tuple[int, ...]) -> None:
    if weights is not None and tuple(weights.shape) != expected:
        raise ValueError(
            f"what a decoder's {method} gives as weights must have shape {expected}, one number "
            f"for each source position, but its shape is {tuple(weights.shape)}"
        )
