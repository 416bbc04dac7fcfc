"""Encoder and decoder together, and the presets that build them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from s2s_tutorial.base.memory import enough_memory
from s2s_tutorial.base.value_checks import check_count, check_flag, check_probability
from s2s_tutorial.models.decoder import Decoder, DecoderOutput, real_steps
from s2s_tutorial.models.decoder_checks import checked_output
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.models.feature_encoder import frame_options
from s2s_tutorial.models.initialise import initialise
from s2s_tutorial.models.presets import check_options, get_preset
from s2s_tutorial.text.vocabulary import SPECIALS


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


def build_model(
    preset: str,
    src_vocab_size: int | None,
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
    heads: int | None = None,
    feedforward_size: int | None = None,
    positions: str | None = None,
    max_positions: int | None = None,
    word_dropout: float = 0.0,
    scale_embeddings: bool | None = None,
    share_embeddings: bool = False,
    feature_size: int | None = None,
    halvings: int | None = None,
) -> Seq2Seq:
    """Build one of the book's models, freshly initialised from PyTorch's global seed.

    An option that is None takes the preset's own value; one that means nothing for the preset,
    such as a window for a model without local attention, is an error.

    Args:
        preset: one of :func:`list_presets`.
        src_vocab_size: number of source tokens, ``len(src_vocab)``, the four special ones included;
            None where the source is frames.
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
        heads: see :class:`TransformerEncoder`.
        feedforward_size: likewise.
        positions: see :class:`PositionedInput`.
        max_positions: likewise.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise; a Transformer's are scaled, unless this is False.
        share_embeddings: let source and target share their embeddings; both sides then have one
            vocabulary, ``Vocabulary.build([*src_sentences, *tgt_sentences])``. With
            ``tie_embeddings`` one matrix serves all three.
        feature_size: for a source that is frames, of speech for instance: how many numbers a frame
            has. The encoder is then a :class:`FeatureEncoder`.
        halvings: see :class:`FeatureEncoder`; 2 unless asked otherwise.

    Raises:
        TypeError: if an option is of another kind than it should be.
        ValueError: if the preset is unknown (the message lists them), an option does not fit it,
            or a size or probability is out of range.
        MemoryError: if there is too little memory for a model of these sizes.

    >>> build_model("bahdanau", 11, 13, embedding_size=3, hidden_size=5).parameter_count()
    892
    """
    system = get_preset(preset)
    frames = frame_options(src_vocab_size, feature_size, halvings)
    sizes = {
        "src_vocab_size": src_vocab_size,
        "tgt_vocab_size": tgt_vocab_size,
        "embedding_size": embedding_size,
        "hidden_size": hidden_size,
        "num_layers": system.defaults["num_layers"] if num_layers is None else num_layers,
    }
    sizes = _checked_sizes(preset, sizes)
    dropout = check_probability("dropout", dropout)
    asked = {
        "attention_size": attention_size,
        "input_feeding": input_feeding,
        "window": window,
        "max_source_length": max_source_length,
        "readout": readout,
        "readout_size": readout_size,
        "tie_embeddings": tie_embeddings,
        "heads": heads,
        "feedforward_size": feedforward_size,
        "positions": positions,
        "max_positions": max_positions,
    }
    asked = check_options(preset, asked)
    scaled = system.defaults.get("scale_embeddings", False)
    if scale_embeddings is None:
        scale_embeddings = scaled
    words = {
        "word_dropout": check_probability("word_dropout", word_dropout),
        "scale_embeddings": check_flag("scale_embeddings", scale_embeddings),
    }
    share = {"share_embeddings": check_flag("share_embeddings", share_embeddings)}
    if (share_embeddings or system.one_vocabulary) and src_vocab_size != tgt_vocab_size:
        needs = "share_embeddings" if share_embeddings else f"the preset {preset!r}"
        raise ValueError(
            f"{needs} needs one vocabulary for both sides, but they have {src_vocab_size} "
            f"and {tgt_vocab_size} tokens"
        )
    plain = {"word_dropout": 0.0, "scale_embeddings": False, "share_embeddings": False}
    plain |= system.defaults
    used = {name: value for name, value in (words | share).items() if value or plain[name]}
    config = {"preset": preset, **sizes, "dropout": dropout, **asked, **used, **frames}

    asked_for = ", ".join(f"{name}={value}" for name, value in sizes.items())
    with enough_memory(f"the weights of a model with {asked_for}: take smaller sizes"):
        options = {"dropout": dropout, **words, **asked, **frames}
        encoder = system.make_encoder(sizes, options)
        decoder = system.make_decoder(sizes, encoder.memory_size, options)
    if share_embeddings:
        encoder.embedding = decoder.embedding
    model = Seq2Seq(encoder, decoder, config)
    initialise(model)
    return model


def _checked_sizes(preset: str, sizes: dict[str, int]) -> dict[str, int]:
    reads_frames = sizes["src_vocab_size"] is None
    sizes |= {
        name: check_count(name, value)
        for name, value in sizes.items()
        if not (reads_frames and name == "src_vocab_size")
    }
    for name in ("src_vocab_size", "tgt_vocab_size")[reads_frames:]:
        if sizes[name] < len(SPECIALS):
            raise ValueError(
                f"{name} must be at least {len(SPECIALS)}, for {', '.join(SPECIALS)}, not "
                f"{sizes[name]}; give the length of the vocabulary"
            )
    layers = sizes["num_layers"]
    if layers != 1 and not get_preset(preset).stacks:
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
