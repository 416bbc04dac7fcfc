"""``numbers``: number words of two languages whose order crosses, such as English and German."""

from __future__ import annotations

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.corpora.made.making import draw_by_length, seeded_draw
from s2s_tutorial.corpora.made.number_words import (
    ALIGNED_LANGUAGES,
    Role,
    check_language,
    number_words,
)
from s2s_tutorial.text.pairs import Pair, ParallelCorpus


def make_numbers(
    split: str,
    *,
    size: int | None = None,
    seed: int = 0,
    src_lang: str = "en",
    tgt_lang: str = "de",
    max_digits: int = 12,
) -> ParallelCorpus:
    """The same numbers in words of two languages.

    The count of digits is uniform over ``1 .. max_digits`` and the number uniform given the count
    (0 is among those of one digit). So short numbers come again and again: there are only ten of
    one digit.

    Words are num2words', without commas and hyphens. German, Dutch and Italian compounds are
    split into morphemes (*drei hundert sieben und neunzig*), and the alignment links the words
    that say the same part of the number.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.
        src_lang: source language, a code of num2words.
        tgt_lang: target language.
        max_digits: digits of the longest numbers, at most 12.

    Returns:
        Pairs with gold alignments between ``"de"``, ``"en"``, ``"it"`` and ``"nl"``; other
        languages have None.

    Raises:
        TypeError: if a number option is not a whole number.
        ValueError: if a language is unknown or both are the same, an option is out of range, or
            the split has no number of so few digits.
    """
    size, rng = seeded_draw("numbers", split, size, seed)
    max_digits = check_whole("max_digits", max_digits, at_least=1, at_most=12)
    if check_language("src_lang", src_lang) == check_language("tgt_lang", tgt_lang):
        raise ValueError(f"src_lang and tgt_lang are both {src_lang!r}; for a copy task see 'copy'")

    def numbers_of(digits: int) -> range:
        return range(0 if digits == 1 else 10 ** (digits - 1), 10**digits)

    drawn = draw_by_length(
        rng,
        split,
        size,
        lengths=range(1, max_digits + 1),
        count=lambda digits: len(numbers_of(digits)),
        every=numbers_of,
        draw=lambda digits: numbers_of(digits)[int(rng.random() * len(numbers_of(digits)))],
        source=lambda n: tuple(word for word, _ in number_words(n, src_lang)),
    )
    pairs = (_pair(n, src_lang, tgt_lang) for n, _ in drawn)
    return ParallelCorpus(pairs, "numbers", split)


def number_pair(n: int, src_lang: str = "en", tgt_lang: str = "de") -> Pair:
    """One number in words of two languages, as in the corpus.

    >>> number_pair(97).tgt
    ('sieben', 'und', 'neunzig')

    Args:
        n: a whole number from 0, below $10^{12}$.
        src_lang: source language, a code of num2words.
        tgt_lang: target language.

    Raises:
        ValueError: if a language is unknown or num2words cannot write the number.
    """
    n = check_whole("n", n, at_least=0, at_most=10**12 - 1)
    check_language("src_lang", src_lang)
    check_language("tgt_lang", tgt_lang)
    return _pair(n, src_lang, tgt_lang)


def _pair(n: int, src_lang: str, tgt_lang: str) -> Pair:
    src, tgt = number_words(n, src_lang), number_words(n, tgt_lang)
    alignment = None
    if src_lang in ALIGNED_LANGUAGES and tgt_lang in ALIGNED_LANGUAGES:
        place: dict[Role, int] = {role: i for i, (_, role) in enumerate(tgt) if role}
        alignment = frozenset((j, place[role]) for j, (_, role) in enumerate(src) if role in place)
    return Pair(tuple(word for word, _ in src), tuple(word for word, _ in tgt), alignment)
