"""What stands in a deck between double braces, and the HTML that it becomes.

    {{figure NAME}}                        a figure, by the name that `make figures` gives it
    {{equation 1.3}} {{equation 2 "TEXT"}} an equation, by its number or by a piece of it
    {{interactive 2 "TITLE"}}              a figure to step through, by its title
    {{box ID}}                             a box in which a model runs, by its id in the chapter
    {{table 2 "CAPTION"}}                  a table, by its caption or a piece of it; rows="a;b" columns="c;d" cut it
    {{code 1 "TEXT"}} {{output 1 "TEXT"}}  the code, or what it printed, of the cell that has this text; lines=1-5 cuts the code

    {{value 1 "___ of 20000 pairs"}}       within a line: the number that was printed at ___
    {{cell 2 "CAPTION" "ROW" "COLUMN"}}    within a line: one cell of a table

A first number is the chapter's.
"""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lxml import html as pages
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from book.extensions.s2s_equations import MATH
from tools.slides.book import Book, plain
from tools.slides.missing import Missing, only

INLINE = ("value", "cell")
PICTURES = Path(__file__).resolve().parents[2] / "book/static/boxes"


def displayed(equation: str) -> str:
    """Return an equation on lines of its own, as book/extensions/typeset.js finds it."""
    return f'<div class="equation {MATH}>\\[{html.escape(equation, quote=False)}\\]</div>'


@dataclass
class Parts:
    """Makes the parts of one deck; remembers which pictures, boxes and ids it has used.

    Args:
        book: the book.
        show: what makes HTML of a cell of Markdown.
    """

    book: Book
    show: Callable[[str], str]
    pictures: dict[str, bytes] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def make(self, call: str) -> str:
        """Return the HTML of what stands between the braces.

        Raises:
            Missing: if the book has no such thing.
        """
        try:
            name, *words = shlex.split(call, posix=True)
        except ValueError as error:
            raise Missing(f"{{{{{call}}}}}: {error}") from error
        makers = {each: getattr(self, f"_{each}") for each in PARTS}
        if name not in makers:
            raise Missing(f"there is no part {name!r}; there are {', '.join(PARTS)}")
        options = dict(word.split("=", 1) for word in words if re.match(r"[a-z]+=", word))
        arguments = [word for word in words if not re.match(r"[a-z]+=", word)]
        try:
            return makers[name](*arguments, **options)
        except (TypeError, AttributeError) as error:
            raise Missing(f"{{{{{call}}}}} is not as in {PARTS[name]}") from error

    def _figure(self, name: str) -> str:
        picture = self.book.figure(name)
        self.pictures[name] = picture.png
        alt = html.escape(picture.figure.alt)
        return f'<figure class="picture"><img src="figures/{name}.png" alt="{alt}"></figure>'

    def _equation(self, where: str, text: str | None = None) -> str:
        chapter = self.book.chapter(where.split(".")[0])
        return displayed(chapter.equation(where if text is None else text))

    def _interactive(self, chapter: str, title: str) -> str:
        from_book = self.book.chapter(chapter)
        found = [each for each in from_book.interactives if title in each]
        title = only(found, title, "interactive figure", from_book.name, from_book.interactives)
        self._once(title)
        return f'<div class="interactive">{from_book.interactives[title]}</div>'

    def _box(self, name: str) -> str:
        boxes = {
            each: (chapter, text)
            for chapter in self.book.all()
            for each, text in chapter.boxes.items()
        }
        named = [each for each in boxes if each == name]
        self._once(only(named, name, "box", "the book", boxes))
        self.boxes[name] = boxes[name][1]
        said = pages.fromstring(boxes[name][1]).xpath("./p")[0].text_content()
        picture = ""
        if (file := PICTURES / f"{name}.png").is_file():
            self.pictures[f"box-{name}"] = file.read_bytes()
            alt = "The box, after it has answered."
            picture = f'<img src="figures/box-{name}.png" alt="{alt}">'
        text = f"<p>{html.escape(said)}</p>"
        return f'<div class="box" data-page="boxes/{name}.html">{text}{picture}</div>'

    def _table(self, chapter: str, text: str, rows: str = "", columns: str = "") -> str:
        table = self.book.chapter(chapter).table(text)
        table = table.keep_rows(rows.split(";")) if rows else table
        table = table.keep_columns(columns.split(";")) if columns else table
        return table.as_html(self.show)

    def _code(self, chapter: str, text: str, lines: str = "") -> str:
        source = self.book.chapter(chapter).cell(text).source
        if lines:
            first, last = re.fullmatch(r"(\d+)-(\d+)", lines).groups()
            source = "\n".join(source.splitlines()[int(first) - 1 : int(last)])
        return f'<div class="code">{highlight(source, PythonLexer(), HtmlFormatter())}</div>'

    def _output(self, chapter: str, text: str) -> str:
        printed = "\n".join(filter(None, map(plain, self.book.chapter(chapter).cell(text).outputs)))
        if not printed:
            raise Missing(f"the cell with {text!r} in chapter {chapter} printed no text")
        return f'<pre class="output">{html.escape(printed.rstrip())}</pre>'

    def _value(self, chapter: str, pattern: str) -> str:
        return self.book.chapter(chapter).value(pattern)

    def _cell(self, chapter: str, table: str, row: str, column: str) -> str:
        return self.book.chapter(chapter).table(table).cell(row, column)

    def _once(self, name: str) -> None:
        if name in self.used:
            raise Missing(f"{name!r} stands twice in this deck: its ids may stand once")
        self.used.add(name)


PARTS = {
    "figure": "{{figure NAME}}",
    "equation": '{{equation 1.3}} or {{equation 2 "TEXT"}}',
    "interactive": '{{interactive 2 "TITLE"}}',
    "box": "{{box ID}}",
    "table": '{{table 2 "CAPTION" rows="a;b" columns="c;d"}}',
    "code": '{{code 1 "TEXT" lines=1-5}}',
    "output": '{{output 1 "TEXT"}}',
    "value": '{{value 1 "___ of 20000 pairs"}}',
    "cell": '{{cell 2 "CAPTION" "ROW" "COLUMN"}}',
}
