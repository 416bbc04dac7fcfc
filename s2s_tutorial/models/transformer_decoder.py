"""The Transformer's decoder: the words so far ask each other, then the source."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s2s_tutorial.attention.multi_head import causal_mask
from s2s_tutorial.base.checks import check_ids, check_rows
from s2s_tutorial.base.value_checks import check_count
from s2s_tutorial.models.attention_decoder import tie
from s2s_tutorial.models.decoder import Decoder, DecoderOutput, StepOutput, real_steps
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.models.positions import MAX_POSITIONS, PositionedInput
from s2s_tutorial.models.transformer_encoder import heads_for
from s2s_tutorial.models.transformer_layers import TransformerDecoderLayer


class TransformerDecoder(Decoder):
    """Layers of causal self-attention and attention to the source (Vaswani et al., 2017), pre-norm.

    $$ x^{(0)}_i = e(y_{i-1}) + p_i, \\qquad x^{(l)} = \\mathrm{layer}_l(x^{(l-1)}, h), \\qquad
       p(y_i \\mid y_{<i}, x) = \\mathrm{softmax}\\bigl(W_o\\, \\mathrm{norm}(x^{(L)}_i) + b_o\\bigr) $$

    Each layer is a :class:`TransformerDecoderLayer`. Word $i$ may look at words $1 \\dots i$ only, so
    what a layer made of them never changes: the state is their keys and values,
    ``(layers, batch, words so far, 2 * hidden_size)``, and :meth:`step` adds those of one word.
    :meth:`forward` is the same computation with all words new and none in the state.

    Args:
        vocab_size: number of target tokens.
        embedding_size: size of the target embeddings.
        hidden_size: size of $x_i$.
        memory_size: size of the encoder's $h_j$.
        heads: see :class:`TransformerEncoder`.
        feedforward_size: likewise.
        num_layers: stacked layers.
        positions: see :class:`PositionedInput`.
        max_positions: the longest source and the longest target.
        dropout: probability on the first layer's input and on each change.
        tie_embeddings: let the output layer's matrix be the embedding matrix (Press & Wolf, 2017);
            needs ``embedding_size`` equal to ``hidden_size``.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise.

    Raises:
        ValueError: if the heads do not divide ``hidden_size``, a size is not positive, or the
            embeddings are to be tied and do not fit.

    Example:
        >>> model = s2s.build_model("transformer", 7, 11, embedding_size=3, hidden_size=6)
        >>> encoded = model.encode(torch.tensor([[4, 5, 6]]), torch.tensor([3]))
        >>> step = model.decoder.step(torch.tensor([2]), model.decoder.init_state(encoded), encoded)
        >>> tuple(step.logits.shape), tuple(step.state.shape), tuple(step.weights.shape)
        ((1, 11), (2, 1, 1, 12), (1, 3))
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_size: int,
        hidden_size: int,
        memory_size: int,
        heads: int | None = None,
        feedforward_size: int | None = None,
        num_layers: int = 2,
        positions: str = "sinusoidal",
        max_positions: int = MAX_POSITIONS,
        dropout: float = 0.0,
        tie_embeddings: bool = False,
        word_dropout: float = 0.0,
        scale_embeddings: bool = False,
    ):
        super().__init__()
        heads = heads_for(check_count("hidden_size", hidden_size), heads)
        inner = 4 * hidden_size if feedforward_size is None else feedforward_size
        sizes = (hidden_size, memory_size, heads, check_count("feedforward_size", inner))
        self.embedding = TokenEmbedding(vocab_size, embedding_size, word_dropout, scale_embeddings)
        self.input = PositionedInput(embedding_size, hidden_size, positions, max_positions, dropout)
        self.layers = nn.ModuleList(
            TransformerDecoderLayer(*sizes, dropout)
            for _ in range(check_count("num_layers", num_layers))
        )
        self.norm = nn.LayerNorm(hidden_size)
        self.output = nn.Linear(hidden_size, vocab_size)
        if tie_embeddings:
            tie(self.output, self.embedding, "hidden_size")

    @property
    def attends(self) -> bool:
        """Always: each layer has an attention of its own."""
        return True

    @property
    def source_limit(self) -> int | None:
        """As many tokens as there are positions."""
        return self.input.limit

    @property
    def target_limit(self) -> int | None:
        """As many tokens as there are positions, one of them ``<bos>``'s."""
        return self.input.limit

    def project_keys(self, encoded: EncoderOutput) -> Tensor:
        """The source's keys and values of every layer: ``(batch, src_len, layers, 2 * hidden_size)``."""
        keys = [layer.attention.project_keys(encoded.memory) for layer in self.layers]
        return torch.stack(keys, dim=2)

    def init_state(self, encoded: EncoderOutput) -> Tensor:
        """No word so far: ``(layers, batch, 0, 2 * hidden_size)``."""
        size = 2 * self.output.in_features
        return encoded.memory.new_zeros(len(self.layers), len(encoded.memory), 0, size)

    def step(
        self, token: Tensor, state: Tensor, encoded: EncoderOutput, keys: Tensor | None = None
    ) -> StepOutput:
        """See :meth:`Decoder.step`; the weights are the mean over the last layer's heads."""
        check_ids("token", token, self.embedding.num_embeddings, "(batch,)")
        check_rows("token", token, len(encoded.memory))
        x, state, _, looks = self.run(token[:, None], state, encoded, keys)
        return StepOutput(self.output(x[:, 0]), state, looks[-1].mean(dim=1)[:, 0])

    def forward(
        self, tgt_in: Tensor, encoded: EncoderOutput, tgt_mask: Tensor | None = None
    ) -> DecoderOutput:
        """See :meth:`Decoder.forward`: all words at once, each blind to those after it."""
        check_ids("tgt_in", tgt_in, self.embedding.num_embeddings, "(batch, tgt_len)")
        check_rows("tgt_in", tgt_in, len(encoded.memory))
        x, _, _, looks = self.run(tgt_in, self.init_state(encoded), encoded)
        return DecoderOutput(self.output(real_steps(x, tgt_mask)), x, looks[-1].mean(dim=1))

    def run(
        self, tokens: Tensor, state: Tensor, encoded: EncoderOutput, keys: Tensor | None = None
    ) -> tuple[Tensor, Tensor, list[Tensor], list[Tensor]]:
        """New words beside those in the state: what :meth:`step` and :meth:`forward` are made of.

        Args:
            tokens: ``(batch, new)`` int64.
            state: ``(layers, batch, old, 2 * hidden_size)``.
            encoded: the encoder's output.
            keys: from :meth:`project_keys`.

        Returns:
            What the output layer reads, ``(batch, new, hidden_size)``; the new state; and of each
            layer the weights over the words so far, ``(batch, heads, new, old + new)``, and over
            the source, ``(batch, heads, new, src_len)``.
        """
        keys = self.project_keys(encoded) if keys is None else keys
        (batch, new), old = tokens.shape, state.shape[2]
        causal = causal_mask(new, old, tokens.device).expand(batch, -1, -1)
        x, pasts, own_looks, looks = self.input(self.embedding(tokens), old), [], [], []
        for layer, past, its_keys in zip(self.layers, state, keys.unbind(dim=2)):
            x, past, own_weights, weights = layer(x, past, causal, its_keys, encoded.src_mask)
            pasts.append(past)
            own_looks.append(own_weights)
            looks.append(weights)
        return self.norm(x), torch.stack(pasts), own_looks, looks
