"""A table of results, as a notebook and the site show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from numbers import Integral
from typing import Any


class Table:
    """Rows under named columns: the last line of a cell shows it.

    On a page it is a real table with a caption, which screen readers read by row and column and
    which scrolls within its own box where the screen is narrow; in a terminal it is aligned text.

    Args:
        columns: the columns' names; the first names what the rows are.
        rows: one sequence a row, as long as ``columns``: first the row's name, then what is shown.
            Text stands as it is, whole numbers too, other numbers with ``digits`` decimals (NaN and
            None as a dash).
        caption: what the table shows, in a sentence.
        digits: decimals of numbers.

    Raises:
        TypeError: if ``columns`` or a row is a plain string or no sequence.
        ValueError: if a row is not as long as ``columns``, or ``digits`` is negative.

    Example:
        >>> Table(["model", "exact match", "updates"], [["gru", 0.517, 300], ["lstm", 0.6, 300]])
        model  exact match  updates
        gru           0.52      300
        lstm          0.60      300
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        caption: str = "",
        digits: int = 2,
    ):
        if digits < 0:
            raise ValueError(f"digits must be 0 or more, not {digits}")
        self.columns = [str(name) for name in _sequence("columns", columns)]
        self.caption = caption
        self.rows: list[list[str]] = []
        self._right = [False] * len(self.columns)  # columns of numbers are set to the right
        for number, row in enumerate(rows):
            row = _sequence(f"row {number}", row)
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {number} has {len(row)} entries, but there are {len(self.columns)} "
                    f"columns: {row}"
                )
            for place, entry in enumerate(row):
                self._right[place] |= place > 0 and _is_number(entry)
            self.rows.append([_shown(entry, digits) for entry in row])

    def __repr__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        text = [
            "  ".join(
                entry.rjust(width) if right else entry.ljust(width)
                for entry, width, right in zip(line, widths, self._right)
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.caption, *text] if self.caption else text)

    def _repr_html_(self) -> str:
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        sides = [' class="number"' if right else "" for right in self._right]
        head = "".join(
            f'<th scope="col"{side}>{escape(name)}</th>' for name, side in zip(self.columns, sides)
        )
        body = "\n".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td{side}>{escape(entry)}</td>" for entry, side in zip(row[1:], sides[1:]))
            + "</tr>"
            for row in self.rows
        )
        label = escape(self.caption or "table", quote=True)
        return (
            f'<div class="s2s-data" role="region" tabindex="0" aria-label="{label}">\n'
            f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n"
            "</div>"
        )


def _sequence(name: str, given: Any) -> list[Any]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{name} must be a list, not {given!r}")
    return list(given)


def _is_number(entry: Any) -> bool:
    return not isinstance(entry, (str, bool)) and (entry is None or hasattr(entry, "__float__"))


def _shown(entry: Any, digits: int) -> str:
    if entry is None:
        return "–"
    if not _is_number(entry):
        return str(entry)
    if isinstance(entry, Integral):
        return f"{int(entry):,}"
    value = float(entry)
    return "–" if value != value else f"{value:,.{digits}f}"
