"""``numbers``: words read back to numbers, and links between words of the same value."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from s2s_tutorial.corpora import load_corpus, split_of
from s2s_tutorial.corpora.made.number_words import ALIGNED_LANGUAGES, LANGUAGES, number_words
from s2s_tutorial.corpora.made.numbers import number_pair

# What each word is worth, written down by hand.
WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen | twenty thirty forty fifty sixty seventy eighty "
    "ninety | hundred | thousand million billion | and",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn | zwanzig dreißig vierzig fünfzig sechzig "
    "siebzig achtzig neunzig | hundert | tausend Million Milliarde | und",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
    "vijftien zestien zeventien achttien negentien | twintig dertig veertig vijftig zestig "
    "zeventig tachtig negentig | honderd | duizend miljoen miljard | en",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici "
    "quattordici quindici sedici diciassette diciotto diciannove | venti trenta quaranta cinquanta "
    "sessanta settanta ottanta novanta | cento | mille milione miliardo | e",
}
VARIANTS = {
    "en": {},
    "de": {"ein": 1, "eine": 1, "Millionen": 10**6, "Milliarden": 10**9},
    "nl": {},
    "it": {"un": 1, "mila": 10**3, "milioni": 10**6, "miliardi": 10**9}
    | {f"{stem}": 10 * k for k, stem in enumerate(
        "vent trent quarant cinquant sessant settant ottant novant".split(), start=2)},
}  # fmt: skip


def worth(language: str) -> dict[str, int | None]:
    units, tens, hundred, scales, glue = (part.split() for part in WORDS[language].split("|"))
    return (
        {word: k for k, word in enumerate(units)}
        | {word: 10 * k for k, word in enumerate(tens, start=2)}
        | {hundred[0]: 100}
        | {word: 1000**k for k, word in enumerate(scales, start=1)}
        | {glue[0]: None}
        | VARIANTS[language]
    )


WORTH = {language: worth(language) for language in WORDS}


def read(words, language: str) -> int:
    """The number that the words say: an evaluator that knows nothing of how they were made."""
    total = group = 0
    for word in words:
        value = WORTH[language][word]
        if value is None:
            continue
        if value == 100:
            group = max(group, 1) * 100
        elif value >= 1000:
            total += max(group, 1) * value
            group = 0
        else:
            group += value
    return total + group


numbers = st.one_of(
    st.integers(0, 999),
    st.integers(0, 10**12 - 1),
    st.lists(st.sampled_from("000123489"), min_size=1, max_size=12).map(lambda d: int("".join(d))),
)


@pytest.mark.parametrize("language", ALIGNED_LANGUAGES)
@settings(max_examples=150)
@given(numbers)
def test_words_say_the_number(language, n):
    assert read([word for word, _ in number_words(n, language)], language) == n


@pytest.mark.parametrize("language", ["en", "nl"])
@given(numbers)
def test_words_are_those_of_num2words(language, n):
    written = num2words(n, lang=language)
    for signs, plain in ((",", ""), ("-", ""), (" ", ""), ("é", "e"), ("ë", "e")):
        written = written.replace(signs, plain)
    assert "".join(word for word, _ in number_words(n, language)) == written


@given(numbers)
def test_german_words_are_those_of_num2words_but_for_its_slip(n):
    written = num2words(n, lang="de").replace(" ", "").replace("einstausend", "eintausend")
    assert "".join(word for word, _ in number_words(n, "de")) == written


@pytest.mark.parametrize(
    ("n", "language", "words"),
    [
        (0, "de", "null"),
        (1, "de", "eins"),
        (21, "de", "ein und zwanzig"),
        (101, "de", "ein hundert eins"),
        (397, "de", "drei hundert sieben und neunzig"),
        (1_016, "de", "ein tausend sechzehn"),
        (101_000, "de", "ein hundert ein tausend"),
        (21_000_000, "de", "ein und zwanzig Millionen"),
        (1_000_001, "de", "eine Million eins"),
        (2_100, "en", "two thousand one hundred"),
        (1_001, "en", "one thousand and one"),
        (1_000_120, "en", "one million one hundred and twenty"),
        (1_121, "nl", "duizend honderd een en twintig"),
        (1_000_022, "nl", "een miljoen twee en twintig"),
        (118, "it", "cento diciotto"),
        (2_138, "it", "due mila cento trent otto"),
        (1_000_023, "it", "un milione e venti tre"),
        (97, "fr", "quatre vingt dix sept"),
        (21, "vi", "hai mươi mốt"),
    ],
)
def test_words_by_hand(n, language, words):
    assert " ".join(word for word, _ in number_words(n, language)) == words


class TestAlignment:
    @pytest.mark.parametrize(
        ("n", "src_lang", "tgt_lang", "links"),
        [
            # three hundred and ninety seven | drei hundert sieben und neunzig
            (397, "en", "de", "0-0 1-1 3-4 4-2"),
            # one thousand one hundred and twenty one | duizend honderd een en twintig
            (1_121, "en", "nl", "1-0 3-1 5-4 6-2"),
            # trent otto mila uno | acht und dreißig tausend eins
            (38_001, "it", "de", "0-2 1-0 2-3 3-4"),
            (0, "en", "de", "0-0"),
        ],
    )
    def test_by_hand(self, n, src_lang, tgt_lang, links):
        assert number_pair(n, src_lang, tgt_lang).pharaoh() == links

    @pytest.mark.parametrize("src_lang", ALIGNED_LANGUAGES)
    @pytest.mark.parametrize("tgt_lang", ALIGNED_LANGUAGES)
    def test_linked_words_are_worth_the_same(self, src_lang, tgt_lang):
        if src_lang == tgt_lang:
            return
        for pair in load_corpus("numbers", size=150, src_lang=src_lang, tgt_lang=tgt_lang):
            linked_src = [j for j, _ in pair.alignment]
            linked_tgt = [i for _, i in pair.alignment]
            assert len(set(linked_src)) == len(linked_src)  # one to one
            assert len(set(linked_tgt)) == len(linked_tgt)
            for j, i in pair.alignment:
                assert WORTH[src_lang][pair.src[j]] == WORTH[tgt_lang][pair.tgt[i]]
                assert self.scale(pair.src, j, src_lang) == self.scale(pair.tgt, i, tgt_lang)
            for words, language, linked in (
                (pair.src, src_lang, linked_src),
                (pair.tgt, tgt_lang, linked_tgt),
            ):
                for place, word in enumerate(words):
                    # only and, and the one that the other language leaves out, have no link
                    if place not in linked:
                        assert WORTH[language][word] in (None, 1)

    @staticmethod
    def scale(words, place: int, language: str) -> int:
        """The scale word that a word's group of three digits ends with, 1 for the last group."""
        values = [WORTH[language][word] or 0 for word in words[place:]]
        return next((value for value in values if value >= 1000), 1)

    def test_languages_without(self):
        for src_lang, tgt_lang in (("en", "fr"), ("vi", "de"), ("es", "fr")):
            corpus = load_corpus("numbers", size=20, src_lang=src_lang, tgt_lang=tgt_lang)
            assert {pair.alignment for pair in corpus} == {None}


def test_both_sides_say_the_same_number():
    for pair in load_corpus("numbers", size=1_000):
        assert read(pair.src, "en") == read(pair.tgt, "de")


def test_the_count_of_digits_is_uniform():
    corpus = load_corpus("numbers", size=6_000, max_digits=6)
    counts = [0] * 6
    for pair in corpus:
        counts[len(str(read(pair.src, "en"))) - 1] += 1
    assert all(850 < count < 1_150 for count in counts)


def test_numbers_are_uniform_given_their_digits():
    corpus = load_corpus("numbers", size=3_000, max_digits=12)
    first = [int(str(n)[0]) for p in corpus if (n := read(p.src, "en")) >= 10**6]
    assert all(abs(first.count(d) / len(first) - 1 / 9) < 0.04 for d in range(1, 10))


def test_zero_belongs_to_the_numbers_of_one_digit():
    split = split_of(["zero"])
    corpus = load_corpus("numbers", split, size=300, max_digits=1)
    assert ("zero",) in corpus.src_sentences


def test_the_default_draw_is_not_the_same_for_every_split():
    drawn = {split: load_corpus("numbers", split, size=50) for split in ("train", "valid", "test")}
    assert len({corpus.src_sentences[0] for corpus in drawn.values()}) == 3


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en_IN", "kn", "te"}))
def test_every_language_can_be_written(language):
    for n in (0, 7, 101, 123_456, 987_654_321, 987_654_321_012):
        words = [word for word, _ in number_words(n, language)]
        assert words
        assert all(word.strip() for word in words)


def test_a_language_that_ends_before_twelve_digits():
    assert load_corpus("numbers", size=5, tgt_lang="te", max_digits=9)
    with pytest.raises(ValueError, match="cannot write .* in 'te' .*; try a smaller max_digits"):
        load_corpus("numbers", size=500, tgt_lang="te")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"src_lang": "klingon"}, ValueError, "src_lang='klingon' is no language.* de, en, "),
        ({"src_lang": "am"}, ValueError, "src_lang='am' is no language that num2words can write"),
        ({"tgt_lang": "xx"}, ValueError, "tgt_lang='xx' is no language"),
        ({"tgt_lang": 3}, ValueError, "tgt_lang=3 is no language"),
        ({"src_lang": "de"}, ValueError, "src_lang and tgt_lang are both 'de'"),
        ({"max_digits": 0}, ValueError, "max_digits must be at least 1, not 0"),
        ({"max_digits": 13}, ValueError, "max_digits must be at most 12, not 13"),
        ({"max_digits": 3.0}, TypeError, "max_digits must be a whole number"),
        ({"digits": 3}, TypeError, "it takes size, seed, src_lang, tgt_lang, max_digits"),
    ],
)
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        load_corpus("numbers", **options)


@pytest.mark.parametrize("n", [-1, 10**12])
def test_numbers_out_of_range(n):
    with pytest.raises(ValueError, match="n must be at"):
        number_pair(n)
