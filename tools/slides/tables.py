"""A table of the book, from a chapter's text or from an output, cut to some of its rows and columns."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree
from lxml import html as pages

from tools.slides.missing import Missing, lookup, only

ROW = re.compile(r"^\|.*\|$")


@dataclass(frozen=True)
class Table:
    """Cells as Markdown or as text, the first row of which is the heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_markdown: bool

    @property
    def flat(self) -> str:
        """All of it in one line."""
        return " | ".join([self.caption, *self.head, *(cell for row in self.rows for cell in row)])

    @property
    def plain_rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows, empty where the table was written and not computed."""
        return () if self.is_markdown else self.rows

    def cell(self, row: str, column: str) -> str:
        """Return one cell, by its row's first cell and its column's head."""
        return self.keep_rows([row]).keep_columns([column]).rows[0][-1]

    def keep_rows(self, names: Sequence[str]) -> Table:
        """Return the table with these rows only, each named by its first cell."""
        found = []
        for name in names:
            rows = [row for row in self.rows if row[0] == name]
            found.append(only(rows, name, "row", self._name, [row[0] for row in self.rows]))
        return replace(self, rows=tuple(found))

    def keep_columns(self, names: Sequence[str]) -> Table:
        """Return the table with its first column and these."""
        at = {name: k for k, name in enumerate(self.head)}
        kept = [0, *(lookup(at, name, "column", self._name) for name in names)]
        cut = [tuple(row[k] for k in kept) for row in (self.head, *self.rows)]
        return replace(self, head=cut[0], rows=tuple(cut[1:]))

    @property
    def _name(self) -> str:
        return f"the table {(self.caption or ' | '.join(self.head))!r}"

    def as_html(self, show, caption: bool = True) -> str:
        """Return the table as HTML.

        Args:
            show: what makes HTML of a cell of Markdown.
            caption: whether the caption is shown.
        """
        shown = show if self.is_markdown else html.escape
        numbers = [all(is_number(row[k]) for row in self.rows) for k in range(len(self.head))]

        def cells(row: Sequence[str], tags: Sequence[str]) -> str:
            made = zip(row, tags, (' class="number"' if number else "" for number in numbers))
            return "".join(f"<{t}{k}>{shown(c)}</{t.split()[0]}>" for c, t, k in made)

        head = cells(self.head, ['th scope="col"'] * len(self.head))
        tags = ['th scope="row"', *["td"] * (len(self.head) - 1)]
        body = "".join(f"<tr>{cells(row, tags)}</tr>" for row in self.rows)
        said = f"<caption>{html.escape(self.caption)}</caption>" if caption and self.caption else ""
        return f"<table>{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def is_number(cell: str) -> bool:
    """Whether a cell is one number.

    >>> [is_number(cell) for cell in ("0.95", "−3 %", "1,584", "dot", "< 0.001")]
    [True, True, True, False, True]
    """
    return bool(re.fullmatch(r"[<≈]? ?[-+−]?\d[\d,.]*(?:e[-+]?\d+)? ?%?", cell.strip()))


def html_table(page: str) -> Table:
    """Return the table of an output's HTML."""
    root = pages.fromstring(page)
    text = [
        tuple(" ".join(cell.text_content().split()) for cell in row.xpath("./th | ./td"))
        for row in root.iter("tr")
    ]
    captions = [" ".join(each.text_content().split()) for each in root.iter("caption")]
    if not text:
        raise Missing(f"a table without rows: {etree.tostring(root)[:80]!r}")
    return Table(captions[0] if captions else "", text[0], tuple(text[1:]), is_markdown=False)


def markdown_tables(text: str) -> list[Table]:
    """Return the tables of a chapter's text."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if ROW.match(line):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    tables = []
    for lines in filter(None, found):
        rows = [tuple(cell.strip() for cell in line[1:-1].split("|")) for line in lines]
        tables.append(Table("", rows[0], tuple(rows[2:]), is_markdown=True))
    return tables
