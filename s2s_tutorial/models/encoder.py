"""The encoder: a recurrent network that reads the source sentence."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from s2s_tutorial.base.checks import check_ids, check_lengths
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.recurrent.cells import State, make_cell, select_state
from s2s_tutorial.recurrent.reading import read_padded
from s2s_tutorial.text.batch import length_mask


class EncoderOutput(NamedTuple):
    """What the encoder hands to a decoder.

    Attributes:
        memory: ``(batch, src_len, memory_size)``, the states $h_1 \\dots h_S$ of the top
            layer; zero on padding.
        final_state: ``(num_layers, batch, memory_size)``, each layer's state after the last
            real token (for the backward direction: after the first); a pair for an LSTM, None
            where nothing was carried along, as in a Transformer.
        src_mask: ``(batch, src_len)`` bool, True = a real token.

    Example:
        >>> encoder = Encoder(vocab_size=11, embedding_size=5, hidden_size=3)
        >>> encoded = encoder(torch.tensor([[4, 5, 6], [7, 8, 0]]), torch.tensor([3, 2]))
        >>> encoded.src_mask[1], encoded.memory[1, 2].tolist()  # padding: no state
        (tensor([ True,  True, False]), [0.0, 0.0, 0.0])
        >>> torch.equal(encoded.final_state[0, 1], encoded.memory[1, 1])  # the last real token's
        True
    """

    memory: Tensor
    final_state: State | None
    src_mask: Tensor

    def select_rows(self, rows: Tensor) -> EncoderOutput:
        """The output for some sentences of the batch.

        Args:
            rows: ``(n,)`` int64, which ones, in which order; one may come twice.
        """
        final = select_state(self.final_state, rows)
        memory, src_mask = (each.index_select(0, rows) for each in (self.memory, self.src_mask))
        return EncoderOutput(memory, final, src_mask)


class Encoder(nn.Module):
    """Embeds the source tokens and runs a recurrent network over them.

    With the vanilla cell (Elman, 1990), for $t = 1 \\dots S$:

    $$ h_t = \\tanh(W_{xh} x_t + W_{hh} h_{t-1} + b_h), \\qquad h_0 = 0 $$

    where $x_t$ is the embedding of the source token at position $t$. ``gru`` (Cho et al., 2014)
    and ``lstm`` (Hochreiter & Schmidhuber, 1997) replace this update by a gated one. The
    network stops at each sentence's own length: no state ever runs over padding.

    PyTorch's names: ``rnn.weight_ih_l0`` is $W_{xh}$, ``rnn.weight_hh_l0`` is $W_{hh}$ and
    $b_h$ is split in two, ``rnn.bias_ih_l0 + rnn.bias_hh_l0``.

    Args:
        vocab_size: number of source tokens.
        embedding_size: size of $x_t$.
        hidden_size: size of each direction's state.
        cell: ``"rnn"``, ``"gru"`` or ``"lstm"``.
        num_layers: stacked layers.
        bidirectional: also read from right to left; then ``memory_size`` is twice the hidden
            size, forward half first.
        dropout: probability on the embeddings, between layers and on the memory.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise.

    Raises:
        ValueError: if ``cell`` is unknown or a size is not positive.

    Example:
        >>> encoder = Encoder(vocab_size=11, embedding_size=3, hidden_size=5, bidirectional=True)
        >>> encoded = encoder(torch.tensor([[4, 5, 6], [7, 8, 0]]), torch.tensor([3, 2]))
        >>> tuple(encoded.memory.shape), tuple(encoded.final_state.shape)
        ((2, 3, 10), (1, 2, 10))
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_size: int,
        hidden_size: int,
        cell: str = "gru",
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        word_dropout: float = 0.0,
        scale_embeddings: bool = False,
    ):
        super().__init__()
        self.memory_size = hidden_size * (2 if bidirectional else 1)
        self.embedding = TokenEmbedding(vocab_size, embedding_size, word_dropout, scale_embeddings)
        self.rnn = make_cell(
            cell, embedding_size, hidden_size, num_layers, dropout, bidirectional=bidirectional
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, src: Tensor, src_lengths: Tensor) -> EncoderOutput:
        """Read a padded batch.

        Args:
            src: ``(batch, src_len)`` int64 token ids, padded on the right.
            src_lengths: ``(batch,)`` int64, the number of real tokens in each row.

        Returns:
            An :class:`EncoderOutput`.

        Raises:
            TypeError: if ``src`` or ``src_lengths`` is not an integer tensor.
            ValueError: if a shape or a length does not fit.
            IndexError: if an id lies outside the source vocabulary.
        """
        check_ids("src", src, self.embedding.num_embeddings, "(batch, src_len)")
        check_lengths(src_lengths, *src.shape)
        embedded = self.dropout(self.embedding(src))
        memory, final_state = read_padded(self.rnn, embedded, src_lengths)
        src_mask = length_mask(src_lengths.to(src.device), src.size(1))
        return EncoderOutput(self.dropout(memory), final_state, src_mask)
