"""Decoders run as most tutorials run them: what the package's speed is compared with.

The same weights and the same numbers (`step` and `forward` are tested to agree); only the order
of the work differs. Everything happens inside the loop over target positions: the embedding, the
projection of the keys, the output layer, also on padding. Decoding takes one sentence at a time.
"""

from __future__ import annotations

import torch

import s2s_tutorial as s2s
from s2s_tutorial.models.seq2seq import inference


def textbook_loss(model: s2s.Seq2Seq, batch: s2s.Batch) -> s2s.SequenceLoss:
    """The teacher-forced loss of a batch, one target position after the other."""
    encoded = model.encode(batch.src, batch.src_lengths)
    state = model.decoder.init_state(encoded)
    logits = []
    for i in range(batch.tgt_in.shape[1]):
        step = model.decoder.step(batch.tgt_in[:, i], state, encoded)
        state = step.state
        logits.append(step.logits)
    return s2s.sequence_loss(torch.stack(logits, dim=1), batch.tgt_out, batch.tgt_mask)


def textbook_greedy(
    model: s2s.Seq2Seq, sentences: list[list[int]], max_length: int
) -> list[list[int]]:
    """Greedy decoding of encoded sentences, one after the other."""
    translations = []
    device = next(model.parameters()).device
    with inference(model):
        for sentence in sentences:
            src = torch.tensor([sentence], device=device)
            encoded = model.encode(src, torch.tensor([len(sentence)]))
            state = model.decoder.init_state(encoded)
            token, ids = torch.tensor([s2s.BOS_ID], device=device), []
            while len(ids) < max_length:
                step = model.decoder.step(token, state, encoded)
                state = step.state
                logits = step.logits.clone()
                logits[:, [s2s.PAD_ID, s2s.BOS_ID]] = float("-inf")
                token = logits.argmax(dim=-1)
                if token.item() == s2s.EOS_ID:
                    break
                ids.append(token.item())
            translations.append(ids)
    return translations
