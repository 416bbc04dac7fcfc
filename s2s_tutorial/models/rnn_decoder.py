"""The decoder without attention: all it ever learns of the source is one vector."""

from __future__ import annotations

from torch import Tensor, nn

from s2s_tutorial.base.checks import check_ids, check_rows
from s2s_tutorial.models.decoder import Decoder, DecoderOutput, StepOutput, real_steps
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.recurrent.cells import State, make_cell


class RNNDecoder(Decoder):
    """A recurrent decoder that starts from the encoder's last state (Sutskever et al., 2014).

    The encoder's final state is the context $c$, and it enters once, as the start:

    $$ s_0 = c, \\qquad s_i = f(y_{i-1}, s_{i-1}), \\qquad
       p(y_i \\mid y_{<i}, x) = \\mathrm{softmax}(W_o s_i + b_o) $$

    with $y_0$ = ``<bos>`` and $f$ a vanilla, GRU or LSTM cell over the embedding of $y_{i-1}$.
    (Cho et al., 2014, let $c$ enter every step and the output as well.) The state is
    ``(num_layers, batch, hidden_size)``, for an LSTM a pair $(h, c)$ of these.

    Args:
        vocab_size: number of target tokens.
        embedding_size: size of the target embeddings.
        hidden_size: size of $s_i$; must equal the encoder's ``memory_size``.
        cell: ``"rnn"``, ``"gru"`` or ``"lstm"``.
        num_layers: stacked layers; layer $l$ starts from the encoder's layer $l$.
        dropout: probability on the embeddings, between layers and before the output.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise.

    Raises:
        ValueError: if ``cell`` is unknown or a size is not positive.

    Example:
        >>> encoder = s2s.Encoder(7, embedding_size=3, hidden_size=5)
        >>> encoded = encoder(torch.tensor([[4, 5, 6]]), torch.tensor([3]))
        >>> decoder = RNNDecoder(11, embedding_size=3, hidden_size=5)
        >>> torch.equal(decoder.init_state(encoded)[0], encoded.memory[:, -1])  # s_0 = c = h_3
        True
        >>> tuple(decoder(torch.tensor([[2, 4]]), encoded).logits.shape)
        (1, 2, 11)
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_size: int,
        hidden_size: int,
        cell: str = "gru",
        num_layers: int = 1,
        dropout: float = 0.0,
        word_dropout: float = 0.0,
        scale_embeddings: bool = False,
    ):
        super().__init__()
        self.embedding = TokenEmbedding(vocab_size, embedding_size, word_dropout, scale_embeddings)
        self.rnn = make_cell(cell, embedding_size, hidden_size, num_layers, dropout)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden_size, vocab_size)

    def init_state(self, encoded: EncoderOutput) -> State:
        """$s_0 = c$, the encoder's final state; see :meth:`Decoder.init_state`."""
        check_fits(encoded.final_state, self.rnn)
        return encoded.final_state

    def step(
        self,
        token: Tensor,
        state: State,
        encoded: EncoderOutput | None = None,
        keys: Tensor | None = None,
    ) -> StepOutput:
        """See :meth:`Decoder.step`; ``encoded`` and ``keys`` are not looked at."""
        check_ids("token", token, self.embedding.num_embeddings, "(batch,)")
        check_rows("token", token, (state[0] if isinstance(state, tuple) else state).shape[1])
        embedded = self.dropout(self.embedding(token[:, None]))
        states, state = self.rnn(embedded, state)
        return StepOutput(self.output(self.dropout(states[:, 0])), state)

    def forward(
        self, tgt_in: Tensor, encoded: EncoderOutput, tgt_mask: Tensor | None = None
    ) -> DecoderOutput:
        """See :meth:`Decoder.forward`: the network runs over all tokens at once."""
        check_ids("tgt_in", tgt_in, self.embedding.num_embeddings, "(batch, tgt_len)")
        check_rows("tgt_in", tgt_in, encoded.memory.shape[0])
        embedded = self.dropout(self.embedding(tgt_in))
        states, _ = self.rnn(embedded, self.init_state(encoded))
        logits = self.output(self.dropout(real_steps(states, tgt_mask)))
        return DecoderOutput(logits, states, None)


def check_fits(final: State, rnn: nn.RNNBase) -> None:
    """Raise ValueError unless an encoder's final state can start a decoder's recurrent network."""
    if isinstance(final, tuple) != isinstance(rnn, nn.LSTM):
        raise ValueError(
            "an LSTM decoder needs an LSTM encoder (its state is a pair), and the other "
            "cells need another; build both with the same cell"
        )
    shape = (final[0] if isinstance(final, tuple) else final).shape
    if (shape[0], shape[2]) != (rnn.num_layers, rnn.hidden_size):
        raise ValueError(
            f"the encoder hands over {shape[0]} layers of size {shape[2]}, but this decoder "
            f"has {rnn.num_layers} layers of size {rnn.hidden_size}"
        )
