"""What presets are put together from: makers of attentions and of encoders, with the sizes left open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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
from s2s_tutorial.models.encoder import Encoder

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


def one_way(cell: str) -> Callable[..., Encoder]:
    """An encoder that reads from left to right."""
    return partial(Encoder, cell=cell)


def both_ways(cell: str) -> Callable[..., Encoder]:
    """An encoder that reads both ways."""
    return partial(Encoder, cell=cell, bidirectional=True)
