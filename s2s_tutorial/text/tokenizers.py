"""From a string to tokens and back: the first step of everything that follows."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from inspect import signature
from typing import Any, Protocol

import regex

from s2s_tutorial.base.value_checks import check_name
from s2s_tutorial.text.word_splitter import RULES, join_words, split_words


class Tokenizer(Protocol):
    """What every tokenizer can do. Any object with these two methods will serve."""

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into tokens."""
        ...

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Put tokens together into a text."""
        ...


_INVISIBLE = regex.compile(r"[\s\x1c-\x1f\p{Cf}\p{Default_Ignorable_Code_Point}]*")


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in a text: white space, zero-width signs, or nothing at all.

    >>> is_blank(" \N{ZERO WIDTH SPACE}"), is_blank(" .")
    (True, False)
    """
    return _INVISIBLE.fullmatch(text) is not None


def clean_text(text: str) -> str:
    """The text in Unicode's composed form (NFC): one spelling of é, not two.

    >>> clean_text("perche\N{COMBINING ACUTE ACCENT}") == "perch\N{LATIN SMALL LETTER E WITH ACUTE}"
    True

    Raises:
        TypeError: if ``text`` is not a string.
        ValueError: if it is empty or blank.
    """
    if not isinstance(text, str):
        raise TypeError(f"a tokenizer takes one text (str), not a {type(text).__name__}")
    if is_blank(text):
        raise ValueError("the text is empty: there is nothing to tokenize")
    return unicodedata.normalize("NFC", text)


def check_token_list(tokens: Sequence[str]) -> None:
    """Raise if what should be tokens is one string, or holds something else, such as ids.

    >>> check_token_list(["ciao"])

    Raises:
        TypeError: if ``tokens`` is a string or holds something that is not a string.
    """
    if isinstance(tokens, str):
        raise TypeError(
            f"detokenize takes a list of tokens, not the string {tokens!r}; is it text already?"
        )
    for token in tokens:
        if not isinstance(token, str):
            raise TypeError(
                f"detokenize takes tokens, which are strings, not {token!r}; of ids, make tokens "
                "with the vocabulary's decode"
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
        return clean_text(text).split()

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Join the tokens with one space.

        Raises:
            TypeError: if ``tokens`` is a string.
        """
        check_token_list(tokens)
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
        return list(clean_text(text))

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Put the characters together.

        Raises:
            TypeError: if ``tokens`` is a string.
        """
        check_token_list(tokens)
        return "".join(tokens)


class WordTokenizer:
    """Words and punctuation marks, each a token of its own; rules for no particular language.

    An apostrophe before a vowel or h ends its token, as Italian and French elide (*l' uomo*);
    before a consonant it stays inside the word, as English contracts (*don't*). Hyphens stay
    inside words, points and commas inside numbers. What Unicode holds together stays together
    (UAX 29, word boundaries): marks and joiners of Persian, Hindi or Sinhala words, soft hyphens,
    *col·lecció*, and what is shown as one picture, such as a flag or a family. A point or colon
    between letters is a token, though, where UAX 29 has *b.com* in one piece.

    Where a script is written with spaces, they decide: a Vietnamese token is a syllable, a Korean
    one a word with its endings. Chinese and Japanese have none, and finding their words takes a
    dictionary; here every Han or kana character is a token: 我用Python3写代码。 is cut into
    我 用 Python3 写 代 码 。 Thai, Lao and Khmer, which have none
    either, stay whole between spaces: take a ``CharacterTokenizer`` or a ``SubwordTokenizer``.

    >>> WordTokenizer().tokenize("Stai attento, Thomas!")
    ['Stai', 'attento', ',', 'Thomas', '!']

    Args:
        lowercase: whether to write everything in lower case; ``detokenize`` cannot undo that.
        rules: 2; or 1, the rules of version 0.1, which cut words at joiners, for a model that was
            trained with them (its file says so).

    Raises:
        ValueError: if there are no such rules.
    """

    def __init__(self, lowercase: bool = False, rules: int = RULES[-1]) -> None:
        if rules not in RULES:
            raise ValueError(f"rules must be one of {', '.join(map(str, RULES))}, not {rules!r}")
        self.lowercase = lowercase
        self.rules = rules

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into words and punctuation marks.

        Raises:
            TypeError: if ``text`` is not a string.
            ValueError: if it is empty or blank.
        """
        text = clean_text(text)
        if self.lowercase:
            text = unicodedata.normalize("NFC", text.lower())
        return split_words(text, self.rules)

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Put tokens together with the spaces that people write.

        Quotation marks do not say whether they open or close, so they keep a space on both sides.
        Han and kana characters and their punctuation have no space on either side.

        Raises:
            TypeError: if ``tokens`` is a string.
        """
        check_token_list(tokens)
        return join_words(tokens)


_TOKENIZERS = {
    "character": CharacterTokenizer,
    "whitespace": WhitespaceTokenizer,
    "word": WordTokenizer,
}


def get_tokenizer(name: str, **options: Any) -> Tokenizer:
    """A tokenizer by its name: ``"character"``, ``"whitespace"`` or ``"word"``.

    A ``SubwordTokenizer`` is learned from text, so it has to be trained or loaded instead.

    >>> get_tokenizer("word", lowercase=True).tokenize("Stai attento")
    ['stai', 'attento']

    Args:
        name: which one.
        options: what that tokenizer takes.

    Raises:
        TypeError: if the tokenizer does not take an option; the message lists those it takes.
        ValueError: if there is none of that name; the message lists the valid ones.
    """
    names = sorted(_TOKENIZERS)
    hint = " (subwords are learned: see SubwordTokenizer)" if name == "subword" else ""
    check_name("tokenizer", name, names, hint)
    takes = list(signature(_TOKENIZERS[name]).parameters)
    if foreign := sorted(set(options) - set(takes)):
        raise TypeError(
            f"the {name} tokenizer has no option {foreign[0]!r}; it takes "
            f"{', '.join(takes) or 'none'}"
        )
    return _TOKENIZERS[name](**options)


def as_tokenizer(given: Tokenizer | str) -> Tokenizer:
    """A tokenizer, given itself or its name.

    Raises:
        TypeError: if it cannot ``tokenize`` and ``detokenize``.
        ValueError: if there is none of that name.
    """
    if isinstance(given, str):
        return get_tokenizer(given)
    for method in ("tokenize", "detokenize"):
        if isinstance(given, type) or not callable(getattr(given, method, None)):
            raise TypeError(
                "a tokenizer is a name such as 'word', or an object with the methods tokenize(text) "
                f"and detokenize(tokens), such as WordTokenizer(), not {given!r}"
            )
    return given
