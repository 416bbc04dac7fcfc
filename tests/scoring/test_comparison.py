"""Differences and ties: Welch's test and Holm's correction against formulas, enumeration and luck itself."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import s2s_tutorial as s2s
from s2s_tutorial.scoring.comparison import holm

A = [0.91, 0.93, 0.95, 0.90, 0.97]
B = [0.80, 0.95, 0.88]


def share_above(t: float, df: float) -> float:
    """P(T > t) of Student's distribution, by the trapezoidal rule on its density."""
    constant = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    grid = np.linspace(0, t, 200_001)
    density = constant * (1 + grid**2 / df) ** (-(df + 1) / 2)
    return 0.5 - float(np.trapezoid(density, grid))


def welch(a: np.ndarray, b: np.ndarray) -> tuple[float, float, float]:
    """Welch's statistic, its standard error and degrees of freedom, from the formula."""
    u, v = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    df = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return (a.mean() - b.mean()) / math.sqrt(u + v), math.sqrt(u + v), df


def test_a_difference_is_welch_s():
    t, _, df = welch(np.array(A), np.array(B))
    found = s2s.compare(A, B)
    assert found.difference == pytest.approx(np.mean(A) - np.mean(B))
    assert found.p == pytest.approx(2 * share_above(t, df), abs=1e-6)
    assert found.tie_p is None


def test_the_interval_ends_where_the_test_would_just_decide():
    _, error, df = welch(np.array(A), np.array(B))
    found = s2s.compare(A, B)
    half = (found.high - found.low) / 2
    assert found.low == pytest.approx(found.difference - half)
    assert share_above(half / error, df) == pytest.approx(0.025, abs=1e-6)


def test_a_tie_is_two_one_sided_tests():
    a, b = np.array(A), np.array(B)
    (_, error, df), gap, margin = welch(a, b), np.mean(A) - np.mean(B), 0.2
    expected = max(share_above((margin - gap) / error, df), share_above((margin + gap) / error, df))
    assert s2s.compare(A, B, margin=margin).tie_p == pytest.approx(expected, abs=1e-6)


def test_pairs_are_judged_by_their_differences():
    a, b = np.array([0.50, 0.70, 0.90]), np.array([0.48, 0.69, 0.87])
    d = a - b
    t = d.mean() / (d.std(ddof=1) / math.sqrt(3))
    assert s2s.compare(a, b, paired=True).p == pytest.approx(2 * share_above(t, 2), abs=1e-6)
    assert s2s.compare(a, b).p > 0.9  # unpaired, the models' scatter hides it


def test_verdicts():
    low, high = [0.10, 0.12, 0.11], [0.90, 0.91, 0.93]
    wide = [0.2, 0.9, 0.5]
    assert s2s.compare(high, low).verdict == "higher"
    assert s2s.compare(low, high).verdict == "lower"
    assert s2s.compare(low, [0.11, 0.10, 0.12]).verdict == "undecided"
    assert s2s.compare(low, [0.11, 0.10, 0.12], margin=0.05).verdict == "tie"
    assert s2s.compare(wide, [0.4, 0.6, 0.7], margin=0.05).verdict == "undecided"
    # A difference that is there and is smaller than the margin is a difference.
    assert s2s.compare([0.10, 0.11, 0.12], [0.20, 0.21, 0.22], margin=0.5).verdict == "lower"


def test_exchanging_the_groups_exchanges_the_verdict():
    there, back = s2s.compare(A, B, margin=0.2), s2s.compare(B, A, margin=0.2)
    assert there.difference == pytest.approx(-back.difference)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert (there.p, there.tie_p) == pytest.approx((back.p, back.tie_p))


def test_runs_without_scatter_are_taken_at_their_word():
    ones, halves = [1.0, 1.0, 1.0], [0.5, 0.5]
    assert s2s.compare(ones, halves).verdict == "higher"
    assert s2s.compare(ones, ones).verdict == "undecided"
    assert s2s.compare(ones, ones, margin=0.01).verdict == "tie"
    assert s2s.compare(ones, halves, margin=0.6).verdict == "higher"
    assert s2s.compare([0.3, 0.3], [0.1 + 0.2, 0.1 + 0.2], margin=0.01).verdict == "tie"
    assert s2s.compare([1.1, 2.1], [1.0, 2.0], paired=True).verdict == "higher"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
@settings(deadline=None, max_examples=50)
def test_holm_is_the_closed_test_of_bonferroni(raw):
    """A hypothesis is rejected when every set that holds it is, by Bonferroni: the smallest level."""
    everyone = range(len(raw))
    sets = [c for n in range(1, len(raw) + 1) for c in itertools.combinations(everyone, n)]
    expected = [
        max(min(1.0, len(each) * min(raw[i] for i in each)) for each in sets if k in each)
        for k in everyone
    ]
    assert holm(raw) == pytest.approx(expected)


@pytest.mark.slow
def test_luck_alone_seldom_names_a_difference_among_many():
    generator = np.random.default_rng(7)
    names, families, wrong, uncorrected = "abcdef", 100, 0, 0
    for _ in range(families):
        runs = {name: generator.normal(size=5) for name in names}
        found = s2s.compare_all(runs).values()
        wrong += any(each.verdict != "undecided" for each in found)
        pairs = itertools.combinations(names, 2)
        uncorrected += any(s2s.compare(runs[x], runs[y]).p <= 0.05 for x, y in pairs)
    assert wrong / families < 0.12  # 0.05 within three standard errors
    assert uncorrected / families > 0.25


def test_all_pairs_or_those_that_are_named():
    runs = {"a": A, "b": B, "c": [0.1, 0.2, 0.15]}
    assert list(s2s.compare_all(runs)) == [("a", "b"), ("a", "c"), ("b", "c")]
    named = s2s.compare_all(runs, [("c", "a")])
    assert list(named) == [("c", "a")]
    assert named["c", "a"] == s2s.compare(runs["c"], A)  # alone there is nothing to correct
    assert s2s.compare_all(runs)["a", "c"].p > named["c", "a"].p
    with pytest.raises(KeyError, match="no group is named 'd'; there are a, b, c"):
        s2s.compare_all(runs, [("a", "d")])


def test_tensors_and_tuples_will_do():
    assert s2s.compare(torch.tensor(A, dtype=torch.float64), tuple(B)).difference == pytest.approx(
        s2s.compare(A, B).difference, abs=1e-6
    )


def test_in_words():
    assert str(s2s.compare(A, A)).startswith("undecided: +0 [")
    assert str(s2s.compare([1.0, 1.1, 1.2], [0.1, 0.0, 0.2])).endswith("p < 0.001")


@pytest.mark.parametrize(
    ("a", "b", "options", "error", "message"),
    [
        ([0.9], B, {}, ValueError, "first group must hold one number a run, two runs at least"),
        (A, [[0.9, 0.8]], {}, ValueError, r"second group .* its shape is \(1, 2\)"),
        (A, [0.9, float("nan")], {}, ValueError, "second group holds a number that is not finite"),
        (A, ["x", "y"], {}, TypeError, "second group must be numbers"),
        (A, B, {"paired": True}, ValueError, "as many runs in both groups, not 5 and 3"),
        (A, B, {"margin": 0}, ValueError, "margin must be greater than 0"),
        (A, B, {"margin": "0.1"}, TypeError, "margin must be a number"),
        (A, B, {"level": 5}, ValueError, "level must lie between 0 and 1"),
    ],
)
def test_what_cannot_be_compared(a, b, options, error, message):
    with pytest.raises(error, match=message):
        s2s.compare(a, b, **options)
