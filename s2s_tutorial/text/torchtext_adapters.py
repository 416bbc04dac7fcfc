"""For courses that are built on torchtext: its vocabularies to ours, and back.

torchtext is archived, and nothing here needs it to be installed but ``to_torchtext``. Both of its
ways of writing a vocabulary are read: the one up to 0.8, with ``itos`` and ``stoi``, and the one
since 0.10, with ``get_itos()``. Its datasets: ``corpora/torchtext_datasets.py``.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from s2s_tutorial.text.vocabulary import BOS, EOS, PAD, SPECIALS, UNK, UNK_ID, Vocabulary

# How courses write our special tokens; the first that a vocabulary has is taken.
_USUAL_NAMES = {
    PAD: (PAD, "<PAD>", "[PAD]", "<blank>"),
    UNK: (UNK, "<UNK>", "[UNK]"),
    BOS: (BOS, "<BOS>", "<sos>", "<SOS>", "<s>", "<init>"),
    EOS: (EOS, "<EOS>", "</s>"),
}


def vocabulary_from_torchtext(
    vocab: Any,
    pad: str | None = None,
    unk: str | None = None,
    bos: str | None = None,
    eos: str | None = None,
) -> Vocabulary:
    """A torchtext vocabulary as ours: the ordinary tokens in their order, behind our special ones.

    The ids change, since ours has its special tokens at 0 to 3; ``torchtext_ids`` says how.

    >>> from types import SimpleNamespace
    >>> theirs = SimpleNamespace(itos=["<unk>", "<pad>", "<sos>", "</s>", "a", "man"])
    >>> vocabulary_from_torchtext(theirs).tokens
    ('<pad>', '<unk>', '<bos>', '<eos>', 'a', 'man')

    Args:
        vocab: a ``torchtext.vocab.Vocab`` of any version.
        pad: how it writes our ``<pad>``. Like the three others found by itself where it has one
            of the usual names; it may be missing.
        unk: how it writes ``<unk>``; else, of a later version, the token of the default index.
        bos: how it writes ``<bos>``: torchtext's ``init_token``.
        eos: how it writes ``<eos>``.

    Raises:
        TypeError: if ``vocab`` is no torchtext vocabulary.
        ValueError: if a name given is not in it, or one of ours is an ordinary token there.
    """
    tokens = _tokens(vocab)
    special = _special_tokens(vocab, tokens, {PAD: pad, UNK: unk, BOS: bos, EOS: eos})
    ordinary = [token for token in tokens if token not in special.values()]
    if clash := [token for token in SPECIALS if token in ordinary]:
        raise ValueError(
            f"torchtext's vocabulary has {clash[0]!r} besides {special[clash[0]]!r}, which is to "
            f"be our {clash[0]!r}; rename one of the two there"
        )
    return Vocabulary(ordinary)


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
        pad: how it writes ``<pad>``; see ``vocabulary_from_torchtext`` for this and the others.
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
    tokens = _tokens(vocab)
    special = _special_tokens(vocab, tokens, {PAD: pad, UNK: unk, BOS: bos, EOS: eos})
    ids = {token: i for i, token in enumerate(tokens)}
    ids |= {name: ids[token] for name, token in special.items()}
    if UNK not in ids:
        raise ValueError(
            "torchtext's vocabulary has no <unk>: say with unk= which of its tokens stands for "
            "those that it does not have"
        )
    return torch.tensor([ids.get(token, ids[UNK]) for token in ours.tokens])


def vocabulary_to_torchtext(vocab: Vocabulary) -> Any:
    """Our vocabulary as the ``Vocab`` of the torchtext that is installed, every id the same.

    In torchtext 0.6 hand it to a field, ``field.vocab = ...``, whose ``init_token`` and
    ``eos_token`` are ``"<bos>"`` and ``"<eos>"``. How often tokens occurred is not known: its
    ``freqs`` are empty.

    >>> theirs = vocabulary_to_torchtext(Vocabulary(["a", "man"]))
    >>> theirs["man"], theirs["a word never seen"]
    (5, 1)

    Raises:
        ImportError: if torchtext is not installed, or does not load beside this torch.
    """
    try:
        import torchtext.vocab
    except (ImportError, OSError) as error:
        raise ImportError(
            "torchtext is not installed or does not load beside this torch: run "
            "`pip install 's2s-tutorial[torchtext]'`, which takes 0.6.0; later versions need a "
            "torch no later than 2.3"
        ) from error
    if hasattr(torchtext.vocab, "vocab"):
        theirs = torchtext.vocab.vocab(OrderedDict.fromkeys(vocab.tokens, 1))
        theirs.set_default_index(UNK_ID)
        return theirs
    # The old class sorts what it counts, but leaves special tokens in their places.
    return torchtext.vocab.Vocab(Counter(), specials=list(vocab.tokens))


def _tokens(vocab: Any) -> list[str]:
    """A torchtext vocabulary's tokens in the order of their ids."""
    if hasattr(vocab, "get_itos"):
        return list(vocab.get_itos())
    if hasattr(vocab, "itos"):
        return list(vocab.itos)
    hint = "; of a Field, take its .vocab" if hasattr(vocab, "vocab") else ""
    raise TypeError(
        f"this is no torchtext vocabulary but a {type(vocab).__name__}: it has neither itos nor "
        f"get_itos(){hint}"
    )


def _special_tokens(
    vocab: Any, tokens: Sequence[str], named: Mapping[str, str | None]
) -> dict[str, str]:
    """Our special tokens that a torchtext vocabulary has, and how it writes them."""
    known = set(tokens)
    special = {}
    for ours, name in named.items():
        if name is not None and name not in known:
            raise ValueError(f"torchtext's vocabulary has no token {name!r} to take for {ours}")
        candidates = _USUAL_NAMES[ours] if name is None else (name,)
        if found := [token for token in candidates if token in known]:
            special[ours] = found[0]
    default = vocab.get_default_index() if hasattr(vocab, "get_default_index") else None
    if default is not None and named[UNK] is None:
        special[UNK] = tokens[default]
    return special
