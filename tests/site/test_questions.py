"""The questions of every chapter, on its page on a phone: the right answers are right, and the last one completes the count."""

from __future__ import annotations

import pytest
from website.built import CHAPTERS, SITE
from website.checks import PAGE_CHECKS, listen, tree
from website.serving import window

import s2s_tutorial as s2s

PAGES = [page for page in CHAPTERS if page.split("/")[1][:2].isdigit()]
# Gives each question of a page its right answer, and returns what each says. (Fingers and keys: tests/questions.)
ANSWER = """(numbers) => Array.from(document.querySelectorAll(".s2s-question"), (box) => {
  box.querySelector("details").open = true;
  const all = (name) => Array.from(box.querySelectorAll(name));
  const rows = all(".s2s-q-answers li");
  if (box.dataset.type === "numeric") box.querySelector("input").value = numbers[box.dataset.question];
  else if (box.dataset.type === "order")
    rows.forEach((row, place) => (all("select")[row.dataset.item].value = place + 1));
  else rows.forEach((row, k) => row.dataset.correct === "true" && all("input")[k].click());
  box.querySelector(".s2s-q-check").click();
  return [box.dataset.question, box.querySelector(".s2s-q-said").textContent, box.querySelector(".s2s-q-progress").textContent];
})"""


def number(question):
    """The right answer of a question for a number; the others do not ask for it."""
    right = next((each for each in question["answers"] if each.get("correct")), {})
    return str(right.get("value", sum(right.get("range", [0])) / 2))


@pytest.mark.parametrize("path", PAGES)
def test_every_question_is_answered(browser, address, path):
    names = [box.get("data-question") for box in tree(SITE / path).find_class("s2s-question")]
    numbers = {name: number(s2s.ask(name).data) for name in names}
    with window(browser, "phone", "dark") as context:
        page = context.new_page()
        problems = listen(page, address)
        page.goto(address + path)
        answered = page.evaluate(ANSWER, numbers)
        assert [asked for asked, _, _ in answered] == names
        assert [each for each in answered if not each[1].startswith("Right.")] == []
        assert answered[-1][2].startswith(f"{len(names)} of {len(names)} in this chapter answered.")
        assert [p for p in page.evaluate(PAGE_CHECKS) if p.startswith("overflow")] == []
        assert problems == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_their_style_sheet_and_script_once(path):
    boxes = tree(SITE / path).find_class("s2s-question")
    assert 5 <= len(boxes) <= 8
    assert [len(box.findall("style")) for box in boxes] == [1] + [0] * (len(boxes) - 1)
    assert [len(box.findall("script")) for box in boxes] == [0] * (len(boxes) - 1) + [1]
