"""The book's systems by name, a record each; what the records are made of stands in ``preset_parts.py``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from s2s_tutorial.attention.scores import GeneralAttention
from s2s_tutorial.base.value_checks import check_count, check_flag, check_name
from s2s_tutorial.models.bahdanau import BahdanauDecoder
from s2s_tutorial.models.context_feeding import ContextFeedingDecoder
from s2s_tutorial.models.coverage import CoverageDecoder
from s2s_tutorial.models.luong import LuongDecoder
from s2s_tutorial.models.pointer_generator import CopyingEncoder, PointerGeneratorDecoder
from s2s_tutorial.models.preset import Preset
from s2s_tutorial.models.preset_parts import (
    additive,
    both_ways,
    concat,
    covering,
    dot,
    local_m,
    local_p,
    location,
    location_aware,
    one_way,
)
from s2s_tutorial.models.rnn_decoder import RNNDecoder
from s2s_tutorial.models.transformer_decoder import TransformerDecoder
from s2s_tutorial.models.transformer_encoder import TransformerEncoder

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
