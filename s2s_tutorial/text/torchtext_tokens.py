"""A torchtext vocabulary's tokens as a plain list, and a list as a torchtext vocabulary.

torchtext is archived, and nothing here needs it to be installed but ``tokens_to_torchtext``. Both
of its ways of writing a vocabulary are read: the one up to 0.8, with ``itos`` and ``stoi``, and the
one since 0.10, with ``get_itos()``. Its datasets: ``corpora/read/torchtext_datasets.py``.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from typing import Any

from s2s_tutorial.text.specials import BOS, EOS, PAD, SPECIALS, UNK, UNK_ID

# How courses write our special tokens; the first that a vocabulary has is taken.
_USUAL_NAMES = {
    PAD: (PAD, "<PAD>", "[PAD]", "<blank>"),
    UNK: (UNK, "<UNK>", "[UNK]"),
    BOS: (BOS, "<BOS>", "<sos>", "<SOS>", "<s>", "<init>"),
    EOS: (EOS, "<EOS>", "</s>"),
}


def torchtext_tokens(vocab: Any) -> list[str]:
    """A torchtext vocabulary's tokens in the order of their ids.

    Raises:
        TypeError: if ``vocab`` is no torchtext vocabulary.
    """
    if hasattr(vocab, "get_itos"):
        return list(vocab.get_itos())
    if hasattr(vocab, "itos"):
        return list(vocab.itos)
    hint = "; of a Field, take its .vocab" if hasattr(vocab, "vocab") else ""
    raise TypeError(
        f"this is no torchtext vocabulary but a {type(vocab).__name__}: it has neither itos nor "
        f"get_itos(){hint}"
    )


def special_tokens(
    vocab: Any,
    tokens: Sequence[str],
    pad: str | None = None,
    unk: str | None = None,
    bos: str | None = None,
    eos: str | None = None,
) -> dict[str, str]:
    """Our special tokens that a torchtext vocabulary has, and how it writes them.

    Args:
        vocab: a ``torchtext.vocab.Vocab`` of any version.
        tokens: what ``torchtext_tokens`` says of it.
        pad: how it writes our ``<pad>``. Like the three others found by itself where it has one
            of the usual names; it may be missing.
        unk: how it writes ``<unk>``; else, of a later version, the token of the default index.
        bos: how it writes ``<bos>``: torchtext's ``init_token``.
        eos: how it writes ``<eos>``.

    Raises:
        ValueError: if a name given is not in it.
    """
    known = set(tokens)
    special = {}
    for ours, name in zip(SPECIALS, (pad, unk, bos, eos)):
        if name is not None and name not in known:
            raise ValueError(f"torchtext's vocabulary has no token {name!r} to take for {ours}")
        candidates = _USUAL_NAMES[ours] if name is None else (name,)
        if found := [token for token in candidates if token in known]:
            special[ours] = found[0]
    default = vocab.get_default_index() if hasattr(vocab, "get_default_index") else None
    if default is not None and unk is None:
        special[UNK] = tokens[default]
    return special


def tokens_from_torchtext(vocab: Any, **names: str | None) -> list[str]:
    """A torchtext vocabulary's ordinary tokens in their order, without its special ones.

    >>> from types import SimpleNamespace
    >>> tokens_from_torchtext(SimpleNamespace(itos=["<unk>", "<pad>", "<sos>", "</s>", "a", "man"]))
    ['a', 'man']

    Raises:
        TypeError: if ``vocab`` is no torchtext vocabulary.
        ValueError: if a name given is not in it, or one of ours is an ordinary token there.
    """
    tokens = torchtext_tokens(vocab)
    special = special_tokens(vocab, tokens, **names)
    ordinary = [token for token in tokens if token not in special.values()]
    if clash := [token for token in SPECIALS if token in ordinary]:
        raise ValueError(
            f"torchtext's vocabulary has {clash[0]!r} besides {special[clash[0]]!r}, which is to "
            f"be our {clash[0]!r}; rename one of the two there"
        )
    return ordinary


def tokens_to_torchtext(tokens: Sequence[str]) -> Any:
    """The ``Vocab`` of the torchtext that is installed with these tokens, in their order.

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
        theirs = torchtext.vocab.vocab(OrderedDict.fromkeys(tokens, 1))
        theirs.set_default_index(UNK_ID)
        return theirs
    # The old class sorts what it counts, but leaves special tokens in their places.
    return torchtext.vocab.Vocab(Counter(), specials=list(tokens))
