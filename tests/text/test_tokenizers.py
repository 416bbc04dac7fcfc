"""Tokenizers: cases by hand, and properties of any text."""

from __future__ import annotations

import gzip
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED

from s2s_tutorial.text.tokenizers import (
    CharacterTokenizer,
    WhitespaceTokenizer,
    WordTokenizer,
    get_tokenizer,
    is_blank,
)

DATA = SHARED
ALL = [WhitespaceTokenizer(), CharacterTokenizer(), WordTokenizer()]
texts = st.text(max_size=40).filter(lambda text: not is_blank(text))
# Text of many scripts, with marks, joiners, signs and digits between them.
many_scripts = st.text(
    alphabet="我用写々〇コーかがヒ\u3099ｶﾞ。、「」（）：？한글ㅏ\u1161\u11a8ệưĐ\u0301\u0323"
    "\ufe0f\U000e0100𠮷กำ\u0e49नि\u094dПтעב\u064bس"
    + "aé'’-.,:!?( 13％“”…«❤\u200c\u200d\u200b\u200f\u00ad🏽👩🇮·״\"",
    min_size=1,
    max_size=25,
).filter(lambda text: not is_blank(text))
# Text dense in what the rules are about.
tricky = st.text(alphabet="aeh'’-.,:!?()«¿ b1éÀ", min_size=1, max_size=25).filter(str.strip)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Stai attento, Thomas!", "Stai attento , Thomas !"),
        ("Stai attento , Thomas", "Stai attento , Thomas"),
        ("L'uomo e un'amica: dov'è?", "L' uomo e un' amica : dov' è ?"),
        ("aujourd’hui", "aujourd’ hui"),
        ("I don't know; you're well-known.", "I don't know ; you're well-known ."),
        ("the boys' house", "the boys ' house"),
        ("(3.14 e 10:30, 1,000)", "( 3.14 e 10:30 , 1,000 )"),
        ("«Ciao»... ¿qué?", "« Ciao » . . . ¿ qué ?"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        ("1.", "1 ."),
        ("Tôi là sinh viên, còn anh?", "Tôi là sinh viên , còn anh ?"),
        ("나는 학생입니다.", "나는 학생입니다 ."),
        ("大韓民國은 2024년", "大 韓 民 國 은 2024년"),
        ("我用Python3写代码。", "我 用 Python3 写 代 码 。"),
        ("“你好”，他说：（3.14）！", "“ 你 好 ” ， 他 说 ： （ 3.14 ） ！"),
        ("コーヒーを2杯、人々", "コ ー ヒ ー を 2 杯 、 人 々"),
        ("ｺｰﾋｰ ＡＢＣ", "ｺ ｰ ﾋ ｰ ＡＢＣ"),
        ("𠮷野家", "𠮷 野 家"),
        ("葛\N{VARIATION SELECTOR-17}城", "葛\N{VARIATION SELECTOR-17} 城"),
        ("❤\N{VARIATION SELECTOR-16}!", "❤\N{VARIATION SELECTOR-16} !"),
        ("Я не знаю. Τι;", "Я не знаю . Τι ;"),
        ("สวัสดีครับ", "สวัสดีครับ"),
    ],
)
def test_words(text, tokens):
    assert WordTokenizer().tokenize(text) == tokens.split()


@pytest.mark.parametrize(
    "text",
    [
        "Stai attento, Thomas!",
        "L'uomo e un'amica: dov'è?",
        "I don't know (yet).",
        "¿Qué? «No».",
        "Tôi là sinh viên, còn anh?",
        "나는 학생입니다.",
        "我用Python3写代码。",
        "“你好”，他说：「再见」！",
        "コーヒーを2杯ください。",
        "the 3.14 of 10:30",
    ],
)
def test_words_go_back_to_text(text):
    tokenizer = WordTokenizer()
    assert tokenizer.detokenize(tokenizer.tokenize(text)) == text


@pytest.mark.parametrize("word", ["Việt", "학생", "ガス", "Ελλάδα", "नमस्ते", "Ёлка"])
def test_composed_and_decomposed_are_the_same_words(word):
    decomposed = unicodedata.normalize("NFD", word)
    assert decomposed != word or word == "नमस्ते"
    assert WordTokenizer().tokenize(f"{decomposed} {word}") == WordTokenizer().tokenize(word) * 2


def is_han(character):
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


def real_lines(path, columns=1):
    if not (DATA / path).exists():
        pytest.skip(f"{path} is not in {DATA}, where the tests look for real corpora")
    data = (DATA / path).read_bytes()
    data = gzip.decompress(data) if path.endswith(".gz") else data
    lines = data.decode("utf-8").splitlines()
    return [line.split("\t")[columns - 1] for line in lines]


def test_chinese_of_tatoeba():
    tokenizer = WordTokenizer()
    sentences = real_lines("tatoeba/cmn.txt", columns=2)[::5]
    changed = 0
    for sentence in sentences:
        composed = unicodedata.normalize("NFC", sentence)
        tokens = tokenizer.tokenize(sentence)
        text = tokenizer.detokenize(tokens)
        assert tokenizer.tokenize(text) == tokens
        assert all(len(token) == 1 for token in tokens if is_han(token[0]))
        changed += text != composed
    assert len(sentences) > 4000
    assert changed < 0.02 * len(sentences)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_of_iwslt(form):
    tokenizer = WordTokenizer()
    for line in real_lines("iwslt15_en_vi/tst2012.vi"):
        tokens = tokenizer.tokenize(unicodedata.normalize(form, line))
        assert tokenizer.tokenize(tokenizer.detokenize(tokens)) == tokens
        whole = Counter(word for word in line.split() if word.isalpha())
        assert whole <= Counter(tokens)


def test_lower_case():
    tokenizer = WordTokenizer(lowercase=True)
    assert tokenizer.tokenize("Stai ATTENTO, Ève") == ["stai", "attento", ",", "ève"]
    # Capital H with a macron below has no sign of its own, its small letter has one.
    assert tokenizer.tokenize("H\u0331") == ["\u1e96"]


def test_characters():
    assert CharacterTokenizer().tokenize("3 maggio") == list("3 maggio")
    assert CharacterTokenizer().detokenize(["3", " ", "m"]) == "3 m"


def test_white_space():
    assert WhitespaceTokenizer().tokenize(" a  b\tc\n") == ["a", "b", "c"]


@pytest.mark.parametrize("tokenizer", ALL)
def test_one_spelling_of_accents(tokenizer):
    composed, decomposed = "perché", "perche\N{COMBINING ACUTE ACCENT}"
    assert composed != decomposed
    assert tokenizer.tokenize(decomposed) == tokenizer.tokenize(composed)


@given(texts)
def test_characters_lose_nothing(text):
    tokenizer = CharacterTokenizer()
    tokens = tokenizer.tokenize(text)
    assert all(len(token) == 1 for token in tokens)
    assert tokenizer.detokenize(tokens) == unicodedata.normalize("NFC", text)


@given(st.one_of(texts, tricky, many_scripts))
def test_words_lose_nothing_but_space(text):
    joined = "".join(WordTokenizer().tokenize(text))
    assert joined == "".join(unicodedata.normalize("NFC", text).split())


@given(st.one_of(texts, tricky, many_scripts))
def test_words_come_back_from_their_text(text):
    tokenizer = WordTokenizer()
    tokens = tokenizer.tokenize(text)
    assert tokenizer.tokenize(tokenizer.detokenize(tokens)) == tokens


@pytest.mark.parametrize("tokenizer", ALL)
class TestBadInput:
    @pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x1c", "\u200b\u00ad \u2066"])
    def test_empty_text(self, tokenizer, text):
        with pytest.raises(ValueError, match="the text is empty"):
            tokenizer.tokenize(text)

    @pytest.mark.parametrize("text", [None, 3, b"bytes", ["a", "list"]])
    def test_not_a_text(self, tokenizer, text):
        with pytest.raises(TypeError, match=f"one text .str., not a {type(text).__name__}"):
            tokenizer.tokenize(text)

    def test_detokenize_takes_tokens(self, tokenizer):
        with pytest.raises(TypeError, match="list of tokens, not the string 'ciao'"):
            tokenizer.detokenize("ciao")

    def test_no_tokens_give_no_text(self, tokenizer):
        assert tokenizer.detokenize([]) == ""


def test_by_name():
    assert isinstance(get_tokenizer("word"), WordTokenizer)
    assert isinstance(get_tokenizer("character"), CharacterTokenizer)
    assert isinstance(get_tokenizer("whitespace"), WhitespaceTokenizer)


def test_options_by_name():
    assert get_tokenizer("word", lowercase=True).tokenize("Stai") == ["stai"]
    with pytest.raises(TypeError, match="the word tokenizer has no option 'upper'.*lowercase"):
        get_tokenizer("word", upper=True)
    with pytest.raises(TypeError, match="character tokenizer has no option 'lowercase'.*none"):
        get_tokenizer("character", lowercase=True)


def test_rules_by_number():
    text = "می\u200cخواهم"
    assert get_tokenizer("word", rules=1).tokenize(text) == ["می", "\u200c", "خواهم"]
    assert WordTokenizer().rules == 2 and WordTokenizer().tokenize(text) == [text]
    with pytest.raises(ValueError, match="rules must be one of 1, 2, not 3"):
        WordTokenizer(rules=3)


def real_texts():
    for language in ("de", "en", "fr"):
        yield from real_lines(f"multi30k/data/task1/raw/val.{language}.gz")
    yield from real_lines("iwslt15_en_vi/tst2012.en")
    yield from real_lines("tatoeba/cmn.txt", columns=1)[::7]
    yield from real_lines("tatoeba/cmn.txt", columns=2)[::7]


def test_ordinary_text_is_cut_as_in_version_0_1():
    old, new = WordTokenizer(rules=1), WordTokenizer(rules=2)
    texts = list(real_texts())
    assert len(texts) > 10_000
    assert [text for text in texts if old.tokenize(text) != new.tokenize(text)] == []


def test_subwords_are_no_plain_name():
    with pytest.raises(ValueError, match="word .subwords are learned: see SubwordTokenizer."):
        get_tokenizer("subword")


@pytest.mark.parametrize("name", ["spacy", "", None, ["word"]])
def test_unknown_name(name):
    with pytest.raises(ValueError, match="choose one of character, whitespace, word"):
        get_tokenizer(name)


@pytest.mark.parametrize("tokenizer", ALL, ids=lambda tokenizer: type(tokenizer).__name__)
def test_ids_are_no_tokens(tokenizer):
    with pytest.raises(TypeError, match="not 4; of ids, make tokens with the vocabulary's decode"):
        tokenizer.detokenize([4, 5])
