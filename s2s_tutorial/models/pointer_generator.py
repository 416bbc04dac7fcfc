"""The pointer-generator: a decoder that writes a word, or copies one (See et al., 2017)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.base.checks import check_ids, check_rank
from s2s_tutorial.models.attention_decoder import AttentionState
from s2s_tutorial.models.context_feeding import ContextFeedingDecoder
from s2s_tutorial.models.decoder import DecoderOutput, StepOutput, real_steps
from s2s_tutorial.models.encoder import Encoder, EncoderOutput
from s2s_tutorial.recurrent.cells import State
from s2s_tutorial.text.vocabulary import PAD_ID, UNK_ID


def pointer_mixture(
    p_vocab: Tensor, p_gen: Tensor, weights: Tensor, src: Tensor, own_words: int = 0
) -> Tensor:
    """Either a word of the vocabulary is written, or one of the source is copied.

    $$ P(w) = p_{\\mathrm{gen}} P_{\\mathrm{vocab}}(w)
       + (1 - p_{\\mathrm{gen}}) \\sum_{j:\\, x_j = w} \\alpha_j $$

    (See et al., 2017, equation 9.) A source id at or above the vocabulary's size is a word of the
    sentence's own, which $P_{\\mathrm{vocab}}$ does not have and which can only be copied.

    Args:
        p_vocab: ``(..., vocab_size)``, $P_{\\mathrm{vocab}}$.
        p_gen: ``(..., 1)``, $p_{\\mathrm{gen}}$.
        weights: ``(..., src_len)``, the attention weights, zero on padding.
        src: ``(..., src_len)`` int64, the source's ids, each below ``vocab_size + own_words``.
        own_words: how many ids there are above the vocabulary's.

    Returns:
        ``(..., vocab_size + own_words)``; it sums to 1 where the weights do.

    Example:
        >>> p_vocab, p_gen = torch.tensor([[0.5, 0.5]]), torch.tensor([[0.5]])
        >>> weights, src = torch.tensor([[0.25, 0.25, 0.5]]), torch.tensor([[2, 1, 2]])
        >>> pointer_mixture(p_vocab, p_gen, weights, src, own_words=1)
        tensor([[0.2500, 0.3750, 0.3750]])
    """
    generated = pad(p_gen * p_vocab, (0, own_words))
    return generated.scatter_add(-1, src, (1 - p_gen) * weights)


class SourceOutput(NamedTuple):
    """An :class:`EncoderOutput` with the source itself, for a decoder that copies.

    Attributes:
        memory: see :class:`EncoderOutput`, as the next two.
        final_state: likewise.
        src_mask: likewise.
        src: ``(batch, src_len)`` int64, the source's ids, ``<pad>`` on padding.

    Example:
        >>> encoder = CopyingEncoder(vocab_size=7, embedding_size=3, hidden_size=5)
        >>> encoded = encoder(torch.tensor([[4, 8, 7], [6, 7, 0]]), torch.tensor([3, 2]))
        >>> encoded.select_rows(torch.tensor([1])).src
        tensor([[6, 7, 0]])
    """

    memory: Tensor
    final_state: State | None
    src_mask: Tensor
    src: Tensor

    def select_rows(self, rows: Tensor) -> SourceOutput:
        """See :meth:`EncoderOutput.select_rows`."""
        chosen = EncoderOutput(*self[:3]).select_rows(rows)
        return SourceOutput(*chosen, self.src.index_select(0, rows))


class CopyingEncoder(Encoder):
    """An :class:`Encoder` that hands the source's ids on, and reads a sentence's own words.

    An id at or above the vocabulary's size is read as ``<unk>``; the decoder is given it as it is,
    in a :class:`SourceOutput`.

    Example:
        >>> encoder = CopyingEncoder(vocab_size=7, embedding_size=3, hidden_size=5)
        >>> encoded = encoder(torch.tensor([[4, 8, 7], [6, 7, 0]]), torch.tensor([3, 2]))
        >>> encoded.src[0]
        tensor([4, 8, 7])
        >>> unknown = encoder(torch.tensor([[4, s2s.UNK_ID, s2s.UNK_ID]]), torch.tensor([3]))
        >>> torch.allclose(encoded.memory[0], unknown.memory[0], atol=1e-6)
        True
    """

    def forward(self, src: Tensor, src_lengths: Tensor) -> SourceOutput:
        """See :meth:`Encoder.forward`."""
        check_rank("src", src, "(batch, src_len)")
        encoded = super().forward(known_ids(src, self.embedding.num_embeddings), src_lengths)
        return SourceOutput(*encoded, src.masked_fill(~encoded.src_mask, PAD_ID))


class PointerGeneratorDecoder(ContextFeedingDecoder):
    """The decoder of See et al. (2017): at each step it generates a word or points at one.

    $$ p_{\\mathrm{gen}} = \\sigma(w_c^\\top c_t + w_s^\\top h_t + w_x^\\top x_t + b), \\qquad
       P(w) = p_{\\mathrm{gen}} P_{\\mathrm{vocab}}(w)
       + (1 - p_{\\mathrm{gen}}) \\sum_{j:\\, x_j = w} \\alpha_{tj} $$

    (their equations 8 and 9), with $h_t$, $c_t$, $\\alpha_t$ and $P_{\\mathrm{vocab}}$ those of
    :class:`ContextFeedingDecoder`, whose order is theirs; they have LSTMs. Source and target have
    one vocabulary. An id at or above its size is a word of the sentence's own: it is read as
    ``<unk>``, and written if it is copied. The logits are $\\log P$ over the vocabulary and the
    own words of the batch; a word that a sentence does not have gets the smallest positive float.

    Args:
        vocab_size: number of tokens of both sides.
        embedding_size: size of the target embeddings.
        hidden_size: size of $h_t$.
        memory_size: size of the encoder's states.
        attention: any of the book's attentions; additive in the paper.
        dropout: probability on the embeddings and before the output layer.
        word_dropout: see :class:`TokenEmbedding`.
        scale_embeddings: likewise.

    Attributes:
        gate: $w_c$, $w_s$, $w_x$ and $b$, a linear layer over $[c_t; h_t; x_t]$.

    Example:
        >>> model = s2s.build_model("pointer_generator", 7, 7, embedding_size=3, hidden_size=5)
        >>> src, src_lengths = torch.tensor([[4, 7, 5]]), torch.tensor([3])  # 7: its own word
        >>> logits = model(src, src_lengths, tgt_in=torch.tensor([[2, 7]])).logits
        >>> tuple(logits.shape), [round(p, 5) for p in logits.exp().sum(dim=-1)[0].tolist()]
        ((1, 2, 8), [1.0, 1.0])
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
        sizes = vocab_size, embedding_size, hidden_size, memory_size
        super().__init__(*sizes, attention, dropout, word_dropout, scale_embeddings)
        self.gate = nn.Linear(memory_size + hidden_size + embedding_size, 1)

    @property
    def copies(self) -> bool:
        """True: ids behind the vocabulary's are words of the sentence's own."""
        return True

    def step(
        self,
        token: Tensor,
        state: AttentionState,
        encoded: SourceOutput,
        keys: Tensor | None = None,
    ) -> StepOutput:
        """See :meth:`Decoder.step`; the logits are ``(batch, vocab_size + own words)``."""
        token = self._known("token", token, encoded)
        said = super().step(token, state, encoded, keys)
        context, hidden = said.state.fed, said.state.recurrent[-1]
        p_gen = self.p_gen(context, hidden, self.embed("token", token, encoded))
        return said._replace(logits=self._mixed(said.logits, p_gen, said.weights, encoded.src))

    def forward(
        self, tgt_in: Tensor, encoded: SourceOutput, tgt_mask: Tensor | None = None
    ) -> DecoderOutput:
        """See :meth:`Decoder.forward`."""
        tgt_in = self._known("tgt_in", tgt_in, encoded)
        said = super().forward(tgt_in, encoded, tgt_mask)
        contexts = said.weights @ encoded.memory.to(said.weights.dtype)
        p_gen = self.p_gen(contexts, said.states, self.embed("tgt_in", tgt_in, encoded))
        src = encoded.src[:, None].expand(said.weights.shape)
        to_mix = [real_steps(each, tgt_mask) for each in (p_gen, said.weights, src)]
        return said._replace(logits=self._mixed(said.logits, *to_mix))

    def p_gen(self, context: Tensor, state: Tensor, embedded: Tensor) -> Tensor:
        """The probability of generating a word, $p_{\\mathrm{gen}}$; the rest is that of copying.

        Args:
            context: ``(..., memory_size)``, $c_t$.
            state: ``(..., hidden_size)``, $h_t$.
            embedded: ``(..., embedding_size)``, $x_t$, of the word before.

        Returns:
            ``(..., 1)``.
        """
        return torch.sigmoid(self.gate(torch.cat([context, state, embedded], dim=-1)))

    def _mixed(self, logits: Tensor, p_gen: Tensor, weights: Tensor, src: Tensor) -> Tensor:
        """$\\log P$, ``(..., vocab_size + own words)``, in float32 or wider."""
        logits, p_gen, weights = map(_wide, (logits, p_gen, weights))
        p = pointer_mixture(logits.softmax(-1), p_gen, weights, src, self._own_words(src))
        return p.clamp_min(torch.finfo(p.dtype).tiny).log()

    def _own_words(self, src: Tensor) -> int:
        """How many ids behind the vocabulary's the batch has."""
        return max(0, int(src.max()) + 1 - self.embedding.num_embeddings)

    def _known(self, name: str, ids: Tensor, encoded: SourceOutput) -> Tensor:
        """The ids with ``<unk>`` for the sentence's own words.

        Raises:
            ValueError: if the encoder does not hand the source on.
            IndexError: if an id is no word of the vocabulary, nor of the batch.
        """
        if not isinstance(encoded, SourceOutput):
            raise ValueError(
                "this decoder copies from the source, but the encoder does not hand it on; build "
                "the model with a CopyingEncoder"
            )
        size = self.embedding.num_embeddings
        shape = "(batch,)" if name == "token" else "(batch, tgt_len)"
        check_ids(name, ids, size + self._own_words(encoded.src), shape)
        return known_ids(ids, size)


def known_ids(ids: Tensor, vocab_size: int) -> Tensor:
    """The ids with ``<unk>`` for those at or above the vocabulary's size.

    >>> known_ids(torch.tensor([4, 6, 7]), vocab_size=7)
    tensor([4, 6, 1])
    """
    return ids.masked_fill(ids >= vocab_size, UNK_ID)


def _wide(tensor: Tensor) -> Tensor:
    return tensor if tensor.dtype.itemsize >= 4 else tensor.float()
