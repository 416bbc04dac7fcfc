"""Token embeddings, with the two habits that help a small translation model."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from s2s_tutorial.base.value_checks import check_count, check_probability
from s2s_tutorial.text.vocabulary import PAD_ID, UNK_ID


class TokenEmbedding(nn.Embedding):
    """A vector for each token; the one of ``<pad>`` is zero and stays so.

    Only where an output layer shares the matrix does that row learn, as an answer; nothing reads
    it, because padding is masked.

    Args:
        vocab_size: number of tokens.
        embedding_size: size $E$ of each vector.
        word_dropout: in training, the probability that a token is read as ``<unk>`` (Bowman et
            al., 2016): the model learns to lean on the others.
        scaled: multiply the vectors by $\\sqrt E$ (Vaswani et al., 2017, section 3.4), which
            lets the same matrix serve as output layer.

    Raises:
        TypeError: if a size is no whole number, or ``word_dropout`` no number.
        ValueError: if a size is less than 1, or ``word_dropout`` no probability.

    >>> TokenEmbedding(11, 3)(torch.tensor([[5, 0]])).shape
    torch.Size([1, 2, 3])
    """

    def __init__(
        self, vocab_size: int, embedding_size: int, word_dropout: float = 0.0, scaled: bool = False
    ):
        check_count("vocab_size", vocab_size)
        check_count("embedding_size", embedding_size)
        super().__init__(vocab_size, embedding_size, padding_idx=PAD_ID)
        self.word_dropout = check_probability("word_dropout", word_dropout)
        self.scaled = scaled

    def forward(self, ids: Tensor) -> Tensor:
        """Look the tokens up.

        Args:
            ids: int64 of any shape.

        Returns:
            The shape of ``ids`` and ``embedding_size``.
        """
        if self.training and self.word_dropout:
            dropped = torch.rand(ids.shape, device=ids.device) < self.word_dropout
            ids = ids.masked_fill(dropped & (ids != PAD_ID), UNK_ID)
        vectors = super().forward(ids)
        return vectors * math.sqrt(self.embedding_dim) if self.scaled else vectors
