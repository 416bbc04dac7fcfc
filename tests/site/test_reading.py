"""Chapters as they are read: every equation to its last sign, no code cut off, no longer than can be read."""

from __future__ import annotations

import pytest
from places import ROOT
from playwright.sync_api import expect
from website.serving import serving, window

SITE = ROOT / "_build/html"
CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("[0-9]*.ipynb"))
SCREENS = 26  # of 900 pixels at 1440 wide, with folds closed
# How far the last sign of an equation stays from its box, when that is scrolled to the end.
UNREACHABLE = """async () => {
  await MathJax.startup.promise;
  const found = [];
  for (const equation of document.querySelectorAll("article div.math")) {
    const box = equation.getBoundingClientRect(), scrolled = equation.querySelector("mjx-container");
    const edge = side => Array.from(equation.querySelectorAll("mjx-c")).map(sign => sign.getBoundingClientRect()[side]);
    scrolled.scrollLeft = 0;
    const left = box.left - Math.min(...edge("left"));
    scrolled.scrollLeft = scrolled.scrollWidth;
    const right = Math.max(...edge("right")) - box.right;
    if (left > 2 || right > 2) found.push(`${equation.textContent.slice(0, 40)}: ${left.toFixed()}, ${right.toFixed()}`);
  }
  return found;
}"""
CUT = """() => Array.from(document.querySelectorAll("article pre"))
  .filter(box => box.offsetParent && box.scrollWidth > box.clientWidth + 2)
  .map(box => `${box.scrollWidth - box.clientWidth} pixels of ${box.textContent.slice(0, 60)}`)"""
HEIGHT = "() => document.querySelector('article.bd-article').scrollHeight"


@pytest.fixture(scope="module")
def address():
    with serving(SITE) as address:
        yield address


@pytest.fixture(scope="module", params=CHAPTERS)
def chapter(request, browser, address):
    with window(browser, "phone") as context:
        page = context.new_page()
        page.goto(f"{address}chapters/{request.param}.html")
        page.evaluate("MathJax.startup.promise")
        yield page


def test_equations_can_be_read_to_the_end_on_a_phone(chapter):
    chapter.set_viewport_size({"width": 360, "height": 740})
    assert chapter.evaluate(UNREACHABLE) == []


def test_a_chapter_fits_on_a_laptop(chapter):
    chapter.set_viewport_size({"width": 1440, "height": 900})
    assert chapter.evaluate(CUT) == []
    assert chapter.evaluate(HEIGHT) / 900 <= SCREENS


def test_the_contents_follow_the_reader_page_by_page(browser, address):
    with window(browser, "desktop") as context:
        page = context.new_page()
        page.goto(f"{address}chapters/{CHAPTERS[1]}.html")
        page.evaluate("MathJax.startup.promise")
        marked = page.locator("#pst-page-toc-nav a[aria-current]")
        for number in (1, 6, 3, 0):
            heading = page.locator("article h2").nth(number)
            heading.evaluate("heading => scrollBy(0, heading.getBoundingClientRect().top + 300)")
            expect(marked).to_have_text(heading.inner_text().rstrip("#"))
        for chosen in ("Exercises", "Exercise 2.4 (explain)"):
            page.locator("#pst-page-toc-nav a", has_text=chosen).first.click()
            page.wait_for_timeout(300)  # longer than the mark takes to move
            expect(marked).to_have_text(chosen)


def test_what_cannot_be_read_is_found(browser, address):
    with window(browser, "phone") as context:
        page = context.new_page()
        page.goto(f"{address}chapters/{CHAPTERS[5]}.html")  # has wide equations
        page.evaluate("MathJax.startup.promise")
        page.add_style_tag(content="article div.math mjx-container { overflow: clip !important; }")
        assert page.evaluate(UNREACHABLE) != []
        assert page.evaluate(CUT) != []  # on a phone code is
