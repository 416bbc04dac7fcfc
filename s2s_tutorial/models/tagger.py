"""A tagger: one label for each source token, from the state that has read both sides of it."""

from __future__ import annotations

from typing import Any

from torch import nn

from s2s_tutorial.models.decoder import DecoderOutput
from s2s_tutorial.models.encoder import Encoder, EncoderOutput
from s2s_tutorial.models.initialise import initialise
from s2s_tutorial.models.labeller import Labeller, checked_sizes, make_encoder


class Tagger(Labeller):
    """Tag $j$ is read off state $h_j$.

    $$ p(y_j \\mid x) = \\mathrm{softmax}(W_o h_j + b) $$

    It is attention with weights that nobody has to learn, $\\alpha_{ij} = 1$ where $i = j$ and 0
    elsewhere, because which token a tag belongs to is known: $c_j = h_j$.

    Args:
        encoder: reads the source; both ways, as a rule.
        vocab_size: number of target tokens, the four special ones included.
        dropout: probability on the states.
        config: see :class:`Labeller`.

    Attributes:
        output: $W_o, b$.

    Example:
        >>> encoder = s2s.Encoder(11, embedding_size=3, hidden_size=5, bidirectional=True)
        >>> tagger = Tagger(encoder, vocab_size=7)
        >>> tuple(tagger(torch.tensor([[4, 5, 6], [7, 8, 0]]), torch.tensor([3, 2])).logits.shape)
        (2, 3, 7)
    """

    targets = "tags"

    def __init__(
        self,
        encoder: Encoder,
        vocab_size: int,
        dropout: float = 0.0,
        config: dict[str, Any] | None = None,
    ):
        super().__init__(encoder, config or {})
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(encoder.memory_size, vocab_size)

    def label(self, encoded: EncoderOutput) -> DecoderOutput:
        """See :meth:`Labeller.label`: ``tgt_len`` is ``src_len``."""
        return DecoderOutput(self.output(self.dropout(encoded.memory)), encoded.memory, None)


def build_tagger(
    src_vocab_size: int,
    tgt_vocab_size: int,
    embedding_size: int = 64,
    hidden_size: int = 128,
    *,
    cell: str = "gru",
    num_layers: int = 1,
    dropout: float = 0.0,
    word_dropout: float = 0.0,
) -> Tagger:
    """A tagger over a bidirectional encoder, freshly initialised from PyTorch's global seed.

    Args:
        src_vocab_size: number of source tokens.
        tgt_vocab_size: number of tags and special tokens, ``len(tgt_vocab)``.
        embedding_size: see :class:`Encoder`.
        hidden_size: likewise.
        cell: likewise.
        num_layers: likewise.
        dropout: likewise, and on the states.
        word_dropout: see :class:`TokenEmbedding`.

    Raises:
        TypeError: if a value is of another kind than it should be.
        ValueError: if a size or probability is out of range, or the cell unknown.

    >>> build_tagger(11, 7, embedding_size=3, hidden_size=5).parameter_count()
    410
    """
    config = checked_sizes(
        {
            "kind": "tagger",
            "src_vocab_size": src_vocab_size,
            "tgt_vocab_size": tgt_vocab_size,
            "embedding_size": embedding_size,
            "hidden_size": hidden_size,
            "cell": cell,
            "num_layers": num_layers,
            "dropout": dropout,
            "word_dropout": word_dropout,
        }
    )
    encoder = make_encoder(config)
    tagger = Tagger(encoder, config["tgt_vocab_size"], config=config)
    initialise(tagger)
    return tagger
