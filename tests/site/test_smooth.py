"""A chapter is laid out where it is read: what is out of sight waits, and nothing wakes it."""

from __future__ import annotations

from pathlib import Path

import pydata_sphinx_theme
import pytest
from website.built import PAGES, SITE
from website.checks import listen
from website.serving import window

from book.extensions.s2s_smooth import later, plain_code, reachable, unmeasured

CHAPTER = "chapters/03_bahdanau_attention.html"
THEME = Path(pydata_sphinx_theme.__file__).parent / (
    "theme/pydata_sphinx_theme/static/scripts/pydata-sphinx-theme.js"
)
PIECES = """() => [...document.querySelectorAll(".bd-article section > .cell > *")]
  .map(piece => piece.checkVisibility({ contentVisibilityAuto: true }))"""
HEIGHT = 'document.querySelector("article").scrollHeight'
LAY_OUT = """() => {
  while (lay_out) {
    const next = lay_out;
    lay_out = null;
    next({ timeRemaining: () => 50 });
  }
}"""

needs_site = pytest.mark.skipif(CHAPTER not in PAGES, reason="the site is not built")


def test_code_keeps_its_text_and_loses_what_has_the_plain_colour():
    code = (
        '<span></span><span class="n">a</span><span class="w"> </span><span class="nb">max</span>'
    )
    assert plain_code(code) == 'a <span class="nb">max</span>'


def test_scripts_load_later_in_their_order_with_what_is_set_between_them():
    page = (
        '<link rel="preload" as="script" href="b.js"><script defer src="s/theme.js"></script>'
        '<script defer="defer" src="b.js?v=1"></script><script>inline()</script>'
        "<script type=\"module\">DOCUMENTATION_OPTIONS.a = 'b';</script>"
        '<script defer src="c.js"></script><body><p></p></body>'
    )
    found = later(page)
    setting = "data:text/javascript,DOCUMENTATION_OPTIONS.a%20%3D%20%27b%27%3B"
    assert f'["b.js?v=1", "{setting}", "c.js"]' in found and found.endswith("</script>\n</body>")
    assert found.startswith('<script defer src="s/theme.js"></script><script>inline')
    assert "module" not in found and later("<p></p></body>") == "<p></p></body>"


def test_what_may_scroll_can_be_reached_once():
    page = '<pre>a</pre><pre tabindex="-1">b</pre><div class="output text_plain"></div>'
    assert reachable(reachable(page)).count("tabindex") == 3


def test_the_themes_script_measures_nothing_and_a_changed_theme_is_noticed():
    script = THEME.read_text(encoding="utf-8")
    assert 'querySelectorAll("s2s-none")' in unmeasured(script)
    with pytest.raises(ValueError, match="no longer measures"):
        unmeasured(unmeasured(script))


@needs_site
def test_no_chapter_has_more_elements_than_it_needs():
    chapters = [page for page in PAGES if page.startswith("chapters/")]
    plain = [page for page in chapters if '<span class="n">' in (SITE / page).read_text("utf-8")]
    assert plain == []


@needs_site
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_page_is_laid_out_in_pieces_and_then_as_it_would_have_been_at_once(
    browser, address, size
):
    heights = []
    for pieces in (True, False):
        with window(browser, size, pieces=pieces) as context:
            if pieces:  # no idle moment before the first look
                context.add_init_script("requestIdleCallback = (next) => (window.lay_out = next)")
            page = context.new_page()
            problems = listen(page, address)
            page.goto(address + CHAPTER)
            page.wait_for_selector(".copybtn", state="attached")  # the scripts that load later
            if pieces:
                seen = page.evaluate(PIECES)
                assert seen[0] and sum(seen) < len(seen) / 2, "what is out of sight waits"
                page.evaluate(LAY_OUT)
                assert all(page.evaluate(PIECES))
            heights.append(page.evaluate(HEIGHT))
            assert problems == []
    assert abs(heights[0] - heights[1]) <= 2


@needs_site
def test_an_address_with_a_place_in_it_is_laid_out_at_once(browser, address):
    with window(browser, "phone", pieces=True) as context:
        page = context.new_page()
        page.goto(f"{address}{CHAPTER}#summary")
        assert all(page.evaluate(PIECES))
        top = page.locator("#summary h2").evaluate("heading => heading.getBoundingClientRect().top")
        assert 0 < top < 200


@needs_site
def test_a_listing_that_scrolls_is_reached_by_keyboard_and_no_other(browser, address):
    with window(browser, "phone") as context:
        page = context.new_page()
        page.goto(address + CHAPTER)
        for wide in (True, False):
            listing = page.locator("pre").filter(visible=True)
            widths = listing.evaluate_all(
                "all => all.map(box => box.scrollWidth > box.clientWidth)"
            )
            one = listing.nth(widths.index(wide))
            one.scroll_into_view_if_needed()
            handle = one.element_handle()
            page.wait_for_function(f"box => box.tabIndex === {0 if wide else -1}", arg=handle)
