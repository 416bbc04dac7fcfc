"""Tokenizers through JSON and back."""

import json

import pytest

from s2s_tutorial.saving.tokenizer_state import (
    load_tokenizer_state,
    tokenizer_state,
    tokenizers_from_info,
    tokenizers_info,
)
from s2s_tutorial.text.subwords import SubwordTokenizer
from s2s_tutorial.text.tokenizers import CharacterTokenizer, WhitespaceTokenizer, WordTokenizer

TEXT = "Don't  stop, l'uomo là: 3.5 Ärger! col·lecció"


def subwords():
    lines = ["Don't stop low lower", "l'uomo là Ärger: 3.5!", "newer newest , wider"]
    return SubwordTokenizer.train(lines, vocab_size=45, model_type="bpe", lowercase=True)


@pytest.mark.parametrize(
    "tokenizer",
    [
        WordTokenizer(),
        WordTokenizer(True, rules=1),
        WhitespaceTokenizer(),
        CharacterTokenizer(),
        subwords(),
    ],
    ids=lambda tokenizer: type(tokenizer).__name__,
)
def test_what_comes_back_cuts_the_same(tokenizer):
    saved = json.loads(json.dumps(tokenizer_state(tokenizer)))
    loaded = load_tokenizer_state(saved)
    assert type(loaded) is type(tokenizer)
    tokens = loaded.tokenize(TEXT)
    assert tokens == tokenizer.tokenize(TEXT)
    assert loaded.detokenize(tokens) == tokenizer.detokenize(tokens)


def test_a_file_of_version_0_1_keeps_its_words():
    text = "می\u200cخواهم col·lecció"
    old = load_tokenizer_state({"name": "word", "options": {"lowercase": False}})
    assert old.tokenize(text) == WordTokenizer(rules=1).tokenize(text)
    again = load_tokenizer_state(json.loads(json.dumps(tokenizer_state(old))))
    assert again.tokenize(text) == old.tokenize(text) != WordTokenizer().tokenize(text)


def test_each_side_keeps_its_own():
    info = json.loads(json.dumps(tokenizers_info(CharacterTokenizer(), WordTokenizer(True))))
    src, tgt = tokenizers_from_info(info)
    assert (type(src), type(tgt), tgt.lowercase) == (CharacterTokenizer, WordTokenizer, True)
    assert tokenizers_from_info({}) is None


def test_what_is_no_pair_of_tokenizers_is_refused():
    for saved in (5, [], [{"name": "word", "options": {}}]):
        with pytest.raises(ValueError, match="no pair"):
            tokenizers_from_info({"tokenizers": saved})


def test_a_tokenizer_of_ones_own_cannot_be_saved():
    class Mine(WordTokenizer):
        pass

    with pytest.raises(TypeError, match="a Mine cannot be saved"):
        tokenizer_state(Mine())


@pytest.mark.parametrize(
    "state",
    [
        {"name": "os.system", "options": {}},
        {"name": "word", "options": {"uppercase": True}},
        {"name": "word", "options": {"rules": 3}},
        {"name": "word"},
        {"name": "subwords", "options": {"model": "AAAA"}},
    ],
)
def test_an_unknown_state_is_explained(state):
    with pytest.raises(ValueError, match="unknown to this version|no subwords"):
        load_tokenizer_state(state)
