"""``dates``: known texts, and no text that means two dates."""

from __future__ import annotations

import datetime
import re

import pytest
from babel import Locale
from babel.dates import format_date

from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.corpora.made.dates import FORMATS, LOCALES, ways_to_write, write_date

BIRTHDAY = datetime.date(2020, 4, 3)  # a Friday
KNOWN = {
    "en_US": ["April 3, 2020", "Apr 3, 2020", "Friday, April 3, 2020"],
    "en_GB": ["03/04/2020", "3 April 2020", "Friday, 3 April 2020"],
    "de": ["03.04.2020", "3. April 2020", "Freitag, 3. April 2020"],
    "fr": ["03/04/2020", "3 avril 2020", "vendredi 3 avril 2020"],
    "it": ["03/04/2020", "3 aprile 2020", "venerdì 3 aprile 2020"],
    "es": ["3/4/2020", "3 de abril de 2020", "viernes, 3 de abril de 2020"],
    "vi": ["3/4/2020", "3 tháng 4, 2020", "Thứ Sáu, 3 tháng 4, 2020"],
    "zh_Hans": ["2020/4/3", "2020年4月3日", "2020年4月3日星期五"],
    "ko": ["2020. 4. 3.", "2020년 4월 3일", "2020년 4월 3일 금요일"],
    "pt_BR": ["03/04/2020", "3 de abril de 2020", "sexta-feira, 3 de abril de 2020"],
}


def all_texts(locale: str, date: datetime.date) -> set[str]:
    return {write_date(date, way) for way in ways_to_write(Locale.parse(locale), FORMATS)}


@pytest.mark.parametrize("locale", LOCALES)
def test_known_texts(locale):
    assert set(KNOWN[locale]) <= all_texts(locale, BIRTHDAY)


def test_the_american_order_in_figures_is_left_out():
    texts = all_texts("en_US", BIRTHDAY)
    assert texts
    assert all("Apr" in text for text in texts)
    assert "4/3/20" in format_date(BIRTHDAY, "short", locale="en_US")  # what Babel would write


def test_years_are_written_in_full():
    for locale in LOCALES:
        assert all("1907" in text for text in all_texts(locale, datetime.date(1907, 4, 3)))


def test_no_text_means_two_dates():
    """Every day of a leap year, in every way: the year itself is always written in full."""
    meaning: dict[str, datetime.date] = {}
    ways = [way for code in LOCALES for way in ways_to_write(Locale.parse(code), FORMATS)]
    for number in range(366):
        date = datetime.date(2020, 1, 1) + datetime.timedelta(days=number)
        for way in ways:
            assert meaning.setdefault(write_date(date, way), date) == date
    assert len(meaning) > 366 * 30


def test_pairs_say_the_same_date():
    corpus = load_corpus("dates", size=1_500)
    for src, tgt, alignment in corpus:
        assert alignment is None
        assert all(len(token) == 1 for token in (*src, *tgt))
        text, date = "".join(src), datetime.date.fromisoformat("".join(tgt))
        assert len(tgt) == 10
        assert str(date.year) in text
        text = re.sub(r"^Th(ứ)? \d", "", text)  # Vietnamese counts the days of the week
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        assert date.day in numbers
        # a month is a word, or a number of its own
        assert len(numbers) == 2 or sorted(numbers) == sorted([date.year, date.month, date.day])
        assert not re.search(r"\s", text.replace(" ", ""))
    assert len(set(corpus.src_sentences)) == len(corpus)


def test_all_locales_take_part():
    corpus = load_corpus("dates", size=3_000)
    text = " ".join("".join(src) for src in corpus.src_sentences)
    words = [
        "Friday",
        "Freitag",
        "vendredi",
        "venerdì",
        "viernes",
        "Thứ Sáu",
        "星期五",
        "금요일",
        "sexta",
    ]
    assert [word for word in words if word not in text] == []


def test_years():
    corpus = load_corpus("dates", size=300, years=(1850, 1851))
    assert {"".join(tgt[:4]) for tgt in corpus.tgt_sentences} == {"1850", "1851"}


def test_one_format():
    corpus = load_corpus("dates", size=50, locales=["it"], formats=["full"])
    days = {"".join(src).split()[0] for src in corpus.src_sentences}
    assert days == {"lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"}


class TestSizesThatAreNotThere:
    options = {"locales": ["it"], "formats": ["long"], "years": (2019, 2019)}

    def test_all_there_are(self):
        """365 texts, of which about a tenth is in a split; asking for one more is too much."""
        with pytest.raises(ValueError, match="'valid' split has only") as error:
            load_corpus("dates", "valid", size=365, **self.options)
        available = int(re.search(r"has only (\d+)", str(error.value))[1])
        assert 20 < available < 55
        corpus = load_corpus("dates", "valid", size=available, **self.options)
        assert len(set(corpus.src_sentences)) == available
        with pytest.raises(ValueError, match=f"size={available + 1} asks for more"):
            load_corpus("dates", "valid", size=available + 1, **self.options)

    def test_far_too_many(self):
        with pytest.raises(ValueError, match="'train' split has at most 365"):
            load_corpus("dates", size=366, **self.options)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"locales": "it"}, TypeError, r'did you mean locales=\["it"\]\?$'),
        ({"locales": {"it", "fr"}}, TypeError, "locales must be a list or tuple, not a set"),
        ({"locales": []}, ValueError, "locales is empty"),
        ({"locales": ["it", "klingon"]}, ValueError, "Babel has no locale 'klingon'"),
        ({"locales": [3]}, ValueError, "Babel has no locale 3"),
        ({"formats": ["long", "tiny"]}, ValueError, "no format 'tiny'; choose from short, medium"),
        ({"formats": "long"}, TypeError, "did you mean formats="),
        (
            {"locales": ["en_US"], "formats": ["short"]},
            ValueError,
            "no unambiguous way.*add 'long'",
        ),
        ({"years": 2020}, TypeError, "years must be two numbers"),
        ({"years": (2020, "2021")}, TypeError, "the last year must be a whole number"),
        ({"years": (2020, 2019)}, ValueError, "the last year must be at least 2020, not 2019"),
        ({"years": (99, 2020)}, ValueError, "the first year must be at least 1000, not 99"),
        ({"years": (2020, 10_000)}, ValueError, "the last year must be at most 9999"),
    ],
)
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        load_corpus("dates", size=5, **options)


def test_locales_that_contradict_each_other():
    """Nyakanga is September in Kirundi, July in Kinyarwanda."""
    message = "Nyakanga 2020. is 2020-07-01 in rw and 2020-09-01 in rn: choose locales or formats"
    with pytest.raises(ValueError, match=message):
        load_corpus("dates", size=5, locales=["rn", "rw"])
    assert load_corpus("dates", size=5, locales=["rw"])
