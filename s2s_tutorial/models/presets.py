"""The book's systems by name, a record each: which encoder, which attention, which decoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, NamedTuple

from s2s_tutorial.attention.base import Attention
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
from s2s_tutorial.models.decoder import Decoder
from s2s_tutorial.models.luong import LuongDecoder
from s2s_tutorial.models.rnn_decoder import RNNDecoder

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
    """One system. Its options are what its decoder and its attention take beside their sizes.

    Attributes:
        summary: what it is, with its source.
        cell: the recurrent cell of both sides.
        decoder: the decoder class.
        attention: makes its attention for a query and a key size; None without attention.
        bidirectional: whether the encoder reads both ways.
        num_layers: layers on both sides, unless asked otherwise.
    """

    summary: str
    cell: str
    decoder: type[Decoder]
    attention: Callable[..., Attention] | None = None
    bidirectional: bool = False
    num_layers: int = 1

    def make_decoder(
        self, sizes: Mapping[str, int], memory_size: int, options: Mapping[str, Any]
    ) -> Decoder:
        """The decoder, with its attention, in these sizes.

        Args:
            sizes: ``tgt_vocab_size``, ``embedding_size``, ``hidden_size`` and ``num_layers``.
            memory_size: size of the encoder's $h_j$.
            options: values of options; each goes to the attention or the decoder, as they ask.
        """
        given = {
            "vocab_size": sizes["tgt_vocab_size"],
            "embedding_size": sizes["embedding_size"],
            "hidden_size": sizes["hidden_size"],
            "num_layers": sizes["num_layers"],
            "memory_size": memory_size,
            "cell": self.cell,
            **options,
        }
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
        makers = [self.decoder] if self.attention is None else [self.decoder, self.attention]
        return any(option in signature(maker).parameters for maker in makers)


def _asked_for(maker: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the arguments given that a class or function takes."""
    return {name: given[name] for name in signature(maker).parameters if name in given}


PRESETS = {
    "rnn": Preset("vanilla RNN encoder and decoder, no attention", "rnn", RNNDecoder),
    "gru": Preset("GRU encoder and decoder, no attention (Cho et al., 2014)", "gru", RNNDecoder),
    "lstm": Preset(
        "LSTM encoder and decoder, no attention (Sutskever et al., 2014)", "lstm", RNNDecoder
    ),
    "bahdanau": Preset(
        "BiGRU, additive score with the state before the update (Bahdanau et al., 2015)",
        "gru",
        BahdanauDecoder,
        additive,
        bidirectional=True,
    ),
    "bigru_concat": Preset(
        "BiGRU, GRU over [x_t; c_{t-1}], additive score with the new state, output from [h_t; c_t]",
        "gru",
        ContextFeedingDecoder,
        additive,
        bidirectional=True,
    ),
    "luong_dot": Preset(
        "LSTM, dot score with the new state (Luong et al., 2015)", "lstm", LuongDecoder, dot
    ),
    "luong_general": Preset(
        "LSTM, general score with the new state (Luong et al., 2015)",
        "lstm",
        LuongDecoder,
        GeneralAttention,
    ),
    "luong_concat": Preset(
        "LSTM, concat score with the new state (Luong et al., 2015)", "lstm", LuongDecoder, concat
    ),
    "luong_location": Preset(
        "LSTM, scores from the new state alone (Luong et al., 2015)", "lstm", LuongDecoder, location
    ),
    "luong_local_m": Preset(
        "LSTM, a window that moves on step by step (Luong et al., 2015)",
        "lstm",
        LuongDecoder,
        local_m,
    ),
    "luong_local_p": Preset(
        "LSTM, a window at a predicted position (Luong et al., 2015)", "lstm", LuongDecoder, local_p
    ),
    "stacked_lstm_additive": Preset(
        "two-layer LSTM, additive score with the top layer (Luong et al., 2015)",
        "lstm",
        LuongDecoder,
        additive,
        num_layers=2,
    ),
    "stacked_lstm_dot": Preset(
        "two-layer LSTM, dot score with the top layer (Luong et al., 2015)",
        "lstm",
        LuongDecoder,
        dot,
        num_layers=2,
    ),
    "stacked_lstm_general": Preset(
        "two-layer LSTM, general score with the top layer (Luong et al., 2015)",
        "lstm",
        LuongDecoder,
        GeneralAttention,
        num_layers=2,
    ),
    "stacked_lstm_location": Preset(
        "two-layer LSTM, location score with the top layer (Luong et al., 2015)",
        "lstm",
        LuongDecoder,
        location,
        num_layers=2,
    ),
    "location_aware": Preset(
        "BiGRU, additive score that sees the previous weights (Chorowski et al., 2015)",
        "gru",
        BahdanauDecoder,
        location_aware,
        bidirectional=True,
    ),
}


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

    >>> get_preset("bahdanau").bidirectional
    True
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
            checked[name] = value if name == "readout" else check_count(name, value)
    return checked
