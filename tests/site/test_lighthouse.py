"""Lighthouse's marks of the landing page and a chapter, and what a page asks for before its first lines.

Accessibility, best practices and SEO do not depend on the machine, and are held here. The mark for performance does: a busy
machine gives a fifth of what a quiet one gives. `benchmarks/site_marks.py` measures it; here is held what it follows from.
"""

from __future__ import annotations

import gzip
import os

import pytest
from website.built import SITE
from website.checks import tree
from website.serving import serving, window

from tools.lighthouse import KINDS, PAGES, NoLighthouse, complaints, marks, report

LARGEST = 700_000  # bytes as transferred, of any page before the reader asks for more


@pytest.mark.browser
@pytest.mark.network
@pytest.mark.parametrize("page", PAGES)
def test_marks(address, page):
    try:
        found = report(address + page, KINDS[1:])
    except NoLighthouse as error:
        if os.environ.get("S2S_REQUIRE_BROWSER") == "1":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    assert min(marks(found).values()) >= 95, (marks(found), complaints(found))


@pytest.mark.parametrize("page", PAGES)
def test_no_script_holds_back_the_first_lines(page):
    for script in tree(SITE / page).xpath("//head//script[@src]"):
        assert "defer" in script.attrib or script.get("type") == "module", script.get("src")


def test_the_landing_page_is_small(browser, address):
    with window(browser, "phone") as context:
        page = context.new_page()
        page.goto(address + PAGES[0], wait_until="networkidle")
        sizes = page.evaluate(
            "performance.getEntries().filter((entry) => entry.transferSize).map((entry) => [entry.transferSize, entry.name])"
        )
    assert sum(size for size, _ in sizes) < 0.6 * LARGEST, sorted(sizes)[-5:]
    assert not [name for _, name in sizes if "mathjax" in name or "fa-" in name], sizes


def test_text_is_compressed_as_a_host_does_it(tmp_path):
    import urllib.request

    (tmp_path / "page.html").write_text("<p>one line</p>" * 100, encoding="utf-8")
    with serving(tmp_path) as address:
        asked = urllib.request.Request(address + "page.html", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked) as answer:
            packed = answer.read()
            assert answer.headers["Content-Encoding"] == "gzip"
        with urllib.request.urlopen(address + "page.html") as answer:
            plain = answer.read()
    assert len(packed) < len(plain) / 10 and gzip.decompress(packed) == plain


def test_every_icon_of_the_pages_is_there():
    text = (SITE / "_static/icons.css").read_text(encoding="utf-8")
    sizes = {"fa-solid", "fa-regular", "fa-brands", "fa-lg"}
    for file in SITE.glob("**/*.html"):
        for icon in tree(file).xpath("//*[contains(@class, 'fa-')]"):
            names = {name for name in icon.get("class").split() if name.startswith("fa-")} - sizes
            assert all(f".fa-{name[3:]} " in text for name in names), (file.name, names)
