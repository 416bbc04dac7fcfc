"""The questions of every chapter, on its page: answered right, on a phone, from its first to its last."""

from __future__ import annotations

import pytest
from website.built import CHAPTERS, SITE
from website.checks import PAGE_CHECKS, listen, tree
from website.serving import window

import s2s_tutorial as s2s

PAGES = [page for page in CHAPTERS if page.split("/")[1][:2].isdigit()]


def answer(box):
    """Give the right answer, as the package has it."""
    question = s2s.ask(box.get_attribute("data-question")).data
    box.locator("summary").first.tap()
    rows = box.locator(".s2s-q-answers li")
    if question["type"] == "numeric":
        right = next(each for each in question["answers"] if each["correct"])
        number = right.get("value", sum(right.get("range", [0])) / 2)
        box.get_by_label("Your number").fill(str(number))
    elif question["type"] == "order":
        for place, row in enumerate(rows.all(), 1):
            item = int(row.get_attribute("data-item"))
            box.locator("select").nth(item).select_option(str(place))
    else:
        for choice, row in zip(box.locator("input").all(), rows.all()):
            if row.get_attribute("data-correct") == "true":
                choice.check()
    box.get_by_role("button", name="Check").tap()


@pytest.mark.parametrize("path", PAGES)
def test_every_question_is_answered(browser, address, path):
    with window(browser, "phone", "dark", has_touch=True) as context:
        page = context.new_page()
        problems = listen(page, address)
        page.goto(address + path)
        boxes = page.locator(".s2s-question").all()
        for box in boxes:
            answer(box)
            assert box.get_by_role("status").inner_text().startswith("Right."), box.inner_text()
        said = boxes[0].locator(".s2s-q-progress").inner_text()
        assert said.startswith(f"{len(boxes)} of {len(boxes)} in this chapter answered.")
        assert [p for p in page.evaluate(PAGE_CHECKS) if p.startswith("overflow")] == []
        assert problems == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_their_style_sheet_and_script_once(path):
    boxes = tree(SITE / path).find_class("s2s-question")
    assert 5 <= len(boxes) <= 8
    assert [len(box.findall("style")) for box in boxes] == [1] + [0] * (len(boxes) - 1)
    assert [len(box.findall("script")) for box in boxes] == [0] * (len(boxes) - 1) + [1]
