"""Telling the decoder what to write (teacher forcing): how probable it is, and where it looked."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from s2s_tutorial.models.seq2seq import Seq2Seq, inference
from s2s_tutorial.text.batch import pad
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID


def force_target(
    model: Seq2Seq, src_ids: Sequence[int], tgt_ids: Sequence[int]
) -> tuple[float, Tensor | None]:
    """The log-probability of one target, and the weights with which it would have been written.

    $$ \\log p(y \\mid x) = \\sum_{i=1}^{T_y + 1} \\log p(y_i \\mid y_{<i}, x),
       \\qquad y_{T_y + 1} = \\texttt{<eos>} $$

    >>> from s2s_tutorial.models.build import build_model
    >>> model = build_model("bahdanau", 6, 6, embedding_size=3, hidden_size=5)
    >>> score, weights = force_target(model, [4, 5, 4], [5, 4])
    >>> score < 0, tuple(weights.shape)
    (True, (2, 3))

    Args:
        model: the model, on any device.
        src_ids: the source.
        tgt_ids: the target, without ``<bos>`` and ``<eos>``.

    Returns:
        The summed log-probability, in nats, and the weights ``(len(tgt_ids), len(src_ids))`` on
        the CPU; None for a model without attention.
    """
    device = next(model.parameters()).device
    src, src_lengths, _ = pad([src_ids])
    tgt_in = torch.tensor([[BOS_ID, *tgt_ids]], device=device)
    with inference(model):
        output = model(src.to(device), src_lengths.to(device), tgt_in)
    log_probs = output.logits[0].cpu().double().log_softmax(dim=-1)
    score = sum(log_probs[i, y].item() for i, y in enumerate([*tgt_ids, EOS_ID]))
    return score, None if output.weights is None else output.weights[0, :-1].float().cpu()
