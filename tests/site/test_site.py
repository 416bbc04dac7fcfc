"""The built site: links, search, figures that move, an unknown address. `test_pages*.py` open every page of it."""

from __future__ import annotations

from urllib.parse import urlparse

import pytest
from website.built import BUILT, CONFIG, PAGES, PREFIX, SITE
from website.checks import PAGE_CHECKS, broken_links, listen, tree
from website.serving import window

# Figures that the reader steps through: the figure, its button for the next step, its caption.
FIGURES = [
    (".s2s-figure", ".s2s-step-next", ".s2s-step-caption"),
    ("figure.lf", ".lf-next", ".lf-caption"),
]
IN_SIGHT = """(part) => {
  const box = part.getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= window.innerHeight + 1;
}"""
AMID = "figure => figure.scrollIntoView({block: 'center', behavior: 'instant'})"
MOVING = [page for page in PAGES if "s2s-step-next" in (SITE / page).read_text(encoding="utf-8")]
MOVING += ["book/index.html"] if "book/index.html" in PAGES else []


def test_the_site_is_built():
    assert BUILT, "there is no site in _build/html: run `make book` first"


def test_links_lead_somewhere():
    broken = {page: broken_links(SITE, page, PREFIX) for page in PAGES}
    assert {page: links for page, links in broken.items() if links} == {}


def test_the_root_leads_to_the_landing_page(browser, address):
    with window(browser) as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_url("**/book/index.html")


def test_back_to_top_does_not_cover_the_controls_of_a_figure(browser, address):
    with window(browser, "phone") as context:
        page = context.new_page()
        page.goto(address + "book/index.html")
        button, bar = page.locator("#pst-back-to-top"), page.locator(".lf-player")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        while not button.is_visible():  # a busy page may lose a turn of the wheel
            page.mouse.wheel(0, -50)
            page.wait_for_timeout(100)
        bar.evaluate(
            "bar => scrollTo(0, bar.getBoundingClientRect().bottom + scrollY - innerHeight)"
        )
        button.wait_for(state="hidden")
        assert button.evaluate("button => button.style.display") == "block", "as the theme has it"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_unknown_address_shows_the_books_own_page(browser, address, size):
    with window(browser, size) as context:
        page = context.new_page()
        page.goto(address + "no/such/page.html")
        assert "not found" in page.inner_text("article").lower()


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("path", MOVING)
def test_figures_can_be_stepped_through(browser, address, path, size):
    with window(browser, size) as context:
        page = context.new_page()
        problems = listen(page, address)
        page.goto(address + path)
        stepped = 0
        for figure, button, caption in FIGURES:
            for box in page.locator(figure).filter(has=page.locator(button)).all():
                box.scroll_into_view_if_needed()
                if "Pause" in (box.locator("button").nth(1).text_content() or ""):
                    box.locator("button").nth(1).click()
                texts = [box.locator(caption).text_content()]
                for _ in range(2):
                    box.locator(button).click()
                    texts.append(box.locator(caption).text_content())
                assert len(set(texts)) == 3, f"the caption does not follow the steps: {texts}"
                if figure == ".s2s-figure":  # what is said of a step is seen where one steps
                    box.evaluate(AMID)  # a click that was tried twice may have scrolled
                    for part in (box.locator(caption), box.locator(button)):
                        page.wait_for_function(IN_SIGHT, arg=part.element_handle())
                stepped += 1
        overflow = [p for p in page.evaluate(PAGE_CHECKS) if p.startswith("overflow")]
        assert stepped and problems + overflow == []


@pytest.mark.parametrize("path", MOVING)
def test_figures_are_whole_without_scripts(browser, address, path):
    with window(browser, "phone", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + path)
        seen = 0
        for figure, _, _ in FIGURES:
            for box in page.locator(figure).all():
                drawings = [svg for svg in box.locator("svg, img").all() if svg.is_visible()]
                sizes = [drawing.bounding_box() for drawing in drawings]
                whole = [size for size in sizes if size["width"] > 200 and size["height"] > 80]
                assert whole
                assert len(whole) == 1 or figure != ".s2s-figure", "the picture stands there twice"
                seen += 1
        assert seen


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("vector", "book/index.html"),
        ("custom attention", "chapters/your_own_model.html"),
        ("custom decoder", "chapters/your_own_model.html"),
        ("onnx", "chapters/deploying.html"),
    ],
)
def test_search_finds(browser, address, words, found):
    with window(browser) as context:
        page = context.new_page()
        problems = listen(page, address)
        page.goto(address + "search.html?q=" + words.replace(" ", "+"))
        page.locator("#search-results li a").first.wait_for()
        first = page.locator("#search-results li > a").evaluate_all(
            "links => links.map(link => link.href)"
        )[:3]
        assert any(found in link for link in first), first
        assert problems == []


def test_what_sticks_out_of_a_real_page_would_be_found(browser, address):
    with window(browser, "phone") as context:
        page = context.new_page()
        page.goto(address + "book/index.html")
        page.evaluate(
            "document.querySelector('article p').innerHTML = '<i style=\"display:block;width:999px\">wide</i>'"
        )
        assert any(problem.startswith("overflow") for problem in page.evaluate(PAGE_CHECKS))


def test_each_script_stands_once_and_none_needs_a_server():
    for page in PAGES:
        scripts = [  # a figure that moves brings its own, so that it works alone
            tag.get("src") or tag.text
            for tag in tree(SITE / page).iter("script")
            if not tag.get("type") and not tag.xpath("ancestor::*[contains(@class, 'cell_output')]")
        ]
        assert len(scripts) == len(set(scripts)), (page, sorted(scripts))
        for word in ("require.js", "thebe", "unpkg", "jsdelivr", "cdnjs"):
            assert not any(word in script.lower() for script in scripts), (page, word)


def test_notebooks_open_on_colab_and_download():
    for page in PAGES:
        if page.startswith("chapters/"):
            text = (SITE / page).read_text(encoding="utf-8")
            owner_and_name = urlparse(CONFIG["repository"]["url"]).path
            notebook = page.replace(".html", ".ipynb")
            colab = f"colab.research.google.com/github{owner_and_name}/blob/main/{notebook}"
            assert colab in text, page
            assert f"_sources/{notebook}" in text and (SITE / "_sources" / notebook).is_file()
