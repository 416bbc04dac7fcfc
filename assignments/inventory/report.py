"""``make inventory-results``: read a course's answers, say what they show, and write it as tables.

python -m assignments.inventory.report answers.csv --seed autumn-2027
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from assignments.inventory.answers import WHEN, Sheet, read_answers
from assignments.inventory.make import to_csv
from assignments.inventory.results import (
    FEW,
    Versions,
    both_times,
    gain_interval,
    item_rows,
    misconception_rows,
    normalised_gain,
    table_of,
    versions_compared,
)
from assignments.inventory.versions import VERSIONS
from assignments.tooling.release import course_folder
from s2s_tutorial import compare
from s2s_tutorial.base.files import write_atomically


def kept_versions(folder: Path) -> Versions:
    """The questions that a course's students had, from its key.

    Raises:
        ValueError: if there is no key.
    """
    paths = {version: folder / f"version-{version.lower()}.json" for version in VERSIONS}
    try:
        return {v: json.loads(path.read_text(encoding="utf-8")) for v, path in paths.items()}
    except FileNotFoundError as error:
        raise ValueError(f"{error.filename} is not there: run `make inventory` first") from error


def percent(share: float) -> str:
    """A share in whole per cent, or a dash where there is none."""
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"


def two(value: float) -> str:
    """A number with two decimals, or a dash where there is none."""
    return "–" if math.isnan(value) else f"{round(value, 2) + 0.0:.2f}"


def summary(sheets: Sequence[Sheet], versions: Versions) -> Iterator[str]:
    """What was answered, and what the class gained."""
    matched = both_times(sheets)
    paired = len(matched) >= 4
    used = matched if paired else sheets
    counts = [sum(sheet.when == when for sheet in sheets) for when in WHEN]
    yield f"{counts[0]} sheets before, {counts[1]} after; {len(matched) // 2} students answered both times."
    before, after = (table_of(used, when, versions).mean(axis=1) for when in WHEN)
    if min(len(before), len(after)) < 2:
        yield "For a gain two sheets before and two after are needed at least."
        return
    who = "the students who answered both times" if paired else "all sheets"
    yield f"Right before {percent(before.mean())}, after {percent(after.mean())}, of {who}."
    yield f"After less before: {compare(after, before, paired=paired)}"
    gain = float(normalised_gain(before, after))
    interval = gain_interval(before, after, paired)
    if math.isnan(gain):
        yield "Normalised gain: none, all was right before."
    elif interval:
        yield f"Normalised gain {gain:.2f}, 95 % interval [{interval[0]:.2f}, {interval[1]:.2f}]"
    else:
        yield f"Normalised gain {gain:.2f}; an interval needs {FEW} students at least, and mistakes before."


def about_versions(sheets: Sequence[Sheet], versions: Versions) -> Iterator[str]:
    """Whether the two versions were equally hard, where both were given at one time."""
    found = versions_compared(sheets, versions)
    for when, compared in found.items():
        yield f"Version A less version B, {when}: {compared} (a tie is within one item)"
    if not found:
        yield (
            "At no time were both versions given to two students or more, so these answers cannot say whether they are "
            "equally hard."
        )


def lines(items: Sequence[dict], misconceptions: Sequence[dict]) -> Iterator[str]:
    """The tables as one reads them in a terminal."""
    yield f"{'item':>4} {'concept':<16} {'before':>7} {'after':>7} {'gain':>6}  discrimination before, after"
    for row in items:
        yield (
            f"{row['item']:>4} {row['concept']:<16} {percent(row['right_before']):>7} {percent(row['right_after']):>7} "
            f"{two(row['gain']):>6}  {two(row['discrimination_before']):>8} {two(row['discrimination_after']):>8}"
        )
    yield "Commonest misconceptions, the share of sheets before and after:"
    for row in misconceptions[:8]:
        yield f"{percent(row['before']):>7} {percent(row['after']):>7}  {row['belief']}"


def rounded(rows: Sequence[dict]) -> list[dict]:
    """Rows for a table: three decimals, nothing where there is no number."""

    def cell(value):
        if not isinstance(value, float):
            return value
        return "" if math.isnan(value) else round(value, 3)

    return [{name: cell(value) for name, value in row.items()} for row in rows]


def main(arguments: list[str] | None = None) -> int:
    """Say what a course's answers show."""
    parser = argparse.ArgumentParser(description="What the answers to an inventory show.")
    parser.add_argument("answers", type=Path, help="a table as answers-template.csv")
    parser.add_argument("--seed", required=True, help="the course's name, as in `make inventory`")
    options = parser.parse_args(arguments)
    try:
        folder = course_folder(options.seed) / "inventory/instructor"
        versions = kept_versions(folder)
        sheets = read_answers(options.answers, versions)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    items, misconceptions = item_rows(sheets, versions), misconception_rows(sheets, versions)
    for part in (
        summary(sheets, versions),
        about_versions(sheets, versions),
        lines(items, misconceptions),
    ):
        print("\n".join(part), end="\n\n")
    for name, rows in (("items.csv", items), ("misconceptions.csv", misconceptions)):
        write_atomically(folder / name, to_csv(list(rows[0]), rounded(rows)).encode())
        print(os.path.relpath(folder / name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
