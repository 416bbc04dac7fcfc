"""Where words begin and end, in many scripts, by one regular expression."""

from __future__ import annotations

from collections.abc import Sequence

import regex

# Scripts written without spaces, whose characters are tokens: Han, hiragana, katakana, with their
# iteration marks and numerals, but not the signs and punctuation between them.
_HAN_KANA = r"[[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]&&[\p{L}\p{Nl}]]"
# Combining marks (Hindi vowels, Arabic vowel signs) are part of a word.
_LETTERS = rf"(?:[[\p{{L}}\p{{N}}_]--{_HAN_KANA}]|\p{{M}})+"
_SMALL = "aeiouhàáâäæèéêëìíîïòóôöœùúûü"
_VOWEL = f"[{_SMALL}{_SMALL.upper()}ıİ]"
_WORD = regex.compile(
    rf"""
      \d+(?:[.,:]\d+)+                                     # 3.14, 10:30
    | {_LETTERS}['’](?={_VOWEL})                           # an elision ends its token: l' uomo
    | {_LETTERS}(?:(?:['’](?!{_VOWEL})|-){_LETTERS})*      # don't, well-known
    | [^\s\x1c-\x1f]\p{{M}}*                              # any other sign stands alone
    """,
    regex.VERBOSE | regex.V1,
)
_MARK = regex.compile(r"\p{M}")
_ELISION = regex.compile(rf"{_LETTERS}['’]", regex.V1)
_STARTS_WITH_VOWEL = regex.compile(_VOWEL)
# Han, kana, and the punctuation that is as wide as they are: no spaces around them.
_WIDE = regex.compile(
    rf"{_HAN_KANA}|[\u3001-\u3003\u3008-\u3020\u30fb\uff01-\uff0f\uff1a-\uff20\uff5b-\uff65]",
    regex.V1,
)
_NO_SPACE_BEFORE = frozenset(".,;:!?…)]}»%")
_NO_SPACE_AFTER = frozenset("([{«¿¡")


def split_words(text: str) -> list[str]:
    """Cut a composed (NFC) text into words and punctuation marks.

    >>> split_words("l'uomo, don't")
    ["l'", 'uomo', ',', "don't"]
    """
    return _WORD.findall(text)


def join_words(tokens: Sequence[str]) -> str:
    """Put tokens together, with a space wherever people write one.

    >>> join_words(["l'", "uomo", ",", "don't"])
    "l'uomo, don't"
    """
    text = ""
    for before, token in zip(["", *tokens], tokens):
        text += token if not text or _touch(before, token) else f" {token}"
    return text


def _touch(before: str, token: str) -> bool:
    """Whether no space stands between two tokens."""
    if _MARK.match(token):
        return False  # it would become part of the token before it
    if before in _NO_SPACE_AFTER or token in _NO_SPACE_BEFORE:
        return True
    if _ELISION.fullmatch(before) and _STARTS_WITH_VOWEL.match(token):
        return True
    return bool(_WIDE.match(before) or _WIDE.match(token))
