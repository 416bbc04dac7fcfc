"""The book's systems by name, a record each: which encoder, which attention, which decoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from inspect import signature
from types import MappingProxyType
from typing import Any, NamedTuple

from torch import nn

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.attention.coverage import CoverageAttention
from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.attention.scores import (
    AdditiveAttention,
    ConcatAttention,
    DotAttention,
    GeneralAttention,
    LocationAttention,
)
from s2s_tutorial.base.value_checks import check_count, check_flag, check_name
from s2s_tutorial.models.bahdanau import BahdanauDecoder
from s2s_tutorial.models.context_feeding import ContextFeedingDecoder
from s2s_tutorial.models.coverage import CoverageDecoder
from s2s_tutorial.models.decoder import Decoder
from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.models.feature_encoder import FeatureEncoder
from s2s_tutorial.models.luong import LuongDecoder
from s2s_tutorial.models.pointer_generator import CopyingEncoder, PointerGeneratorDecoder
from s2s_tutorial.models.rnn_decoder import RNNDecoder
from s2s_tutorial.models.transformer_decoder import TransformerDecoder
from s2s_tutorial.models.transformer_encoder import TransformerEncoder

# Each makes an attention for a query and a key size; further arguments are options of build_model.


def additive(query_size: int, key_size: int, attention_size: int | None = None) -> Attention:
    """Bahdanau's score; its hidden layer is as wide as the query, unless asked otherwise."""
    return AdditiveAttention(query_size, key_size, attention_size or query_size)


def concat(query_size: int, key_size: int, attention_size: int | None = None) -> Attention:
    """Luong's concat score; as wide as the query, unless asked otherwise."""
    return ConcatAttention(query_size, key_size, attention_size or query_size)


def location_aware(query_size: int, key_size: int, attention_size: int | None = None) -> Attention:
    """Chorowski's hybrid score; as wide as the query, unless asked otherwise."""
    return LocationAwareAttention(query_size, key_size, attention_size or query_size)


def covering(query_size: int, key_size: int, attention_size: int | None = None) -> Attention:
    """Tu's score with a coverage; as wide as the query, unless asked otherwise."""
    return CoverageAttention(query_size, key_size, attention_size or query_size)


def dot(query_size: int, key_size: int) -> Attention:
    """Luong's dot score."""
    return DotAttention()


def location(query_size: int, key_size: int, max_source_length: int = 100) -> Attention:
    """Luong's location score."""
    return LocationAttention(query_size, max_source_length)


def local_m(query_size: int, key_size: int, window: int = 10) -> Attention:
    """The general score in a window that moves on step by step; Luong's $D$ is 10."""
    return LocalAttention(GeneralAttention(query_size, key_size), window)


def local_p(query_size: int, key_size: int, window: int = 10) -> Attention:
    """The general score in a window at a predicted position; Luong's $D$ is 10."""
    return LocalAttention(GeneralAttention(query_size, key_size), window, True, query_size)


class Preset(NamedTuple):
    """One system: what makes its parts. Its options are what these take beside their sizes.

    Attributes:
        summary: what it is, with its source.
        encoder: makes the encoder.
        decoder: makes the decoder.
        attention: makes the decoder's attention for a query and a key size; None for a decoder
            that has none, or makes its own.
        defaults: values that its options have, unless asked otherwise.
        one_vocabulary: whether source and target must share theirs.
    """

    summary: str
    encoder: Callable[..., nn.Module]
    decoder: Callable[..., Decoder]
    attention: Callable[..., Attention] | None = None
    defaults: Mapping[str, Any] = MappingProxyType({"num_layers": 1})
    one_vocabulary: bool = False

    def make_encoder(self, sizes: Mapping[str, int], options: Mapping[str, Any]) -> nn.Module:
        """The encoder in these sizes; sizes and options as for :meth:`make_decoder`."""
        given = {"vocab_size": sizes["src_vocab_size"], **sizes, **options}
        encoder = of_frames(self.encoder) if "feature_size" in options else self.encoder
        return encoder(**_asked_for(encoder, given))

    def make_decoder(
        self, sizes: Mapping[str, int], memory_size: int, options: Mapping[str, Any]
    ) -> Decoder:
        """The decoder, with its attention, in these sizes.

        Args:
            sizes: the vocabularies' sizes, ``embedding_size``, ``hidden_size`` and ``num_layers``.
            memory_size: size of the encoder's $h_j$.
            options: values of options; each goes to the parts that ask for it.
        """
        own = {"vocab_size": sizes["tgt_vocab_size"], "memory_size": memory_size}
        given = {**own, **sizes, **options}
        if self.attention is not None:
            inside = _asked_for(self.attention, options)
            given["attention"] = self.attention(sizes["hidden_size"], memory_size, **inside)
        return self.decoder(**_asked_for(self.decoder, given))

    @property
    def stacks(self) -> bool:
        """Whether its decoder can have more than one layer."""
        return "num_layers" in signature(self.decoder).parameters

    def takes(self, option: str) -> bool:
        """Whether an option of :func:`build_model` means something for this system."""
        makers = filter(None, (self.encoder, self.decoder, self.attention))
        return any(option in signature(maker).parameters for maker in makers)


def _asked_for(maker: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the arguments given that a class or function takes."""
    return {name: given[name] for name in signature(maker).parameters if name in given}


def one_way(cell: str) -> Callable[..., Encoder]:
    """An encoder that reads from left to right."""
    return partial(Encoder, cell=cell)


def both_ways(cell: str) -> Callable[..., Encoder]:
    """An encoder that reads both ways."""
    return partial(Encoder, cell=cell, bidirectional=True)


def of_frames(encoder: Callable[..., nn.Module]) -> Callable[..., FeatureEncoder]:
    """The encoder of frames with the cell of an encoder of tokens, reading as many ways.

    Raises:
        ValueError: if that has no cell.
    """
    if not (isinstance(encoder, partial) and encoder.func is Encoder):
        raise ValueError(
            "frames are read by a recurrent encoder, which this preset does not have; take another, "
            "such as 'location_aware'"
        )
    return partial(FeatureEncoder, **encoder.keywords)


TWO_LAYERS = {"num_layers": 2}
PRESETS = {
    "rnn": Preset(
        "vanilla RNN encoder and decoder, no attention",
        one_way("rnn"),
        partial(RNNDecoder, cell="rnn"),
    ),
    "gru": Preset(
        "GRU encoder and decoder, no attention (Cho et al., 2014)",
        one_way("gru"),
        partial(RNNDecoder, cell="gru"),
    ),
    "lstm": Preset(
        "LSTM encoder and decoder, no attention (Sutskever et al., 2014)",
        one_way("lstm"),
        partial(RNNDecoder, cell="lstm"),
    ),
    "bahdanau": Preset(
        "BiGRU, additive score with the state before the update (Bahdanau et al., 2015)",
        both_ways("gru"),
        BahdanauDecoder,
        additive,
    ),
    "bigru_concat": Preset(
        "BiGRU, GRU over [x_t; c_{t-1}], additive score with the new state, output from [h_t; c_t]",
        both_ways("gru"),
        ContextFeedingDecoder,
        additive,
    ),
    "luong_dot": Preset(
        "LSTM, dot score with the new state (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        dot,
    ),
    "luong_general": Preset(
        "LSTM, general score with the new state (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        GeneralAttention,
    ),
    "luong_concat": Preset(
        "LSTM, concat score with the new state (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        concat,
    ),
    "luong_location": Preset(
        "LSTM, scores from the new state alone (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        location,
    ),
    "luong_local_m": Preset(
        "LSTM, a window that moves on step by step (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        local_m,
    ),
    "luong_local_p": Preset(
        "LSTM, a window at a predicted position (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        local_p,
    ),
    "stacked_lstm_additive": Preset(
        "two-layer LSTM, additive score with the top layer (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        additive,
        TWO_LAYERS,
    ),
    "stacked_lstm_dot": Preset(
        "two-layer LSTM, dot score with the top layer (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        dot,
        TWO_LAYERS,
    ),
    "stacked_lstm_general": Preset(
        "two-layer LSTM, general score with the top layer (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        GeneralAttention,
        TWO_LAYERS,
    ),
    "stacked_lstm_location": Preset(
        "two-layer LSTM, location score with the top layer (Luong et al., 2015)",
        one_way("lstm"),
        LuongDecoder,
        location,
        TWO_LAYERS,
    ),
    "location_aware": Preset(
        "BiGRU, additive score that sees the previous weights (Chorowski et al., 2015)",
        both_ways("gru"),
        BahdanauDecoder,
        location_aware,
    ),
    "coverage": Preset(
        "BiGRU, additive score that sees the sum of all weights so far (Tu et al., 2016)",
        both_ways("gru"),
        CoverageDecoder,
        covering,
    ),
    "pointer_generator": Preset(
        "bigru_concat that writes words or copies them from the source (See et al., 2017)",
        partial(CopyingEncoder, cell="gru", bidirectional=True),
        PointerGeneratorDecoder,
        additive,
        one_vocabulary=True,
    ),
    "transformer": Preset(
        "self-attention on both sides, pre-norm (Vaswani et al., 2017)",
        TransformerEncoder,
        TransformerDecoder,
        defaults={"num_layers": 2, "scale_embeddings": True},
    ),
}


_WORDS = ("readout", "positions")  # options that are words: their parts know which


def list_presets() -> tuple[str, ...]:
    """The names that :func:`build_model` knows.

    >>> list_presets()[:4]
    ('rnn', 'gru', 'lstm', 'bahdanau')
    """
    return tuple(PRESETS)


def get_preset(name: str) -> Preset:
    """The system of that name.

    Raises:
        ValueError: if there is none; the message lists the names.

    >>> get_preset("bahdanau").decoder
    <class 's2s_tutorial.models.bahdanau.BahdanauDecoder'>
    """
    return PRESETS[check_name("preset", name, PRESETS)]


def check_options(preset: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Those options of :func:`build_model` that were asked for: all that are not None.

    >>> check_options("luong_local_m", {"window": 7, "input_feeding": None})
    {'window': 7}

    Args:
        preset: the system's name.
        asked: a value of each option, None where the preset's own is meant.

    Raises:
        TypeError: if a value is of another kind than it should be.
        ValueError: if an option means nothing for the preset, or a size is not positive.
    """
    system = get_preset(preset)
    checked: dict[str, Any] = {}
    for name, value in asked.items():
        if value is None:
            continue
        if not system.takes(name):
            takes = ", ".join(sorted(filter(system.takes, asked))) or "none of these options"
            raise ValueError(f"{name} means nothing for the preset {preset!r}; it takes {takes}")
        if name in ("input_feeding", "tie_embeddings"):
            checked[name] = check_flag(name, value)
        else:
            checked[name] = value if name in _WORDS else check_count(name, value)
    return checked
