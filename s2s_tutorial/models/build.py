"""From a preset's name and sizes to a model."""

from __future__ import annotations

from s2s_tutorial.base.memory import enough_memory
from s2s_tutorial.base.value_checks import check_count, check_flag, check_probability
from s2s_tutorial.models.feature_encoder import frame_options
from s2s_tutorial.models.initialise import initialise
from s2s_tutorial.models.presets import check_options, get_preset
from s2s_tutorial.models.seq2seq import Seq2Seq, inference  # noqa: F401 - as in version 0.1
from s2s_tutorial.text.vocabulary import SPECIALS


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
