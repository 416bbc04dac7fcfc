"""Where each head of each layer looks: for plots and for the attention explorer."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from s2s_tutorial.base.value_checks import check_name
from s2s_tutorial.models.seq2seq import Seq2Seq, inference
from s2s_tutorial.models.transformer_decoder import TransformerDecoder
from s2s_tutorial.models.transformer_encoder import TransformerEncoder


class HeadWeights(NamedTuple):
    """The weights of all heads of a Transformer, of each kind of attention a list by layer.

    Attributes:
        encoder: source words that ask the source, ``(batch, heads, src_len, src_len)`` each.
        decoder: target words that ask those so far, ``(batch, heads, tgt_len, tgt_len)`` each.
        source: target words that ask the source, ``(batch, heads, tgt_len, src_len)`` each; the mean
            over the heads of the last is what :class:`StepOutput` and :class:`DecoderOutput` hold.

    Example:
        >>> model = s2s.build_model("transformer", 7, 11, hidden_size=6, heads=2)
        >>> src, src_lengths = torch.tensor([[4, 5, 6]]), torch.tensor([3])
        >>> found = attention_heads(model, src, src_lengths, tgt_in=torch.tensor([[2, 4]]))
        >>> list(found.named("source"))
        ['layer 1, head 1', 'layer 1, head 2', 'layer 2, head 1', 'layer 2, head 2']
    """

    encoder: list[Tensor]
    decoder: list[Tensor]
    source: list[Tensor]

    def named(self, kind: str = "source", row: int = 0) -> dict[str, Tensor]:
        """One sentence's heads by name, as :class:`AttentionExplorer` takes them.

        Args:
            kind: ``"encoder"``, ``"decoder"`` or ``"source"``.
            row: which sentence of the batch.

        Returns:
            For each ``"layer l, head n"`` its weights, a matrix with a row for each word that asks.

        Raises:
            ValueError: if there is no such kind.
        """
        layers = getattr(self, check_name("kind of attention", kind, self._fields))
        return {
            f"layer {layer}, head {head}": weights
            for layer, of_layer in enumerate(layers, start=1)
            for head, weights in enumerate(of_layer[row].float().cpu(), start=1)
        }


def attention_heads(
    model: Seq2Seq, src: Tensor, src_lengths: Tensor, tgt_in: Tensor
) -> HeadWeights:
    """All heads of a Transformer, while it is told what to write (teacher forcing).

    Args:
        model: one with a :class:`TransformerEncoder` and a :class:`TransformerDecoder`.
        src: ``(batch, src_len)`` int64.
        src_lengths: ``(batch,)`` int64.
        tgt_in: ``(batch, tgt_len)`` int64, starting with ``<bos>``.

    Returns:
        A :class:`HeadWeights`.

    Raises:
        TypeError: if the model is no Transformer.

    Example:
        >>> model = s2s.build_model("transformer", 7, 11, hidden_size=6, heads=3)
        >>> src, src_lengths = torch.tensor([[4, 5, 6]]), torch.tensor([3])
        >>> found = attention_heads(model, src, src_lengths, tgt_in=torch.tensor([[2, 4]]))
        >>> len(found.encoder), tuple(found.encoder[0].shape), tuple(found.source[0].shape)
        (2, (1, 3, 3, 3), (1, 3, 2, 3))
    """
    parts = getattr(model, "encoder", None), getattr(model, "decoder", None)
    if not all(map(isinstance, parts, (TransformerEncoder, TransformerDecoder))):
        raise TypeError(
            "only a Transformer has heads in layers, such as build_model('transformer', ...) makes; "
            f"this is a {type(model).__name__} of {' and '.join(type(p).__name__ for p in parts)}"
        )
    with inference(model):
        encoded, of_encoder = model.encoder.read(src, src_lengths)
        start = model.decoder.init_state(encoded)
        _, _, of_decoder, of_source = model.decoder.run(tgt_in, start, encoded)
    return HeadWeights(of_encoder, of_decoder, of_source)
