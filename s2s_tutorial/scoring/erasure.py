"""Erasure: what a classifier says when a word is taken away from it."""

from __future__ import annotations

import torch
from torch import Tensor

from s2s_tutorial.base.value_checks import check_name
from s2s_tutorial.models.classifier import Classifier
from s2s_tutorial.models.seq2seq import inference

KINDS = ("words", "states")


def erasure(
    model: Classifier, src: Tensor, src_lengths: Tensor, kind: str = "words"
) -> tuple[Tensor, Tensor]:
    """How much each word holds up the label that the model gives (Li et al., 2016).

    $$ \\Delta_j = \\log p(\\hat y \\mid x) - \\log p(\\hat y \\mid x_{\\setminus j}), \\qquad
       \\hat y = \\arg\\max_y p(y \\mid x) $$

    Of ``"words"``, $x_{\\setminus j}$ is the sentence without its word $j$, read anew: that asks what
    the *word* is worth. Of ``"states"``, the sentence is read whole and $h_j$ alone is left out of the
    pooling, the other weights growing to one (Serrano & Smith, 2019): that asks what the *weight* is
    worth. They differ, for every state of a recurrent network knows of the words around it.

    Args:
        model: a classifier whose pooling has weights, on the device of ``src``.
        src: ``(batch, src_len)`` int64.
        src_lengths: ``(batch,)`` int64, two at least.
        kind: ``"words"`` or ``"states"``.

    Returns:
        ``(batch, src_len)``, $\\Delta_j$ in nats, 0 on padding; and ``(batch,)``, the labels' ids.

    Raises:
        TypeError: if the model is no classifier.
        ValueError: if a sentence has one word, so that nothing would be left, or the kind is unknown.

    Example:
        >>> model = s2s.build_classifier(9, 6, embedding_size=3, hidden_size=5)
        >>> src, src_lengths = torch.tensor([[4, 5, 6], [7, 8, 0]]), torch.tensor([3, 2])
        >>> drops, labels = erasure(model, src, src_lengths)
        >>> tuple(drops.shape), drops[1, 2].item()
        ((2, 3), 0.0)
    """
    if not isinstance(model, Classifier):
        raise TypeError(f"erasure asks a Classifier, not a {type(model).__name__}")
    check_name("kind of erasure", kind, KINDS)
    if int(src_lengths.min()) < 2:
        raise ValueError("a sentence has one word only: without it nothing would be left to read")
    batch, src_len = src.shape
    with inference(model):
        encoded = model.encode(src, src_lengths)
        whole = model.label(encoded).logits[:, 0].log_softmax(dim=-1)
        before, labels = whole.max(dim=-1)
        drops = torch.zeros(batch, src_len, dtype=whole.dtype, device=src.device)
        for j in range(src_len):
            rows = torch.nonzero(src_lengths > j)[:, 0].to(src.device)
            if kind == "words":
                kept = [k for k in range(src_len) if k != j]
                found = model(src[rows][:, kept], src_lengths[rows.cpu()] - 1).logits
            else:
                one = encoded.select_rows(rows)
                mask = one.src_mask.clone()
                mask[:, j] = False
                found = model.label(one._replace(src_mask=mask)).logits
            after = found[:, 0].log_softmax(dim=-1)
            drops[rows, j] = before[rows] - after.gather(1, labels[rows][:, None])[:, 0]
    return drops, labels
