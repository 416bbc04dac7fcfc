"""Vocabulary: what is counted, in which order, and what files hold."""

from __future__ import annotations

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.text.vocabulary import (
    BOS,
    BOS_ID,
    EOS,
    EOS_ID,
    PAD,
    PAD_ID,
    UNK,
    UNK_ID,
    Vocabulary,
)

SENTENCES = [["b", "a", "b"], ["c", "b", "a"], ["d"]]
words = st.text(alphabet="abcdefg", min_size=1, max_size=3)
sentences = st.lists(st.lists(words, min_size=1, max_size=6), min_size=1, max_size=8)


def test_special_tokens_have_their_places():
    vocab = Vocabulary.build(SENTENCES)
    assert (PAD_ID, UNK_ID, BOS_ID, EOS_ID) == (0, 1, 2, 3)
    assert vocab.tokens[:4] == (PAD, UNK, BOS, EOS) == ("<pad>", "<unk>", "<bos>", "<eos>")


def test_frequent_first_then_by_character():
    assert Vocabulary.build(SENTENCES).tokens[4:] == ("b", "a", "c", "d")


def test_min_freq():
    assert Vocabulary.build(SENTENCES, min_freq=2).tokens[4:] == ("b", "a")


def test_max_size_counts_the_special_tokens():
    vocab = Vocabulary.build(SENTENCES, max_size=6)
    assert vocab.tokens[4:] == ("b", "a")
    assert len(vocab) == 6
    assert len(Vocabulary.build(SENTENCES, max_size=4)) == 4


def test_any_iterable_of_sentences():
    assert Vocabulary.build(tuple(s) for s in SENTENCES) == Vocabulary.build(SENTENCES)


def test_what_is_spelled_like_a_special_token_is_an_unknown_word():
    vocab = Vocabulary.build([["a", UNK, UNK, EOS]])
    assert vocab.tokens == (PAD, UNK, BOS, EOS, "a")
    assert vocab.encode([PAD, "a", UNK, BOS, EOS]) == [UNK_ID, 4, UNK_ID, UNK_ID, UNK_ID]
    assert all(special in vocab for special in (PAD, UNK, BOS, EOS))


def test_unknown_tokens():
    vocab = Vocabulary.build(SENTENCES)
    assert vocab.encode(["b", "z", "a"]) == [4, UNK_ID, 5]
    assert "b" in vocab
    assert "z" not in vocab
    assert vocab.decode([4, UNK_ID, EOS_ID]) == ["b", UNK, EOS]


def test_ids_of_a_tensor():
    assert Vocabulary.build(SENTENCES).decode(torch.tensor([2, 4, 3])) == [BOS, "b", EOS]


@given(sentences)
def test_decoding_undoes_encoding(sentences):
    vocab = Vocabulary.build(sentences)
    assert len(vocab) == 4 + len({token for sentence in sentences for token in sentence})
    for sentence in sentences:
        assert vocab.decode(vocab.encode(sentence)) == sentence


@given(sentences, st.randoms())
def test_the_order_of_the_sentences_does_not_matter(sentences, random):
    shuffled = random.sample(sentences, len(sentences))
    assert Vocabulary.build(shuffled) == Vocabulary.build(sentences)


def test_equality():
    vocab = Vocabulary.build(SENTENCES)
    assert vocab == Vocabulary(["b", "a", "c", "d"])
    assert hash(vocab) == hash(Vocabulary(["b", "a", "c", "d"]))
    assert vocab != Vocabulary(["a", "b", "c", "d"])
    assert vocab != vocab.tokens


class TestFiles:
    def test_there_and_back(self, tmp_path):
        vocab = Vocabulary(["è", "中", '"', "\n", "\N{GRINNING FACE}"])
        vocab.save(tmp_path / "vocab.json")
        assert Vocabulary.load(tmp_path / "vocab.json") == vocab

    def test_it_is_plain_json(self, tmp_path):
        Vocabulary(["è"]).save(tmp_path / "vocab.json")
        content = json.loads((tmp_path / "vocab.json").read_text(encoding="utf-8"))
        assert content["tokens"] == [PAD, UNK, BOS, EOS, "è"]
        assert [path.name for path in tmp_path.iterdir()] == ["vocab.json"]

    def test_no_such_file(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            Vocabulary.load(tmp_path / "nothing.json")

    @pytest.mark.parametrize(
        "content",
        [
            "not json",
            "[]",
            '{"tokens": ["a"]}',
            '{"format": "s2s_tutorial.vocabulary/1", "tokens": ["a", "b", "c", "d"]}',
            '{"format": "s2s_tutorial.vocabulary/1"}',
            '{"format": "s2s_tutorial.vocabulary/1", '
            '"tokens": ["<pad>", "<unk>", "<bos>", "<eos>", 3]}',
        ],
    )
    def test_not_a_vocabulary(self, tmp_path, content):
        path = tmp_path / "vocab.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match="vocab.json is not a vocabulary"):
            Vocabulary.load(path)

    def test_a_path_that_cannot_be_written(self, tmp_path):
        (tmp_path / "file").write_text("in the way", encoding="utf-8")
        with pytest.raises(OSError, match="could not write .*vocab.json"):
            Vocabulary(["a"]).save(tmp_path / "file" / "vocab.json")
        assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"


class TestBadInput:
    def test_a_sentence_that_is_a_string(self):
        with pytest.raises(TypeError, match="sentence 1 must be a list of tokens.*split it into"):
            Vocabulary.build([["a"], "una frase"])

    def test_one_string_for_all(self):
        with pytest.raises(TypeError, match="many sentences.*not the string 'una frase'"):
            Vocabulary.build("una frase")

    def test_encoding_a_string(self):
        with pytest.raises(
            TypeError, match="not the string 'una frase'; split it into tokens first"
        ):
            Vocabulary(["a"]).encode("una frase")

    def test_tokens_that_are_no_strings(self):
        with pytest.raises(TypeError, match="sentence 0 holds 3, a int; tokens are strings"):
            Vocabulary.build([["a", 3]])

    def test_no_sentences(self):
        with pytest.raises(ValueError, match="no sentences to build"):
            Vocabulary.build([])

    def test_only_empty_sentences(self):
        with pytest.raises(ValueError, match="no tokens to build.*2 sentences, all empty"):
            Vocabulary.build([[], []])

    @pytest.mark.parametrize("i", [-1, 6, 99])
    def test_ids_outside(self, i):
        with pytest.raises(IndexError, match=f"id {i} is outside the vocabulary: 0 to 5"):
            Vocabulary(["a", "b"]).decode([0, i])

    @pytest.mark.parametrize("i", [1.5, "a", None])
    def test_ids_that_are_no_numbers(self, i):
        with pytest.raises(TypeError, match="an id must be a whole number"):
            Vocabulary(["a"]).decode([i])

    def test_a_token_twice(self):
        with pytest.raises(ValueError, match="'a' stands twice"):
            Vocabulary(["a", "b", "a"])
        with pytest.raises(ValueError, match="'<pad>' stands twice"):
            Vocabulary(["<pad>"])

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"min_freq": 0}, ValueError, "min_freq must be at least 1, not 0"),
            ({"min_freq": 1.5}, TypeError, "min_freq must be a whole number"),
            (
                {"min_freq": 99},
                ValueError,
                "min_freq=99 leaves no token: the most frequent one, 'b', ",
            ),
            ({"max_size": 3}, ValueError, "max_size must be at least 4, not 3"),
            ({"max_size": True}, TypeError, "max_size must be a whole number"),
        ],
    )
    def test_limits(self, options, error, message):
        with pytest.raises(error, match=message):
            Vocabulary.build(SENTENCES, **options)


def test_a_sentence_s_own_words_stand_behind_the_vocabulary():
    vocab = Vocabulary(["a", "b"])
    source = ["z", "a", "y", "z", "<eos>"]
    own = vocab.unknown(source)
    assert own == ["z", "y"]  # once each, as they come; a special's name is known to be no word
    assert vocab.encode(source, own) == [6, 4, 7, 6, UNK_ID]
    assert vocab.encode(["y", "x", "b"], own) == [7, UNK_ID, 5]
    assert vocab.decode([7, 4, 6, 1], own) == ["y", "a", "z", "<unk>"]
    assert vocab.encode(source) == [1, 4, 1, 1, 1] and vocab.unknown(["a"]) == []
    with pytest.raises(IndexError, match="id 8 is outside the vocabulary: 0 to 7"):
        vocab.decode([8], own)
    with pytest.raises(TypeError):
        vocab.unknown("a b")
