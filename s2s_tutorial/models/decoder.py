"""The contract of a decoder: what it must say, and what follows from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from s2s_tutorial.attention.base import Attention
from s2s_tutorial.base.checks import check_mask, check_rank, check_rows
from s2s_tutorial.models.decoder_checks import checked_step
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.recurrent.cells import select_state


class StepOutput(NamedTuple):
    """One decoding step.

    Attributes:
        logits: ``(batch, vocab_size)``, unnormalised log-probabilities of the next token.
        state: the decoder's new state, to pass to the next step.
        weights: ``(batch, src_len)`` attention weights, or None without attention.

    Example:
        >>> decoder = s2s.RNNDecoder(vocab_size=11, embedding_size=3, hidden_size=5)
        >>> step = decoder.step(torch.tensor([2]), torch.zeros(1, 1, 5))
        >>> step = decoder.step(step.logits.argmax(dim=-1), step.state)  # its own word, fed back
        >>> tuple(step.logits.shape), tuple(step.state.shape), step.weights
        ((1, 11), (1, 1, 5), None)
    """

    logits: Tensor
    state: Any
    weights: Tensor | None = None


class DecoderOutput(NamedTuple):
    """A whole teacher-forced target.

    Attributes:
        logits: ``(batch, tgt_len, vocab_size)``; ``logits[:, i]`` scores the token that follows
            ``tgt_in[:, i]``. With a ``tgt_mask``, ``(real tokens, vocab_size)``, row after row.
        states: ``(batch, tgt_len, hidden_size)``, the top layer's $s_1 \\dots s_{T_y}$; None where
            a decoder does not give them.
        weights: ``(batch, tgt_len, src_len)``, or None without attention.

    Example:
        >>> model = s2s.build_model("gru", src_vocab_size=7, tgt_vocab_size=11, hidden_size=5)
        >>> src, src_lengths = torch.tensor([[4, 5, 6]]), torch.tensor([3])
        >>> out = model(src, src_lengths, tgt_in=torch.tensor([[2, 4]]))
        >>> tuple(out.logits.shape), tuple(out.states.shape), out.weights
        ((1, 2, 11), (1, 2, 5), None)
    """

    logits: Tensor
    states: Tensor | None
    weights: Tensor | None


class Decoder(nn.Module, ABC):
    """What writes the target: a start, and a step that is repeated.

    $$ s_0 = \\mathrm{init\\_state}(x), \\qquad
       (\\mathrm{logits}_i, s_i, \\alpha_i) = \\mathrm{step}(y_{i-1}, s_{i-1}, x) $$

    A subclass writes these two, and it trains, is searched, saved and drawn like the book's own.
    One that looks at the source has an ``attention``; its keys are then computed once a batch, by
    :meth:`project_keys`, and handed to every step. :meth:`forward` is the same steps in a row; a
    subclass has its own only to be faster, and gives the same numbers.

    Args:
        attention: any :class:`Attention`; None for a decoder that never looks back.

    Raises:
        TypeError: if ``attention`` is something else.

    Example:
        >>> class Parrot(s2s.Decoder):  # says the word it is given
        ...     def init_state(self, encoded):
        ...         return encoded.memory.new_zeros(len(encoded.memory), 1)  # nothing to remember
        ...     def step(self, token, state, encoded, keys=None):
        ...         return s2s.StepOutput(torch.eye(7)[token], state)
        >>> model = s2s.Seq2Seq(s2s.Encoder(7, 3, 5), Parrot(), config={})
        >>> src, src_lengths = torch.tensor([[4, 5, 6]]), torch.tensor([3])
        >>> model(src, src_lengths, tgt_in=torch.tensor([[2, 4, 5]])).logits.argmax(dim=-1)
        tensor([[2, 4, 5]])
    """

    def __init__(self, attention: Attention | None = None):
        super().__init__()
        self.attention = attention if attention is None else check_attention(attention)

    @abstractmethod
    def init_state(self, encoded: EncoderOutput) -> Any:
        """The state before the first step, $s_0$.

        Args:
            encoded: the encoder's output.

        Returns:
            A tensor ``(batch, size)`` or ``(layers, batch, size)``, or a tuple of such; where it
            is of another form, the class also has a :meth:`select_rows` of its own.

        Raises:
            ValueError: if the encoder's output does not have the form that this decoder needs.
        """

    @abstractmethod
    def step(
        self, token: Tensor, state: Any, encoded: EncoderOutput, keys: Tensor | None = None
    ) -> StepOutput:
        """One token in, one distribution out; what search uses.

        Args:
            token: ``(batch,)`` int64, the previous target token $y_{i-1}$; ``<bos>`` at first.
            state: $s_{i-1}$, from :meth:`init_state` or the step before.
            encoded: the encoder's output.
            keys: from :meth:`project_keys`; None projects them here, again at every step.

        Returns:
            A :class:`StepOutput`.
        """

    @property
    def attends(self) -> bool:
        """Whether a step says where it looked: whether there are weights."""
        return self.attention is not None

    @property
    def copies(self) -> bool:
        """Whether it reads and writes words of a sentence's own: ids behind the vocabulary's."""
        return False

    @property
    def source_limit(self) -> int | None:
        """The longest source that it can read; None where there is no limit."""
        return None if self.attention is None else self.attention.source_limit

    @property
    def target_limit(self) -> int | None:
        """The most steps that it can take; None where there is no limit."""
        return None

    def project_keys(self, encoded: EncoderOutput) -> Tensor | None:
        """The attention's keys, computed once a batch and passed to every step.

        Args:
            encoded: the encoder's output.

        Returns:
            ``(batch, src_len, ...)``; None without attention.
        """
        return None if self.attention is None else self.attention.project_keys(encoded.memory)

    def forward(
        self, tgt_in: Tensor, encoded: EncoderOutput, tgt_mask: Tensor | None = None
    ) -> DecoderOutput:
        """A whole target with teacher forcing; what training uses.

        Step $i$ is fed the true $y_{i-1}$, whatever the model would have said.

        Args:
            tgt_in: ``(batch, tgt_len)`` int64, ``<bos>`` and the target without ``<eos>``.
            encoded: the encoder's output.
            tgt_mask: ``(batch, tgt_len)`` bool; if given, only the real tokens are scored.

        Returns:
            A :class:`DecoderOutput`.

        Raises:
            TypeError, ValueError: if a step gives something else than :meth:`step` should.
        """
        check_rank("tgt_in", tgt_in, "(batch, tgt_len)")
        check_rows("tgt_in", tgt_in, encoded.memory.shape[0])
        keys, state, steps = self.project_keys(encoded), self.init_state(encoded), []
        for token in tgt_in.unbind(dim=1):
            steps.append(checked_step(self.step(token, state, encoded, keys), encoded))
            state = steps[-1].state
        logits = real_steps(torch.stack([step.logits for step in steps], dim=1), tgt_mask)
        if steps[0].weights is None:
            return DecoderOutput(logits, None, None)
        return DecoderOutput(logits, None, torch.stack([step.weights for step in steps], dim=1))

    def select_rows(self, state: Any, rows: Tensor) -> Any:
        """The state of some rows of the batch, for search.

        Args:
            state: from :meth:`init_state` or :meth:`step`.
            rows: ``(n,)`` int64, which rows, in which order; a row may come twice.

        Returns:
            A state of batch size n: of tensors of three dimensions or more the second is the
            batch, ``(layers, batch, ...)``, of others the first; tuples are gone through, and
            what is no tensor stays.
        """
        return select_state(state, rows)


def check_attention(attention: Attention) -> Attention:
    """The attention itself.

    Raises:
        TypeError: if it is something else.
    """
    if not isinstance(attention, Attention):
        raise TypeError(
            "attention must be one of the attentions, such as AdditiveAttention(...), not "
            f"{type(attention).__name__}"
        )
    return attention


def real_steps(steps: Tensor, tgt_mask: Tensor | None) -> Tensor:
    """What stands at the real target tokens, row after row; without a mask all there is.

    The output layer is the widest product of a model, and a fifth of a batch may be padding.

    Args:
        steps: ``(batch, tgt_len, size)``.
        tgt_mask: ``(batch, tgt_len)`` bool, True = a real token; or None.

    Returns:
        ``(real tokens, size)``; without a mask ``steps``.
    """
    if tgt_mask is None:
        return steps
    check_mask("tgt_mask", tgt_mask, steps.shape[:2])
    return steps[tgt_mask]
