"""A vocabulary gives each token a number, and says which tokens it has never seen."""

from __future__ import annotations

import json
import operator
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.text.specials import (  # noqa: F401 - who has a vocabulary finds them here
    BOS,
    BOS_ID,
    EOS,
    EOS_ID,
    PAD,
    PAD_ID,
    SPECIALS,
    UNK,
    UNK_ID,
)
from s2s_tutorial.text.token_checks import check_tokens
from s2s_tutorial.text.torchtext_tokens import tokens_from_torchtext, tokens_to_torchtext

_FORMAT = "s2s_tutorial.vocabulary/1"


class Vocabulary:
    """A fixed list of tokens; a token's id is its place in it.

    Ids 0 to 3 are always ``<pad>``, ``<unk>``, ``<bos>``, ``<eos>``. Every token that is not in
    the list has the id of ``<unk>``; so has a word of a text that happens to be spelled like one
    of these four, since it is text and controls nothing. A vocabulary does not change once made.

    Args:
        tokens: the ordinary tokens in their order, without the four special ones.

    Raises:
        TypeError: if ``tokens`` is a string or holds something that is not a string.
        ValueError: if a token occurs twice.

    Example:
        >>> vocab = Vocabulary.build([["the", "cat"], ["the", "dog"]])
        >>> vocab.tokens
        ('<pad>', '<unk>', '<bos>', '<eos>', 'the', 'cat', 'dog')
        >>> ids = vocab.encode(["the", "bird"])
        >>> ids, vocab.decode(ids)
        ([4, 1], ['the', '<unk>'])
    """

    def __init__(self, tokens: Iterable[str]) -> None:
        ordinary = tokens if isinstance(tokens, str) else list(tokens)
        check_tokens(ordinary, "the vocabulary's tokens")
        self._tokens = (*SPECIALS, *ordinary)
        self._ids = {token: i for i, token in enumerate(self._tokens)}
        if len(self._ids) != len(self._tokens):
            twice = next(t for t, count in Counter(self._tokens).items() if count > 1)
            raise ValueError(f"the token {twice!r} stands twice in the vocabulary")
        self._ids |= dict.fromkeys(SPECIALS, UNK_ID)

    @classmethod
    def build(
        cls, sentences: Iterable[Sequence[str]], min_freq: int = 1, max_size: int | None = None
    ) -> Vocabulary:
        """Count the tokens of some sentences (the training ones!) and keep the frequent ones.

        The most frequent token comes first; tokens equally frequent stand in the order of their
        characters, so the same sentences in any order give the same vocabulary.

        Args:
            sentences: lists of tokens.
            min_freq: how often a token must occur to be kept.
            max_size: the most ids there may be, the four special ones included.

        Raises:
            TypeError: if a sentence is a plain string or a token is not a string.
            ValueError: if there is no sentence, a limit makes no sense, or no token occurs
                ``min_freq`` times.
        """
        check_whole("min_freq", min_freq, at_least=1)
        if max_size is not None:
            check_whole("max_size", max_size, at_least=len(SPECIALS))
        if isinstance(sentences, str):
            raise TypeError(
                f"build takes many sentences, each a list of tokens, not the string {sentences!r}"
            )
        counts: Counter[str] = Counter()
        seen = 0
        for seen, sentence in enumerate(sentences, start=1):
            check_tokens(sentence, f"sentence {seen - 1}")
            counts.update(sentence)
        if not counts:
            raise ValueError(
                f"there are no tokens to build a vocabulary from: {seen} sentences, all empty"
                if seen
                else "there are no sentences to build a vocabulary from"
            )
        for special in SPECIALS:
            del counts[special]
        if counts and max(counts.values()) < min_freq:
            token, often = counts.most_common(1)[0]
            raise ValueError(
                f"min_freq={min_freq} leaves no token: the most frequent one, {token!r}, occurs "
                f"{often} times; take a smaller min_freq"
            )
        kept = sorted((t for t in counts if counts[t] >= min_freq), key=lambda t: (-counts[t], t))
        return cls(kept if max_size is None else kept[: max_size - len(SPECIALS)])

    @property
    def tokens(self) -> tuple[str, ...]:
        """All tokens in the order of their ids, the special ones first."""
        return self._tokens

    def encode(self, tokens: Sequence[str], own: Sequence[str] = ()) -> list[int]:
        """The id of each token; nothing is added before or after.

        ``"<eos>"`` among the tokens is a word of the text, and unknown: it does not end the
        sentence. ``EOS_ID`` does, which ``make_batches`` puts behind every target.

        Args:
            tokens: the tokens.
            own: words that have ids of their own behind the vocabulary's, ``len(vocab)`` and so
                on, in one sentence and its translation; see :meth:`unknown`.

        Raises:
            TypeError: if ``tokens`` is a plain string, or holds something that is not a string.
        """
        check_tokens(tokens)
        ids = {word: len(self) + k for k, word in enumerate(own)} | self._ids if own else self._ids
        return [ids.get(token, UNK_ID) for token in tokens]

    def unknown(self, tokens: Sequence[str]) -> list[str]:
        """The words that it does not have, each once, in the order in which they come.

        A model that copies (:class:`PointerGeneratorDecoder`) can write those of its source.

        >>> vocab = Vocabulary(["my", "name", "is"])
        >>> own = vocab.unknown("my name is Zdenka".split())
        >>> ids = vocab.encode("Zdenka is my name".split(), own)
        >>> own, ids, vocab.decode(ids, own)
        (['Zdenka'], [7, 6, 4, 5], ['Zdenka', 'is', 'my', 'name'])
        """
        check_tokens(tokens)
        return list(dict.fromkeys(token for token in tokens if token not in self._ids))

    def decode(self, ids: Iterable[int], own: Sequence[str] = ()) -> list[str]:
        """The token of each id, special ones included.

        Args:
            ids: whole numbers, or a one-dimensional integer tensor.
            own: the words whose ids stand behind the vocabulary's, as for :meth:`encode`.

        Raises:
            TypeError: if an id is not a whole number.
            IndexError: if an id is not in the vocabulary.
        """
        tokens = (*self._tokens, *own) if own else self._tokens
        return [tokens[self._check_id(i, len(tokens))] for i in ids]

    def save(self, path: str | Path) -> None:
        """Write the vocabulary to a JSON file, whole or not at all.

        Raises:
            OSError: if the path cannot be written to.
        """
        content = {"format": _FORMAT, "tokens": self._tokens}
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        write_atomically(path, text.encode("utf-8"))

    @classmethod
    def load(cls, path: str | Path) -> Vocabulary:
        """Read a vocabulary that ``save`` wrote.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if the file is not a vocabulary.
        """
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
            if content["format"] != _FORMAT or tuple(content["tokens"][:4]) != SPECIALS:
                raise ValueError("it has another format")
            return cls(content["tokens"][4:])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path} is not a vocabulary that Vocabulary.save wrote ({error})"
            ) from error

    def _check_id(self, i: int, size: int) -> int:
        try:
            index = operator.index(i)
        except TypeError:
            raise TypeError(f"an id must be a whole number, not {i!r}") from None
        if not 0 <= index < size:
            raise IndexError(f"id {index} is outside the vocabulary: 0 to {size - 1}")
        return index

    @classmethod
    def from_torchtext(cls, vocab: Any, **names: str) -> Vocabulary:
        """A torchtext vocabulary of any version as ours: its ordinary tokens in their order.

        The ids change, since ours has its special tokens at 0 to 3; ``torchtext_ids`` says how.

        >>> from types import SimpleNamespace
        >>> theirs = SimpleNamespace(itos=["<unk>", "<pad>", "<go>", "a", "man"])
        >>> Vocabulary.from_torchtext(theirs, bos="<go>").encode(["a", "man"])
        [4, 5]

        Args:
            vocab: a ``torchtext.vocab.Vocab``, such as a field's ``.vocab``.
            names: how it writes our special tokens where that is not usual, for instance
                ``bos="<go>"``: ``pad``, ``unk``, ``bos``, ``eos``. It need not have them all.

        Raises:
            TypeError: if ``vocab`` is no torchtext vocabulary.
            ValueError: if a name is not in it, or one of ours is an ordinary token there.
        """
        return cls(tokens_from_torchtext(vocab, **names))

    def to_torchtext(self) -> Any:
        """This vocabulary as the installed torchtext's ``Vocab``, every id the same.

        In torchtext 0.6 hand it to a field, ``field.vocab = ...``, whose ``init_token`` and
        ``eos_token`` are ``"<bos>"`` and ``"<eos>"``. How often tokens occurred is not known: its
        ``freqs`` are empty.

        >>> Vocabulary(["a", "man"]).to_torchtext()["man"]
        5

        Raises:
            ImportError: if torchtext is not installed, or does not load beside this torch.
        """
        return tokens_to_torchtext(self._tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    def __contains__(self, token: object) -> bool:
        return token in self._ids

    def __eq__(self, other: object) -> bool:
        return self._tokens == other._tokens if isinstance(other, Vocabulary) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._tokens)

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} tokens: {', '.join(self._tokens[:8])}, ...)"
