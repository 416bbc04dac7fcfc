"""The decoder without attention: all it ever learns of the source is one vector."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from s2s_tutorial.base.checks import check_ids, check_mask, check_rows
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.recurrent.cells import State, select_state
from s2s_tutorial.recurrent.layers import make_cell


class StepOutput(NamedTuple):
    """One decoding step.

    Attributes:
        logits: ``(batch, vocab_size)``, unnormalised log-probabilities of the next token.
        state: the decoder's new state, to pass to the next step.
        weights: ``(batch, src_len)`` attention weights, or None without attention.

    Example:
        >>> decoder = RNNDecoder(vocab_size=11, embedding_size=3, hidden_size=5)
        >>> step = decoder.step(torch.tensor([2]), torch.zeros(1, 1, 5))
        >>> step = decoder.step(step.logits.argmax(dim=-1), step.state)  # its own word, fed back
        >>> tuple(step.logits.shape), tuple(step.state.shape), step.weights
        ((1, 11), (1, 1, 5), None)
    """

    logits: Tensor
    state: State
    weights: Tensor | None


class DecoderOutput(NamedTuple):
    """A whole teacher-forced target.

    Attributes:
        logits: ``(batch, tgt_len, vocab_size)``; ``(real tokens, vocab_size)``, row by row, if a
            ``tgt_mask`` was given; None if they were not asked for.
        states: ``(batch, tgt_len, hidden_size)``, the top layer's $s_1 \\dots s_{T_y}$.
        weights: ``(batch, tgt_len, src_len)``, or None without attention.
        readout: what the output layer reads, of the logits' shape but for the last size.

    Example:
        >>> model = s2s.build_model("gru", src_vocab_size=7, tgt_vocab_size=11, hidden_size=5)
        >>> src, src_lengths = torch.tensor([[4, 5, 6]]), torch.tensor([3])
        >>> out = model(src, src_lengths, tgt_in=torch.tensor([[2, 4]]))
        >>> tuple(out.logits.shape), tuple(out.states.shape), out.weights
        ((1, 2, 11), (1, 2, 5), None)
    """

    logits: Tensor | None
    states: Tensor
    weights: Tensor | None
    readout: Tensor | None = None


class RNNDecoder(nn.Module):
    """A recurrent decoder that starts from the encoder's last state (Sutskever et al., 2014).

    The encoder's final state is the context $c$, and it enters once, as the start:

    $$ s_0 = c, \\qquad s_i = f(y_{i-1}, s_{i-1}), \\qquad
       p(y_i \\mid y_{<i}, x) = \\mathrm{softmax}(W_o s_i + b_o) $$

    with $y_0$ = ``<bos>`` and $f$ a vanilla, GRU or LSTM cell over the embedding of $y_{i-1}$.
    (Cho et al., 2014, let $c$ enter every step and the output as well.)

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
        """The state before the first step: $s_0 = c$.

        Args:
            encoded: the encoder's output.

        Returns:
            ``(num_layers, batch, hidden_size)``; for an LSTM a pair $(h, c)$ of these.

        Raises:
            ValueError: if the encoder's final state does not have this decoder's form.
        """
        check_fits(encoded.final_state, self.rnn)
        return encoded.final_state

    def project_keys(self, encoded: EncoderOutput) -> None:
        """No attention, no keys: None."""

    def select_rows(self, state: State, rows: Tensor) -> State:
        """The state of some rows of the batch, for search.

        Args:
            state: from :meth:`init_state` or :meth:`step`.
            rows: ``(n,)`` int64, which rows, in which order; a row may come twice.

        Returns:
            A state of batch size n.
        """
        return select_state(state, rows)

    def step(
        self,
        token: Tensor,
        state: State,
        encoded: EncoderOutput | None = None,
        keys: Tensor | None = None,
    ) -> StepOutput:
        """One token in, one distribution out; what search uses.

        Args:
            token: ``(batch,)`` int64, the previous target token $y_{i-1}$.
            state: $s_{i-1}$, from :meth:`init_state` or the step before.
            encoded: not looked at: this decoder has no attention.
            keys: not looked at.

        Returns:
            A :class:`StepOutput` with ``weights=None``.
        """
        check_ids("token", token, self.embedding.num_embeddings, "(batch,)")
        hidden = state[0] if isinstance(state, tuple) else state
        check_rows("token", token, hidden.shape[1])
        embedded = self.dropout(self.embedding(token[:, None]))
        states, state = self.rnn(embedded, state)
        return StepOutput(self.output(self.dropout(states[:, 0])), state, None)

    def forward(
        self,
        tgt_in: Tensor,
        encoded: EncoderOutput,
        tgt_mask: Tensor | None = None,
        logits: bool = True,
    ) -> DecoderOutput:
        """A whole target with teacher forcing; what training uses.

        Step $i$ is fed the true $y_{i-1}$, whatever the model would have said.

        Args:
            tgt_in: ``(batch, tgt_len)`` int64, ``<bos>`` and the target without ``<eos>``.
            encoded: the encoder's output.
            tgt_mask: ``(batch, tgt_len)`` bool; if given, the output layer is run on the real
                tokens only, which saves its work on padding.
            logits: False leaves out the output layer, for a loss that runs it itself.

        Returns:
            A :class:`DecoderOutput` with ``weights=None``.
        """
        check_ids("tgt_in", tgt_in, self.embedding.num_embeddings, "(batch, tgt_len)")
        check_rows("tgt_in", tgt_in, len(encoded.memory))
        embedded = self.dropout(self.embedding(tgt_in))
        states, _ = self.rnn(embedded, self.init_state(encoded))
        readout = states
        if tgt_mask is not None:
            check_mask("tgt_mask", tgt_mask, states.shape[:2])
            readout = states[tgt_mask]
        readout = self.dropout(readout)
        return DecoderOutput(self.output(readout) if logits else None, states, None, readout)


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
