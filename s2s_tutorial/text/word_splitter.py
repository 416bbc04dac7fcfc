"""Where words begin and end, in many scripts, by one regular expression."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Combining marks are part of a word (Hindi vowels, Arabic vowel signs), but not of regex's \w.
_MARKS = "".join(chr(c) for c in range(0x10000) if unicodedata.category(chr(c)).startswith("M"))
_MARKS += "".join(map(chr, range(0xE0100, 0xE01F0)))  # choose one of a Han character's forms
# Scripts written without spaces, whose characters are tokens: Han, hiragana, katakana.
_HAN_KANA = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c"  # signs of iteration, zero, numerals
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U0001aff0-\U0001b16f\U00020000-\U000323af"
)
_LETTERS = rf"(?:[^\W{_HAN_KANA}]|[{_MARKS}])+"
_VOWELS = "aeiouhàáâäæèéêëìíîïòóôöœùúûü"
_WORD = re.compile(
    rf"""
      \d+(?:[.,:]\d+)+                                     # 3.14, 10:30
    | {_LETTERS}['’](?=[{_VOWELS}])                        # an elision ends its token: l' uomo
    | {_LETTERS}(?:(?:['’](?![{_VOWELS}])|-){_LETTERS})*   # don't, well-known
    | \S[{_MARKS}]*                                        # any other sign stands alone
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARK = re.compile(f"[{_MARKS}]")
_ELISION = re.compile(rf"{_LETTERS}['’]")
_VOWEL = re.compile(f"[{_VOWELS}]", re.IGNORECASE)
# Han, kana, and the punctuation that is as wide as they are: no spaces around them.
_WIDE = re.compile(
    rf"[{_HAN_KANA}\u3001-\u3003\u3008-\u3020\u30fb\uff01-\uff0f\uff1a-\uff20\uff5b-\uff65]"
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
    if _ELISION.fullmatch(before) and _VOWEL.match(token):
        return True
    return bool(_WIDE.match(before) or _WIDE.match(token))
