"""From a deck to the HTML of its slides: Markdown, what it takes from the book, pauses, columns, notes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from book.extensions.s2s_equations import MATH
from tools.slides.book import Book, Chapter
from tools.slides.deck import Deck, Mistake, Slide
from tools.slides.missing import Missing
from tools.slides.numbers import check_numbers
from tools.slides.parts import INLINE, Parts, displayed
from tools.slides.syllabus import Week

SECTION = re.compile(r'\{\{section (\d+) "(.+)"\}\}')
CALL = re.compile(r"\{\{(.+?)\}\}")


def inline(markdown, tokens, index, options, env) -> str:
    """Return an equation within a line as book/extensions/typeset.js finds it."""
    text = html.escape(tokens[index].content, quote=False)
    return f'<span class="{MATH}>\\({text}\\)</span>'


def display(markdown, tokens, index, options, env) -> str:
    """Return an equation on lines of its own."""
    return displayed(tokens[index].content)


MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": True})
MARKDOWN.enable(["table", "replacements", "smartquotes"]).use(dollarmath_plugin)
MARKDOWN.add_render_rule("math_inline", inline)
MARKDOWN.add_render_rule("math_block", display)


class Renderer:
    """Makes the HTML of one deck.

    Args:
        deck: the deck.
        book: the book that it takes from.
        week: its row of the syllabus.
        following: the row after it, if there is one.
        site: the address of the book's site.
    """

    def __init__(
        self, deck: Deck, book: Book, week: Week, following: Week | None, site: str
    ) -> None:
        self.deck, self.book, self.week, self.following, self.site = (
            deck,
            book,
            week,
            following,
            site,
        )
        self.parts = Parts(book, MARKDOWN.renderInline)
        self.section: tuple[Chapter, str] | None = None
        self.chapters: set[int] = set()

    def slides(self) -> list[str]:
        """Return the slides: a title, those that were written, what comes until next week.

        Raises:
            Mistake: if a slide names what the book does not have, or has no notes.
        """
        written = [self._slide(slide) for slide in self.deck.slides]
        return [self._title(), *written, self._until_next()]

    def _slide(self, slide: Slide) -> str:
        columns = []
        for column in slide.columns:
            steps = [self._blocks(step) for step in column]
            columns.append(
                steps[0] + "".join(f'<div class="fragment">{s}</div>' for s in steps[1:])
            )
        if self.section is None:
            raise Mistake(
                self.deck.path,
                slide.line,
                'says where in the book it stands: {{section 1 "Title"}}',
            )
        for number, line in slide.notes:
            if "$" in line:
                raise Mistake(
                    self.deck.path,
                    number,
                    "notes are shown without mathematics; write h₁ or in words",
                )
        notes = self._blocks(slide.notes)
        if not notes:
            raise Mistake(
                self.deck.path, slide.line, f"the slide {slide.title!r} has no notes (Note:)"
            )
        body = "".join(f'<div class="column">{column}</div>' for column in columns)
        style = f' style="--left: {slide.widths[0]}fr; --right: {slide.widths[1]}fr"'
        attributes = style if len(columns) == 2 else ""
        minutes = f" · {slide.minutes} minutes" if slide.minutes else ""
        kicker = f'<p class="kicker">{slide.kind}{minutes}</p>' if slide.kind else ""
        kind = slide.kind.lower().replace(" ", "-") or "plain"
        title = self._line(slide.line, slide.title)
        return (
            f'<section class="{kind}">{kicker}<h2>{title}</h2>'
            f'<div class="body columns-{len(columns)}"{attributes}>{body}</div>'
            f'{self._where()}<aside class="notes">{notes}</aside></section>'
        )

    def _where(self) -> str:
        chapter, title = self.section
        address = html.escape(self.site + chapter.section(title))
        shown = chapter.name.capitalize() + (
            "" if title == next(iter(chapter.sections)) else f" · {title}"
        )
        return f'<p class="where"><a href="{address}">{html.escape(shown)}</a></p>'

    def _blocks(self, lines: Iterable[tuple[int, str]]) -> str:
        """Return Markdown as HTML; what stands in braces on a line of its own is a block."""
        made, text = [], []
        for number, line in [*lines, (0, "{{}}")]:
            call = re.fullmatch(r"\{\{(.*)\}\}", line.strip())
            block = call and "}}" not in call[1] and not call[1].startswith(INLINE)
            if not block:
                text.append(self._line(number, line, raw=True))
                continue
            made.append(MARKDOWN.render("\n".join(text)).strip())
            text = []
            if section := SECTION.fullmatch(line.strip()):
                self._at(number, lambda s=section: self._enter(s[1], s[2]))
            elif call[1]:
                made.append(self._at(number, lambda c=call: self.parts.make(c[1])))
        return "".join(made)

    def _line(self, number: int, line: str, raw: bool = False) -> str:
        """Return a line with its numbers filled in, as Markdown (raw) or as HTML."""
        if self.section and line.strip():
            self._at(number, lambda: check_numbers(line, self.section[0]))

        def fill(call: re.Match) -> str:
            if not call[1].startswith(INLINE):
                raise Missing(
                    f"{call[0]} stands on a line of its own, or is one of {', '.join(INLINE)}"
                )
            return re.sub(r"([\\`*_\[\]<>$#|])", r"\\\1", self.parts.make(call[1]))

        filled = self._at(number, lambda: CALL.sub(fill, line))
        return filled if raw else MARKDOWN.renderInline(filled)

    def _enter(self, number: str, title: str) -> None:
        chapter = self.book.chapter(number)
        chapter.section(title)
        self.section = chapter, title
        self.chapters.add(chapter.number)

    def _at(self, number: int, make):
        try:
            return make()
        except Missing as error:
            raise Mistake(self.deck.path, number, error) from error

    def _read(self, week: Week) -> str:
        """Return what is to be read in a week, linked."""
        text = re.sub(
            r"\]\(\.\./chapters/(\w+)\.ipynb\)", rf"]({self.site}chapters/\1.html)", week.read
        )
        return MARKDOWN.renderInline(text)

    def _title(self) -> str:
        return (
            f'<section class="title"><p class="kicker">Week {self.week.number}</p>'
            f"<h1>{html.escape(self.deck.title)}</h1>"
            f"<p class=question>{MARKDOWN.renderInline(self.deck.question)}</p>"
            f'<p class="where">Read: {self._read(self.week)}</p>'
            f'<aside class="notes"><p>In class: {MARKDOWN.renderInline(self.week.in_class)}.</p>'
            "<p>Space goes on, S opens these notes in a window of their own, F fills the screen, O shows all slides, "
            "D changes light and dark. In a figure or a box the keys are its own; Esc gives them back.</p></aside></section>"
        )

    def _until_next(self) -> str:
        rows = (
            [("Handed out", MARKDOWN.renderInline(self.week.handed_out))]
            if self.week.handed_out
            else []
        )
        rows += [("Read", self._read(self.following))] if self.following else []
        if not rows:
            rows = [("Read", "what you skipped")]
        shown = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in rows)
        notes = "Hand out what is due, and say where questions are asked."
        return (
            f'<section class="next"><h2>Until next week</h2><div class="body"><dl>{shown}</dl></div>'
            f'<p class="where">Week {self.week.number} · {html.escape(self.deck.title)}</p>'
            f'<aside class="notes"><p>{notes}</p></aside></section>'
        )
