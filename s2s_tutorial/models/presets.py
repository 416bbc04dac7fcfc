"""The book's systems by name: which encoder, which attention, which decoder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from torch import nn

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
from s2s_tutorial.base.value_checks import check_count, check_flag
from s2s_tutorial.models.bahdanau import BahdanauDecoder
from s2s_tutorial.models.context_feeding import ContextFeedingDecoder
from s2s_tutorial.models.decoder import RNNDecoder
from s2s_tutorial.models.luong import LuongDecoder


class Preset(NamedTuple):
    """One system.

    Attributes:
        summary: what it is, with its source.
        cell: the recurrent cell of both sides.
        decoder: the decoder class.
        score: the attention's score; None without attention.
        bidirectional: whether the encoder reads both ways.
        num_layers: layers on both sides, unless asked otherwise.
        local: ``"monotonic"`` or ``"predictive"`` for a window around the score.
    """

    summary: str
    cell: str
    decoder: type[nn.Module] = LuongDecoder
    score: str | None = None
    bidirectional: bool = False
    num_layers: int = 1
    local: str | None = None

    def options(self) -> set[str]:
        """The options of :func:`build_model` that mean something for this system."""
        names: set[str] = set()
        if self.score in ("additive", "concat", "location_aware"):
            names.add("attention_size")
        if self.score == "location":
            names.add("max_source_length")
        if self.local:
            names.add("window")
        if self.decoder is LuongDecoder:
            names |= {"input_feeding", "readout_size", "tie_embeddings"}
        if self.decoder is BahdanauDecoder:
            names |= {"readout", "readout_size", "tie_embeddings"}
        return names


def _luong(summary: str, score: str, **more) -> Preset:
    return Preset(f"LSTM, {summary} (Luong et al., 2015)", "lstm", LuongDecoder, score, **more)


def _stacked(score: str) -> Preset:
    summary = f"two-layer LSTM, {score} score with the top layer"
    return Preset(f"{summary} (Luong et al., 2015)", "lstm", LuongDecoder, score, num_layers=2)


PRESETS = {
    "rnn": Preset("vanilla RNN encoder and decoder, no attention", "rnn", RNNDecoder),
    "gru": Preset("GRU encoder and decoder, no attention (Cho et al., 2014)", "gru", RNNDecoder),
    "lstm": Preset(
        "LSTM encoder and decoder, no attention (Sutskever et al., 2014)", "lstm", RNNDecoder
    ),
    "bahdanau": Preset(
        "BiGRU, additive score with the state before the update (Bahdanau et al., 2015)",
        *("gru", BahdanauDecoder, "additive", True),
    ),
    "bigru_concat": Preset(
        "BiGRU, GRU over [x_t; c_{t-1}], additive score with the new state, output from [h_t; c_t]",
        *("gru", ContextFeedingDecoder, "additive", True),
    ),
    "luong_dot": _luong("dot score with the new state", "dot"),
    "luong_general": _luong("general score with the new state", "general"),
    "luong_concat": _luong("concat score with the new state", "concat"),
    "luong_location": _luong("scores from the new state alone", "location"),
    "luong_local_m": _luong("a window that moves on step by step", "general", local="monotonic"),
    "luong_local_p": _luong("a window at a predicted position", "general", local="predictive"),
    "stacked_lstm_additive": _stacked("additive"),
    "stacked_lstm_dot": _stacked("dot"),
    "stacked_lstm_general": _stacked("general"),
    "stacked_lstm_location": _stacked("location"),
    "location_aware": Preset(
        "BiGRU, additive score that sees the previous weights (Chorowski et al., 2015)",
        *("gru", BahdanauDecoder, "location_aware", True),
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
    if name not in PRESETS:
        raise ValueError(f"unknown preset {name!r}; the presets are {', '.join(PRESETS)}")
    return PRESETS[name]


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
    known = get_preset(preset).options()
    checked: dict[str, Any] = {}
    for name, value in asked.items():
        if value is None:
            continue
        if name not in known:
            takes = ", ".join(sorted(known)) or "none of these options"
            raise ValueError(f"{name} means nothing for the preset {preset!r}; it takes {takes}")
        if name in ("input_feeding", "tie_embeddings"):
            checked[name] = check_flag(name, value)
        else:
            checked[name] = value if name == "readout" else check_count(name, value)
    return checked


def make_attention(
    preset: Preset,
    query_size: int,
    key_size: int,
    attention_size: int | None = None,
    max_source_length: int | None = None,
    window: int | None = None,
) -> Attention:
    """The attention of a preset, in the sizes of its encoder and decoder.

    Args:
        preset: a system with attention.
        query_size: size of the decoder's state.
        key_size: size of the encoder's memory.
        attention_size: width of the additive scores' hidden layer; None takes ``query_size``.
        max_source_length: the longest source of the location score; None takes 100.
        window: $D$ of local attention; None takes 10, Luong's.
    """
    width = query_size if attention_size is None else attention_size
    if preset.score == "dot":
        attention: Attention = DotAttention()
    elif preset.score == "general":
        attention = GeneralAttention(query_size, key_size)
    elif preset.score == "location":
        attention = LocationAttention(
            query_size, 100 if max_source_length is None else max_source_length
        )
    else:
        classes = {
            "additive": AdditiveAttention,
            "concat": ConcatAttention,
            "location_aware": LocationAwareAttention,
        }
        attention = classes[preset.score](query_size, key_size, width)
    if preset.local is None:
        return attention
    predictive = preset.local == "predictive"
    return LocalAttention(attention, 10 if window is None else window, predictive, query_size)
