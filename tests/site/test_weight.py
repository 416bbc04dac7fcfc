"""What a page weighs before its reader asks for anything, and that nothing is missing from what was made lighter."""

from __future__ import annotations

import gzip
import re
from functools import cache
from urllib.parse import unquote, urljoin, urlparse

import pytest
from fontTools.ttLib import TTFont
from website.built import PAGES, PREFIX, SITE
from website.checks import tree
from website.serving import window

HEAVY = [page for page in PAGES if page.startswith("chapters/")]
HEAVY += [page for page in ("book/index.html", "book/try_it.html") if page in PAGES]
SIZES = (
    "performance.getEntries().filter((each) => each.transferSize).map((each) => each.transferSize)"
)
FONTS = SITE / "_static/vendor/fonts/files"
MATHEMATICS = SITE / "_static/vendor/mathjax/es5/output/chtml/fonts/woff-v2"
SPEECH = "chapters/11_location_aware_attention.html"


@pytest.mark.parametrize("page", HEAVY)
def test_a_page_is_light_before_the_reader_asks(browser, address, page):
    with window(browser, "phone") as context:
        tab = context.new_page()
        tab.goto(address + page, wait_until="networkidle")
        assert sum(tab.evaluate(SIZES)) < 700_000


@cache
def packed(path):
    """Bytes of a file as they travel."""
    content = path.read_bytes()
    return min(len(content), len(gzip.compress(content, 6)))


def named(page):
    """The files that a page loads by itself, as its text names them."""
    links = tree(SITE / page).xpath(
        "//link[re:test(@rel, 'stylesheet|preload|icon')]/@href | //script/@src | //img[not(@loading='lazy')]/@src",
        namespaces={"re": "http://exslt.org/regular-expressions"},
    )
    own = {urljoin(PREFIX + page, urlparse(link).path) for link in links if "data:" not in link}
    return {SITE / unquote(path).removeprefix(PREFIX) for path in own}


def fonts_of(page):
    """All fonts for the letters that the book is written in, and those of the page's equations."""
    letters = re.compile(r"-(latin|latin-ext|greek)-wght")
    found = {path for path in FONTS.iterdir() if letters.search(path.name)}
    text = (SITE / page).read_text(encoding="utf-8")
    if "<mjx-container" not in text:
        return found
    styles = (SITE / "_static/equations.css").read_text(encoding="utf-8")
    faces = re.findall(r'font-family: MJX([\w-]+);\s*src: url\("[^"]*?([\w-]+\.woff)"', styles)
    assert len(faces) > 10
    used = {"ZERO", "TEX"} | set(re.findall(r"TEX-\w+", text))
    return found | {MATHEMATICS / file for name, file in faces if name in used}


def test_every_page_is_light():
    """As its files say, with more fonts than a browser fetches."""
    for page in set(PAGES) - set(HEAVY):
        weight = sum(map(packed, {SITE / page} | named(page) | fonts_of(page)))
        assert weight < 700_000, (page, weight)


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
