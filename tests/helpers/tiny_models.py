"""For the tests of the mechanisms: every attention and every preset, tiny and far from its start.

All weights are drawn anew, the biases too: what starts at zero could otherwise be forgotten.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import nn

from s2s_tutorial.attention import scores
from s2s_tutorial.attention.coverage import CoverageAttention
from s2s_tutorial.attention.focus import FocusedAttention
from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.attention.monotonic import MonotonicAttention
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.presets import get_preset, list_presets

SIZES = {"src_vocab_size": 11, "tgt_vocab_size": 13, "embedding_size": 5, "hidden_size": 7}


def one_vocabulary(preset: str, sizes: dict = SIZES) -> dict:
    """The source's size, where a preset has one vocabulary for both sides; else nothing."""
    one = get_preset(preset).one_vocabulary
    return {"src_vocab_size": sizes["tgt_vocab_size"]} if one else {}


def sizes_of(preset: str, sizes: dict = SIZES) -> dict:
    """The sizes, with one vocabulary where the preset must have one."""
    return sizes | one_vocabulary(preset, sizes)


# Every preset as it comes, and the options that change what a decoder computes.
SYSTEMS = {name: {"preset": name, **one_vocabulary(name)} for name in list_presets()} | {
    "lstm, 2 layers": {"preset": "lstm", "num_layers": 2},
    "bahdanau, tanh, tied": {
        "preset": "bahdanau",
        "readout": "tanh",
        "readout_size": 5,
        "tie_embeddings": True,
        "scale_embeddings": True,
    },
    "luong_dot, fed": {"preset": "luong_dot", "input_feeding": True},
    "luong_local_m, fed": {"preset": "luong_local_m", "input_feeding": True, "window": 1},
    "luong_local_p, fed": {"preset": "luong_local_p", "input_feeding": True, "window": 2},
    "stacked_lstm_additive, fed": {"preset": "stacked_lstm_additive", "input_feeding": True},
    "transformer, 3 heads": {
        "preset": "transformer",
        "hidden_size": 6,
        "heads": 3,
        "feedforward_size": 11,
        "positions": "learned",
        "max_positions": 23,
    },
    "transformer, tied": {
        "preset": "transformer",
        "embedding_size": 4,
        "hidden_size": 4,
        "heads": 2,
        "num_layers": 1,
        "positions": "none",
        "tie_embeddings": True,
    },
}

ATTENTIONS = {
    "additive": lambda q, k: scores.AdditiveAttention(q, k, 3),
    "dot": lambda q, k: scores.DotAttention(),
    "general": lambda q, k: scores.GeneralAttention(q, k),
    "concat": lambda q, k: scores.ConcatAttention(q, k, 3),
    "location": lambda q, k: scores.LocationAttention(q, 23),
    "local_m": lambda q, k: LocalAttention(scores.GeneralAttention(q, k), 2),
    "local_p": lambda q, k: LocalAttention(scores.GeneralAttention(q, k), 2, True, q, 3),
    "location_aware": lambda q, k: LocationAwareAttention(q, k, 3, filters=2, kernel_size=3),
    "focused": lambda q, k: FocusedAttention(
        LocationAwareAttention(q, k, 3, filters=2, kernel_size=3), 1.5, True, 2
    ),
    "monotonic": lambda q, k: MonotonicAttention(q, k, 3, noise=0),
    "coverage": lambda q, k: CoverageAttention(q, k, 3),
}


def drawn(module: nn.Module, seed: int = 0, std: float = 0.5) -> nn.Module:
    """The module in float64, all its weights normal."""
    generator = torch.Generator().manual_seed(seed)
    module = module.double()
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(std * torch.randn(p.shape, generator=generator, dtype=torch.float64))
    return module


def make_attention(name: str, query_size: int = 11, key_size: int = 13) -> nn.Module:
    return drawn(ATTENTIONS[name](query_size, query_size if name == "dot" else key_size))


def make_system(name: str, **options) -> nn.Module:
    return drawn(build_model(**{**SIZES, **SYSTEMS[name], **options}))


@lru_cache
def shared_system(name: str) -> nn.Module:
    """One model a system, for tests that leave it as it is."""
    return make_system(name).eval()


def random_ids(lengths: list[int], vocab: int, seed: int, width: int = 0, garbage: int = 0):
    """Ragged sentences as ids ``(batch, width or longest)`` and lengths; ``garbage`` as padding."""
    generator = torch.Generator().manual_seed(seed)
    width = max(width, *lengths)
    ids = torch.randint(4, vocab, (len(lengths), max(lengths)), generator=generator)
    wide = torch.full((len(lengths), width), garbage)
    for row, n in enumerate(lengths):
        wide[row, :n] = ids[row, :n]
    return wide, torch.tensor(lengths)
