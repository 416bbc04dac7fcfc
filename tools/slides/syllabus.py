"""The table "Eight weeks" of the instructor guide: what is read, and what is handed out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tools.slides.tables import markdown_tables

HEAD = ("Week", "Read", "In class", "Handed out")


@dataclass(frozen=True)
class Week:
    """One row of the table; `read` is Markdown."""

    number: int
    read: str
    in_class: str
    handed_out: str

    @property
    def chapters(self) -> set[int]:
        """The chapters that are read."""
        return {int(number) for number in re.findall(r"[Cc]hapter (\d+)", self.read)}


def read_syllabus(guide: Path) -> dict[int, Week]:
    """Return the weeks by their numbers.

    Raises:
        ValueError: if the guide has no such table.
    """
    tables = [t for t in markdown_tables(guide.read_text(encoding="utf-8")) if t.head == HEAD]
    if len(tables) != 1:
        raise ValueError(f"{guide} has no table with the columns {', '.join(HEAD)}")
    return {int(row[0]): Week(int(row[0]), *row[1:]) for row in tables[0].rows}
