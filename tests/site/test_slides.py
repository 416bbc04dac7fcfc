"""The decks in a browser: every slide fits, on the screen and on paper; what is alive is alive; nothing asks another host."""

from __future__ import annotations

import os

import pypdfium2
import pytest
from sphinx.errors import ExtensionError
from website.axe import ALL, COLOURS, RUN, is_tree_item, script
from website.built import BUILT, CONFIG, SITE
from website.checks import anchors, listen, tree
from website.serving import serving

from tools import fetch_reveal, vendor_assets
from tools.make_slides import DECKS, make_decks, print_decks
from tools.slides.deck import read_deck
from tools.slides.page import copy_assets

PATHS = sorted(DECKS.glob("week_*.md"))
SIZE = {"width": 1280, "height": 720}
# axe-core on the slide that is shown and what stands around it; the others are hidden.
LOOK = RUN.replace(
    "run(document", "run({ include: ['section.present', '.controls', '.slide-number'] }"
)
# What of a slide is outside of it, under its last line, or cut by what holds it; reveal.js's own hidden copies are none of it.
OVERFLOW = """() => {
  const slide = Reveal.getCurrentSlide(), found = [];
  const name = (node) => `${node.tagName.toLowerCase()}.${node.className} ${node.textContent.trim().slice(0, 40)}`;
  const floor = slide.querySelector(".where").getBoundingClientRect().top;
  for (const node of slide.querySelectorAll(".kicker, h1, h2, .body, .body *, .question, dl, dl *")) {
    if (node.closest(".interactive > *, svg, mjx-container > *") || !node.checkVisibility()) continue;
    const { left, right, top, bottom } = node.getBoundingClientRect();
    if (left < 0 || right > 1281 || top < 0 || bottom > floor + 2) found.push(`outside: ${name(node)}`);
  }
  for (const node of slide.querySelectorAll(".body, .column, pre, .equation, .interactive, h2, table, .s2s-table"))
    if (node.scrollWidth > node.clientWidth + 2 || (!node.matches(".equation, h2") && node.scrollHeight > node.clientHeight + 2))
      found.push(`cut: ${name(node)}`);
  for (const image of slide.querySelectorAll("figure img"))
    if (!image.complete || !image.naturalWidth || image.clientHeight < 300) found.push(`small picture: ${image.src}`);
  return found;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The decks, made, with all that they load."""
    if not fetch_reveal.REVEAL.is_dir() or not vendor_assets.STAMP.exists():
        reason = (
            "no reveal.js: run `python -m tools.fetch_reveal` and `python tools/vendor_assets.py`"
        )
        pytest.fail(reason) if os.environ.get("S2S_REQUIRE_BROWSER") == "1" else pytest.skip(reason)
    output = tmp_path_factory.mktemp("slides")
    make_decks(PATHS, output)
    copy_assets(output, fetch_reveal.REVEAL)
    return output


@pytest.fixture(scope="module")
def address(folder):
    with serving(folder) as address:
        yield address


@pytest.fixture
def window(browser):
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce", color_scheme="light")
    context.set_default_timeout(120_000)
    yield context
    context.close()


def opened(window, url):
    """A deck on its first slide, and the list of what goes wrong with it."""
    page = window.new_page()
    problems = listen(page, url[: url.index("/", 8) + 1] if url.startswith("http") else "file:")
    page.goto(url)
    page.locator("html[data-shown]").wait_for(state="attached")
    return page, problems


def go_to(page, selector):
    """Go to the first slide that has this, with all of it shown."""
    find = f"Reveal.getSlides().findIndex((slide) => slide.querySelector({selector!r}))"
    page.evaluate(f"Reveal.slide({find}, 0, 99)")
    page.wait_for_timeout(100)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_slide_fits_and_nothing_goes_wrong(window, address, path):
    page, problems = opened(window, f"{address}{path.stem}.html")
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(f"Reveal.slide({number}, 0, 99)")
        page.wait_for_timeout(60)
        problems += [f"slide {number + 1}: {problem}" for problem in page.evaluate(OVERFLOW)]
    assert problems == []
    equations = page.locator("main mjx-container")
    text = " ".join(page.locator("main :is(h2, p, li, td, .equation)").all_text_contents())
    assert equations.count() > 5 and "\\(" not in text and "\\[" not in text and "$" not in text


@pytest.mark.parametrize(
    "change, said",
    [
        (
            "slide.querySelector('.column').insertAdjacentHTML('beforeend', '<p>line</p>'.repeat(20))",
            "outside: p. line",
        ),
        (
            "slide.querySelector('.column').insertAdjacentHTML('beforeend', '<pre>' + 'x'.repeat(200) + '</pre>')",
            "cut: pre",
        ),
        ("slide.querySelector('h2').style.marginLeft = '-90px'", "outside: h2"),
    ],
)
def test_what_does_not_fit_would_be_found(window, address, change, said):
    page, _ = opened(window, f"{address}week_1.html")
    go_to(page, "table")
    assert page.evaluate(OVERFLOW) == []
    page.evaluate(f"(() => {{ const slide = Reveal.getCurrentSlide(); {change}; }})()")
    assert any(problem.startswith(said) for problem in page.evaluate(OVERFLOW))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_page_of_paper_for_each_slide(browser, folder, path):
    deck = read_deck(path)
    print_decks(browser, [deck], folder)
    with pypdfium2.PdfDocument(folder / f"{path.stem}.pdf") as pdf:
        assert len(pdf) == len(deck.slides) + 2
        for page in pdf:
            assert page.get_size() == pytest.approx((960, 540), abs=1)
            assert len(page.get_textpage().get_text_bounded().split()) > 3
        # What comes with a key is there, and a figure is as large as on the screen.
        text = " ".join(page.get_textpage().get_text_bounded() for page in pdf)
        assert "Until next week" in text and deck.slides[-1].title in " ".join(text.split())


def test_an_equation_that_cannot_be_set_is_named_and_nothing_is_written(tmp_path):
    path = tmp_path / "week_1.md"
    text = (DECKS / "week_1.md").read_text(encoding="utf-8")
    path.write_text(text.replace(r"$\varphi$", r"$\varphy$"), encoding="utf-8")
    with pytest.raises(ExtensionError, match=r"Undefined control sequence \\varphy"):
        make_decks([path], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_pause_hides_what_follows_until_the_next_key(window, address):
    page, _ = opened(window, f"{address}week_1.html")
    page.evaluate("Reveal.slide(3)")
    answer = page.locator("section.present .fragment")
    assert answer.evaluate("node => getComputedStyle(node).visibility") == "hidden"
    page.keyboard.press("Space")
    page.wait_for_timeout(400)
    assert answer.evaluate("node => getComputedStyle(node).visibility") == "visible"
    assert page.evaluate("Reveal.getIndices().h") == 3


def test_a_figure_has_its_own_keys_and_gives_them_back(window, address):
    page, problems = opened(window, f"{address}week_2.html")
    go_to(page, ".interactive")
    slide = page.evaluate("Reveal.getIndices().h")
    count = page.locator("section.present .s2s-count")
    before = count.text_content()
    page.locator("section.present .s2s-step-range").focus()
    page.keyboard.press("ArrowRight")
    assert count.text_content() != before and page.evaluate("Reveal.getIndices().h") == slide
    assert page.evaluate(OVERFLOW) == []
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == slide + 1 and problems == []


def test_a_box_answers_in_its_frame_and_gives_the_keys_back(window, address):
    page, problems = opened(window, f"{address}week_2.html")
    slides = page.evaluate("Reveal.getTotalSlides()")
    go_to(page, ".box")
    frame = page.frame_locator("section.present iframe")
    frame.get_by_role("button", name="Ask").click()
    frame.locator(".s2s-target").first.wait_for()
    assert "zwei und vierzig" in " ".join(frame.locator(".s2s-target").first.inner_text().split())
    slide = page.evaluate("Reveal.getIndices().h")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == slide + 1
    assert page.evaluate("Reveal.getTotalSlides()") == slides and problems == []


def test_from_a_file_all_is_there_but_the_boxes_which_say_so(window, folder):
    page, problems = opened(window, (folder / "week_2.html").as_uri())
    go_to(page, ".interactive")
    page.locator("section.present .s2s-step-next").click()
    assert page.locator("section.present .s2s-count").text_content().startswith("1")
    go_to(page, ".box")
    assert "On the site" in page.locator("section.present .box").inner_text()
    assert (
        page.evaluate("document.fonts.check('20px \"Source Serif 4 Variable\"')") and problems == []
    )


def test_the_teacher_sees_the_notes(window, address):
    page, _ = opened(window, f"{address}week_1.html")
    page.evaluate("Reveal.slide(1)")
    with window.expect_page() as speaker:
        page.keyboard.press("s")
    notes = speaker.value.locator(".speaker-controls-notes")
    notes.get_by_text("Five Italian sentences").wait_for()


def test_slides_of_each_kind_are_accessible(window, address):
    """All rules in the light; in the dark, where only the colours are others, those about colours."""
    found = []
    for week, selectors in (
        (1, ["h1", "figure", "table", ".interactive", "ul"]),
        (2, [".equation", ".code", ".box"]),
        (8, [".s2s-beam", "dl"]),
    ):
        page, _ = opened(window, f"{address}week_{week}.html")
        page.evaluate(script())
        for scheme, rules in (("light", ALL), ("dark", {"type": "rule", "values": COLOURS})):
            if scheme == "dark":
                page.keyboard.press("d")
            for selector in selectors:
                go_to(page, selector)
                page.wait_for_timeout(400)
                problems = [each for each in page.evaluate(LOOK, rules) if not is_tree_item(each)]
                found += [f"week {week}, {selector}, {scheme}: {problem}" for problem in problems]
        page.close()
    assert found == []


@pytest.mark.skipif(not BUILT, reason="the site is not built: run `make book`")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_links_lead_to_sections_of_the_site(folder, path):
    links = tree(folder / f"{path.stem}.html").xpath("//main//a/@href")
    assert len(links) > 15
    for link in links:
        page, _, fragment = link.removeprefix(CONFIG["html"]["baseurl"]).partition("#")
        assert (SITE / page).is_file(), link
        assert not fragment or fragment in anchors(SITE / page), link
