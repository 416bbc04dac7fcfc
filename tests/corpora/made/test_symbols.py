"""``reverse`` and ``copy``: the answers, and how the strings are distributed."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from s2s_tutorial.corpora import load_corpus, split_of
from s2s_tutorial.corpora.made.symbols import symbol_names


def test_reverse_reverses():
    for src, tgt, alignment in load_corpus("reverse", size=200):
        assert tgt == src[::-1]
        assert len(alignment) == len(src)
        assert all(src[j] == tgt[i] and j + i == len(src) - 1 for j, i in alignment)


def test_copy_copies():
    for src, tgt, alignment in load_corpus("copy", size=200):
        assert tgt == src
        assert alignment == {(j, j) for j in range(len(src))}


def test_lengths_are_uniform():
    for split in ("train", "test"):
        corpus = load_corpus("reverse", split, size=4_000, min_length=3, max_length=7)
        counts = Counter(len(pair.src) for pair in corpus)
        assert sorted(counts) == [3, 4, 5, 6, 7]
        assert all(abs(count - 800) < 5 * math.sqrt(800) for count in counts.values())


def test_symbols_are_uniform_and_independent():
    corpus = load_corpus("copy", size=6_000, symbols=4, min_length=9, max_length=9)
    pairs = Counter(two for pair in corpus for two in zip(pair.src, pair.src[1:]))
    expected = 6_000 * 8 / 16
    assert len(pairs) == 16
    assert all(abs(count - expected) < 6 * math.sqrt(expected) for count in pairs.values())


def test_short_strings_come_as_often_as_long_ones():
    """There are twenty of length 1: they must come again."""
    corpus = load_corpus("reverse", size=4_000)
    ones = Counter(pair.src for pair in corpus if len(pair.src) == 1)
    assert 100 < sum(ones.values()) < 300
    assert set(ones) == {(s,) for s in symbol_names(20) if split_of([s]) == "train"}


def test_the_names_of_the_symbols():
    assert symbol_names(3) == ("a", "b", "c")
    assert symbol_names(54)[24:29] == ("y", "z", "a1", "b1", "c1")
    assert symbol_names(54)[50:] == ("y1", "z1", "a2", "b2")


def test_many_symbols():
    corpus = load_corpus("copy", size=500, symbols=30)
    assert {token for pair in corpus for token in pair.src} == set(symbol_names(30))


def test_one_symbol_is_enough_where_the_split_has_a_string():
    corpus = load_corpus("copy", size=300, symbols=1, max_length=30)
    expected = {n for n in range(1, 31) if split_of(["a"] * n) == "train"}
    assert {len(pair.src) for pair in corpus} == expected


def test_a_split_without_any_string():
    assert split_of(["a"]) == "train"
    with pytest.raises(ValueError, match="no sentence that these options allow.*'test' split"):
        load_corpus("copy", "test", symbols=1, max_length=1)


def test_very_long_strings():
    (pair,) = load_corpus("reverse", size=1, min_length=5_000, max_length=5_000)
    assert len(pair.src) == 5_000


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"symbols": 0}, ValueError, "symbols must be at least 1, not 0"),
        ({"symbols": "abc"}, TypeError, "symbols must be a whole number, not 'abc'"),
        ({"min_length": 0}, ValueError, "min_length must be at least 1, not 0"),
        ({"max_length": 0}, ValueError, "max_length must be at least 1, not 0"),
        ({"max_length": 2.5}, TypeError, "max_length must be a whole number, not 2.5"),
        ({"min_length": 9, "max_length": 8}, ValueError, "max_length=8 is below min_length=9"),
    ],
)
def test_bad_options(options, error, message):
    for name in ("copy", "reverse"):
        with pytest.raises(error, match=message):
            load_corpus(name, **options)


def test_the_options_are_named():
    with pytest.raises(TypeError, match="it takes size, seed, symbols, min_length, max_length"):
        load_corpus("reverse", length=5)
