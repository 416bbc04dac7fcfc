"""Encoder and decoder together; ``build.py`` makes one of the book's systems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from s2s_tutorial.models.decoder import Decoder, DecoderOutput, real_steps
from s2s_tutorial.models.decoder_checks import checked_output
from s2s_tutorial.models.encoder import EncoderOutput


class Seq2Seq(nn.Module):
    """An encoder-decoder: $p(y \\mid x) = \\prod_i p(y_i \\mid y_{<i}, x)$.

    Args:
        encoder: reads the source.
        decoder: writes the target: any :class:`Decoder`.
        config: the arguments :func:`build_model` was called with; saved in checkpoints.

    Raises:
        TypeError: if ``decoder`` is no :class:`Decoder`.

    Example:
        >>> model = Seq2Seq(s2s.Encoder(7, 3, 5), s2s.RNNDecoder(11, 3, 5), config={})
        >>> src, src_lengths = torch.tensor([[4, 5, 6], [6, 4, 0]]), torch.tensor([3, 2])
        >>> tuple(model(src, src_lengths, tgt_in=torch.full((2, 5), s2s.BOS_ID)).logits.shape)
        (2, 5, 11)
    """

    targets = "sentences"  # what make_batches calls them; a Labeller has others

    def __init__(self, encoder: nn.Module, decoder: Decoder, config: dict[str, Any]):
        super().__init__()
        if not isinstance(decoder, Decoder):
            raise TypeError(
                f"decoder must be an s2s.Decoder, not {type(decoder).__name__}: a subclass with "
                "init_state and step"
            )
        self.encoder = encoder
        self.decoder = decoder
        self.config = dict(config)

    @property
    def source_limit(self) -> int | None:
        """The longest source that it can read; None where there is no limit."""
        return self.decoder.source_limit

    @property
    def target_limit(self) -> int | None:
        """The most steps that it can take; None where there is no limit."""
        return self.decoder.target_limit

    @property
    def copies(self) -> bool:
        """Whether it can write words of the source that its vocabulary does not have."""
        return self.decoder.copies

    def encode(self, src: Tensor, src_lengths: Tensor) -> EncoderOutput:
        """Read the source: see :meth:`Encoder.forward`."""
        return self.encoder(src, src_lengths)

    def forward(
        self, src: Tensor, src_lengths: Tensor, tgt_in: Tensor, tgt_mask: Tensor | None = None
    ) -> DecoderOutput:
        """Score a target with teacher forcing.

        Args:
            src: ``(batch, src_len)`` int64.
            src_lengths: ``(batch,)`` int64.
            tgt_in: ``(batch, tgt_len)`` int64, starting with ``<bos>``.
            tgt_mask: ``(batch, tgt_len)`` bool; if given, only the real tokens are scored, and
                the logits are ``(real tokens, vocab_size)``.

        Returns:
            A :class:`DecoderOutput`; ``logits[:, i]`` scores the token that follows
            ``tgt_in[:, i]``.

        Raises:
            TypeError, ValueError: if the decoder gives something else than :class:`Decoder` says.
        """
        encoded = self.encode(src, src_lengths)
        output = checked_output(self.decoder(tgt_in, encoded, tgt_mask), tgt_in, encoded, tgt_mask)
        if tgt_mask is not None and output.logits.dim() == 3:  # a decoder that scores padding too
            output = output._replace(logits=real_steps(output.logits, tgt_mask))
        return output

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)


@contextmanager
def inference(model: torch.nn.Module) -> Iterator[None]:
    """Evaluation mode and no gradients inside; the model's own mode again afterwards.

    Raises:
        TypeError: if it is no model.

    Example:
        >>> model = torch.nn.Linear(1, 1)
        >>> with inference(model):
        ...     model.training, torch.is_grad_enabled()
        (False, False)
        >>> model.training
        True
    """
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"the model must be one such as build_model makes, not {model!r}")
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(was_training)
