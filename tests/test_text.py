"""Tokenizers: cases by hand, and properties of any text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.text import (
    CharacterTokenizer,
    WhitespaceTokenizer,
    WordTokenizer,
    get_tokenizer,
)

ALL = [WhitespaceTokenizer(), CharacterTokenizer(), WordTokenizer()]
texts = st.text(max_size=40).filter(lambda text: text.strip())
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
    ],
)
def test_words(text, tokens):
    assert WordTokenizer().tokenize(text) == tokens.split()


@pytest.mark.parametrize(
    "text",
    ["Stai attento, Thomas!", "L'uomo e un'amica: dov'è?", "I don't know (yet).", "¿Qué? «No»."],
)
def test_words_go_back_to_text(text):
    tokenizer = WordTokenizer()
    assert tokenizer.detokenize(tokenizer.tokenize(text)) == text


def test_lower_case():
    tokenizer = WordTokenizer(lowercase=True)
    assert tokenizer.tokenize("Stai ATTENTO, Ève") == ["stai", "attento", ",", "ève"]


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


@given(st.one_of(texts, tricky))
def test_words_lose_nothing_but_space(text):
    joined = "".join(WordTokenizer().tokenize(text))
    assert joined == "".join(unicodedata.normalize("NFC", text).split())


@given(st.one_of(texts, tricky))
def test_words_come_back_from_their_text(text):
    tokenizer = WordTokenizer()
    tokens = tokenizer.tokenize(text)
    assert tokenizer.tokenize(tokenizer.detokenize(tokens)) == tokens


@pytest.mark.parametrize("tokenizer", ALL)
class TestBadInput:
    @pytest.mark.parametrize("text", ["", "   ", "\n\t"])
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


@pytest.mark.parametrize("name", ["spacy", "", None, ["word"]])
def test_unknown_name(name):
    with pytest.raises(ValueError, match="choose one of character, whitespace, word"):
        get_tokenizer(name)
