import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.scoring.error_rate import ErrorRate, token_error_rate

STRINGS = st.lists(st.sampled_from("abc"), max_size=6)


def distance(a, b):
    """By its definition, with nothing clever."""

    @functools.cache
    def between(i, j):
        if i == 0 or j == 0:
            return i + j
        swap = between(i - 1, j - 1) + (a[i - 1] != b[j - 1])
        return min(swap, between(i - 1, j) + 1, between(i, j - 1) + 1)

    return between(len(a), len(b))


@given(STRINGS, STRINGS.filter(bool))
def test_it_is_the_smallest_number_of_changes(hypothesis, reference):
    found = token_error_rate([hypothesis], [reference])
    changes = found.substitutions + found.deletions + found.insertions
    assert changes == distance(hypothesis, reference)
    assert found.rate == changes / len(reference) and found.tokens == len(reference)
    assert found.insertions - found.deletions == len(hypothesis) - len(reference)


def test_it_is_summed_over_the_corpus_not_averaged():
    found = token_error_rate([["a"], list("abcd")], [["b"], list("abc")])
    assert found == ErrorRate(2 / 4, 1, 0, 1, 4)


def test_what_is_skipped_and_what_is_said_twice():
    assert token_error_rate([list("ad")], [list("abcd")]).deletions == 2
    assert token_error_rate([list("ababcd")], [list("abcd")]).insertions == 2
    assert token_error_rate([[5, 6, 7]], [[5, 7, 7]]) == ErrorRate(1 / 3, 1, 0, 0, 3)


def test_bad_input_is_explained():
    with pytest.raises(ValueError):
        token_error_rate([["a"]], [["a"], ["b"]])
    with pytest.raises(ValueError, match="no token: there is nothing to score"):
        token_error_rate([["a"]], [[]])
