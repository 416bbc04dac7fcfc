"""``entities``: names, places, dates and sums of money in short notices in five languages."""

from __future__ import annotations

import datetime
import functools
import itertools
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence

from babel import Locale
from babel.numbers import format_currency, format_decimal

from s2s_tutorial.base.value_checks import check_name
from s2s_tutorial.corpora.made.dates import ways_to_write, write_date
from s2s_tutorial.corpora.made.making import draw_distinct, pick, seeded_draw
from s2s_tutorial.text.pairs import Pair, ParallelCorpus
from s2s_tutorial.text.tags import Span, entity_list, span_tags

FORMS = ("tags", "list")
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY")
# Given and family names; Georgia, Jordan and Chad are countries too, and some others are months.
GIVEN = (
    "Anna Marco Giulia Thomas Sara Luca Elena Paul Marie Hans Julia Pierre Carmen Pablo Emma Otto "
    "Georgia Jordan Chad April June Luna Felix Nora Hugo Clara Victor Irene Leo Ines"
).split()
FAMILY = (
    "Rossi Bianchi Schmidt Weber Martin Dupont Garcia Lopez Smith Brown Ferrari Keller Moreau Ruiz "
    "Taylor France Holland Jordan Israel English Marino Fischer Petit Vega Cooper May March Conti "
    "Wolf Blanc"
).split()
NO_PLACES = ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")  # Babel's codes of unions and of no place

# What stands around them. {N} is a number that is none of the four.
FRAMES = {
    "en": (
        "{PER} moved to {LOC} on {DATE} .",
        "{LOC} , {DATE} : {PER} wins {MONEY} .",
        "on {DATE} {PER} paid {MONEY} for {N} books .",
        "{PER} and {PER} met in {LOC} .",
        "the house in {LOC} cost {MONEY} .",
        "room {N} was booked by {PER} for {DATE} .",
        "{N} people came to {LOC} ; {PER} spoke .",
        "the train for {LOC} leaves from platform {N} .",
    ),
    "de": (
        "{PER} zog am {DATE} nach {LOC} .",
        "{LOC} , {DATE} : {PER} gewinnt {MONEY} .",
        "am {DATE} zahlte {PER} {MONEY} für {N} Bücher .",
        "{PER} und {PER} trafen sich ( Ort : {LOC} ) .",
        "das Haus ( {LOC} ) kostete {MONEY} .",
        "Zimmer {N} ist für {PER} ab {DATE} belegt .",
        "{N} Leute kamen , auch {PER} ( {LOC} ) .",
        "der Zug nach {LOC} fährt von Gleis {N} .",
    ),
    "fr": (
        "{PER} arrive le {DATE} ( pays : {LOC} ) .",
        "{LOC} , {DATE} : {PER} gagne {MONEY} .",
        "le {DATE} , {PER} a payé {MONEY} pour {N} livres .",
        "{PER} et {PER} se sont vus ( lieu : {LOC} ) .",
        "la maison ( {LOC} ) a coûté {MONEY} .",
        "la chambre {N} est réservée par {PER} pour le {DATE} .",
        "{N} personnes sont venues , dont {PER} ( {LOC} ) .",
        "le train pour {LOC} part de la voie {N} .",
    ),
    "it": (
        "{PER} arriva il {DATE} ( paese : {LOC} ) .",
        "{LOC} , {DATE} : {PER} vince {MONEY} .",
        "il {DATE} {PER} ha pagato {MONEY} per {N} libri .",
        "{PER} e {PER} si sono visti ( luogo : {LOC} ) .",
        "la casa ( {LOC} ) è costata {MONEY} .",
        "la camera {N} è prenotata da {PER} per il {DATE} .",
        "sono venute {N} persone , anche {PER} ( {LOC} ) .",
        "il treno per {LOC} parte dal binario {N} .",
    ),
    "es": (
        "{PER} llega el {DATE} ( país : {LOC} ) .",
        "{LOC} , {DATE} : {PER} gana {MONEY} .",
        "el {DATE} {PER} pagó {MONEY} por {N} libros .",
        "{PER} y {PER} se vieron ( lugar : {LOC} ) .",
        "la casa ( {LOC} ) costó {MONEY} .",
        "la habitación {N} está reservada por {PER} para el {DATE} .",
        "vinieron {N} personas , también {PER} ( {LOC} ) .",
        "el tren para {LOC} sale de la vía {N} .",
    ),
}
LANGUAGES = tuple(FRAMES)

# A sentence with the label of each token's entity and where it begins.
Notice = tuple[tuple[str, ...], tuple[str, ...]]


def make_entities(
    split: str,
    *,
    size: int | None = None,
    seed: int = 0,
    languages: Sequence[str] = LANGUAGES,
    form: str = "tags",
) -> ParallelCorpus:
    """Notices with persons (PER), places (LOC), dates (DATE) and sums of money (MONEY).

    Dates, sums, numbers and the names of countries are written as Babel's locale data write them:
    *3 mai 2021*, *May 3, 2021*, *1.250,50 €*, *CHF 80*. A word may be one thing here and another
    there: *Jordan* is a person, their family or a country, *May* a month or a family, a number a
    sum, a part of a date or none of these. Words are whole; of numbers each digit is a token.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.
        languages: some of ``"en"``, ``"de"``, ``"fr"``, ``"it"``, ``"es"``.
        form: ``"tags"``, one IOB2 tag for each token, or ``"list"``, the entities one after the
            other, ``PER Anna Rossi ; MONEY 8 0 € ;``.

    Returns:
        Pairs of tokens and tags (or list). The alignment links each tag to its token, each word of
        the list to the token it repeats. The texts are those of the installed version of Babel.

    Raises:
        TypeError: if ``languages`` is a string, or a number is not whole.
        ValueError: if a language or the form is unknown, or the size out of range.
    """
    size, rng = seeded_draw("entities", split, size, seed)
    check_name("form", form, FORMS)
    if isinstance(languages, str):
        raise TypeError(f'languages must be a list; did you mean languages=["{languages}"]?')
    for language in languages:
        check_name("language", language, LANGUAGES)
    frames = [(language, frame) for language in languages for frame in FRAMES[language]]
    if not frames:
        raise ValueError("languages is empty: name at least one")
    drawn = draw_distinct(
        rng,
        split,
        size,
        most=10**9,
        draw=lambda: _fill(rng, *pick(rng, frames)),
        every=lambda: _some_more(frames),
        source=lambda notice: notice[0],
    )
    return ParallelCorpus(
        (pair_of(tokens, tags, form) for (_, tags), tokens in drawn), "entities", split
    )


def pair_of(tokens: tuple[str, ...], tags: tuple[str, ...], form: str) -> Pair:
    """A sentence and its IOB2 tags as a pair: the tags for targets, or the list of entities.

    >>> pair_of(("Anna", "left"), ("B-PER", "O"), form="list").tgt
    ('PER', 'Anna', ';')
    """
    if form == "tags":
        return Pair(tokens, tags, frozenset((j, j) for j in range(len(tokens))))
    links, place = set(), 0
    for j, tag in enumerate(tags):
        place += tag[0] == "B"  # over the label
        if tag != "O":
            links.add((j, place))
            place += 1
            place += j + 1 == len(tags) or tags[j + 1][0] != "I"  # over the ";"
    return Pair(tokens, tuple(entity_list(tokens, tags)), frozenset(links))


def digits_apart(text: str) -> list[str]:
    """A text's words and signs; of a number each digit by itself.

    >>> digits_apart("1.250,50\N{NO-BREAK SPACE}€")
    ['1', '.', '2', '5', '0', ',', '5', '0', '€']
    """
    return re.findall(r"\d|[^\W\d_]+|[^\w\s]|_", unicodedata.normalize("NFC", text))


def _fill(rng: random.Random, language: str, frame: str) -> Notice:
    """A frame with its places filled in, as tokens and tags."""
    tokens: list[str] = []
    spans: list[Span] = []
    for item in frame.split():
        if not item.startswith("{"):
            tokens.append(item)
            continue
        kind = item.strip("{}")
        words = digits_apart(_MAKERS[kind](rng, language))
        if kind != "N":
            spans.append(Span(kind, len(tokens), len(tokens) + len(words)))
        tokens += words
    return tuple(tokens), tuple(span_tags(spans, len(tokens)))


def _person(rng: random.Random, language: str) -> str:
    given, family = pick(rng, GIVEN), pick(rng, FAMILY)
    return (f"{given} {family}", given, family)[(0, 0, 1, 2)[int(rng.random() * 4)]]


def _place(rng: random.Random, language: str) -> str:
    return pick(rng, _places(language))


def _date(rng: random.Random, language: str) -> str:
    day = datetime.date(1950, 1, 1) + datetime.timedelta(days=int(rng.random() * 36_000))
    return write_date(day, pick(rng, _styles(language)))


def _money(rng: random.Random, language: str) -> str:
    amount, currency = (
        1 + int(rng.random() * 10 ** (1 + int(rng.random() * 4))),
        pick(rng, CURRENCIES),
    )
    if rng.random() < 0.3:
        return format_currency(amount, currency, locale=language, format_type="name")
    cents = amount + pick(rng, (0, 0.5, 0.99))
    return format_currency(cents, currency, locale=language)


def _number(rng: random.Random, language: str) -> str:
    return format_decimal(
        1 + int(rng.random() * 10 ** (1 + int(rng.random() * 4))), locale=language
    )


_MAKERS = {"PER": _person, "LOC": _place, "DATE": _date, "MONEY": _money, "N": _number}


@functools.cache
def _places(language: str) -> tuple[str, ...]:
    """The names of countries and their like, without those with brackets."""
    territories = Locale.parse(language).territories
    codes = (code for code in sorted(territories) if len(code) == 2 and code not in NO_PLACES)
    names = (territories[code] for code in codes)
    return tuple(name for name in names if not re.search(r"[^\w\s-]", name))


@functools.cache
def _styles(language: str) -> tuple:
    return tuple(ways_to_write(Locale.parse(language), ("short", "medium", "long")))


def _some_more(frames: Sequence[tuple[str, str]]) -> Iterator[Notice]:
    """A great many notices, in an order of its own: more than anybody asks for."""
    rng = random.Random("more entities")
    for _ in itertools.repeat(None, 200_000):
        yield _fill(rng, *pick(rng, frames))
