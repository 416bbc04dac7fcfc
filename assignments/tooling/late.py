"""When something was handed in, and how many days late that is.

A platform's own time counts where there is one: nbgrader's ``timestamp.txt``, the time in Blackboard's
file names; else the time of the file, which archives of Moodle and others keep when they are unpacked.
When each set is due stands in the course's ``due.csv``: ``problem_set,due`` with rows such as
``ps2,2027-10-30 23:59 Europe/Berlin``.
"""

from __future__ import annotations

import csv
import math
import re
from datetime import datetime, timezone
from pathlib import Path

from nbgrader.utils import parse_utc

STAMP = "timestamp.txt"
IN_NAME = re.compile(r"_attempt_(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)(?:_|$)")


def handed_in_at(path: Path) -> datetime:
    """When a file was handed in, as far as can be known (UTC)."""
    if found := IN_NAME.search(path.stem):
        day, *clock = found.groups()
        return parse_utc(f"{day} {':'.join(clock)}").replace(tzinfo=timezone.utc)
    kept = time_kept(path.parent)
    return kept or datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)


def time_kept(home: Path) -> datetime | None:
    """The time in nbgrader's ``timestamp.txt`` in a folder."""
    try:
        text = (home / STAMP).read_text(encoding="utf-8").strip()
        return parse_utc(text).replace(tzinfo=timezone.utc)
    except (OSError, ValueError, OverflowError):
        return None


def keep_time(home: Path, when: datetime) -> None:
    """Write ``timestamp.txt`` unless it says the same already."""
    if time_kept(home) != when:
        text = when.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        (home / STAMP).write_text(text + "\n", encoding="utf-8")


def due_dates(course: Path) -> dict[str, datetime]:
    """When each problem set is due, from ``due.csv``; nothing where there is none.

    Raises:
        ValueError: if a line cannot be read; the message quotes it.
    """
    path = course / "due.csv"
    if not path.is_file():
        return {}
    dates = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            try:
                due = parse_utc(row["due"].strip())
                dates[row["problem_set"].strip()] = due.replace(tzinfo=timezone.utc)
            except (KeyError, AttributeError, ValueError, OverflowError):
                raise ValueError(
                    f"{path}: expected the columns problem_set and due, with rows such as "
                    f"ps2,2027-10-30 23:59 Europe/Berlin, not {row}"
                ) from None
    return dates


def days_late(when: datetime | None, due: datetime | None) -> int | str:
    """Days begun since it was due: 0 in time, 1 until a day later; "" where one of the two is not known.

    Example:
        >>> from datetime import datetime
        >>> from assignments.tooling.late import days_late
        >>> due = datetime(2027, 10, 30, 23, 59)
        >>> days_late(datetime(2027, 10, 30, 20, 0), due), days_late(datetime(2027, 10, 31, 0, 1), due)
        (0, 1)
    """
    if when is None or due is None:
        return ""
    return max(0, math.ceil((when - due).total_seconds() / 86400))
