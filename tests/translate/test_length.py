"""How long translations may become, and which texts share a batch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.translate.length import batches_of_texts, length_limits, roomy_length


@pytest.mark.parametrize(
    ("longest_target", "source_length", "limit"),
    [(0, 0, 100), (50, 50, 100), (51, 0, 200), (0, 51, 200), (151, 40, 400), (0, 10**6, 1000)],
)
def test_the_roomy_limit(longest_target, source_length, limit):
    assert roomy_length(longest_target, source_length) == limit


def test_what_is_asked_for_is_the_limit():
    assert length_limits([3, 900], longest_target=500, max_length=7) == [7, 7]
    assert length_limits([3, 90], longest_target=60, min_length=150) == [200, 200]
    assert length_limits([3, 90], min_length=150) == [150, 200]
    with pytest.raises(ValueError, match="between 0 and max_length, 7, but is 8"):
        length_limits([], max_length=7, min_length=8)
    with pytest.raises(ValueError, match="min_length must be at least 0"):
        length_limits([], min_length=-1)


texts = st.lists(st.tuples(st.integers(0, 700), st.sampled_from([100, 200, 300])), max_size=40)


@given(texts, st.integers(1, 9))
def test_every_text_is_in_one_batch_of_its_limit(texts, batch_size):
    lengths, limits = [n for n, _ in texts], [limit for _, limit in texts]
    batches = list(batches_of_texts(lengths, limits, batch_size))
    rows = [k for _, rows in batches for k in rows]
    assert sorted(rows) == [k for k, n in enumerate(lengths) if n > 0]
    for limit, rows in batches:
        assert 1 <= len(rows) <= batch_size
        assert {limits[k] for k in rows} == {limit}
        assert len(rows) == 1 or len(rows) * max(lengths[k] for k in rows) <= 250 * batch_size


def test_a_very_long_text_makes_no_other_one_wide():
    batches = list(batches_of_texts([8] * 63 + [20_000], [100] * 64, batch_size=64))
    assert batches == [(100, list(range(63))), (100, [63])]
