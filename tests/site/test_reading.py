"""Chapters as they are read: the contents follow, and what cannot be read to its end is found (`test_site.py` looks at all)."""

from __future__ import annotations

import pytest
from places import ROOT
from playwright.sync_api import expect
from website.checks import unreachable, unreadable
from website.serving import window

CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("[0-9]*.ipynb"))


def test_the_contents_follow_the_reader_page_by_page(browser, address):
    with window(browser, "desktop") as context:
        page = context.new_page()
        page.goto(f"{address}chapters/{CHAPTERS[1]}.html")
        marked = page.locator("#pst-page-toc-nav a[aria-current]")
        for number in (1, 6, 3, 0):
            heading = page.locator("article h2").nth(number)
            heading.evaluate("heading => scrollBy(0, heading.getBoundingClientRect().top + 300)")
            expect(marked).to_have_text(heading.inner_text().rstrip("#"))
        for chosen in ("Exercises", "Exercise 2.4 (explain)"):
            page.locator("#pst-page-toc-nav a", has_text=chosen).first.click()
            page.wait_for_timeout(300)  # longer than the mark takes to move
            expect(marked).to_have_text(chosen)


@pytest.mark.parametrize(
    ("size", "read", "found"),
    [("phone", unreachable, {"unreachable"}), ("laptop", unreadable, {"cut", "long"})],
)
def test_what_cannot_be_read_is_found(browser, address, size, read, found):
    with window(browser, size) as context:
        page = context.new_page()
        page.goto(f"{address}chapters/{CHAPTERS[5]}.html")  # has wide equations
        assert read(page) == []
        page.add_style_tag(
            content="article div.math mjx-container { overflow: clip !important; }"
            "article pre { width: 300px } article { min-height: 24000px }"
        )
        assert {problem.split(":")[0] for problem in read(page)} == found
