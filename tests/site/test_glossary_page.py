"""What the glossary's script does in a browser: the box that finds, and the note that a link shows."""

from __future__ import annotations

import pytest
import small_book
from website.serving import serving, window


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(small_book.build(tmp_path_factory.mktemp("book"))) as address:
        yield address


@pytest.fixture
def page(browser):
    with window(browser) as context:
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(error))
        yield page
        assert errors == []


def left(page):
    return [head.get_attribute("id") for head in page.locator("dt:visible").all()]


@pytest.mark.parametrize(
    ("wanted", "terms"),
    [
        ("", ["mask", "attention", "attention-weight", "key", "softmax"]),
        ("mat na", ["mask"]),
        ("MẶT NẠ", ["mask"]),
        ("chu y", ["attention"]),
        ("注意力", ["attention"]),
        ("어텐션", ["attention"]),
        ("look back", ["attention"]),
        ("share attention", ["attention-weight"]),
        ("src_mask", ["mask"]),
        ("nothing of it", []),
    ],
)
def test_the_box_leaves_what_is_wanted_in_any_language_with_or_without_accents(
    page, address, wanted, terms
):
    page.goto(address + "book/glossary.html")
    page.get_by_label("Find").fill(wanted)
    assert left(page) == [f"term-{term}" for term in terms]
    assert page.locator("output").text_content() == f"{len(terms)} of 5 terms"
    assert page.locator("h2:visible").count() == bool(terms)


def test_a_link_to_an_entry_that_is_filtered_away_shows_it(page, address):
    page.goto(address + "book/glossary.html")
    page.get_by_label("Find").fill("look back")
    page.locator("a.s2s-term:visible").click()
    assert page.locator("#term-mask").is_visible() and len(left(page)) == 5


def test_the_page_is_whole_without_scripts_and_shows_no_box(browser, address):
    with window(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + "book/glossary.html")
        assert len(left(page)) == 5 and page.locator("input[type=search]:visible").count() == 0


def test_a_note_says_what_a_term_is_and_goes_away(page, address):
    page.goto(address + "chapters/01_first.html")
    link, note = page.locator("a.s2s-term"), page.get_by_role("tooltip", include_hidden=True)
    assert not note.is_visible() and link.get_attribute("title") == "A table."
    link.hover()
    assert note.is_visible() and note.locator("p").first.text_content() == "A table."
    assert link.get_attribute("title") is None, "the browser would show it too"
    assert link.get_attribute("aria-describedby") == note.get_attribute("id")
    spoken = [
        (span.get_attribute("lang"), span.text_content()) for span in note.locator("span").all()
    ]
    assert spoken == [("vi", "mặt nạ"), ("zh-Hans", "掩码"), ("zh-Hant", "遮罩"), ("ko", "마스크")]
    page.keyboard.press("Escape")
    assert not note.is_visible() and link.get_attribute("title") == "A table."


def test_a_note_comes_with_the_keyboard_and_stays_while_one_is_on_it(page, address):
    page.goto(address + "chapters/02_second.html")
    first, note = page.locator("a.s2s-term").first, page.get_by_role("tooltip", include_hidden=True)
    page.keyboard.press("Tab")
    for _ in range(20):
        if first.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    assert note.is_visible() and "A share of attention." in note.text_content()
    page.locator("a.s2s-term").nth(1).focus()
    assert note.is_visible() and "What is asked." in note.text_content()
    note.hover()
    page.wait_for_timeout(300)
    assert note.is_visible()
