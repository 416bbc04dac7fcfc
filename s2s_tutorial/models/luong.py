"""Luong's decoder: first update the state, then look at the source with the new one."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.models.attention_decoder import AttentionDecoder, AttentionState
from s2s_tutorial.models.decoder import DecoderOutput, StepOutput, real_steps
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.models.rnn_decoder import check_fits
from s2s_tutorial.recurrent.cells import make_cell, stack_update


class LuongDecoder(AttentionDecoder):
    """The decoder of Luong et al. (2015), sections 3 and 3.3, over one or more layers.

    $$ h_t = \\mathrm{LSTM}(h_{t-1}, E y_{t-1}), \\qquad
       a_t = \\mathrm{softmax}(\\mathrm{score}(h_t, \\bar h_s)), \\quad
       c_t = \\sum_s a_t(s) \\bar h_s $$
    $$ \\tilde h_t = \\tanh(W_c [c_t; h_t]), \\qquad
       p(y_t \\mid y_{<t}, x) = \\mathrm{softmax}(W_s \\tilde h_t) $$

    (equations 5 to 7). The order is what makes it Luong's: the query is the state *after* the
    update, of the top layer, and the context does not enter the cell. With ``input_feeding``
    (section 3.3) it does so one step later: the cell reads $[E y_{t-1}; \\tilde h_{t-1}]$, with
    $\\tilde h_0 = 0$. Without it all steps of a target are attended to at once.

    Each layer starts from the encoder's final state of the same layer, $(h, c)$ for an LSTM.

    Args:
        vocab_size: number of target tokens.
        embedding_size: size of the target embeddings.
        hidden_size: size of $h_t$; must equal the encoder's ``memory_size``.
        memory_size: size of $\\bar h_s$.
        attention: any of the book's attentions.
        cell: ``"lstm"``, ``"gru"`` or ``"rnn"``.
        num_layers: stacked layers.
        readout_size: size of $\\tilde h_t$; None takes ``hidden_size``.
        input_feeding: feed $\\tilde h_{t-1}$ to the cell.
        dropout: probability on the embeddings, between layers and before the output layer.
        tie_embeddings: see :class:`AttentionDecoder`.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise.

    Attributes:
        rnn: the stack of recurrent layers.
        combine: $W_c$, a linear layer without bias over $[c_t; h_t]$.

    Raises:
        TypeError: if ``attention`` is no attention.
        ValueError: if ``cell`` is unknown, or the embeddings are to be tied and do not fit.

    Example:
        >>> encoder = s2s.Encoder(7, embedding_size=3, hidden_size=5, cell="lstm")
        >>> encoded = encoder(torch.tensor([[4, 5, 6]]), torch.tensor([3]))
        >>> decoder = LuongDecoder(11, 3, 5, 5, s2s.DotAttention(), input_feeding=True)
        >>> step = decoder.step(torch.tensor([2]), decoder.init_state(encoded), encoded)
        >>> tuple(step.logits.shape), tuple(step.weights.shape), tuple(step.state.fed.shape)
        ((1, 11), (1, 3), (1, 5))
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_size: int,
        hidden_size: int,
        memory_size: int,
        attention: Attention,
        cell: str = "lstm",
        num_layers: int = 1,
        readout_size: int | None = None,
        input_feeding: bool = False,
        dropout: float = 0.0,
        tie_embeddings: bool = False,
        word_dropout: float = 0.0,
        scale_embeddings: bool = False,
    ):
        readout_size = readout_size or hidden_size
        embedding = TokenEmbedding(vocab_size, embedding_size, word_dropout, scale_embeddings)
        super().__init__(embedding, attention, readout_size, memory_size, dropout, tie_embeddings)
        self.input_feeding = input_feeding
        input_size = embedding_size + (readout_size if input_feeding else 0)
        self.rnn = make_cell(cell, input_size, hidden_size, num_layers, dropout)
        self.combine = nn.Linear(memory_size + hidden_size, readout_size, bias=False)

    def init_state(self, encoded: EncoderOutput) -> AttentionState:
        """Every layer's final encoder state, and $\\tilde h_0 = 0$ with input feeding.

        Args:
            encoded: the encoder's output.

        Raises:
            ValueError: if the encoder's final state does not have this decoder's form.
        """
        check_fits(encoded.final_state, self.rnn)
        fed = None
        if self.input_feeding:
            fed = encoded.memory.new_zeros(encoded.memory.shape[0], self.combine.out_features)
        return AttentionState(encoded.final_state, fed)

    def step(
        self,
        token: Tensor,
        state: AttentionState,
        encoded: EncoderOutput,
        keys: Tensor | None = None,
    ) -> StepOutput:
        """See :meth:`Decoder.step`."""
        keys = self.project_keys(encoded) if keys is None else keys
        cell_input = self.embed("token", token, encoded)
        if self.input_feeding:
            cell_input = torch.cat([cell_input, state.fed.to(cell_input.dtype)], dim=-1)
        top, recurrent = self.rnn(cell_input[:, None], state.recurrent)
        query = top[:, 0]  # h_t
        context, weights = self.attention(
            query,
            keys,
            values=encoded.memory,
            mask=encoded.src_mask,
            position=state.position,
            previous_weights=state.weights,
        )
        attentional = torch.tanh(self.combine(torch.cat([context, query], dim=-1)))
        logits = self.output(self.dropout(attentional))
        fed = attentional if self.input_feeding else None
        new_state = AttentionState(recurrent, fed, weights, state.position + 1)
        return StepOutput(logits, new_state, weights)

    def forward(
        self, tgt_in: Tensor, encoded: EncoderOutput, tgt_mask: Tensor | None = None
    ) -> DecoderOutput:
        """See :meth:`Decoder.forward`: the numbers of :meth:`step`, faster.

        Without input feeding no step waits for another's attention: the recurrent layers run
        over the whole target, then all states are queries at once.
        """
        embedded = self.embed("tgt_in", tgt_in, encoded)
        keys, start = self.project_keys(encoded), self.init_state(encoded)
        if self.input_feeding:
            states, attentional, weights = self._fed_steps(embedded, start, encoded, keys)
        else:
            states, _ = self.rnn(embedded, start.recurrent)
            context, weights = self.attention(
                states, keys, values=encoded.memory, mask=encoded.src_mask
            )
            attentional = torch.tanh(self.combine(torch.cat([context, states], dim=-1)))
        logits = self.output(self.dropout(real_steps(attentional, tgt_mask)))
        return DecoderOutput(logits, states, weights)

    def _fed_steps(
        self, embedded: Tensor, start: AttentionState, encoded: EncoderOutput, keys: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Step by step, with the embeddings' part of the cell's input multiplied beforehand."""
        sizes = [embedded.shape[-1], start.fed.shape[-1]]
        W_y, W_fed = self.rnn.weight_ih_l0.split(sizes, dim=1)
        from_words = F.linear(embedded, W_y, self.rnn.bias_ih_l0)
        recurrent, attentional, weights = start.recurrent, start.fed, None
        steps = []
        for i, from_word in enumerate(from_words.unbind(dim=1)):
            from_input = from_word + F.linear(attentional, W_fed)
            query, recurrent = stack_update(self.rnn, from_input, recurrent)
            context, weights = self.attention(
                query,
                keys,
                values=encoded.memory,
                mask=encoded.src_mask,
                position=i,
                previous_weights=weights,
            )
            attentional = torch.tanh(self.combine(torch.cat([context, query], dim=-1)))
            steps.append((query, attentional, weights))
        states, attentionals, all_weights = (torch.stack(each, dim=1) for each in zip(*steps))
        return states, attentionals, all_weights
