"""A classifier: one label for a whole source, from states that were pooled into one."""

from __future__ import annotations

from typing import Any

from torch import nn

from s2s_tutorial.attention.pooling import make_pooling
from s2s_tutorial.models.decoder import DecoderOutput
from s2s_tutorial.models.encoder import Encoder, EncoderOutput
from s2s_tutorial.models.initialise import initialise
from s2s_tutorial.models.labeller import Labeller, checked_sizes, make_encoder


class Classifier(Labeller):
    """The label of a source, read off the context of one question.

    $$ c = \\sum_j \\alpha_j h_j, \\qquad p(y \\mid x) = \\mathrm{softmax}(W_o c + b) $$

    Args:
        encoder: reads the source.
        pooling: makes $c$ and $\\alpha$ of the states, such as :class:`AttentionPooling`.
        vocab_size: number of target tokens, the four special ones included.
        dropout: probability on $c$.
        config: see :class:`Labeller`.

    Attributes:
        output: $W_o, b$.

    Example:
        >>> encoder = s2s.Encoder(11, embedding_size=3, hidden_size=5, bidirectional=True)
        >>> classifier = Classifier(encoder, s2s.MeanPooling(), vocab_size=6)
        >>> out = classifier(torch.tensor([[4, 5, 6], [7, 8, 0]]), torch.tensor([3, 2]))
        >>> tuple(out.logits.shape), tuple(out.weights.shape)
        ((2, 1, 6), (2, 1, 3))
    """

    targets = "labels"

    def __init__(
        self,
        encoder: Encoder,
        pooling: nn.Module,
        vocab_size: int,
        dropout: float = 0.0,
        config: dict[str, Any] | None = None,
    ):
        super().__init__(encoder, config or {})
        self.pooling = pooling
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(encoder.memory_size, vocab_size)

    def label(self, encoded: EncoderOutput) -> DecoderOutput:
        """See :meth:`Labeller.label`: ``tgt_len`` is 1."""
        context, weights = self.pooling(encoded.memory, encoded.src_mask)
        logits = self.output(self.dropout(context))
        weights = None if weights is None else weights[:, None]
        return DecoderOutput(logits[:, None], context[:, None], weights)


def build_classifier(
    src_vocab_size: int,
    tgt_vocab_size: int,
    embedding_size: int = 64,
    hidden_size: int = 128,
    attention_size: int | None = None,
    *,
    pooling: str = "attention",
    cell: str = "gru",
    num_layers: int = 1,
    dropout: float = 0.0,
    word_dropout: float = 0.0,
) -> Classifier:
    """A classifier over a bidirectional encoder, freshly initialised from PyTorch's global seed.

    Args:
        src_vocab_size: number of source tokens.
        tgt_vocab_size: number of labels and special tokens, ``len(tgt_vocab)``.
        embedding_size: see :class:`Encoder`.
        hidden_size: likewise.
        attention_size: size of the learned query and of the score's hidden layer; None takes
            ``hidden_size``.
        pooling: ``"attention"`` (:class:`AttentionPooling` with the additive score), ``"mean"``
            (:class:`MeanPooling`) or ``"ends"`` (:class:`EndPooling`).
        cell: see :class:`Encoder`.
        num_layers: likewise.
        dropout: likewise, and on the context.
        word_dropout: see :class:`TokenEmbedding`.

    Raises:
        TypeError: if a value is of another kind than it should be.
        ValueError: if a size or probability is out of range, or the pooling or cell unknown.

    >>> model = build_classifier(11, 6, embedding_size=3, hidden_size=5, pooling="mean")
    >>> model.parameter_count()  # 11 x 3 embeddings, a GRU of two directions, 10 x 6 + 6
    399
    """
    config = checked_sizes(
        {
            "kind": "classifier",
            "src_vocab_size": src_vocab_size,
            "tgt_vocab_size": tgt_vocab_size,
            "embedding_size": embedding_size,
            "hidden_size": hidden_size,
            "attention_size": hidden_size if attention_size is None else attention_size,
            "pooling": pooling,
            "cell": cell,
            "num_layers": num_layers,
            "dropout": dropout,
            "word_dropout": word_dropout,
        }
    )
    encoder = make_encoder(config)
    made = make_pooling(pooling, encoder.memory_size, config["attention_size"])
    model = Classifier(encoder, made, config["tgt_vocab_size"], config["dropout"], config)
    initialise(model)
    return model
