"""Bahdanau's decoder: first look at the source with the state one has, then update the state."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.base.value_checks import check_count
from s2s_tutorial.machine.precision import for_products
from s2s_tutorial.models.attention_decoder import AttentionDecoder, AttentionState, at_real_steps
from s2s_tutorial.models.decoder import DecoderOutput, StepOutput
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.recurrent.cells import gru_update
from s2s_tutorial.recurrent.loop_product import LoopProduct

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
    and the context enters the cell. Three details, said once: the readout takes the new state,
    as equation 4 of the paper does (its appendix writes $s_{i-1}$ there); the GRU is PyTorch's
    (see :func:`s2s_tutorial.recurrent.cells.gru_update`), with biases; and $E y$ is ``embedding``.

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
            The state before the first step; its ``cell`` is ``(1, batch, hidden_size)``.

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
        """One token in, one distribution out; what search uses.

        Args:
            token: ``(batch,)`` int64, the previous target token $y_{i-1}$.
            state: from :meth:`init_state` or the step before.
            encoded: the encoder's output.
            keys: from :meth:`project_keys`; None projects them here, again at every step.

        Returns:
            A :class:`StepOutput`.
        """
        keys = self.project_keys(encoded) if keys is None else keys
        memory, src_mask = encoded.memory, encoded.src_mask
        embedded = self.embed("token", token, "(batch,)", encoded)
        query = state.cell[-1]
        context, weights = self.attention(
            query, keys, memory, src_mask, state.position, state.weights
        )
        new = self.cell(torch.cat([embedded, context], dim=-1), query)
        logits = self.output(self.dropout(self.read(new, embedded, context)))
        return StepOutput(
            logits, AttentionState(new[None], None, weights, state.position + 1), weights
        )

    def forward(
        self,
        tgt_in: Tensor,
        encoded: EncoderOutput,
        tgt_mask: Tensor | None = None,
        logits: bool = True,
    ) -> DecoderOutput:
        """A whole target with teacher forcing; what training uses.

        The same numbers as :meth:`step`, faster: what does not depend on the state is multiplied
        for all steps at once, before the loop (the keys, the embeddings' part of the cell's
        input) or after it (readout and output layer). With $W_c$ the context's part of the
        cell's input matrix,

        $$ W_c c_i = \\sum_j \\alpha_{ij} (W_c h_j), $$

        so where the source is not longer than the target this product too is made before the
        loop, and the weights weigh $W_c h_j$. Gradients of what is multiplied inside the loop
        are computed after it (:class:`s2s_tutorial.recurrent.loop_product.LoopProduct`).

        Args:
            tgt_in: ``(batch, tgt_len)`` int64, ``<bos>`` and the target without ``<eos>``.
            encoded: the encoder's output.
            tgt_mask: see :meth:`RNNDecoder.forward`.
            logits: likewise.

        Returns:
            A :class:`DecoderOutput`.
        """
        memory, src_mask = for_products(encoded.memory), encoded.src_mask
        keys = self.project_keys(encoded)
        embedded = self.embed("tgt_in", tgt_in, "(batch, tgt_len)", encoded)
        W_y, W_c = self.cell.weight_ih.split([embedded.shape[-1], memory.shape[-1]], dim=1)
        W_c = for_products(W_c)
        from_words = F.linear(embedded.transpose(0, 1), W_y, self.cell.bias_ih)
        ahead = memory.shape[1] <= tgt_in.shape[1]
        look = LoopProduct(F.linear(memory, W_c) if ahead else memory)
        W_s = LoopProduct(for_products(self.cell.weight_hh).T, self.cell.bias_hh)

        state = self.init_state(encoded).cell[-1]
        states, all_weights, weights = [], [], None
        for i, from_word in enumerate(from_words):
            weights = self.attention.align(state[:, None], keys, src_mask, i, weights)
            context, weights = look(weights)[:, 0], weights[:, 0]
            from_context = context if ahead else F.linear(context, W_c)
            state = gru_update(from_word + from_context, W_s(state), state)
            states.append(state)
            all_weights.append(weights)

        states, weights = torch.stack(states, dim=1), torch.stack(all_weights, dim=1)
        readout = self.read(*at_real_steps(tgt_mask, states, embedded, weights @ memory))
        return self.write(readout, states, weights, logits)

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
