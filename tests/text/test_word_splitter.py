"""Cutting into words and joining them, script by script."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.text.word_splitter import join_words, split_words

EXTENDS = regex.compile(r"[[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]--\p{L}]", regex.V1)
# Text of many scripts, with marks, joiners, signs and digits between them.
many_scripts = st.text(
    alphabet="我用写々〇コーかがヒ\u3099ｶﾞ。、「」（）：？한글ㅏ\u1161\u11a8ệưĐ\u0301\u0323"
    "\ufe0f\U000e0100𠮷กำ\u0e49नि\u094dПтעב\u064bس"
    + "aé'’-.,:!?( 13％“”…«❤\u200c\u200d\u200b\u200f\u00ad🏽👩🇮·״\"",
    min_size=1,
    max_size=25,
).filter(str.strip)


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (["l'", "uomo", ",", "(", "qui", ")"], "l'uomo, (qui)"),
        (["rock", "'", "n", "'", "roll"], "rock ' n ' roll"),
        (["Python3", "写", "代", "码", "。"], "Python3写代码。"),
        (["中", "국", "어"], "中국 어"),
        (["a", "、", "b"], "a、b"),
        (["「", "a", "」", "b"], "「a」b"),
        ([], ""),
    ],
)
def test_joined(tokens, text):
    assert join_words(tokens) == text


@pytest.mark.parametrize(
    "character", "々〆〇〡ぁゖゝァヺーㇰｦﾟ㐀䶿一鿿豈\U0001b000\U00016fe3𠀀𲎯\U000323af"
)
def test_han_and_kana_stand_alone(character):
    assert split_words(f"ab{character}{character}cd") == ["ab", character, character, "cd"]


@pytest.mark.parametrize(
    "word",
    [
        "𑄌𑄋𑄴𑄟𑄳𑄦",  # Chakma
        "𑂍𑂹𑂰𑂙",  # Kaithi
        "𑀩𑁆𑀭𑀸𑀳𑁆𑀫𑀻",  # Brahmi
        "𑌗𑍍𑌰𑌨𑍍𑌥",  # Grantha
        "𞤆\N{ADLAM NUKTA}𞤵",
        "n\N{MUSICAL SYMBOL COMBINING STEM}o",
    ],
)
def test_marks_of_every_plane_belong_to_the_word(word):
    assert split_words(f"{word},x") == [word, ",", "x"]


@pytest.mark.parametrize(
    "word",
    [
        "می\u200cخواهم",  # Persian: a prefix and its verb, which are not joined in writing
        "ශ්\u200dරී",  # Sinhala
        "क्\u200dष",  # Hindi
        "র\u200d্যাব",  # Bengali
        "അവന്\u200d",  # Malayalam, as it was written before Unicode 5.1
        "soft\u00adhyphen",
        "col·lecció",
        "צה״ל",
        'צה"ל',
        "וכו'",
        "ז׳",
        "ג'ירפה",
        "well\u2010known",
        "well\u2011known",
        "٣٫١٤",
        "\u2068Thomas\u2069",
        "👩\u200d👩\u200d👧",
        "👍🏽",
        "🇮🇹",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_what_unicode_holds_together_stays_together(word):
    for text, tokens in ((f"{word}, x", [word, ",", "x"]), (f"x {word}", ["x", word])):
        assert split_words(text) == tokens
        assert join_words(tokens) == text


def test_two_flags_are_two_tokens():
    assert split_words("🇮🇹🇩🇪") == ["🇮🇹", "🇩🇪"]


def test_points_and_colons_between_letters_are_tokens():
    assert split_words("b.com 10:30 Leser:innen") == [
        "b",
        ".",
        "com",
        "10:30",
        "Leser",
        ":",
        "innen",
    ]


def test_the_invisible_sign_between_words_has_no_space_around_it():
    tokens = ["ភាសា", "\u200b", "ខ្មែរ"]
    assert split_words("".join(tokens)) == tokens and join_words(tokens) == "".join(tokens)


def test_a_sign_is_the_same_with_what_extends_it():
    tokens = ["a", ",\u200f", "b"]
    assert split_words("a,\u200f b") == tokens and join_words(tokens) == "a,\u200f b"


@given(many_scripts)
def test_no_token_begins_inside_what_unicode_holds_together(text):
    end = 0
    for token in split_words(text):
        start = text.index(token, end)
        inside = 0 < start and not text[start - 1].isspace()
        assert not (inside and EXTENDS.match(token))
        end = start + len(token)


def test_the_first_rules_cut_at_joiners():
    assert split_words("می\u200cخواهم", rules=1) == ["می", "\u200c", "خواهم"]
    assert split_words("col·lecció 🇮🇹", rules=1) == ["col", "·", "lecció", "🇮", "🇹"]


@pytest.mark.parametrize("letter", "ιΙᾁ")
def test_a_greek_letter_is_no_mark(letter):  # though iota's capital is that of a mark
    assert split_words(f"か{letter}-{letter}") == ["か", f"{letter}-{letter}"]


@pytest.mark.parametrize("vowel", "aÉœŒıİ")
def test_elided_before_a_vowel_of_either_case(vowel):
    assert split_words(f"l'{vowel}x l'bx") == ["l'", f"{vowel}x", "l'bx"]
    assert join_words(["l'", f"{vowel}x"]) == f"l'{vowel}x"


@pytest.mark.parametrize("character", "กㄅᄀꥠＡéжس")
def test_letters_of_other_scripts_stay_in_words(character):
    assert split_words(f"x{character}{character}") == [f"x{character}{character}"]


def test_a_mark_alone_does_not_slip_into_the_word_before():
    tokens = ["か", "\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}", "("]
    tokens += ["\N{COMBINING ACUTE ACCENT}x"]
    assert split_words(join_words(tokens)) == tokens


def is_han(character):
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


@given(many_scripts)
def test_every_han_character_stands_alone(text):
    tokens = split_words(text)
    joined = "".join(tokens)
    assert sum(map(is_han, joined)) == sum(is_han(token[0]) for token in tokens)
    assert all(EXTENDS.fullmatch(c) for token in tokens if is_han(token[0]) for c in token[1:])
