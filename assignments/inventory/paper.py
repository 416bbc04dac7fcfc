"""A version on paper: one HTML page with everything in it, and the PDF that Chromium prints of it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser

from assignments.inventory.versions import LETTERS
from assignments.inventory.words import to_html

STYLE = """
@page { size: A4; margin: 17mm 18mm 19mm; @bottom-center { content: counter(page); font: 9pt sans-serif; } }
* { box-sizing: border-box; }
body { max-width: 44rem; margin: 0 auto; padding: 1.5rem; color: #000; background: #fff; font: 11pt/1.45 Georgia, serif; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
.of { margin: 0 0 1rem; }
.write { margin: 1rem 0; }
.line { display: inline-block; width: 9rem; border-bottom: 1px solid #000; }
code { font: 0.92em ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
sub { font-size: 0.72em; line-height: 0; }
ol { margin: 0; padding: 0; list-style: none; }
.boxes { display: grid; border: solid #000; border-width: 1px 0 0 1px; grid-template-columns: repeat(18, 1fr); margin: 1rem 0 1.5rem; }
.boxes > li { height: 3rem; border: solid #000; border-width: 0 1px 1px 0; text-align: center; font-size: 0.8em; }
.items > li { position: relative; margin: 0 0 1.15rem; padding-left: 2.1rem; break-inside: avoid; }
.items > li > b { position: absolute; left: 0; }
.items p { margin: 0 0 0.3rem; }
.short { display: grid; grid-template-columns: 1fr 1fr; }
.choices > li { position: relative; padding-left: 1.7rem; }
.choices > li > span:first-child { position: absolute; left: 0; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } }
@media (max-width: 36rem) { body { padding: 1rem; } .boxes { grid-template-columns: repeat(9, 1fr); } }
"""

TOLD = """No marks are given for this, and no names are needed. It asks what you think now, so do not look anything up. Choose one
answer to each question; leave a question out rather than guess. You have twenty-five minutes and may use pencil and paper, no
calculator."""

LETTERS_OF_THE_BOOK = """An *encoder* reads the words of the source and makes a state h_{j} at each word j. A *decoder* writes the
translation; s_{i} is its state and y_{i} its word at step i. *Attention* gives each h_{j} a score, e_{ij}, and makes weights of the
scores, and of weights and states the context, c_{i}. `<bos>` begins a sentence, `<eos>` ends it, `<pad>` fills up a row of a batch."""


def list_item(number: int, question: dict) -> str:
    """A question with its choices as an item of a list."""
    choices = "".join(
        f"<li><span>{letter}</span> <span>{to_html(each['answer'])}</span></li>"
        for letter, each in zip(LETTERS, question["answers"])
    )
    short = all(len(each["answer"]) <= 26 for each in question["answers"])
    kind = "choices short" if short else "choices"
    text = to_html(question["question"])
    return f'<li><b>{number}</b><p>{text}</p><ol class="{kind}">{choices}</ol></li>'


def to_page(questions: Sequence[dict], version: str, course: str) -> str:
    """A version as an HTML page: nothing in it says which answers are right.

    Args:
        questions: in their order.
        version: its letter.
        course: the course's name.
    """
    numbers = range(1, len(questions) + 1)
    boxes = "".join(f"<li>{n}</li>" for n in numbers)
    items = "\n".join(list_item(n, each) for n, each in zip(numbers, questions))
    title = f"What do you think about attention? Version {version}"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{title}</h1>
<p class="of">{html.escape(course)}</p>
<p>{to_html(" ".join(TOLD.split()))}</p>
<p class="write">Your own code, the same before and after the course: <span class="line"></span></p>
<p>{to_html(" ".join(LETTERS_OF_THE_BOOK.split()))}</p>
<ol class="boxes" aria-label="Your answers">{boxes}</ol>
<ol class="items">
{items}
</ol>
</body>
</html>
"""


def print_pages(browser: Browser, pages: Sequence[Path]) -> list[Path]:
    """Print HTML pages as PDF beside them."""
    printed = []
    for path in pages:
        page = browser.new_page()
        page.goto(path.resolve().as_uri())
        printed.append(path.with_suffix(".pdf"))
        page.pdf(path=printed[-1], prefer_css_page_size=True, tagged=True)
        page.close()
    return printed
