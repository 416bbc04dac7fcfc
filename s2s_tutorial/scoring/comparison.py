"""The book's one rule for claims: a difference by its own test, a tie by a margin named before.

Measurements over seeds are few and scatter, so two means are never just compared by eye, nor by
whether their intervals overlap. :func:`compare` decides between two groups, :func:`compare_all`
between all that one table prints.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from s2s_tutorial.base.value_checks import check_number


class Comparison(NamedTuple):
    """What is known of the difference between two groups of measurements.

    Attributes:
        difference: mean of the first minus mean of the second.
        low: lower end of the difference's 95 % interval, for this one comparison alone.
        high: its upper end.
        p: how often luck alone would give so large a difference; among several, after Holm.
        tie_p: how often luck would make two groups look so close whose means lie the margin or
            more apart, after Holm; None if no margin was named.
        verdict: ``"higher"`` or ``"lower"`` (the first group's mean than the second's), ``"tie"``,
            or ``"undecided"``.

    Example:
        >>> Comparison(0.24, 0.1, 0.38, p=0.015, tie_p=None, verdict="higher").verdict
        'higher'
    """

    difference: float
    low: float
    high: float
    p: float
    tie_p: float | None
    verdict: str

    def __str__(self) -> str:
        p = "p < 0.001" if self.p < 0.001 else f"p = {self.p:.3f}"
        return f"{self.verdict}: {self.difference:+.3g} [{self.low:+.3g}, {self.high:+.3g}], {p}"


def compare(
    a: Any, b: Any, *, margin: float | None = None, paired: bool = False, level: float = 0.05
) -> Comparison:
    r"""Decide whether two groups of measurements differ, tie, or cannot be told apart.

    Welch's test (1947), which lets each group have a variance of its own, for
    $n_a$ and $n_b$ runs:

    $$ t = \frac{\bar a - \bar b}{\sqrt{s_a^2 / n_a + s_b^2 / n_b}}, \qquad
       \nu = \frac{(s_a^2 / n_a + s_b^2 / n_b)^2}
                  {(s_a^2 / n_a)^2 / (n_a - 1) + (s_b^2 / n_b)^2 / (n_b - 1)} $$

    The groups *differ* if Student's t with $\nu$ degrees of freedom exceeds $|t|$ with probability
    ``level`` or less. They *tie* if the difference is shown to be smaller than ``margin``, by two
    one-sided tests of the same kind (Schuirmann, 1987). Else they are *undecided*: no difference
    was found, which is not the same as a tie. If both hold (a difference, but a small one), the
    verdict is the difference.

    Args:
        a: ``(n_a,)``, one number a run, two at least.
        b: ``(n_b,)``, likewise.
        margin: the largest difference that one would call a tie, in the unit of the measurements,
            chosen before one looks; None if no tie is asked for.
        paired: the numbers belong together two by two, being two measurements of the same trained
            model or the same sentences; then the test is that of their differences. The same
            seed alone makes no pair: see chapter 9.
        level: how often to be wrong where there is nothing to find.

    Returns:
        A :class:`Comparison`. Groups in which all runs agree to the last digit have no scatter to
        be judged by and are taken at their word.

    Raises:
        TypeError: if the numbers are none.
        ValueError: if a group has fewer than two runs or a number that is not finite, pairs are
            not as many in both, or the margin is not positive.

    Example:
        >>> print(compare([0.91, 0.93, 0.95], [0.71, 0.62, 0.74]))
        higher: +0.24 [+0.101, +0.379], p = 0.015
        >>> compare([0.91, 0.93, 0.95], [0.90, 0.93, 0.96]).verdict  # no margin: no tie
        'undecided'
        >>> compare([0.91, 0.93, 0.95], [0.90, 0.93, 0.96], margin=0.1).verdict
        'tie'
    """
    return _decided([_Tested(a, b, margin, paired, level)], level)[0]


def compare_all(
    groups: Mapping[Hashable, Any],
    pairs: Iterable[tuple[Hashable, Hashable]] | None = None,
    *,
    margin: float | None = None,
    paired: bool = False,
    level: float = 0.05,
) -> dict[tuple[Hashable, Hashable], Comparison]:
    """:func:`compare` for every pair of groups, with Holm's correction for being many.

    Of a hundred comparisons in which there is nothing to find, five would come out "different" at
    a level of 0.05. Holm (1979) sorts the $m$ probabilities and multiplies the smallest by $m$,
    the next by $m - 1$ and so on (never less than the one before): the chance that *any* of the
    differences named is luck is then ``level`` at most. The ties are corrected in the same way.

    Args:
        groups: the measurements by name, ``(n_runs,)`` each.
        pairs: which to compare, as names; None compares all with all. Name every comparison that
            is shown to the reader, not only those that came out.
        margin: see :func:`compare`.
        paired: likewise.
        level: likewise, for all the pairs together.

    Returns:
        A :class:`Comparison` for each pair of names, in the order of the pairs.

    Raises:
        KeyError: if a pair names a group that is not there.
        TypeError, ValueError: as :func:`compare`.

    Example:
        >>> runs = {"none": [0.1, 0.2, 0.1], "dot": [0.91, 0.93, 0.95], "general": [0.92, 0.94, 0.93]}
        >>> for (one, other), found in compare_all(runs, margin=0.1).items():
        ...     print(one, other, found.verdict)
        none dot lower
        none general lower
        dot general tie
    """
    named = list(itertools.combinations(groups, 2)) if pairs is None else list(pairs)
    for name in itertools.chain.from_iterable(named):
        if name not in groups:
            raise KeyError(f"no group is named {name!r}; there are {', '.join(map(str, groups))}")
    tested = [_Tested(groups[one], groups[other], margin, paired, level) for one, other in named]
    return dict(zip(named, _decided(tested, level)))


def holm(probabilities: Iterable[float]) -> list[float]:
    """The probabilities of several tests, corrected for being several (Holm, 1979).

    Args:
        probabilities: one for each test, in any order.

    Returns:
        The corrected ones, in the same order.

    Example:
        >>> [round(p, 3) for p in holm([0.04, 0.01, 0.03])]
        [0.06, 0.03, 0.06]
    """
    raw = list(probabilities)
    corrected, running = [0.0] * len(raw), 0.0
    for rank, index in enumerate(sorted(range(len(raw)), key=raw.__getitem__)):
        running = max(running, min(1.0, (len(raw) - rank) * raw[index]))
        corrected[index] = running
    return corrected


class _Tested:
    """One comparison before the correction for its neighbours."""

    def __init__(self, a: Any, b: Any, margin: float | None, paired: bool, level: float):
        a, b = _runs("the first group", a), _runs("the second group", b)
        if paired and len(a) != len(b):
            raise ValueError(f"pairs need as many runs in both groups, not {len(a)} and {len(b)}")
        if margin is not None and not check_number("margin", margin) > 0:
            raise ValueError(f"margin must be greater than 0, not {margin}")
        if not 0 < check_number("level", level) < 1:
            raise ValueError(f"level must lie between 0 and 1, not {level}")
        self.difference = float(a.mean() - b.mean())
        _, self.p, self.low, self.high = _test(a, b, paired, "two-sided")
        self.tie_p = None
        if margin is not None:
            above = _test(a + margin, b, paired, "greater")[1]
            below = _test(a - margin, b, paired, "less")[1]
            self.tie_p = max(above, below)


def _decided(tested: list[_Tested], level: float) -> list[Comparison]:
    differ = holm(each.p for each in tested)
    tied = iter(holm(each.tie_p for each in tested if each.tie_p is not None))
    found = []
    for each, p in zip(tested, differ):
        tie_p = None if each.tie_p is None else next(tied)
        verdict = "undecided"
        if p <= level:
            verdict = "higher" if each.difference > 0 else "lower"
        elif tie_p is not None and tie_p <= level:
            verdict = "tie"
        found.append(Comparison(each.difference, each.low, each.high, p, tie_p, verdict))
    return found


def _test(a: np.ndarray, b: np.ndarray, paired: bool, side: str) -> tuple[float, ...]:
    """Statistic, probability and 95 % interval of Welch's test, or of that of pairs."""
    from scipy import stats

    with warnings.catch_warnings():  # of numbers that hardly differ: handled below
        warnings.simplefilter("ignore", RuntimeWarning)
        if paired:
            found = stats.ttest_rel(a, b, alternative=side)
        else:
            found = stats.ttest_ind(a, b, equal_var=False, alternative=side)
        low, high = found.confidence_interval()
    spread = (a - b).std() if paired else a.std() + b.std()
    if spread <= 1e-12 * max(abs(a).max(), abs(b).max(), 1e-300):  # nothing scatters
        gap = float(a.mean() - b.mean())
        gap = 0.0 if abs(gap) <= 1e-12 * max(abs(a).max(), abs(b).max()) else gap
        right = {"two-sided": gap != 0, "greater": gap > 0, "less": gap < 0}[side]
        return math.inf, 0.0 if right else 1.0, gap, gap
    return float(found.statistic), float(found.pvalue), float(low), float(high)


def _runs(name: str, values: Any) -> np.ndarray:
    if hasattr(values, "detach"):
        values = values.detach().cpu().float().numpy()
    try:
        runs = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be numbers, one a run: {error}") from error
    if runs.ndim != 1 or len(runs) < 2:
        raise ValueError(
            f"{name} must hold one number a run, two runs at least, but its shape is {runs.shape}; "
            "one run says nothing about how runs scatter"
        )
    if not np.isfinite(runs).all():
        raise ValueError(f"{name} holds a number that is not finite: {runs.tolist()}")
    return runs
