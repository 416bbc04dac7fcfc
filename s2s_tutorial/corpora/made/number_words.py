"""Numbers in words, each word with the part of the number that it says.

The words of numbers below 1000 are num2words'; they are put together here, because a word aligns
with the word of the other language that says the same part: the 9 of 397 is *ninety* and
*neunzig*, wherever the two languages put it.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from num2words import CONVERTER_CLASSES, num2words


class Role(NamedTuple):
    """The part of a number that a word says.

    Attributes:
        group: which three digits: 0 the last ones, 1 the thousands, 2 the millions, ...
        part: ``"hundreds"`` (the 3 of 397), ``"hundred"``, ``"tens"``, ``"units"`` (to 19: *twelve*
            is one word) or ``"scale"`` (*thousand*).
    """

    group: int
    part: str


Word = tuple[str, "Role | None"]

# Scale words for one and for several: 10^3, 10^6, 10^9.
_SCALES = {
    "de": (("tausend", "tausend"), ("Million", "Millionen"), ("Milliarde", "Milliarden")),
    "en": (("thousand", "thousand"), ("million", "million"), ("billion", "billion")),
    "it": (("mille", "mila"), ("milione", "milioni"), ("miliardo", "miliardi")),
    "nl": (("duizend", "duizend"), ("miljoen", "miljoen"), ("miljard", "miljard")),
}
_HUNDRED = {"de": "hundert", "en": "hundred", "it": "cento", "nl": "honderd"}
_AND = {"de": "und", "en": "and", "it": "e", "nl": "en"}
_SHORT_FORMS = {
    "de": {"ein": "units"},
    "en": {},
    # ventuno, trentotto: the last vowel goes before another
    "it": dict.fromkeys(
        ("vent", "trent", "quarant", "cinquant", "sessant", "settant", "ottant", "novant"), "tens"
    ),
    "nl": {},
}
ALIGNED_LANGUAGES = tuple(sorted(_SCALES))
# num2words 0.5.14 never comes back from 987,654,321 in Amharic.
LANGUAGES = tuple(sorted(set(CONVERTER_CLASSES) - {"am"}))


def check_language(option: str, language: str) -> str:
    """The language itself.

    Raises:
        ValueError: if num2words does not have it; the message lists those that it has.
    """
    if language not in LANGUAGES:
        raise ValueError(
            f"{option}={language!r} is no language that num2words can write; it can write "
            f"{', '.join(LANGUAGES)}"
        )
    return language


def number_words(n: int, language: str) -> list[Word]:
    """The words of ``n``, compounds split: *drei hundert sieben und neunzig*.

    Args:
        n: a whole number from 0, below $10^{12}$.
        language: a language of num2words.

    Returns:
        Each word with its role. *and*, *und*, *en*, *e* say no part of the number and have None,
        and so have all words of a language outside ``ALIGNED_LANGUAGES``.

    Raises:
        ValueError: if num2words cannot write the number.
    """
    if language not in _SCALES:
        return [(word, None) for word in _plain_words(n, language)]
    if n == 0:
        return [(word, Role(0, part)) for word, part in _group_words(0, language)]
    words: list[Word] = []
    for group in range(3, -1, -1):
        value = n // 1000**group % 1000
        if value == 0:
            continue
        if words and _says_and(n, group, language):
            words.append((_AND[language], None))
        words += _words_of_group(value, group, language)
    return words


def _says_and(n: int, group: int, language: str) -> bool:
    """Whether *and* stands before a group that is not the first."""
    if language == "en":  # one thousand and one
        return group == 0 and n % 1000 < 100
    if language == "it":  # before what follows the last milioni or miliardi
        rest = n % 1000 ** (group + 1)
        return (group == 2 and n % 10**6 == 0) or (
            n >= 10**6 and (group == 1 or (group == 0 and rest == n % 10**6))
        )
    return False


@functools.cache
def _words_of_group(value: int, group: int, language: str) -> list[Word]:
    """The words of 1 to 999 and the scale word, with their roles."""
    return [
        (word, None if part is None else Role(group, part))
        for word, part in _group_with_scale(value, group, language)
    ]


def _group_with_scale(value: int, group: int, language: str) -> list[tuple[str, str | None]]:
    """The words of 1 to 999, then the scale word."""
    words = list(_group_words(value, language))
    if group == 0:
        return words
    one, several = _SCALES[language][group - 1]
    if value == 1 and group == 1 and language in ("it", "nl"):
        words = []  # mille, duizend
    elif value == 1 and group > 1 and language in ("de", "it"):
        words = [({"de": "eine", "it": "un"}[language], "units")]  # eine Million, un milione
    elif words[-1][0] == "eins" and group == 1:
        words[-1] = ("ein", "units")  # ein und zwanzig tausend, hundert ein tausend
    return [*words, (one if value == 1 else several, "scale")]


@functools.cache
def _group_words(value: int, language: str) -> tuple[tuple[str, str | None], ...]:
    """The words of 0 to 999, each with its part."""
    words: list[tuple[str, str | None]] = []
    parts = _parts(language)
    compounds = _plain_words(value, language)
    if language == "it" and value > 100:  # num2words writes 118 "centodicotto"
        compounds = [
            word for k in (value // 100 * 100, value % 100) if k for word in _plain_words(k, "it")
        ]
    for compound in compounds:
        for word in _segment(compound, tuple(sorted(parts, key=len, reverse=True))):
            if parts[word] == "hundred" and words:
                words[-1] = (words[-1][0], "hundreds")
            words.append((word, parts[word]))
    return tuple(words)


@functools.cache
def _parts(language: str) -> dict[str, str | None]:
    """What each morpheme of the numbers below 1000 says."""
    units = {_plain_words(k, language)[0]: "units" for k in range(20)}
    tens = {_plain_words(k, language)[0]: "tens" for k in range(20, 100, 10)}
    others = {_HUNDRED[language]: "hundred", _AND[language]: None}
    return units | tens | others | _SHORT_FORMS[language]


def _segment(compound: str, morphemes: tuple[str, ...]) -> list[str]:
    """Cut a compound into morphemes, trying long ones first."""
    if not compound:
        return []
    for morpheme in morphemes:
        if compound.startswith(morpheme):
            rest = _segment(compound[len(morpheme) :], morphemes)
            if rest or len(compound) == len(morpheme):
                return [morpheme, *rest]
    return []


def _plain_words(n: int, language: str) -> list[str]:
    """What num2words writes, without commas and hyphens."""
    try:
        text = num2words(n, lang=language)
    except (NotImplementedError, OverflowError, TypeError, KeyError, IndexError) as error:
        raise ValueError(
            f"num2words cannot write {n} in {language!r} ({error}); try a smaller max_digits"
        ) from error
    if language in ("it", "nl"):  # één is een, tweeëntwintig has en, ventitré has tre
        text = text.replace("é", "e").replace("ë", "e")
    return re.sub(r"[,\-]", " ", text).split()
