"""What slides can take from a chapter: its sections, figures, equations, boxes, code, tables and numbers.

All of it is read from the notebook as it is stored, with the outputs of its last run; nothing is run.
"""

from __future__ import annotations

import base64
import functools
import html
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from docutils.nodes import make_id

from tools.draw_figures import Figure, figure_of
from tools.slides.missing import Missing, lookup, only
from tools.slides.tables import Table, html_table, markdown_tables

HEADING = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)
EQUATION = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
TAG = re.compile(r"\\tag\{([\d.]+)\}")
BOX = re.compile(r'<div class="s2s-box" id="([^"]+)".*?</div>', re.DOTALL)
NUMBER = r"[-+−]?\d[\d,]*(?:\.\d+)?(?: ?%)?"


@dataclass(frozen=True)
class Picture:
    """A figure of the book and its stored picture."""

    figure: Figure
    png: bytes


class Chapter:
    """A notebook, asked by name for what is in it."""

    def __init__(self, path: Path, book: Book) -> None:
        self.path, self.book = path, book
        self.number = int(path.stem[:2])
        self.name = f"chapter {self.number}"
        cells = nbformat.read(path, as_version=4).cells
        self.code = [cell for cell in cells if cell.cell_type == "code"]
        self.text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        self.outputs = [output for cell in self.code for output in cell.outputs]

    @functools.cached_property
    def sections(self) -> dict[str, str]:
        """Each heading and the fragment of its address; the chapter's title has none."""
        titles = [title.strip() for title in HEADING.findall(self.text)]
        return {titles[0]: ""} | {title: fragment(title) for title in titles[1:]}

    def section(self, title: str) -> str:
        """Return the address of a section, relative to the site."""
        fragment = lookup(self.sections, title, "section", self.name)
        return f"chapters/{self.path.stem}.html{fragment}"

    @functools.cached_property
    def figures(self) -> dict[str, Picture]:
        """The figures with a caption, by the names that `make figures` gives them."""
        found = {}
        for cell in self.code:
            if figure := figure_of(self.path.stem, cell):
                pngs = [
                    o.data["image/png"] for o in cell.outputs if "image/png" in o.get("data", {})
                ]
                found[figure.file] = Picture(figure, base64.b64decode(pngs[0])) if pngs else None
        return {name: picture for name, picture in found.items() if picture}

    @functools.cached_property
    def equations(self) -> list[str]:
        """The displayed equations, as they are written."""
        return [text.strip() for text in EQUATION.findall(self.text)]

    def equation(self, sought: str) -> str:
        """Return the equation of a number, as `1.3`, or the only one that has a piece of text."""
        by_label = {label: each for each in self.equations for label in TAG.findall(each)}
        if re.fullmatch(r"[\d.]+", sought):
            return lookup(by_label, sought, "equation", self.name)
        found = [each for each in self.equations if sought in each]
        return only(found, sought, "equation", self.name, self.equations)

    @functools.cached_property
    def boxes(self) -> dict[str, str]:
        """The boxes in which a model runs, by their ids."""
        return {box[1]: box[0] for box in BOX.finditer(self.text)}

    @functools.cached_property
    def interactives(self) -> dict[str, str]:
        """The figures to step through, by their titles."""
        pages = [
            output.data["text/html"] for output in self.outputs if self._is(output, "s2s-figure")
        ]
        return {html.unescape(re.search(r'aria-label="([^"]*)"', page)[1]): page for page in pages}

    @functools.cached_property
    def tables(self) -> list[Table]:
        """The tables of the text and of the outputs."""
        pages = [
            output.data["text/html"] for output in self.outputs if self._is(output, "s2s-data")
        ]
        return markdown_tables(self.text) + [html_table(page) for page in pages]

    def table(self, sought: str) -> Table:
        """Return the table of a caption, or the only one that has a piece of text."""
        found = [table for table in self.tables if table.caption == sought]
        found = found or [table for table in self.tables if sought in table.flat]
        return only(found, sought, "table", self.name, [t.caption or t.flat for t in self.tables])

    def cell(self, sought: str):
        """Return the only code cell that has a piece of text."""
        found = [cell for cell in self.code if sought in cell.source]
        return only(found, sought, "code cell", self.name, [cell.source for cell in self.code])

    @functools.cached_property
    def printed(self) -> list[str]:
        """The lines that the code printed, and the rows of its tables with ` | ` between the cells."""
        lines = [line for output in self.outputs for line in plain(output).splitlines()]
        return lines + [" | ".join(row) for table in self.tables for row in table.plain_rows]

    def value(self, pattern: str) -> str:
        """Return what stands for `___` in the only printed line that has the rest.

        Raises:
            Missing: if no line has it, or several with different numbers.
        """
        if "___" not in pattern:
            raise Missing(f"{pattern!r} has no ___ where the number is to stand")
        search = re.compile(f"({NUMBER})".join(map(re.escape, pattern.split("___", 1))))
        matches = [match for line in self.printed if (match := search.search(line))]
        found = list(dict.fromkeys(match[1].rstrip(",") for match in matches))
        return only(found, pattern, "printed line", self.name, self.printed)

    @functools.cached_property
    def numbers(self) -> set[str]:
        """The whole numbers that stand in its text, its code or what it printed."""
        parts = [self.text, *self.printed, *(cell.source for cell in self.code)]
        found = re.findall(r"\d[\d,_]*", "\n".join(parts))
        return {each.strip(",").replace("_", ",") for each in found}

    @staticmethod
    def _is(output, kind: str) -> bool:
        return f'class="{kind}' in output.get("data", {}).get("text/html", "")[:200]


def fragment(title: str) -> str:
    """Return the fragment that the site gives a heading; the apostrophe that it sets is no hyphen there.

    >>> fragment("As tensors, and equal to PyTorch's")
    '#as-tensors-and-equal-to-pytorchs'
    """
    return "#" + make_id(title.replace("'", ""))


def plain(output) -> str:
    """Return an output's text, empty where it is a picture or a page."""
    if "text" in output:
        return output.text
    data = output.get("data", {})
    return data.get("text/plain", "") if set(data) == {"text/plain"} else ""


class Book:
    """The numbered chapters."""

    def __init__(self, folder: Path) -> None:
        paths = {int(path.stem[:2]): path for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}
        self.folder, self._paths, self._read = folder, paths, {}

    def chapter(self, number: str | int) -> Chapter:
        """Return a chapter by its number.

        Raises:
            Missing: if the book has none of this number.
        """
        if not str(number).isdecimal() or int(number) not in self._paths:
            raise Missing(f"there is no chapter {number!r}; there are 1 to {max(self._paths)}")
        if int(number) not in self._read:
            self._read[int(number)] = Chapter(self._paths[int(number)], self)
        return self._read[int(number)]

    def all(self) -> list[Chapter]:
        """Return all of them."""
        return [self.chapter(number) for number in self._paths]

    def figure(self, name: str) -> Picture:
        """Return a figure by the name that `make figures` gives it."""
        if not name[:2].isdecimal():
            raise Missing(
                f"{name!r} does not begin with a chapter's number, as 03-bahdanau-attention-mask"
            )
        chapter = self.chapter(name[:2])
        return lookup(chapter.figures, name, "figure", chapter.name)
