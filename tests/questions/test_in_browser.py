"""Questions in a page of their own, as in a notebook's outputs: answered by mouse, keyboard and touch, without a kernel."""

from __future__ import annotations

import contextlib

import pytest
from website import axe
from website.serving import serving, window

import s2s_tutorial as s2s
from s2s_tutorial.questions.ask import Question

KEY = "s2s-questions"
MANY = Question(
    {
        "id": "99-many",
        "question": "Which of them?",
        "type": "many_choice",
        "answers": [
            {"answer": "one", "correct": True, "feedback": "Yes one."},
            {"answer": "two", "correct": True, "feedback": "Yes two."},
            {"answer": "three", "correct": False, "feedback": "No three.", "misconception": "a-b"},
        ],
    },
    of=4,
)
SHOWN = ("03-mask", "03-third", "03-order", "03-line")
AXE = """async (tags) => (await axe.run({ runOnly: { type: "tag", values: tags } }))
    .violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`))"""


@pytest.fixture
def address(tmp_path):
    body = "".join(s2s.ask(name)._repr_html_() for name in SHOWN) + MANY._repr_html_()
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Questions</title>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    look = "<style>:root{color-scheme:light dark}body{font:16px sans-serif}</style>"
    text = f"{head}{view}{look}<body><main><h1>Questions</h1>{body}</main></body></html>"
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    with serving(tmp_path, "/") as address:
        yield address


@contextlib.contextmanager
def opened(browser, address, size="desktop", scheme="light", before="", **options):
    """A page of questions; an error in its scripts is one here, and so is anything it asks for."""
    with window(browser, size, scheme, **options) as context:
        context.add_init_script(before)
        page = context.new_page()
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.append(request.url))
        page.goto(address)
        yield page
        assert [p for p in problems if p != address and "favicon" not in p] == []


def box_of(page, name):
    return page.locator(f'[data-question="{name}"]')


def said(box):
    return box.get_by_role("status").inner_text()


def right(page, name="03-mask"):
    box = box_of(page, name)
    box.locator("summary").first.click()
    box.get_by_label("1/3 and 2/3").check()
    box.get_by_role("button", name="Check").click()
    return box


def test_a_wrong_choice_gets_its_own_reason_and_a_right_one_the_whole_key(browser, address):
    with opened(browser, address) as page:
        box = box_of(page, "03-mask")
        assert not box.locator("fieldset").is_visible(), "closed until it is wanted"
        box.locator("summary").first.click()
        box.get_by_role("button", name="Check").click()
        assert said(box) == "Choose first."
        box.get_by_label("1/7 and 2/7").check()
        box.get_by_role("button", name="Check").click()
        assert said(box).startswith("Not so. One would have to believe that a mask erases a weight")
        assert not box.get_by_text("Answers, with reasons").is_visible()
        assert page.evaluate(f"localStorage.getItem('{KEY}')") is None
        box.get_by_label("1/3 and 2/3").check()
        box.get_by_role("button", name="Check").click()
        assert said(box).startswith("Right. The mask belongs in the sum")
        assert box.get_by_text("Answers, with reasons").is_visible()


def test_by_keyboard_alone(browser, address):
    with opened(browser, address) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # opens the first
        page.keyboard.press("Tab")
        box = box_of(page, "03-mask")
        for _ in range(4):  # the arrows go through the choices
            page.keyboard.press("ArrowDown")
            if box.get_by_label("1/3 and 2/3").is_checked():
                break
        page.keyboard.press("Enter")  # in a choice as on the button
        assert said(box).startswith("Right.")
        number = box_of(page, "03-third")
        number.locator("summary").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("4/7")
        page.keyboard.press("Enter")
        assert said(number).startswith("Right.")


@pytest.mark.parametrize(
    ("written", "answered"),
    [
        ("0.571", "Right."),
        ("0,571", "Right."),
        (" 4 / 7 ", "Right."),
        ("0.6667", "Not so. That is 2/3"),
        ("4", "Not so. 4 is the exponential."),
        ("−3", "Not so. Take exp of each score"),
        ("", "Write a number"),
        ("four", "Write a number"),
        ("4/0", "Write a number"),
        ("1/2/3", "Write a number"),
        ("<b>4</b>", "Write a number"),
    ],
)
def test_numbers_with_their_tolerance(browser, address, written, answered):
    with opened(browser, address) as page:
        box = box_of(page, "03-third")
        box.locator("summary").first.click()
        box.get_by_label("Your number").fill(written)
        box.get_by_role("button", name="Check").click()
        assert said(box).startswith(answered)


def test_an_order_says_what_stands_too_early(browser, address):
    with opened(browser, address, "phone", has_touch=True) as page:
        box = box_of(page, "03-order")
        box.locator("summary").first.tap()
        steps = [answer["answer"] for answer in s2s.ask("03-order").data["answers"]]
        starts = [step.split("_")[0].split(",")[0] for step in steps]

        def place(order):
            for number, k in enumerate(order, 1):
                box.locator("label", has_text=starts[k]).locator("select").select_option(
                    str(number)
                )
            box.get_by_role("button", name="Check").tap()

        box.get_by_role("button", name="Check").tap()
        assert said(box) == "Give each line a place of its own."
        place([3, 0, 1, 2, 4])  # the new state asks: chapter 4's order
        assert said(box).startswith("Not so. That is the order of bigru_concat and of chapter 4")
        assert said(box).endswith("Place 1 is the first that is not right.")
        place(range(5))
        assert said(box).startswith("Right.")


def test_all_that_are_right_have_to_be_chosen(browser, address):
    with opened(browser, address) as page:
        box = box_of(page, "99-many")
        box.locator("summary").first.click()
        check = box.get_by_role("button", name="Check")
        box.get_by_label("one", exact=True).check()
        check.click()
        assert said(box) == "Not so. 1 right choice is missing."
        box.get_by_label("three").check()
        check.click()
        assert said(box) == "Not so. No three. 1 right choice is missing."
        box.get_by_label("three").uncheck()
        box.get_by_label("two").check()
        check.click()
        assert sorted(said(box).split()) == sorted("Right. Yes one. Yes two.".split())


def test_progress_is_kept_counted_by_chapter_and_cleared(browser, address):
    with opened(browser, address) as page:
        box = right(page)
        assert "1 of 8 in this chapter answered." in box.inner_text()
        assert "answered" in box.locator("summary").first.inner_text()
        assert "answered" not in box_of(page, "03-third").locator("summary").first.inner_text()
        page.reload()
        box = box_of(page, "03-mask")
        assert "answered" in box.locator("summary").first.inner_text()
        many = box_of(page, "99-many")
        many.locator("summary").first.click()
        assert "of 4 in this chapter" not in many.inner_text(), "another chapter's do not count"
        box.locator("summary").first.click()
        box.get_by_role("button", name="Forget my answers in this book").click()
        assert page.evaluate(f"localStorage.getItem('{KEY}')") is None
        assert "answered" not in box.locator("summary").first.inner_text()
        page.reload()
        assert page.locator(".s2s-q-done").count() == 0


REFUSES = (
    """Object.defineProperty(window, "localStorage", { get() { throw new Error("refused"); } });"""
)
FULL = """Storage.prototype.setItem = () => { throw new Error("full"); };"""


@pytest.mark.parametrize("before", [REFUSES, FULL])
def test_a_browser_that_keeps_nothing_still_judges_and_says_so(browser, address, before):
    with opened(browser, address, before=before) as page:
        box = right(page)
        assert said(box).startswith("Right.")
        assert "1 of 8 in this chapter answered; your browser keeps none of it." in box.inner_text()


@pytest.mark.parametrize("damaged", ["{", "null", "[1]", '"x"', "7"])
def test_what_lies_damaged_in_the_browser_does_no_harm(browser, address, damaged):
    before = (
        f"if (!window.name) {{ localStorage.setItem('{KEY}', {damaged!r}); window.name = 'x'; }}"
    )
    with opened(browser, address, before=before) as page:
        box = right(page)
        assert said(box).startswith("Right.") and "1 of 8" in box.inner_text()


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_opened_and_answered_it_is_accessible_and_fits(browser, address, size, scheme):
    with opened(browser, address, size, scheme) as page:
        right(page)
        for box in page.locator(".s2s-question").all()[1:]:
            box.locator("summary").first.click()
            box.get_by_role("button", name="Check").click()
        page.get_by_text("Answers, with reasons").first.click()
        width = page.evaluate("document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(axe.script())
        assert page.evaluate(AXE, axe.TAGS) == []


def test_without_scripts_choices_stand_there_and_answers_are_folded(browser, address):
    with opened(browser, address, java_script_enabled=False) as page:
        box = box_of(page, "03-mask")
        box.locator("summary").first.click()
        assert box.get_by_label("1/3 and 2/3").is_visible()
        assert not box.get_by_role("button", name="Check").is_visible()
        reason = box.locator(".s2s-q-why").first
        assert not reason.is_visible()
        box.get_by_text("Answers, with reasons").click()
        assert reason.is_visible()


def test_on_paper_there_are_choices_and_no_answers(browser, address):
    with opened(browser, address) as page:
        page.emulate_media(media="print")
        box = box_of(page, "03-mask")
        assert box.get_by_text("1/3 and 2/3").first.is_visible()
        for hidden in (".s2s-q-why", "input", "button"):
            assert not any(each.is_visible() for each in box.locator(hidden).all()), hidden
