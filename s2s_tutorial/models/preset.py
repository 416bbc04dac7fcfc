"""One record for one of the book's systems: which encoder, which attention, which decoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from inspect import signature
from types import MappingProxyType
from typing import Any, NamedTuple

from torch import nn

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.models.decoder import Decoder
from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.models.feature_encoder import FeatureEncoder


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
