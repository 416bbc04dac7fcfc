r"""What answers before and after a course show: the gain, each concept, each item, the commonest misconceptions.

The normalised gain of a class (Hake, 1998) is what was gained of what could have been,

$$ g = \frac{\bar a - \bar b}{1 - \bar b}, $$

with $\bar b$ and $\bar a$ the mean shares of right answers before and after. Its interval is the bootstrap's over students.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from assignments.inventory.answers import WHEN, Sheet
from s2s_tutorial import compare_all
from s2s_tutorial.scoring.comparison import Comparison

FEW = 5  # below so many students no interval, below twice as many no discrimination

Versions = Mapping[str, Sequence[dict]]


def marks(sheet: Sheet, versions: Versions) -> np.ndarray:
    """Which items of a sheet are right, as 0 and 1: ``(items,)``. What was left out is not right."""
    questions = versions[sheet.version]
    return np.array(
        [
            float(place is not None and question["answers"][place]["correct"])
            for place, question in zip(sheet.chosen, questions)
        ]
    )


def table_of(sheets: Sequence[Sheet], when: str, versions: Versions) -> np.ndarray:
    """The marks of all sheets of one time: ``(sheets, items)``."""
    items = len(next(iter(versions.values())))
    rows = [marks(sheet, versions) for sheet in sheets if sheet.when == when]
    return np.array(rows).reshape(len(rows), items)


def both_times(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets of students who answered before and after, first all before, then all after, in one order."""
    by_key = {(sheet.student, sheet.when): sheet for sheet in sheets}
    names = [s.student for s in sheets if s.when == "before" and (s.student, "after") in by_key]
    return [by_key[name, when] for when in WHEN for name in names]


def normalised_gain(before: np.ndarray, after: np.ndarray, axis: int = -1) -> np.ndarray:
    """Hake's gain of a class from its students' shares right; NaN where nothing was left to gain.

    >>> float(normalised_gain(np.array([0.25, 0.75]), np.array([0.75, 0.75])))
    0.5
    """
    b, a = np.mean(before, axis=axis), np.mean(after, axis=axis)
    left = np.asarray(1 - b)
    return np.divide(a - b, left, out=np.full(np.shape(left), np.nan), where=left > 0)


def gain_interval(
    before: np.ndarray, after: np.ndarray, paired: bool
) -> tuple[float, float] | None:
    """The 95 % interval of the gain by the bootstrap over students; None where they are too few or some draw has no gain.

    Args:
        before: ``(students,)``, shares right.
        after: likewise; of the same students in the same order, if paired.
        paired: whether they are.
    """
    if min(len(before), len(after)) < FEW or np.isnan(normalised_gain(before, after)):
        return None
    drawn = stats.bootstrap(
        (before, after),
        normalised_gain,
        paired=paired,
        vectorized=True,
        method="percentile",
        rng=np.random.default_rng(0),
    )
    if not np.isfinite(drawn.bootstrap_distribution).all():
        return None
    low, high = drawn.confidence_interval
    return float(low), float(high)


def discrimination(marked: np.ndarray, item: int) -> float:
    """How much an item goes with the rest: the correlation of its marks with the sum of all others; NaN where it has none.

    Args:
        marked: ``(sheets, items)``.
        item: from 0.
    """
    own, rest = marked[:, item], np.delete(marked, item, axis=1).sum(axis=1)
    if len(marked) < 2 * FEW or own.std() == 0 or rest.std() == 0:
        return math.nan
    return float(np.corrcoef(own, rest)[0, 1])


def versions_compared(sheets: Sequence[Sheet], versions: Versions) -> dict[str, Comparison]:
    """Whether version A and version B, given at one time, came out alike: a tie within one item.

    Returns:
        The comparison of A with B at each time at which both were given to two students at least, with Holm's correction.
    """
    groups: dict = {}
    for sheet in sheets:
        groups.setdefault((sheet.version, sheet.when), []).append(marks(sheet, versions).mean())
    pairs = {
        when: tuple((version, when) for version in versions)
        for when in WHEN
        if all(len(groups.get((version, when), [])) >= 2 for version in versions)
    }
    items = len(next(iter(versions.values())))
    found = compare_all(groups, pairs.values(), margin=1 / items)
    return {when: found[pair] for when, pair in pairs.items()}


def item_rows(sheets: Sequence[Sheet], versions: Versions) -> list[dict]:
    """For each concept the share right before and after, its gain, how it discriminates, and the share in each version."""
    tables = {when: table_of(sheets, when, versions) for when in WHEN}
    rows = []
    for item, question in enumerate(next(iter(versions.values()))):
        row: dict = {"item": item + 1, "concept": question["id"].removeprefix("concepts-")}
        for when, marked in tables.items():
            row[f"right_{when}"] = marked[:, item].mean() if len(marked) else math.nan
        row["gain"] = float(
            normalised_gain(np.array([row["right_before"]]), np.array([row["right_after"]]))
        )
        for when, marked in tables.items():
            row[f"discrimination_{when}"] = discrimination(marked, item)
        for when in WHEN:
            for version in versions:
                given = [s for s in sheets if (s.when, s.version) == (when, version)]
                right = [marks(sheet, versions)[item] for sheet in given]
                row[f"right_{when}_{version}"] = float(np.mean(right)) if right else math.nan
        rows.append(row)
    return rows


def misconception_rows(sheets: Sequence[Sheet], versions: Versions) -> list[dict]:
    """How often each misconception was chosen, before and after: the commonest after the course first."""
    chosen: dict[str, Counter] = {when: Counter() for when in WHEN}
    asked = Counter(sheet.when for sheet in sheets)
    about = {}
    for question in next(iter(versions.values())):
        for each in question["answers"]:
            if not each["correct"]:
                about[each["misconception"]] = (question["id"], each["feedback"])
    for sheet in sheets:
        for place, question in zip(sheet.chosen, versions[sheet.version]):
            if place is not None and not question["answers"][place]["correct"]:
                chosen[sheet.when][question["answers"][place]["misconception"]] += 1
    rows = [
        {"misconception": name, "concept": concept.removeprefix("concepts-"), "belief": belief}
        | {w: chosen[w][name] / asked[w] if asked[w] else math.nan for w in WHEN}
        for name, (concept, belief) in about.items()
    ]
    last = "after" if asked["after"] else "before"
    return sorted(rows, key=lambda row: (-row[last], row["misconception"]))
