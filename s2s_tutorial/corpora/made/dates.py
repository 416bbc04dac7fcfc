"""``dates``: dates as people write them, to ISO 8601, character by character."""

from __future__ import annotations

import datetime
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from babel import Locale, UnknownLocaleError
from babel.dates import DateTimePattern, parse_pattern

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.corpora.made.making import draw_distinct, pick, seeded_draw
from s2s_tutorial.text.pairs import Pair, ParallelCorpus

LOCALES = ("en_US", "en_GB", "de", "fr", "it", "es", "vi", "zh_Hans", "ko", "pt_BR")
FORMATS = ("short", "medium", "long", "full", "yMMMd", "yMMMEd", "yMMMMd")

# A locale's way of writing a date: its name, and Babel's pattern.
Style = tuple[Locale, DateTimePattern]


def make_dates(
    split: str,
    *,
    size: int | None = None,
    seed: int = 0,
    locales: Sequence[str] = LOCALES,
    formats: Sequence[str] = FORMATS,
    years: tuple[int, int] = (1900, 2099),
) -> ParallelCorpus:
    """Dates of many languages and formats, each with its ISO 8601 form, ``2020-04-03``.

    The day, the locale and the locale's format are uniform; every source comes once. A text means
    one date only: years have four digits, and a date all in figures stands with the day first or
    the year first, so that the American 4/3/2020 is left out (written-out months are not).

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.
        locales: codes of Babel's locales.
        formats: ``"short"``, ``"medium"``, ``"long"``, ``"full"`` and the CLDR skeletons
            ``"yMMMd"``, ``"yMMMEd"``, ``"yMMMMd"``; a locale that lacks one goes without.
        years: first and last year, 1000 to 9999.

    Returns:
        Pairs of characters, without alignment. The texts are those of the CLDR data in the
        installed version of Babel.

    Raises:
        TypeError: if ``locales`` or ``formats`` is a string, or a number is not whole.
        ValueError: if a locale or format is unknown, no unambiguous format is left, a text of
            two locales would mean two dates, or there are fewer dates than ``size``.
    """
    size, rng = seeded_draw("dates", split, size, seed)
    by_locale = [ways_to_write(locale, _listed("formats", formats)) for locale in _known(locales)]
    by_locale = [styles for styles in by_locale if styles]
    if not by_locale:
        raise ValueError(
            f"locales {tuple(locales)} have no unambiguous way to write a date in the formats "
            f"{tuple(formats)}; add 'long'"
        )
    _check_unambiguous(by_locale)
    first, last = _range_of_days(years)
    days = last - first + 1

    def draw() -> tuple[int, Style]:
        return first + int(rng.random() * days), pick(rng, pick(rng, by_locale))

    def every() -> Iterator[tuple[int, Style]]:
        return itertools.product(range(first, last + 1), itertools.chain(*by_locale))

    def source(drawn: tuple[int, Style]) -> tuple[str, ...]:
        return tuple(write_date(datetime.date.fromordinal(drawn[0]), drawn[1]))

    most = days * sum(map(len, by_locale))
    drawn = draw_distinct(rng, split, size, most, draw, every, source)
    pairs = (
        Pair(src, tuple(datetime.date.fromordinal(day).isoformat())) for (day, _), src in drawn
    )
    return ParallelCorpus(pairs, "dates", split)


def write_date(date: datetime.date, style: Style) -> str:
    """A date as one locale writes it in one of its formats, with plain spaces."""
    locale, pattern = style
    text = unicodedata.normalize("NFC", pattern.apply(date, locale))
    return re.sub(r"\s", " ", text)


def _listed(name: str, values: Sequence[str]) -> Sequence[str]:
    if isinstance(values, str):
        raise TypeError(f'{name} must be a list; did you mean {name}=["{values}"]?')
    if not isinstance(values, (list, tuple)):
        raise TypeError(f"{name} must be a list or tuple, not a {type(values).__name__}")
    if not values:
        raise ValueError(f"{name} is empty: name at least one")
    for value in values:
        if name == "formats" and value not in FORMATS:
            raise ValueError(f"there is no format {value!r}; choose from {', '.join(FORMATS)}")
    return values


def _known(locales: Sequence[str]) -> list[Locale]:
    known = []
    for code in dict.fromkeys(_listed("locales", locales)):
        try:
            known.append(Locale.parse(code))
        except (UnknownLocaleError, ValueError, TypeError):
            raise ValueError(
                f"Babel has no locale {code!r}; locales are written like {', '.join(LOCALES[:3])}"
            ) from None
    return known


def ways_to_write(locale: Locale, formats: Sequence[str]) -> list[Style]:
    """The different unambiguous ways in which a locale writes a date."""
    patterns = []
    for name in formats:
        found = locale.date_formats.get(name) or locale.datetime_skeletons.get(name)
        if found is not None:
            pattern = re.sub(r"\byy\b", "y", found.pattern)  # 20 is 1920 or 2020
            if _order(pattern) in ("dMy", "yMd") or "MMM" in pattern or "LLL" in pattern:
                patterns.append(pattern)
    return [(locale, parse_pattern(pattern)) for pattern in dict.fromkeys(patterns)]


def _order(pattern: str) -> str:
    """The order of day, month and year in a pattern, such as ``"dMy"``."""
    fields = re.findall(r"[dMLy]+", re.sub(r"'[^']*'", "", pattern))
    return "".join(field[0].replace("L", "M") for field in fields)


def _check_unambiguous(by_locale: list[list[Style]]) -> None:
    """Raise if one text means two dates: *Nyakanga* is September in Kirundi, July in Rwanda."""
    read: dict[str, tuple[datetime.date, Locale]] = {}
    for month, day in itertools.product(range(1, 13), range(1, 13)):
        date = datetime.date(2020, month, day)
        for style in itertools.chain(*by_locale):
            text = write_date(date, style)
            other, locale = read.setdefault(text, (date, style[0]))
            if other != date:
                raise ValueError(
                    f"{text!r} is {other} in {locale} and {date} in {style[0]}: choose locales "
                    "or formats that do not contradict each other"
                )


def _range_of_days(years: tuple[int, int]) -> tuple[int, int]:
    """The ordinal numbers of the first and the last day."""
    try:
        first, last = years
    except (TypeError, ValueError):
        raise TypeError(
            f"years must be two numbers, the first and the last, not {years!r}"
        ) from None
    first = check_whole("the first year", first, at_least=1000, at_most=9999)
    last = check_whole("the last year", last, at_least=first, at_most=9999)
    return datetime.date(first, 1, 1).toordinal(), datetime.date(last, 12, 31).toordinal()
