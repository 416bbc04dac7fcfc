"""Where words begin and end, in many scripts, by regular expressions over Unicode's classes."""

from __future__ import annotations

from collections.abc import Sequence

import regex

RULES = (1, 2)  # the versions of the rules; the last one is for new models

# Scripts written without spaces, whose characters are tokens: Han, hiragana, katakana, with their
# iteration marks and numerals, but not the signs and punctuation between them.
_HAN_KANA = r"[[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]&&[\p{L}\p{Nl}]]"
_SMALL = "aeiouhàáâäæèéêëìíîïòóôöœùúûü"
_VOWEL = f"[{_SMALL}{_SMALL.upper()}ıİ]"
_SPACE = r"\s\x1c-\x1f"

# Word_Break classes of Unicode's text segmentation (UAX 29). Nothing ends before what extends:
# marks, joiners, the skin colours of emoji, soft hyphens and other invisible signs (rule WB4).
_EXTEND = r"[[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]--\p{L}]"
_LETTER = r"[\p{L}\p{N}_\p{WB=ALetter}\p{WB=Hebrew_Letter}\p{WB=Numeric}]"
_WORD_PART = rf"(?:[{_LETTER}--{_HAN_KANA}]|{_EXTEND})+"
# Inside a word: a middle point, a gershayim (WB6, WB7); but a colon ends it, as in most languages.
_MIDDLE = r"[\p{WB=MidLetter}--[:\uff1a\ufe13\ufe55]]"
_HEBREW = r"\p{WB=Hebrew_Letter}"
_WORDS_2 = regex.compile(
    rf"""
      \d+(?:[.,:\u066c]\d+)+{_EXTEND}*                     # 3.14, 10:30
    | {_WORD_PART}['’](?={_VOWEL})                         # an elision ends its token: l' uomo
    | {_WORD_PART}(?:(?:['’](?!{_VOWEL})                   # don't
                       |[-\u2010\u2011]                    # well-known
                       |{_MIDDLE}                          # col·lecció
                       |(?<={_HEBREW})"(?={_HEBREW}))      # WB7b, WB7c
                     {_WORD_PART})*
      (?:(?<={_HEBREW})')?                                 # WB7a
    | (?:\p{{RI}}{{2}}|[^{_SPACE}]){_EXTEND}*                # any other sign stands alone; a flag
      (?:(?<=\u200d)\p{{Extended_Pictographic}}{_EXTEND}*)*  # a family (WB3c)
    """,
    regex.VERBOSE | regex.V1,
)

# The first version knew combining marks, but no joiners. Models that were trained with it have a
# vocabulary of its words.
_MARKED = rf"(?:[[\p{{L}}\p{{N}}_]--{_HAN_KANA}]|\p{{M}})+"
_WORDS_1 = regex.compile(
    rf"""
      \d+(?:[.,:]\d+)+
    | {_MARKED}['’](?={_VOWEL})
    | {_MARKED}(?:(?:['’](?!{_VOWEL})|-){_MARKED})*
    | [^{_SPACE}]\p{{M}}*
    """,
    regex.VERBOSE | regex.V1,
)

_EXTENDING = regex.compile(rf"{_EXTEND}+", regex.V1)
_ELISION = regex.compile(rf"{_WORD_PART}['’]", regex.V1)
_STARTS_WITH_VOWEL = regex.compile(_VOWEL)
# Han, kana, the punctuation that is as wide as they are, and the invisible sign between words of
# Khmer, Lao or Thai: no spaces around them.
_WIDE = regex.compile(
    rf"{_HAN_KANA}|[\u200b\u3001-\u3003\u3008-\u3020\u30fb\uff01-\uff0f\uff1a-\uff20\uff5b-\uff65]",
    regex.V1,
)
_NO_SPACE_BEFORE = frozenset(".,;:!?…)]}»%")
_NO_SPACE_AFTER = frozenset("([{«¿¡")


def split_words(text: str, rules: int = RULES[-1]) -> list[str]:
    """Cut a composed (NFC) text into words and punctuation marks.

    >>> split_words("l'uomo, don't")
    ["l'", 'uomo', ',', "don't"]

    Args:
        text: the text.
        rules: the version of the rules, one of ``RULES``.
    """
    return (_WORDS_1 if rules == 1 else _WORDS_2).findall(text)


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
    if _EXTENDING.match(token):
        return False  # it would become part of the token before it
    if _bare(before) in _NO_SPACE_AFTER or _bare(token) in _NO_SPACE_BEFORE:
        return True
    if _ELISION.fullmatch(before) and _STARTS_WITH_VOWEL.match(token):
        return True
    return bool(_WIDE.match(before) or _WIDE.match(token))


def _bare(token: str) -> str:
    """A sign without what extends it."""
    return token[0] if _EXTENDING.fullmatch(token, 1) else token
