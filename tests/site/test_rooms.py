"""What comes late keeps its room: no line of a page jumps when a picture, a box or a button is there."""

from __future__ import annotations

import re

import pytest
from website.built import PAGES, SITE
from website.serving import window

PICTURE = re.compile(r'<img(?:[^>"]|"[^"]*")*>')
MEASURE = "() => (window.parts ??= [...document.querySelectorAll('article section > *')]).map(part => part.getBoundingClientRect().height)"
THERE = "part => part.complete || part.classList.contains('s2s-ready')"
CALM = "() => window.calm = new Promise(done => requestIdleCallback(done, { timeout: 2000 }))"


@pytest.mark.parametrize("page", PAGES)
def test_pictures_say_how_large_they_are(page):
    pictures = PICTURE.findall((SITE / page).read_text(encoding="utf-8"))
    late = [picture for picture in pictures if 'loading="lazy"' in picture]
    sized = [x for x in late if re.search(r' width="[\d.]+" height="[\d.]+"', x)]
    assert late == sized
    assert late == [x for x in pictures if "_images/" in x or "_static/boxes/" in x]


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("path", ["book/try_it.html", "chapters/03_bahdanau_attention.html"])
def test_nothing_jumps_while_one_reads(browser, address, path, size):
    with window(browser, size) as context:
        page = context.new_page()
        page.goto(address + path, wait_until="domcontentloaded")
        before = page.evaluate(MEASURE)
        late = page.locator(".s2s-box, article img[loading]")
        for part in late.all():
            part.scroll_into_view_if_needed()
            page.wait_for_function(THERE, arg=part.element_handle())
        page.evaluate(CALM)
        after, tags = (
            page.evaluate(MEASURE),
            page.evaluate("parts.map(p => p.outerHTML.slice(0, 99))"),
        )
        assert len(before) > 10 and late.count() > 5
        jumps = [(t, a, b) for t, a, b in zip(tags, before, after, strict=True) if abs(a - b) > 4]
        assert jumps == []


def test_a_listing_is_as_high_without_the_button_that_copies_it(browser, address):
    with window(browser) as context:
        page = context.new_page()
        page.goto(address + "chapters/03_bahdanau_attention.html")
        buttons = page.locator(".cell_output button.copybtn")
        buttons.first.wait_for(state="attached")
        there = page.evaluate(MEASURE)
        buttons.evaluate_all("buttons => buttons.forEach(button => button.remove())")
        assert page.evaluate(MEASURE) == pytest.approx(there, abs=1)
