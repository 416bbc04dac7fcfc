"""From a string to tokens and back: the first step of everything that follows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol

# Combining marks are part of a word (Hindi vowels, Arabic vowel signs), but not of regex's \w.
_MARKS = "".join(chr(c) for c in range(0x10000) if unicodedata.category(chr(c)).startswith("M"))
_LETTERS = rf"[\w{_MARKS}]+"
_VOWELS = "aeiouhàáâäæèéêëìíîïòóôöœùúûü"
_WORD = re.compile(
    rf"""
      \d+(?:[.,:]\d+)+                                     # 3.14, 10:30
    | {_LETTERS}['’](?=[{_VOWELS}])                        # an elision ends its token: l' uomo
    | {_LETTERS}(?:(?:['’](?![{_VOWELS}])|-){_LETTERS})*   # don't, well-known
    | \S                                                   # any other sign stands alone
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_SPACE_BEFORE = frozenset(".,;:!?…)]}»%")
_NO_SPACE_AFTER = frozenset("([{«¿¡")
_ELISION = re.compile(rf"{_LETTERS}['’]")
_VOWEL = re.compile(f"[{_VOWELS}]", re.IGNORECASE)


class Tokenizer(Protocol):
    """What every tokenizer can do. Any object with these two methods will serve."""

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into tokens."""
        ...

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Put tokens together into a text."""
        ...


def _clean(text: str) -> str:
    """The text in Unicode's composed form (NFC): one spelling of é, not two."""
    if not isinstance(text, str):
        raise TypeError(f"a tokenizer takes one text (str), not a {type(text).__name__}")
    if not text.strip():
        raise ValueError("the text is empty: there is nothing to tokenize")
    return unicodedata.normalize("NFC", text)


def _check_tokens(tokens: Sequence[str]) -> None:
    if isinstance(tokens, str):
        raise TypeError(
            f"detokenize takes a list of tokens, not the string {tokens!r}; is it text already?"
        )


class WhitespaceTokenizer:
    """Cuts where there is white space: for text whose tokens are already set apart.

    >>> WhitespaceTokenizer().tokenize("Stai attento , Thomas")
    ['Stai', 'attento', ',', 'Thomas']
    """

    def tokenize(self, text: str) -> list[str]:
        """Cut a text at its white space.

        Raises:
            TypeError: if ``text`` is not a string.
            ValueError: if it is empty or blank.
        """
        return _clean(text).split()

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Join the tokens with one space.

        Raises:
            TypeError: if ``tokens`` is a string.
        """
        _check_tokens(tokens)
        return " ".join(tokens)


class CharacterTokenizer:
    """One token a character (Unicode code point), spaces included.

    >>> CharacterTokenizer().tokenize("3 maggio")
    ['3', ' ', 'm', 'a', 'g', 'g', 'i', 'o']
    """

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into its characters.

        Raises:
            TypeError: if ``text`` is not a string.
            ValueError: if it is empty or blank.
        """
        return list(_clean(text))

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Put the characters together.

        Raises:
            TypeError: if ``tokens`` is a string.
        """
        _check_tokens(tokens)
        return "".join(tokens)


class WordTokenizer:
    """Words and punctuation marks, each a token of its own; rules for no particular language.

    An apostrophe before a vowel or h ends its token, as Italian and French elide (*l' uomo*);
    before a consonant it stays inside the word, as English contracts (*don't*). Hyphens stay
    inside words, points and commas inside numbers.

    >>> WordTokenizer().tokenize("Stai attento, Thomas!")
    ['Stai', 'attento', ',', 'Thomas', '!']

    Args:
        lowercase: whether to write everything in lower case; ``detokenize`` cannot undo that.
    """

    def __init__(self, lowercase: bool = False) -> None:
        self.lowercase = lowercase

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into words and punctuation marks.

        Raises:
            TypeError: if ``text`` is not a string.
            ValueError: if it is empty or blank.
        """
        text = _clean(text)
        if self.lowercase:
            text = unicodedata.normalize("NFC", text.lower())
        return _WORD.findall(text)

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Put tokens together with the spaces that people write.

        Quotation marks do not say whether they open or close, so they keep a space on both sides.

        Raises:
            TypeError: if ``tokens`` is a string.
        """
        _check_tokens(tokens)
        text = ""
        for before, token in zip([None, *tokens], tokens):
            elided = before and _ELISION.fullmatch(before) and _VOWEL.match(token)
            if before in _NO_SPACE_AFTER or token in _NO_SPACE_BEFORE or not text or elided:
                text += token
            else:
                text += " " + token
        return text


_TOKENIZERS = {
    "character": CharacterTokenizer,
    "whitespace": WhitespaceTokenizer,
    "word": WordTokenizer,
}


def get_tokenizer(name: str) -> Tokenizer:
    """A tokenizer by its name: ``"character"``, ``"whitespace"`` or ``"word"``.

    Raises:
        ValueError: if there is none of that name; the message lists the valid ones.
    """
    names = sorted(_TOKENIZERS)
    if name not in names:
        raise ValueError(f"there is no tokenizer {name!r}; choose one of {', '.join(names)}")
    return _TOKENIZERS[name]()
