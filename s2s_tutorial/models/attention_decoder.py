"""What the book's decoders with attention share: the state they carry, embeddings, output layer."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

from torch import Tensor, nn

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.base.checks import check_ids, check_rows
from s2s_tutorial.models.decoder import Decoder, check_attention
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.recurrent.cells import State


class _Fields(NamedTuple):
    recurrent: State
    fed: Tensor | None = None
    weights: Tensor | None = None
    position: int = 0


class AttentionState(_Fields):
    """What a decoder with attention carries from one step to the next.

    Attributes:
        recurrent: the state of the cells, ``(layers, batch, hidden_size)``; for an LSTM a pair
            $(h, c)$.
        fed: what the next cell's input gets beside the embedding: $\\tilde h_{t-1}$ with input
            feeding, ``(batch, hidden_size)``; $c_{t-1}$ with context feeding,
            ``(batch, memory_size)``; None for the others.
        weights: ``(batch, src_len)``, the last step's attention weights, or all that the next
            step's attention is told of the steps before; None before the first.
        position: how many steps were taken.

    Example:
        >>> model = s2s.build_model("luong_dot", src_vocab_size=7, tgt_vocab_size=11)
        >>> encoded = model.encode(torch.tensor([[4, 5, 6]]), torch.tensor([3]))
        >>> start = model.decoder.init_state(encoded)
        >>> state = model.decoder.step(torch.tensor([2]), start, encoded).state
        >>> start.position, state.position, tuple(state.weights.shape)
        (0, 1, (1, 3))
    """

    def __new__(cls, *fields: Any, **named: Any) -> AttentionState:
        if "cell" in named:
            _warn_of_cell()
            named["recurrent"] = named.pop("cell")
        return super().__new__(cls, *fields, **named)

    @property
    def cell(self) -> State:
        """The old name of ``recurrent``."""
        _warn_of_cell()
        return self.recurrent


def _warn_of_cell() -> None:
    warnings.warn("cell of AttentionState is recurrent now", DeprecationWarning, stacklevel=3)


class AttentionDecoder(Decoder):
    """The parts that Bahdanau's and Luong's decoders have in common.

    Args:
        embedding: the target embeddings.
        attention: any of the book's attentions.
        readout_size: size of what the output layer reads.
        memory_size: size of $h_j$; None takes any.
        dropout: probability on the embeddings and before the output layer.
        tie_embeddings: let the output layer's matrix be the embedding matrix (Press & Wolf,
            2017); needs ``readout_size`` equal to the size of the embeddings.

    Raises:
        TypeError: if ``attention`` is no :class:`Attention`, or needs to be told more of the steps
            before than this decoder keeps.
        ValueError: if the embeddings are to be tied and do not fit.

    Example:
        >>> model = s2s.build_model("bahdanau", 7, 11, embedding_size=3, hidden_size=5)
        >>> isinstance(model.decoder, AttentionDecoder), model.decoder.output.out_features
        (True, 11)
    """

    def __init__(
        self,
        embedding: TokenEmbedding,
        attention: Attention,
        readout_size: int,
        memory_size: int | None = None,
        dropout: float = 0.0,
        tie_embeddings: bool = False,
    ):
        super().__init__()
        self.embedding = embedding
        self.attention = check_attention(attention)
        if attention.reads_all_weights and type(self).told_next is AttentionDecoder.told_next:
            raise TypeError(
                f"{type(attention).__name__} reads the sum of all weights so far, and "
                f"{type(self).__name__} keeps the last ones only; CoverageDecoder keeps the sum"
            )
        self.memory_size = memory_size
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(readout_size, embedding.num_embeddings)
        if tie_embeddings:
            tie(self.output, embedding, "readout_size")

    def project_keys(self, encoded: EncoderOutput) -> Tensor:
        """See :meth:`Decoder.project_keys`.

        Raises:
            ValueError: if the encoder's states are of another size than this decoder reads.
        """
        size = encoded.memory.shape[-1]
        if self.memory_size not in (None, size):
            raise ValueError(
                f"this decoder reads encoder states of size {self.memory_size}, but those of this "
                f"encoder have {size}; build it with memory_size={size} (encoder.memory_size)"
            )
        return super().project_keys(encoded)

    def told_next(self, told: Tensor | None, weights: Tensor) -> Tensor:
        """What the next step's attention is told of the steps before: the last weights.

        Args:
            told: ``(batch, src_len)``, what this step's was told; None before the first.
            weights: ``(batch, src_len)``, this step's weights.
        """
        return weights

    def embed(self, name: str, ids: Tensor, encoded: EncoderOutput) -> Tensor:
        """The embeddings of checked ids, with dropout.

        Args:
            name: what the caller calls them, for messages.
            ids: ``(batch,)`` or ``(batch, tgt_len)`` int64.
            encoded: the encoder's output, which must be of as many sentences.
        """
        shape = "(batch,)" if name == "token" else "(batch, tgt_len)"
        check_ids(name, ids, self.embedding.num_embeddings, shape)
        check_rows(name, ids, encoded.memory.shape[0])
        return self.dropout(self.embedding(ids))


def tie(output: nn.Linear, embedding: TokenEmbedding, setting: str) -> None:
    """Let the output layer's matrix be the embedding matrix (Press & Wolf, 2017).

    Args:
        output: the output layer.
        embedding: the target embeddings.
        setting: what decides the size of the vectors that the output layer reads.

    Raises:
        ValueError: if these vectors are not of the embeddings' size.
    """
    if output.in_features != embedding.embedding_dim:
        raise ValueError(
            "tied embeddings need an output layer that reads vectors of the embeddings' size, "
            f"{embedding.embedding_dim}, but it reads {output.in_features}; set {setting} to it"
        )
    output.weight = embedding.weight
