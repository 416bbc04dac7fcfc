"""What a page weighs before its reader asks for anything, and that nothing is missing from what was made lighter."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont
from website.built import PAGES, SITE
from website.serving import window

HEAVY = [page for page in PAGES if page.startswith("chapters/")]
HEAVY += [page for page in ("book/index.html", "book/try_it.html") if page in PAGES]
SIZES = (
    "performance.getEntries().filter((each) => each.transferSize).map((each) => each.transferSize)"
)
FONTS = SITE / "_static/vendor/fonts/files"
SPEECH = "chapters/11_location_aware_attention.html"


@pytest.mark.parametrize("page", HEAVY)
def test_a_page_is_light_before_the_reader_asks(browser, address, page):
    with window(browser, "phone") as context:
        tab = context.new_page()
        tab.goto(address + page, wait_until="networkidle")
        assert sum(tab.evaluate(SIZES)) < 700_000


def test_a_sound_is_fetched_when_it_is_played(browser, address):
    with window(browser) as context:
        tab, asked = context.new_page(), []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(address + SPEECH, wait_until="networkidle")
        assert not [url for url in asked if "/sounds/" in url]
        seconds = tab.locator("audio").first.evaluate(
            "audio => new Promise((told, failed) => { audio.oncanplaythrough = () => told(audio.duration);"
            " audio.querySelector('source').onerror = failed; audio.load(); audio.preload = 'auto'; })"
        )
        assert 0.5 < seconds < 3 and [url for url in asked if "/sounds/" in url]


@pytest.mark.parametrize("font", ["source-serif-4", "source-sans-3", "source-code-pro"])
@pytest.mark.parametrize("style", ["normal", "italic"])
def test_the_smaller_fonts_have_their_letters_and_weights(font, style):
    letters = {"latin": "aZ0éß–“", "latin-ext": "ćőşə", "greek": "αβΩ"}
    for subset, text in letters.items():
        made = TTFont(FONTS / f"{font}-{subset}-wght-{style}.woff2")
        if font != "source-code-pro" or style != "italic":  # its italics have few Greek letters
            assert not set(map(ord, text)) - set(made.getBestCmap()), (subset, text)
        (axis,) = made["fvar"].axes
        assert (axis.minValue, axis.defaultValue, axis.maxValue) == (400, 400, 700)
