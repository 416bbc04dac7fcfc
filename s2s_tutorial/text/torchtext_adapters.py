"""For courses that are built on torchtext: trained embeddings carried over to our vocabulary.

Its vocabularies to ours and back: ``Vocabulary.from_torchtext`` and ``to_torchtext``.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from s2s_tutorial.text.specials import UNK
from s2s_tutorial.text.torchtext_tokens import special_tokens, torchtext_tokens
from s2s_tutorial.text.vocabulary import Vocabulary


def torchtext_ids(
    vocab: Any,
    ours: Vocabulary,
    pad: str | None = None,
    unk: str | None = None,
    bos: str | None = None,
    eos: str | None = None,
) -> Tensor:
    """The id in a torchtext vocabulary of each of our tokens, to carry trained embeddings over.

    ``ours.weight.copy_(theirs.weight[ids])`` under ``torch.no_grad()`` fills an embedding.

    >>> from types import SimpleNamespace
    >>> theirs = SimpleNamespace(itos=["<unk>", "<pad>", "<sos>", "a", "man"])
    >>> torchtext_ids(theirs, Vocabulary(["man", "a", "hat"])).tolist()
    [1, 0, 2, 0, 4, 3, 0]

    Args:
        vocab: a ``torchtext.vocab.Vocab`` of any version.
        ours: our vocabulary, made from it or not.
        pad: how it writes our ``<pad>``, if not in a usual way.
        unk: how it writes ``<unk>``.
        bos: how it writes ``<bos>``.
        eos: how it writes ``<eos>``.

    Returns:
        ``(len(ours),)`` int64. A token that it does not have, a special one too, has the id of
        its ``<unk>``, as in torchtext itself.

    Raises:
        TypeError: if ``vocab`` is no torchtext vocabulary.
        ValueError: if a name given is not in it, or it has no ``<unk>`` and none is named.
    """
    tokens = torchtext_tokens(vocab)
    ids = {token: i for i, token in enumerate(tokens)}
    special = special_tokens(vocab, tokens, pad, unk, bos, eos)
    ids |= {name: ids[token] for name, token in special.items()}
    if UNK not in ids:
        raise ValueError(
            "torchtext's vocabulary has no <unk>: say with unk= which of its tokens stands for "
            "those that it does not have"
        )
    return torch.tensor([ids.get(token, ids[UNK]) for token in ours.tokens])
