"""Learning subwords: what is learned, the same every time, and what is said where it cannot be."""

from __future__ import annotations

import pytest

from s2s_tutorial.text.subword_sampling import SPACE
from s2s_tutorial.text.subword_training import MODEL_TYPES, learn_pieces
from s2s_tutorial.text.subwords import SubwordTokenizer

LINES = ["ein mann geht mit einem hund .", "zwei hunde spielen im schnee ."] * 6


def size(model):
    return len(SubwordTokenizer(model))


def test_the_most_frequent_pair_is_merged_first():
    # Sennrich et al. 2016 by hand: "ab" occurs four times, then the start of a word and "ab" twice.
    tokenizer = SubwordTokenizer(learn_pieces(["ab ab xab yab"], 8, "bpe"))
    assert [piece for piece in tokenizer.pieces if len(piece) > 1] == ["ab", SPACE + "ab"]
    assert tokenizer.tokenize("ab xab ba") == [SPACE + "ab", SPACE, "x", "ab", SPACE, "b", "a"]


@pytest.mark.parametrize("kind", MODEL_TYPES)
def test_quiet_and_the_same_every_time(kind, capfd):
    assert learn_pieces(LINES, 25, kind) == learn_pieces(tuple(LINES), 25, kind)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", MODEL_TYPES)
def test_more_pieces_than_the_text_has(kind):
    with pytest.raises(ValueError, match="vocab_size=8000 is more than 12 sentences") as caught:
        learn_pieces(LINES, 8000, kind)
    most = int(str(caught.value).split("take ")[1].split()[0])
    assert size(learn_pieces(LINES, most, kind)) == most


@pytest.mark.parametrize("kind", MODEL_TYPES)
def test_fewer_pieces_than_letters(kind):
    with pytest.raises(ValueError, match="does not even hold the single characters") as caught:
        learn_pieces(LINES, 7, kind)
    least = int(str(caught.value).split("take ")[1].split()[0])
    assert size(learn_pieces(LINES, least, kind)) == least


def test_rare_characters_may_stay_unknown():
    lines = ["aaaa bbbb"] * 30 + ["x"]
    every = SubwordTokenizer(learn_pieces(lines, 5, "bpe"))
    frequent = SubwordTokenizer(learn_pieces(lines, 5, "bpe", character_coverage=0.99))
    assert "x" in every.pieces and "x" not in frequent.pieces
