"""Encoder and decoder together, and the presets that build them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from s2s_tutorial.base.value_checks import check_count, check_flag, check_probability
from s2s_tutorial.models.bahdanau import BahdanauDecoder
from s2s_tutorial.models.context_feeding import ContextFeedingDecoder
from s2s_tutorial.models.decoder import DecoderOutput, RNNDecoder
from s2s_tutorial.models.encoder import Encoder, EncoderOutput
from s2s_tutorial.models.initialise import initialise
from s2s_tutorial.models.luong import LuongDecoder
from s2s_tutorial.models.presets import Preset, check_options, get_preset, make_attention
from s2s_tutorial.text.vocabulary import SPECIALS

_OF_ATTENTION = ("attention_size", "max_source_length", "window")


class Seq2Seq(nn.Module):
    """An encoder-decoder: $p(y \\mid x) = \\prod_i p(y_i \\mid y_{<i}, x)$.

    Args:
        encoder: reads the source.
        decoder: writes the target; any class with ``init_state``, ``step`` and ``forward``.
        config: the arguments :func:`build_model` was called with; saved in checkpoints.

    Example:
        >>> model = Seq2Seq(Encoder(7, 3, 5), RNNDecoder(11, 3, 5), config={})
        >>> src, src_lengths = torch.tensor([[4, 5, 6], [6, 4, 0]]), torch.tensor([3, 2])
        >>> tuple(model(src, src_lengths, tgt_in=torch.full((2, 5), s2s.BOS_ID)).logits.shape)
        (2, 5, 11)
    """

    def __init__(self, encoder: Encoder, decoder: nn.Module, config: dict[str, Any]):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.config = dict(config)

    def encode(self, src: Tensor, src_lengths: Tensor) -> EncoderOutput:
        """Read the source: see :meth:`Encoder.forward`."""
        return self.encoder(src, src_lengths)

    def forward(
        self,
        src: Tensor,
        src_lengths: Tensor,
        tgt_in: Tensor,
        tgt_mask: Tensor | None = None,
        **options: bool,
    ) -> DecoderOutput:
        """Score a target with teacher forcing.

        Args:
            src: ``(batch, src_len)`` int64.
            src_lengths: ``(batch,)`` int64.
            tgt_in: ``(batch, tgt_len)`` int64, starting with ``<bos>``.
            tgt_mask: ``(batch, tgt_len)`` bool; if given, only the real tokens are scored, and
                the logits are ``(real tokens, vocab_size)``.
            **options: passed on to the decoder (``logits=False``).

        Returns:
            A :class:`DecoderOutput`; ``logits[:, i]`` scores the token that follows
            ``tgt_in[:, i]``.
        """
        return self.decoder(tgt_in, self.encode(src, src_lengths), tgt_mask, **options)

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)


def build_model(
    preset: str,
    src_vocab_size: int,
    tgt_vocab_size: int,
    embedding_size: int = 64,
    hidden_size: int = 128,
    attention_size: int | None = None,
    num_layers: int | None = None,
    dropout: float = 0.0,
    *,
    input_feeding: bool | None = None,
    window: int | None = None,
    max_source_length: int | None = None,
    readout: str | None = None,
    readout_size: int | None = None,
    tie_embeddings: bool | None = None,
    word_dropout: float = 0.0,
    scale_embeddings: bool = False,
) -> Seq2Seq:
    """Build one of the book's models, freshly initialised from PyTorch's global seed.

    An option that is None takes the preset's own value; one that means nothing for the preset,
    such as a window for a model without local attention, is an error.

    Args:
        preset: one of :func:`list_presets`.
        src_vocab_size: number of source tokens, ``len(src_vocab)``, the four special ones included.
        tgt_vocab_size: number of target tokens, ``len(tgt_vocab)``.
        embedding_size: size of source and target embeddings.
        hidden_size: size of the decoder's state and of each direction of the encoder.
        attention_size: width of the hidden layer of additive, concat and location-aware scores.
        num_layers: stacked layers on both sides.
        dropout: probability, see :class:`Encoder` and the decoders.
        input_feeding: see :class:`LuongDecoder`.
        window: $D$, see :class:`LocalAttention`.
        max_source_length: see :class:`LocationAttention`.
        readout: see :class:`BahdanauDecoder`.
        readout_size: size of the vector that the output layer reads.
        tie_embeddings: let target embeddings and output layer share their matrix.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise.

    Raises:
        TypeError: if an option is of another kind than it should be.
        ValueError: if the preset is unknown (the message lists them), an option does not fit it,
            or a size or probability is out of range.

    >>> build_model("bahdanau", 11, 13, embedding_size=3, hidden_size=5).parameter_count()
    892
    """
    system = get_preset(preset)
    sizes = {
        "src_vocab_size": src_vocab_size,
        "tgt_vocab_size": tgt_vocab_size,
        "embedding_size": embedding_size,
        "hidden_size": hidden_size,
        "num_layers": system.num_layers if num_layers is None else num_layers,
    }
    sizes = _checked_sizes(preset, system, sizes)
    dropout = check_probability("dropout", dropout)
    asked = {
        "attention_size": attention_size,
        "input_feeding": input_feeding,
        "window": window,
        "max_source_length": max_source_length,
        "readout": readout,
        "readout_size": readout_size,
        "tie_embeddings": tie_embeddings,
    }
    asked = check_options(preset, asked)
    words = {
        "word_dropout": check_probability("word_dropout", word_dropout),
        "scale_embeddings": check_flag("scale_embeddings", scale_embeddings),
    }
    used = {name: value for name, value in words.items() if value}
    config = {"preset": preset, **sizes, "dropout": dropout, **asked, **used}

    shared = {"dropout": dropout, **words}
    recurrent = {"cell": system.cell, "num_layers": sizes["num_layers"]}
    encoder = Encoder(
        *(sizes["src_vocab_size"], sizes["embedding_size"], sizes["hidden_size"]),
        bidirectional=system.bidirectional,
        **recurrent,
        **shared,
    )
    if system.decoder in (RNNDecoder, LuongDecoder):
        shared |= recurrent
    decoder = _decoder(system, sizes, encoder.memory_size, asked, shared)
    model = Seq2Seq(encoder, decoder, config)
    initialise(model)
    return model


def _decoder(
    system: Preset,
    sizes: dict[str, int],
    memory_size: int,
    asked: dict[str, Any],
    shared: dict[str, Any],
) -> nn.Module:
    """The preset's decoder; of the options asked for, its attention takes those it knows."""
    positional = [sizes["tgt_vocab_size"], sizes["embedding_size"], sizes["hidden_size"]]
    inside = {name: asked[name] for name in _OF_ATTENTION if name in asked}
    outside = {name: value for name, value in asked.items() if name not in inside}
    if system.score is not None:
        attention = make_attention(system, sizes["hidden_size"], memory_size, **inside)
        positional += [memory_size, attention]
    return system.decoder(*positional, **shared, **outside)


def _checked_sizes(preset: str, system: Preset, sizes: dict[str, int]) -> dict[str, int]:
    sizes = {name: check_count(name, value) for name, value in sizes.items()}
    for name in ("src_vocab_size", "tgt_vocab_size"):
        if sizes[name] < len(SPECIALS):
            raise ValueError(
                f"{name} must be at least {len(SPECIALS)}, for {', '.join(SPECIALS)}, not "
                f"{sizes[name]}; give the length of the vocabulary"
            )
    layers = sizes["num_layers"]
    if layers != 1 and system.decoder in (BahdanauDecoder, ContextFeedingDecoder):
        raise ValueError(f"the preset {preset!r} has one layer, not {layers}; see stacked_lstm_*")
    return sizes


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
