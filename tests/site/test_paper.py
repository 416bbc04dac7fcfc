"""A page on paper: the light colours whatever the screen's, nothing cut, nothing folded, no controls."""

from __future__ import annotations

import re

import pytest
from places import ROOT
from website.checks import COLUMN, printed
from website.serving import window

CHAPTER = "chapters/10_real_translation.html"
MILLIMETRE = 96 / 25.4  # in pixels of CSS

GOOD = "<p>Text, and <code>code</code>.</p><pre style='white-space:pre-wrap'>x = 1</pre><details open><summary>More</summary>Inside.</details>"
# What is wrong, and how the sentence about it begins.
BAD = {
    "long line": (f"<pre>{'x' * 200}</pre>", "cut: "),
    "line to the left": ("<p style='margin-left:-40px'>text</p>", "cut: "),
    "long line in a box that scrolls": (f"<pre style='overflow:auto'>{'x' * 200}</pre>", "hidden: "),
    "long line in a box that cuts": (f"<div style='overflow:hidden'><pre>{'x' * 200}</pre></div>", "hidden: "),
    "wide table": ("<table><tr>" + "<td>some_words</td>" * 30 + "</tr></table>", "cut: "),
    "wide picture": ("<svg width='900' height='9'></svg>", "cut: <svg"),
    "wide equation": ("<mjx-container style='display:block;width:900px'>x</mjx-container>", "cut: <mjx"),
    "pale text": ("<p style='color:#ccc'>pale</p>", "pale: pale"),
    "button": ("<button>Play</button>", "control: "),
    "slider": ("<input type='range'>", "control: "),
    "closed fold": ("<details><summary>Solution</summary><p>42</p></details>", "folded: Solution42"),
}  # fmt: skip


def problems_of(browser, body: str) -> list[str]:
    with window(browser) as context:
        page = context.new_page()
        page.set_content(
            f"<html data-theme=light><body style='margin:0'><main>{body}</main></body></html>"
        )
        return printed(page)


def test_a_good_page_has_no_problems(browser):
    assert problems_of(browser, GOOD) == []


@pytest.mark.parametrize("what", BAD)
def test_a_bad_page_is_found(browser, what):
    body, sentence = BAD[what]
    assert any(
        problem.startswith(f"printed: {sentence}") for problem in problems_of(browser, GOOD + body)
    )


def test_the_column_that_is_checked_is_that_of_a4():
    sheet = (ROOT / "book/static/print.css").read_text(encoding="utf-8")
    (side,) = re.findall(r"@page \{\s+margin: \d+mm (\d+)mm", sheet)
    assert int((210 - 2 * int(side)) * MILLIMETRE) == COLUMN["width"]


@pytest.fixture(scope="module")
def chapter(browser, address):
    """Chapter 10, open in a dark window."""
    with window(browser, scheme="dark") as context:
        page = context.new_page()
        page.goto(address + CHAPTER)
        yield page


@pytest.mark.parametrize("way", ["media", "event"])
def test_paper_is_light_and_the_screen_is_dark_again(chapter, way):
    def turn(to: str) -> None:
        if way == "media":
            chapter.emulate_media(media="print" if to == "light" else "screen")
        else:
            chapter.evaluate(
                f"dispatchEvent(new Event('{'before' if to == 'light' else 'after'}print'))"
            )
        chapter.locator(f"html[data-theme={to}]").wait_for(state="attached")

    step = chapter.locator(".s2s-step-range").first
    chapter.locator(".s2s-step-next").first.click()
    turn("light")
    assert step.input_value() == "0", "the whole picture"
    turn("dark")
    assert step.input_value() != "0", "the step at which the reader was"


def test_a_chapter_on_paper_has_its_number_and_addresses_and_no_second_title(chapter):
    chapter.emulate_media(media="print")
    assert chapter.locator("h1:visible").all_inner_texts() == [
        "10. Real translation: from your sentences to your translator"
    ]

    def after(kind: str) -> str:
        link = chapter.locator(f"article a{kind}:visible").first
        return link.evaluate("link => getComputedStyle(link, '::after').content")

    assert "https://" in after("[href^=http]")
    for inside in (".internal", ".citation", ".s2s-term"):
        assert after(inside) == "none", "where it leads within the book is no address for paper"
    for part in (".bd-sidebar-primary", ".bd-header-article", ".s2s-controls", ".prev-next-footer"):
        assert chapter.locator(f"{part}:visible").count() == 0, part
