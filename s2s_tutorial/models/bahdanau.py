"""Bahdanau's decoder: first look at the source with the state one has, then update the state."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.base.value_checks import check_count
from s2s_tutorial.models.attention_decoder import AttentionDecoder, AttentionState
from s2s_tutorial.models.decoder import DecoderOutput, StepOutput, real_steps
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.recurrent.cells import gru_update

READOUTS = ("maxout", "tanh")


class BahdanauDecoder(AttentionDecoder):
    """The decoder of Bahdanau et al. (2015), appendix A.2.2.

    $$ e_{ij} = \\mathrm{score}(s_{i-1}, h_j), \\quad \\alpha_i = \\mathrm{softmax}(e_i), \\quad
       c_i = \\sum_j \\alpha_{ij} h_j $$
    $$ s_i = \\mathrm{GRU}(s_{i-1}, [E y_{i-1}; c_i]), \\qquad
       s_0 = \\tanh(W_s \\overleftarrow{h}_1) $$
    $$ \\tilde t_i = U_o s_i + V_o E y_{i-1} + C_o c_i, \\qquad
       p(y_i \\mid y_{<i}, x) = \\mathrm{softmax}(W_o\\, \\mathrm{maxout}(\\tilde t_i)) $$

    The order is what makes it Bahdanau's: the query is the state *before* the update, $s_{i-1}$,
    and the context enters the cell. Four details, said once: the readout takes the new state,
    as equation 4 of the paper does (its appendix writes $s_{i-1}$ there); the GRU is PyTorch's
    (see :func:`s2s_tutorial.recurrent.cells.gru_update`), with biases; the paper's source
    sentences end in an end token, a place for weight that no word needs, and the book's do not;
    and $E y$ is ``embedding``.

    Args:
        vocab_size: number of target tokens.
        embedding_size: size of the target embeddings.
        hidden_size: size of $s_i$, and of each direction of the encoder.
        memory_size: size of $h_j$, twice ``hidden_size`` for a bidirectional encoder.
        attention: any of the book's attentions; additive in the paper.
        readout_size: size of the vector that the output layer reads; None takes
            ``hidden_size // 2`` for maxout (it looks at twice as many numbers), else
            ``hidden_size``.
        readout: ``"maxout"`` (Goodfellow et al., 2013), the larger of each pair of numbers, as in
            the paper, or ``"tanh"``.
        dropout: probability on the embeddings and before the output layer.
        tie_embeddings: see :class:`AttentionDecoder`.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise.

    Attributes:
        start: $W_s$, a linear layer without bias.
        cell: the GRU; its input is $[E y_{i-1}; c_i]$.
        readout_layer: $[U_o, V_o, C_o]$, over $[s_i; E y_{i-1}; c_i]$.

    Raises:
        TypeError: if ``attention`` is no attention.
        ValueError: if ``readout`` is unknown, a size is less than 1, or the embeddings are to be
            tied and do not fit.

    Example:
        >>> encoder = s2s.Encoder(11, embedding_size=3, hidden_size=5, bidirectional=True)
        >>> encoded = encoder(torch.tensor([[4, 5, 6], [7, 8, 0]]), torch.tensor([3, 2]))
        >>> decoder = BahdanauDecoder(13, 3, 5, 10, s2s.AdditiveAttention(5, 10, 7))
        >>> out = decoder(torch.full((2, 5), s2s.BOS_ID), encoded)  # five target tokens
        >>> tuple(out.logits.shape), tuple(out.weights.shape)
        ((2, 5, 13), (2, 5, 3))
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_size: int,
        hidden_size: int,
        memory_size: int,
        attention: Attention,
        readout_size: int | None = None,
        readout: str = "maxout",
        dropout: float = 0.0,
        tie_embeddings: bool = False,
        word_dropout: float = 0.0,
        scale_embeddings: bool = False,
    ):
        if readout not in READOUTS:
            raise ValueError(f"readout must be one of {', '.join(READOUTS)}, not {readout!r}")
        check_count("hidden_size", hidden_size)
        pieces = 2 if readout == "maxout" else 1
        readout_size = readout_size or max(hidden_size // pieces, 1)
        embedding = TokenEmbedding(vocab_size, embedding_size, word_dropout, scale_embeddings)
        super().__init__(embedding, attention, readout_size, memory_size, dropout, tie_embeddings)
        self.readout = readout
        self.start = nn.Linear(hidden_size, hidden_size, bias=False)
        self.cell = nn.GRUCell(embedding_size + memory_size, hidden_size)
        self.readout_layer = nn.Linear(
            hidden_size + embedding_size + memory_size, pieces * readout_size
        )

    def init_state(self, encoded: EncoderOutput) -> AttentionState:
        """$s_0 = \\tanh(W_s \\overleftarrow{h}_1)$, from the state that has read back to the start.

        Args:
            encoded: the output of a bidirectional encoder.

        Returns:
            The state before the first step; its ``recurrent`` is ``(1, batch, hidden_size)``.

        Raises:
            ValueError: if the encoder is an LSTM, not bidirectional, or of another size.
        """
        backward = backward_start(encoded, self.start.in_features)
        return AttentionState(torch.tanh(self.start(backward))[None])

    def step(
        self,
        token: Tensor,
        state: AttentionState,
        encoded: EncoderOutput,
        keys: Tensor | None = None,
    ) -> StepOutput:
        """See :meth:`Decoder.step`."""
        keys = self.project_keys(encoded) if keys is None else keys
        embedded = self.embed("token", token, encoded)
        query = state.recurrent[-1]  # s_{i-1}
        context, weights = self.attention(
            query,
            keys,
            values=encoded.memory,
            mask=encoded.src_mask,
            position=state.position,
            previous_weights=state.weights,
        )
        new = self.cell(torch.cat([embedded, context], dim=-1), query)  # s_i
        logits = self.output(self.dropout(self.read(new, embedded, context)))
        new_state = AttentionState(new[None], None, weights, state.position + 1)
        return StepOutput(logits, new_state, weights)

    def forward(
        self, tgt_in: Tensor, encoded: EncoderOutput, tgt_mask: Tensor | None = None
    ) -> DecoderOutput:
        """See :meth:`Decoder.forward`: the numbers of :meth:`step`, faster.

        What does not depend on the step before is multiplied for all steps at once: before the
        loop the keys, and the embeddings' part of the cell's input, $W_y E y_{i-1}$ in
        $[W_y, W_c] [E y_{i-1}; c_i]$; after it the readout and the output layer.
        """
        keys = self.project_keys(encoded)
        embedded = self.embed("tgt_in", tgt_in, encoded)
        sizes = [embedded.shape[-1], encoded.memory.shape[-1]]
        W_y, W_c = self.cell.weight_ih.split(sizes, dim=1)
        from_words = F.linear(embedded, W_y, self.cell.bias_ih)
        state, told = self.init_state(encoded).recurrent[-1], None
        steps = []
        for i, from_word in enumerate(from_words.unbind(dim=1)):
            context, weights = self.attention(
                state,
                keys,
                values=encoded.memory,
                mask=encoded.src_mask,
                position=i,
                previous_weights=told,
            )
            told = self.told_next(told, weights)
            from_input = from_word + F.linear(context, W_c)
            from_state = F.linear(state, self.cell.weight_hh, self.cell.bias_hh)
            state = gru_update(from_input, from_state, state)
            steps.append((state, context, weights))
        states, contexts, weights = (torch.stack(column, dim=1) for column in zip(*steps))
        to_read = [real_steps(each, tgt_mask) for each in (states, embedded, contexts)]
        logits = self.output(self.dropout(self.read(*to_read)))
        return DecoderOutput(logits, states, weights)

    def read(self, state: Tensor, embedded: Tensor, context: Tensor) -> Tensor:
        """The readout: $\\mathrm{maxout}(\\tilde t_i)$, or $\\tanh(\\tilde t_i)$.

        Args:
            state: ``(..., hidden_size)``, $s_i$.
            embedded: ``(..., embedding_size)``, $E y_{i-1}$.
            context: ``(..., memory_size)``, $c_i$.

        Returns:
            ``(..., readout_size)``.
        """
        mixed = self.readout_layer(torch.cat([state, embedded, context], dim=-1))
        if self.readout == "tanh":
            return torch.tanh(mixed)
        return mixed.unflatten(-1, (-1, 2)).amax(dim=-1)


def backward_start(encoded: EncoderOutput, hidden_size: int) -> Tensor:
    """$\\overleftarrow{h}_1$: what the top layer's backward direction knows after the whole source.

    Args:
        encoded: the output of a bidirectional encoder.
        hidden_size: the size each of its directions should have.

    Returns:
        ``(batch, hidden_size)``.

    Raises:
        ValueError: if the encoder is an LSTM, not bidirectional, or of another size.
    """
    final = encoded.final_state
    if isinstance(final, tuple):
        raise ValueError("this decoder is a GRU: its encoder must be one too, not an LSTM")
    if final.shape[-1] != 2 * hidden_size:
        raise ValueError(
            f"this decoder starts from the backward half of a bidirectional encoder's state, "
            f"2 x {hidden_size} numbers, but the encoder hands over {final.shape[-1]}; build it "
            f"with bidirectional=True and hidden_size={hidden_size}"
        )
    return final[-1, :, hidden_size:]
