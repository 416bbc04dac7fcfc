"""What the decoders with attention share: the state they carry, and how a batch's rows are chosen."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.base.checks import check_ids, check_mask, check_rows
from s2s_tutorial.models.decoder import DecoderOutput
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.recurrent.cells import State, select_state


class AttentionState(NamedTuple):
    """What a decoder with attention carries from one step to the next.

    Attributes:
        cell: the recurrent state, ``(layers, batch, hidden_size)``; for an LSTM a pair $(h, c)$.
        fed: what the next cell's input gets beside the embedding: $\\tilde h_{t-1}$ with input
            feeding, ``(batch, hidden_size)``; $c_{t-1}$ with context feeding,
            ``(batch, memory_size)``; None for the others.
        weights: ``(batch, src_len)``, the last step's attention weights; None before the first.
        position: how many steps were taken.

    Example:
        >>> model = s2s.build_model("luong_dot", src_vocab_size=7, tgt_vocab_size=11)
        >>> encoded = model.encode(torch.tensor([[4, 5, 6]]), torch.tensor([3]))
        >>> start = model.decoder.init_state(encoded)
        >>> state = model.decoder.step(torch.tensor([2]), start, encoded).state
        >>> start.position, state.position, tuple(state.weights.shape)
        (0, 1, (1, 3))
    """

    cell: State
    fed: Tensor | None = None
    weights: Tensor | None = None
    position: int = 0


class AttentionDecoder(nn.Module):
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
        TypeError: if ``attention`` is no :class:`Attention`.
        ValueError: if the embeddings are to be tied and do not fit.

    Example:
        >>> embedding = TokenEmbedding(7, 3)
        >>> decoder = AttentionDecoder(embedding, s2s.DotAttention(), 3, tie_embeddings=True)
        >>> decoder.output.weight is embedding.weight
        True
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
        if not isinstance(attention, Attention):
            raise TypeError(
                "attention must be one of the attentions, such as AdditiveAttention(...), not "
                f"{type(attention).__name__}"
            )
        self.embedding = embedding
        self.attention = attention
        self.memory_size = memory_size
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(readout_size, embedding.num_embeddings)
        if tie_embeddings:
            if readout_size != embedding.embedding_dim:
                raise ValueError(
                    "tied embeddings need an output layer that reads vectors of the embeddings' "
                    f"size, {embedding.embedding_dim}, but it reads {readout_size}; set "
                    "readout_size to it"
                )
            self.output.weight = embedding.weight

    def project_keys(self, encoded: EncoderOutput) -> Tensor:
        """The attention's keys, computed once a batch and passed to every step.

        Args:
            encoded: the encoder's output.

        Returns:
            ``(batch, src_len, ...)``.

        Raises:
            ValueError: if the encoder's states are of another size than this decoder reads.
        """
        size = encoded.memory.shape[-1]
        if self.memory_size not in (None, size):
            raise ValueError(
                f"this decoder reads encoder states of size {self.memory_size}, but those of this "
                f"encoder have {size}; build it with memory_size={size} (encoder.memory_size)"
            )
        return self.attention.project_keys(encoded.memory)

    def select_rows(self, state: AttentionState, rows: Tensor) -> AttentionState:
        """The state of some rows of the batch: see :meth:`RNNDecoder.select_rows`."""
        fed, weights = (
            None if t is None else t.index_select(0, rows) for t in (state.fed, state.weights)
        )
        return AttentionState(select_state(state.cell, rows), fed, weights, state.position)

    def embed(self, name: str, ids: Tensor, shape: str, encoded: EncoderOutput) -> Tensor:
        """The embeddings of checked ids, with dropout."""
        check_ids(name, ids, self.embedding.num_embeddings, shape)
        check_rows(name, ids, len(encoded.memory))
        return self.dropout(self.embedding(ids))

    def write(
        self, readout: Tensor, states: Tensor, weights: Tensor, logits: bool
    ) -> DecoderOutput:
        """The output layer over all steps at once, or left to the loss."""
        readout = self.dropout(readout)
        return DecoderOutput(self.output(readout) if logits else None, states, weights, readout)


def at_real_steps(tgt_mask: Tensor | None, *steps: Tensor) -> tuple[Tensor, ...]:
    """What stands at the real target tokens, row after row; with no mask all there is.

    Args:
        tgt_mask: ``(batch, tgt_len)`` bool, True = a real token; or None.
        steps: any ``(batch, tgt_len, size)``.

    Returns:
        For each ``(tokens, size)``; without a mask as it was.
    """
    if tgt_mask is None:
        return steps
    check_mask("tgt_mask", tgt_mask, steps[0].shape[:2])
    real = tgt_mask.flatten().nonzero()[:, 0]
    return tuple(each.flatten(0, 1).index_select(0, real) for each in steps)
