"""The Transformer's encoder: no recurrence, every word asks every other."""

from __future__ import annotations

from torch import Tensor, nn

from s2s_tutorial.attention.multi_head import check_heads
from s2s_tutorial.base.checks import check_ids, check_lengths
from s2s_tutorial.base.value_checks import check_count
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.models.positions import MAX_POSITIONS, PositionedInput
from s2s_tutorial.models.transformer_layers import TransformerEncoderLayer
from s2s_tutorial.text.batch import length_mask

HEADS = 4  # unless asked otherwise, or the most below that divide the width


def heads_for(hidden_size: int, heads: int | None = None) -> int:
    """The heads asked for; else four, or the most below that divide the width.

    >>> heads_for(128), heads_for(6), heads_for(7), heads_for(128, heads=8)
    (4, 3, 1, 8)

    Raises:
        ValueError: if those asked for do not divide the width.
    """
    if heads is not None:
        return check_heads(heads, hidden_size)
    return max(n for n in range(1, HEADS + 1) if hidden_size % n == 0)


class TransformerEncoder(nn.Module):
    """Layers of self-attention and feed-forward networks over the source (Vaswani et al., 2017).

    $$ x^{(0)}_t = e_t + p_t, \\qquad x^{(l)} = \\mathrm{layer}_l(x^{(l-1)}), \\qquad
       h_j = \\mathrm{norm}(x^{(L)}_j) $$

    Each layer is a :class:`TransformerEncoderLayer`, pre-norm; the norm at the end belongs to it.
    No word is looked at before its place is added to it: see :class:`PositionedInput`.

    Args:
        vocab_size: number of source tokens.
        embedding_size: size of $e_t$.
        hidden_size: size of $x_t$ and of the memory's $h_j$.
        heads: heads of each attention; None takes four, or the most below that divide
            ``hidden_size``.
        feedforward_size: hidden units of the feed-forward layers; None takes four times
            ``hidden_size``.
        num_layers: stacked layers.
        positions: see :class:`PositionedInput`.
        max_positions: the longest source.
        dropout: probability on the first layer's input and on each change.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise.

    Raises:
        ValueError: if the heads do not divide ``hidden_size``, or a size is not positive.

    Example:
        >>> encoder = TransformerEncoder(vocab_size=11, embedding_size=3, hidden_size=6, heads=2)
        >>> encoded = encoder(torch.tensor([[4, 5, 6], [7, 8, 0]]), torch.tensor([3, 2]))
        >>> tuple(encoded.memory.shape), encoded.final_state
        ((2, 3, 6), None)
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_size: int,
        hidden_size: int,
        heads: int | None = None,
        feedforward_size: int | None = None,
        num_layers: int = 2,
        positions: str = "sinusoidal",
        max_positions: int = MAX_POSITIONS,
        dropout: float = 0.0,
        word_dropout: float = 0.0,
        scale_embeddings: bool = False,
    ):
        super().__init__()
        self.memory_size = check_count("hidden_size", hidden_size)
        heads = heads_for(hidden_size, heads)
        inner = 4 * hidden_size if feedforward_size is None else feedforward_size
        self.embedding = TokenEmbedding(vocab_size, embedding_size, word_dropout, scale_embeddings)
        self.input = PositionedInput(embedding_size, hidden_size, positions, max_positions, dropout)
        self.layers = nn.ModuleList(
            TransformerEncoderLayer(
                hidden_size, heads, check_count("feedforward_size", inner), dropout
            )
            for _ in range(check_count("num_layers", num_layers))
        )
        self.norm = nn.LayerNorm(hidden_size)

    def forward(self, src: Tensor, src_lengths: Tensor) -> EncoderOutput:
        """Read a padded batch.

        Args:
            src: ``(batch, src_len)`` int64 token ids, padded on the right.
            src_lengths: ``(batch,)`` int64, the number of real tokens in each row.

        Returns:
            An :class:`EncoderOutput` without a ``final_state``.

        Raises:
            TypeError: if ``src`` or ``src_lengths`` is not an integer tensor.
            ValueError: if a shape or a length does not fit, or there are fewer positions.
            IndexError: if an id lies outside the source vocabulary.
        """
        return self.read(src, src_lengths)[0]

    def read(self, src: Tensor, src_lengths: Tensor) -> tuple[EncoderOutput, list[Tensor]]:
        """As :meth:`forward`, and of each layer the weights ``(batch, heads, src_len, src_len)``."""
        check_ids("src", src, self.embedding.num_embeddings, "(batch, src_len)")
        check_lengths(src_lengths, *src.shape)
        src_mask = length_mask(src_lengths.to(src.device), src.size(1))
        x, looks = self.input(self.embedding(src)), []
        for layer in self.layers:
            x, weights = layer(x, src_mask)
            looks.append(weights)
        memory = self.norm(x).masked_fill(~src_mask[:, :, None], 0.0)  # padding: no state
        return EncoderOutput(memory, None, src_mask), looks
