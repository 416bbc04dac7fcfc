"""The lecture notes' decoder: the last context enters the cell, the new state asks for the next."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.models.attention_decoder import AttentionDecoder, AttentionState
from s2s_tutorial.models.bahdanau import backward_start
from s2s_tutorial.models.decoder import DecoderOutput, StepOutput, real_steps
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.recurrent.cells import gru_update


class ContextFeedingDecoder(AttentionDecoder):
    """A GRU over $[x_t; c_{t-1}]$, then attention with the new state.

    $$ h_t = \\mathrm{GRU}(h_{t-1}, [x_t; c_{t-1}]), \\qquad
       \\alpha_t = \\mathrm{softmax}(\\mathrm{score}(h_t, \\bar h)), \\quad
       c_t = \\sum_j \\alpha_{tj} \\bar h_j $$
    $$ p(y_t \\mid y_{<t}, x) = \\mathrm{softmax}(W_o [h_t; c_t] + b_o), \\qquad
       h_0 = \\overleftarrow{h}_1, \\quad c_0 = 0 $$

    with $x_t$ the embedding of $y_{t-1}$ and $\\bar h$ the encoder's memory. The order is Luong's
    (the new state asks), with the context itself fed back instead of $\\tilde h$. A class of its
    own, so that this and the two papers' decoders can each be read from top to bottom.

    Args:
        vocab_size: number of target tokens.
        embedding_size: size of the target embeddings.
        hidden_size: size of $h_t$.
        memory_size: size of $\\bar h_j$, twice the encoder's hidden size.
        attention: any of the book's attentions; additive in the notes.
        dropout: probability on the embeddings and before the output layer.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise.

    Attributes:
        start: a linear layer from $\\overleftarrow{h}_1$ where the sizes differ, else None.
        cell: the GRU; its input is $[x_t; c_{t-1}]$.

    Example:
        >>> encoder = s2s.Encoder(11, embedding_size=3, hidden_size=5, bidirectional=True)
        >>> encoded = encoder(torch.tensor([[4, 5, 6]]), torch.tensor([3]))
        >>> decoder = ContextFeedingDecoder(13, 3, 5, 10, s2s.AdditiveAttention(5, 10, 7))
        >>> step = decoder.step(torch.tensor([2]), decoder.init_state(encoded), encoded)
        >>> torch.allclose(step.state.fed, step.weights @ encoded.memory[0], atol=1e-6)  # c_t
        True
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_size: int,
        hidden_size: int,
        memory_size: int,
        attention: Attention,
        dropout: float = 0.0,
        word_dropout: float = 0.0,
        scale_embeddings: bool = False,
    ):
        embedding = TokenEmbedding(vocab_size, embedding_size, word_dropout, scale_embeddings)
        super().__init__(embedding, attention, hidden_size + memory_size, memory_size, dropout)
        self.backward_size = memory_size // 2
        same = self.backward_size == hidden_size
        self.start = None if same else nn.Linear(self.backward_size, hidden_size)
        self.cell = nn.GRUCell(embedding_size + memory_size, hidden_size)

    def init_state(self, encoded: EncoderOutput) -> AttentionState:
        """$h_0 = \\overleftarrow{h}_1$ and $c_0 = 0$.

        Args:
            encoded: the output of a bidirectional encoder.

        Raises:
            ValueError: if the encoder is an LSTM, not bidirectional, or of another size.
        """
        state = backward_start(encoded, self.backward_size)
        state = state if self.start is None else self.start(state)
        return AttentionState(state[None], torch.zeros_like(encoded.memory[:, 0]))

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
        fed = state.fed.to(embedded.dtype)  # c_{t-1}
        query = self.cell(torch.cat([embedded, fed], dim=-1), state.recurrent[-1])  # h_t
        context, weights = self.attention(
            query,
            keys,
            values=encoded.memory,
            mask=encoded.src_mask,
            position=state.position,
            previous_weights=state.weights,
        )
        logits = self.output(self.dropout(torch.cat([query, context], dim=-1)))
        new_state = AttentionState(query[None], context, weights, state.position + 1)
        return StepOutput(logits, new_state, weights)

    def forward(
        self, tgt_in: Tensor, encoded: EncoderOutput, tgt_mask: Tensor | None = None
    ) -> DecoderOutput:
        """See :meth:`Decoder.forward`, and :meth:`BahdanauDecoder.forward` for what is faster."""
        keys = self.project_keys(encoded)
        embedded = self.embed("tgt_in", tgt_in, encoded)
        start = self.init_state(encoded)
        state, context, weights = start.recurrent[-1], start.fed, None
        W_x, W_c = self.cell.weight_ih.split([embedded.shape[-1], context.shape[-1]], dim=1)
        from_words = F.linear(embedded, W_x, self.cell.bias_ih)
        steps = []
        for i, from_word in enumerate(from_words.unbind(dim=1)):
            from_input = from_word + F.linear(context, W_c)
            from_state = F.linear(state, self.cell.weight_hh, self.cell.bias_hh)
            state = gru_update(from_input, from_state, state)
            context, weights = self.attention(
                state,
                keys,
                values=encoded.memory,
                mask=encoded.src_mask,
                position=i,
                previous_weights=weights,
            )
            steps.append((state, context, weights))
        states, contexts, weights = (torch.stack(column, dim=1) for column in zip(*steps))
        read = real_steps(torch.cat([states, contexts], dim=-1), tgt_mask)
        return DecoderOutput(self.output(self.dropout(read)), states, weights)
