"""Equations are set when the site is built: there without scripts, with MathML, and no page fetches MathJax."""

from __future__ import annotations

import sys

import pytest
from places import ROOT
from sphinx.errors import ExtensionError
from website.built import PAGES, SITE
from website.checks import tree
from website.serving import window

sys.path.insert(0, str(ROOT / "book/extensions"))
from s2s_equations import typeset  # noqa: E402

PAGE = '<html><head></head><body><{0} class="math notranslate nohighlight">{1}</{0}></body></html>'


@pytest.mark.parametrize("page", PAGES)
def test_every_equation_of_a_page_is_set(page):
    read = tree(SITE / page)
    equations = read.xpath('//*[contains(concat(" ", @class, " "), " math ")]')
    for equation in equations:
        assert equation.xpath(".//mjx-container//mjx-assistive-mml//math"), equation.text_content()
    assert not read.xpath('//script[contains(@src, "mathjax") or contains(text(), "MathJax")]')
    ways = read.xpath('//link[@rel="stylesheet" and not(@media="print")]/@href')
    sheets = [(SITE / page).parent / way for way in ways if not way.startswith("/")]
    texts = [path.read_text(encoding="utf-8") for path in sheets]
    assert any("mjx-container[jax=" in text for text in texts) == bool(equations)


def test_an_equation_is_seen_without_scripts(browser, address):
    with window(browser, java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(address + "chapters/03_bahdanau_attention.html")
        sign = tab.locator("div.math mjx-c").first
        assert sign.is_visible() and sign.bounding_box()["width"] > 3


def test_a_page_is_set_and_linked_to_the_stylesheet(tmp_path):
    page, css = tmp_path / "book/page.html", tmp_path / "_static/equations.css"
    page.parent.mkdir()
    css.parent.mkdir()
    page.write_text(PAGE.format("div", r"\[ a &lt; b \tag{1.2} \]"), encoding="utf-8")
    typeset([page], css)
    html = page.read_text(encoding="utf-8")
    assert '<link rel="stylesheet" type="text/css" href="../_static/equations.css" />' in html
    assert ">&lt;</mo>" in html and "(1.2)" in html and "NaN" not in html
    assert "mjx-container" in css.read_text(encoding="utf-8")


@pytest.mark.parametrize("tex", [r"\( \frac{1 \)", r"\( \nothing \)", r"\( a & b \)"])
def test_what_cannot_be_set_stops_the_build_and_is_named(tex, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE.format("span", tex), encoding="utf-8")
    with pytest.raises(ExtensionError, match=r"cannot be set:\n.*page\.html: "):
        typeset([page], tmp_path / "equations.css")
