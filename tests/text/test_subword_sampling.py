"""Samplers of subwords: how often each way is drawn, against all ways listed by hand."""

from __future__ import annotations

import math
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.text.subword_sampling import SPACE, BPESampler, TextSampler, UnigramSampler

UNIGRAM = {"a": -1.1, "b": -1.7, "c": -2.3, "ab": -1.9, "bc": -2.9, "abc": -4.1, "cab": -3.1}
BPE = {"ab": 0.0, "bc": -1.0, "abc": -2.0, "a": -3.0, "b": -4.0, "c": -5.0}


def ways(word):
    """Every way of cutting a word."""
    for cuts in range(2 ** (len(word) - 1)):
        ends = [i + 1 for i in range(len(word) - 1) if cuts >> i & 1]
        yield tuple(word[a:b] for a, b in zip([0, *ends], [*ends, len(word)]))


def assert_drawn_as(sampler, word, alpha, expected, n=4000):
    random = Random(7)
    drawn = Counter(tuple(sampler.draw(word, alpha, random)) for _ in range(n))
    assert set(drawn) <= {way for way, p in expected.items() if p > 0}
    assert sum(expected.values()) == pytest.approx(1)
    for way, p in expected.items():
        assert abs(drawn[way] / n - p) <= 4.5 * math.sqrt(p * (1 - p) / n), way


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("word", ["ab", "abcab", "cabc"])
def test_unigram_in_proportion_to_the_probabilities(word, alpha):
    weights = {
        way: math.exp(alpha * sum(UNIGRAM[piece] for piece in way))
        for way in ways(word)
        if set(way) <= set(UNIGRAM)
    }
    total = sum(weights.values())
    expected = {way: weight / total for way, weight in weights.items()}
    assert len(expected) > 1
    assert_drawn_as(UnigramSampler(UNIGRAM), word, alpha, expected)


@pytest.mark.parametrize("p", [0.0, 0.25, 0.6, 1.0])
def test_bpe_leaves_out_merges(p):
    q = 1 - p
    expected = {
        ("abc",): q * q + p * q * q,  # ab, then abc; or ab is left out: bc, then abc
        ("ab", "c"): q * p,
        ("a", "bc"): p * q * p,
        ("a", "b", "c"): p * p,
    }
    assert_drawn_as(BPESampler(BPE), "abc", p, expected)


def test_bpe_takes_the_best_merge_and_of_equals_the_first():
    sampler = BPESampler({"ab": 0.0, "aa": -1.0, "ba": -2.0, "a": -3.0, "b": -4.0})
    assert sampler.draw("aab", 0.0, Random(0)) == ["a", "ab"]
    assert sampler.draw("aaa", 0.0, Random(0)) == ["aa", "a"]
    assert sampler.draw("abaab", 0.0, Random(0)) == ["ab", "a", "ab"]


@pytest.mark.parametrize("scores", [UNIGRAM, BPE])
@given(text=st.text(f"abcx?{SPACE}", max_size=30), alpha=st.floats(0, 1), seed=st.integers(0, 99))
def test_nothing_is_lost(scores, text, alpha, seed):
    scores = scores | {SPACE: -6.0, SPACE + "a": -7.0}
    drawn = TextSampler(scores).draw(text, alpha, Random(seed))
    assert "".join(drawn) == text
    for piece in drawn:
        assert piece in scores or not set(piece) & set("".join(scores))
    assert drawn == TextSampler(scores).draw(text, alpha, Random(seed))


def test_unknown_characters_stay_together():
    sampler = TextSampler(BPE | {SPACE: -6.0})
    text = f"{SPACE}ab??{SPACE}?c"
    assert sampler.draw(text, 0.0, Random(0)) == [SPACE, "ab", "??", SPACE, "?", "c"]


def test_pieces_across_words():
    across = TextSampler({"a": -5.0, SPACE: -5.0, f"a{SPACE}a": -0.1})
    assert across.draw(f"a{SPACE}a", 1.0, Random(0)) == [f"a{SPACE}a"]


def test_a_character_that_is_a_piece_only_with_others():
    assert TextSampler({"ab": -1.0, "a": -2.0}).draw("ba", 1.0, Random(0)) == ["b", "a"]


def test_long_words_neither_overflow_nor_underflow():
    word = "abc" * 500
    for alpha in (0.0, 1.0):
        drawn = UnigramSampler(UNIGRAM).draw(word, alpha, Random(3))
        assert "".join(drawn) == word


def test_the_same_draws_on_every_machine():
    random = Random(3)
    sampler = UnigramSampler(UNIGRAM)
    assert [" ".join(sampler.draw("abcab", 0.3, random)) for _ in range(4)] == [
        "ab cab",
        "a b c ab",
        "a b cab",
        "a b cab",
    ]
    random = Random(3)
    sampler = BPESampler(BPE)
    assert [" ".join(sampler.draw("abcab", 0.3, random)) for _ in range(4)] == [
        "ab c ab",
        "abc ab",
        "abc ab",
        "abc ab",
    ]
