"""Greedy decoding: at inference nobody hands the decoder the true previous word."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from s2s_tutorial.models.decoder_checks import checked_step
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.models.seq2seq import Seq2Seq, inference
from s2s_tutorial.search.checks import check_no_nan, check_output_lengths
from s2s_tutorial.search.decoded import Decoded, gather_weights
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID, PAD_ID, UNK_ID


def token_log_probabilities(
    logits: Tensor, may_end: bool = True, allow_unknown: bool = True
) -> Tensor:
    """Log-probabilities of the next token, with ``<pad>`` and ``<bos>`` ruled out.

    Both stand in the vocabulary but are never an answer; their entries become $-\\infty$, the
    others are the model's own (not renormalised).

    Args:
        logits: ``(batch, vocab_size)``.
        may_end: False rules out ``<eos>`` too.
        allow_unknown: False rules out ``<unk>`` too.

    Returns:
        ``(batch, vocab_size)`` in float32 or wider.

    Example:
        >>> token_log_probabilities(torch.zeros(1, 4)).exp()
        tensor([[0.0000, 0.2500, 0.0000, 0.2500]])
    """
    if logits.dtype.itemsize < 4:
        logits = logits.float()
    log_probs = logits.log_softmax(dim=-1)
    never = [PAD_ID, BOS_ID] + [EOS_ID] * (not may_end) + [UNK_ID] * (not allow_unknown)
    log_probs[:, never] = float("-inf")
    return log_probs


def greedy_decode(
    model: Seq2Seq,
    src: Tensor,
    src_lengths: Tensor,
    max_length: int = 100,
    min_length: int = 0,
    allow_unknown: bool = True,
) -> Decoded:
    """Take the most probable token at every step, and feed it back.

    $$ \\hat y_i = \\arg\\max_{y} \\log p(y \\mid \\hat y_{<i}, x) $$

    A whole batch is decoded at once; a sentence that has reached ``<eos>`` leaves it.

    Args:
        model: the model.
        src: ``(batch, src_len)`` int64.
        src_lengths: ``(batch,)`` int64.
        max_length: the most tokens to write, ``<eos>`` not counted; a translation with as many
            was cut off.
        min_length: ``<eos>`` is ruled out before that many tokens.
        allow_unknown: False rules out ``<unk>``, so that every token written is a word.

    Returns:
        A :class:`Decoded`.

    Raises:
        TypeError: if an argument is of another kind than it should be.
        ValueError: if the lengths allowed make no sense, or the input does not fit the model.
        FloatingPointError: if the model's probabilities are NaN.

    Example:
        >>> from s2s_tutorial.models.build import build_model
        >>> model = build_model("bahdanau", src_vocab_size=9, tgt_vocab_size=7)
        >>> src, src_lengths = torch.tensor([[4, 5, 8], [6, 7, 0]]), torch.tensor([3, 2])
        >>> found = greedy_decode(model, src, src_lengths, max_length=4, min_length=4)
        >>> len(found.ids[1]), tuple(found.weights[1].shape)
        (4, (4, 2))
    """
    check_output_lengths(min_length, max_length)
    options = max_length, min_length, allow_unknown
    return write(model, lambda: model.encode(src, src_lengths), most_probable, *options)


def most_probable(log_probs: Tensor) -> Tensor:
    """The most probable token of each row: ``(batch, vocab_size)`` to ``(batch,)``.

    >>> most_probable(torch.tensor([[-1.5, -0.5, -2.0]]))
    tensor([1])
    """
    return log_probs.argmax(dim=-1)


def write(
    model: Seq2Seq,
    encode: Callable[[], EncoderOutput],
    choose: Callable[[Tensor], Tensor],
    max_length: int,
    min_length: int,
    allow_unknown: bool,
) -> Decoded:
    """Write one token after the other, fed back as they are chosen.

    Args:
        model: the model.
        encode: gives the encoder's output; called in inference mode.
        choose: from the log-probabilities ``(batch, vocab_size)`` the tokens ``(batch,)``.
        max_length: see :func:`greedy_decode`.
        min_length: likewise.
        allow_unknown: likewise.

    Raises:
        FloatingPointError: if the model's probabilities are NaN.
    """
    with inference(model):
        encoded = encode()
        source_lengths = encoded.src_mask.sum(dim=1)  # frames come out fewer than they went in
        keys = model.decoder.project_keys(encoded)
        state = model.decoder.init_state(encoded)
        batch, device = encoded.memory.shape[0], encoded.memory.device
        token = torch.full((batch,), BOS_ID, device=device)
        live = torch.arange(batch)  # the sentences still being written
        scores = torch.zeros(batch, dtype=torch.float64)
        written, looks = [], []
        for length in range(max_length):
            step = checked_step(model.decoder.step(token, state, encoded, keys), encoded)
            state = step.state
            log_probs = token_log_probabilities(
                step.logits, may_end=length >= min_length, allow_unknown=allow_unknown
            )
            token = choose(log_probs)
            scores[live] += log_probs.gather(1, token[:, None])[:, 0].cpu().double()
            written.append((live, token))
            looks.append(step.weights)
            (rows,) = torch.where(token != EOS_ID)
            if len(rows) == 0:
                break
            if len(rows) < len(live):
                live, token = live[rows.cpu()], token[rows]
                state, encoded = model.decoder.select_rows(state, rows), encoded.select_rows(rows)
                keys = None if keys is None else keys.index_select(0, rows)
    return _gather(written, looks, scores, source_lengths)


def _gather(
    written: list[tuple[Tensor, Tensor]],
    looks: list[Tensor | None],
    scores: Tensor,
    src_lengths: Tensor,
) -> Decoded:
    """The steps, each over the sentences live in it, as one entry a sentence."""
    ids: list[list[int]] = [[] for _ in src_lengths]
    rows: list[list[int]] = [[] for _ in src_lengths]
    for live, tokens in written:
        for row, (sentence, token) in enumerate(zip(live.tolist(), tokens.tolist())):
            if token != EOS_ID:
                ids[sentence].append(token)
                rows[sentence].append(row)
    weights = None
    if looks[0] is not None:
        weights = [gather_weights(looks, r, n) for r, n in zip(rows, src_lengths.tolist())]
    check_no_nan(scores.tolist())
    return Decoded(ids, scores.tolist(), weights)
