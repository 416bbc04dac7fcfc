"""The beam's box in a browser: by keyboard, mouse and touch, against the model that it searched."""

from __future__ import annotations

import itertools
import json
import re
from urllib.parse import quote

import pytest
import torch
from places import ROOT
from web_models import from_web, translator_of
from website.serving import serving, window

import s2s_tutorial as s2s
from book.extensions.s2s_site import copy_engine
from s2s_tutorial.live.web import export_web

TEXT = "word1 word5 word2 word7"
PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Beam</title><body>
<div class="s2s-box" id="beam" data-box="beam" data-models="m" data-label="Words" data-text="{TEXT}"
data-examples="word3|word8 word0" data-beam="3" data-penalty="0" data-question="Which?"><p>Fallback.</p></div>
<div style="height: 60rem"></div><script type="module" src="_static/live/boxes.js"></script></body></html>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A page with the box, and the model behind it as Python reads it."""
    folder = tmp_path_factory.mktemp("site")
    copy_engine(ROOT / "s2s_tutorial", folder / "_static/live")
    export_web(translator_of("bahdanau", seed=3), folder / "_static/models/m", weights="int8")
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    with serving(folder) as address:
        yield address + "page.html", from_web(folder / "_static/models/m")


def opened(context, address, hash=""):
    page = context.new_page()
    page.failed = []
    page.on("pageerror", lambda error: page.failed.append(str(error)))
    page.goto(address + hash)
    page.locator(".s2s-box.s2s-ready").wait_for()
    return page


@pytest.fixture
def page(browser, site, request):
    size = getattr(request, "param", "desktop")
    with window(browser, size, has_touch=size == "phone") as context:
        page = opened(context, site[0])
        yield page
        assert page.failed == []


def search(page):
    page.get_by_role("button", name="Search").click()
    page.locator(".s2s-ranking").wait_for()


def searched(translator, text, k, penalty):
    """The texts and scores of Python's beam search, as the box writes them."""
    src = torch.tensor([translator.src_vocab.encode(text.split())])
    options = {"beam_size": k, "length_penalty": penalty, "n_best": k}
    with torch.no_grad():
        found = s2s.beam_search(translator.model, src, torch.tensor([src.shape[1]]), 20, **options)
    tokens = [translator.tgt_vocab.decode(ids) for ids in found.ids[0]]
    texts = [translator.tgt_tokenizer.detokenize(each) or "(nothing)" for each in tokens]
    return texts, found.scores[0]


def ranking(page):
    """Texts and scores of what the box ranks, without greedy's where the beam has lost it."""
    rows = [row for row in page.locator(".s2s-ranking button").all() if "–" not in row.inner_text()]
    texts = [row.locator(".s2s-written").inner_text() for row in rows]
    sums = [row.locator("small").inner_text().replace("−", "-") for row in rows]
    numbers = [re.match(r"(\S+) / (\S+) = ([-.\d]+), (\d+) tokens", each).groups() for each in sums]
    return texts, [float(score) for *_, score, _ in numbers], numbers


def check(page, translator, text, k, penalty):
    texts, scores = searched(translator, text, k, penalty)
    found, found_scores, numbers = ranking(page)
    assert found[: len(texts)] == texts
    assert found_scores[: len(texts)] == pytest.approx(scores, abs=0.006)
    for log_prob, lp, score, length in numbers:
        assert float(lp) == pytest.approx(((5 + int(length)) / 6) ** penalty, abs=0.006)
        assert float(log_prob) / float(lp) == pytest.approx(float(score), abs=0.05)


def boxes(page, nodes=".s2s-node"):
    """Of each card that can be seen its k, its parent's k, and its rectangle."""
    return page.evaluate(
        """(nodes) => [...document.querySelectorAll(nodes)].map((node) => {
          const { left, top, right, bottom } = node.firstChild.getBoundingClientRect();
          const parent = node.parentElement.closest(".s2s-node");
          return [Number(node.dataset.k), parent && Number(parent.dataset.k), left, top, right, bottom];
        })""",
        nodes,
    )


def focused(page):
    return page.evaluate("Number(document.activeElement.dataset.k ?? -1)")


def test_by_mouse_the_hypotheses_are_those_of_python(page, site):
    assert not page.locator(".s2s-figure").is_visible()
    search(page)
    check(page, site[1], TEXT, 3, 0)
    page.get_by_role("button", name="word8 word0", exact=True).click()
    check(page, site[1], "word8 word0", 3, 0)
    page.get_by_label("Beam size").fill("8")
    page.get_by_label("Length penalty").fill("1")
    check(page, site[1], "word8 word0", 8, 1.0)
    page.get_by_label("Beam size").fill("1")
    check(page, site[1], "word8 word0", 1, 1.0)
    assert "A beam of one is greedy" in page.locator(".s2s-verdict").inner_text()


def test_the_drawing_has_children_right_of_parents_and_no_overlaps(page):
    page.get_by_label("Beam size").fill("5")
    search(page)
    page.get_by_label("what was dropped").check()
    found = {k: rest for k, *rest in boxes(page)}
    for k, (parent, left, top, *_) in found.items():
        if parent is not None:
            assert left > found[parent][3] and top >= found[parent][2] - 1, k
    for (_, a, b, c, d), (_, e, f, g, h) in itertools.combinations(found.values(), 2):
        assert c <= e or g <= a or d <= f or h <= b
    kept = page.locator(".s2s-node").count()
    page.get_by_label("what was dropped").uncheck()
    assert page.locator(".s2s-node").count() < kept


def test_by_keyboard_one_searches_walks_the_tree_and_reads(page):
    page.get_by_label("Words").press("Enter")
    page.locator(".s2s-ranking").wait_for()
    root = page.locator("[role=treeitem][tabindex='0']")
    assert root.count() == 1
    root.focus()
    found = {k: parent for k, parent, *_ in boxes(page)}
    page.keyboard.press("ArrowRight")
    child = focused(page)
    assert found[child] == 0
    page.keyboard.press("ArrowDown")
    sibling = focused(page)
    assert found[sibling] == 0 and sibling != child
    page.keyboard.press("ArrowUp")
    assert focused(page) == child
    note = page.locator(".s2s-node-note")
    assert note.inner_text() == ""
    page.keyboard.press("Enter")
    assert "Step 1, candidate" in note.inner_text() and "log p" in note.inner_text()
    page.keyboard.press("ArrowRight")
    assert "Step 2, candidate" in note.inner_text(), "the note goes along"
    page.keyboard.press("Escape")
    assert note.inner_text() == "" and found[focused(page)] == child
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == 0
    page.keyboard.press("End")
    assert page.locator(f"li[data-k='{focused(page)}']").get_attribute("class").count("s2s-best")


def test_it_grows_step_by_step_and_a_note_stands_at_its_card(page):
    search(page)
    slider, count = page.get_by_label("Step", exact=True), page.locator(".s2s-count")
    assert (
        count.inner_text() == "all" and "The whole search" in page.locator(".s2s-bar").inner_text()
    )
    page.get_by_role("button", name="Next step").click()
    seen = page.locator(".s2s-card:visible").count()
    assert count.inner_text().startswith("1 /") and seen <= 1 + 4
    slider.press("ArrowRight")
    assert count.inner_text().startswith("2 /") and page.locator(".s2s-card:visible").count() > seen
    page.locator(".s2s-newest > .s2s-card").last.click()
    note, card = page.locator(".s2s-node-note"), page.locator(".s2s-newest > .s2s-card").last
    a, b = note.bounding_box(), card.bounding_box()
    apart = min(abs(a["y"] + a["height"] - b["y"]), abs(b["y"] + b["height"] - a["y"]))
    assert apart < 12 and a["x"] <= b["x"] + b["width"]
    page.get_by_role("button", name="Close").click()
    assert note.inner_text() == ""


def test_a_press_on_a_hypothesis_marks_its_path(page):
    search(page)
    rows = page.locator(".s2s-ranking button")
    ends = []
    for i in range(rows.count()):
        rows.nth(i).click()
        assert rows.nth(i).get_attribute("aria-pressed") == "true"
        ends.append(page.locator(".s2s-best").last.get_attribute("data-k"))
    assert len(set(ends)) == rows.count() > 1
    assert page.locator(".s2s-ranking .s2s-greedy-sign").count() == 1


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_by_touch_on_a_phone(page, site):
    page.get_by_role("button", name="Search").tap()
    page.locator(".s2s-ranking").wait_for()
    check(page, site[1], TEXT, 3, 0)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator(".s2s-card").nth(2).tap()
    box = page.locator(".s2s-node-note").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    rects = [each[2:] for each in boxes(page)]
    for (a, b, c, d), (e, f, g, h) in itertools.combinations(rects, 2):
        assert c <= e or g <= a or d <= f or h <= b
    sizes = page.evaluate(
        "[...document.querySelectorAll('.s2s-box :is(button, .s2s-card, input)')].filter((e) => e.checkVisibility())"
        ".map((e) => [e.className || e.type, e.getBoundingClientRect().height])"
    )
    assert all(height >= 24 or name == "checkbox" for name, height in sizes), sizes


def test_what_cannot_be_searched_is_a_sentence_and_markup_is_text(page):
    box, status = page.get_by_label("Words"), page.locator(".s2s-status")
    for text, says in (("", "nothing to read"), ("word1 " * 31, "reads up to 30")):
        box.fill(text)
        box.press("Enter")
        page.wait_for_function(
            "says => document.querySelector('.s2s-status').textContent.includes(says)", arg=says
        )
    box.fill("word1 <img/src=x>")
    box.press("Enter")
    page.locator(".s2s-ranking").wait_for()
    assert "“<img/src=x>”" in status.inner_text() and page.locator(".s2s-box img").count() == 0
    page.get_by_text("All candidates as a table").click()
    page.locator(".s2s-box tbody tr").first.wait_for()
    rows = page.locator(".s2s-box tbody tr").count()
    caption = page.locator(".s2s-step-caption").inner_text()
    assert rows == sum(
        int(number) for number in re.findall(r"(\d+) (?:kept|finished|dropped)", caption)
    )


def test_a_link_brings_what_another_reader_saw(browser, site):
    state = {"text": "word8 word0", "beam_size": 4, "length_penalty": 1.5, "dropped": True}
    with window(browser) as context:
        page = opened(context, site[0], "#try=beam:" + quote(json.dumps(state)))
        page.locator(".s2s-ranking").wait_for()
        check(page, site[1], "word8 word0", 4, 1.5)
        assert page.get_by_label("what was dropped").is_checked()
        page.get_by_label("Beam size").fill("2")
        page.get_by_role("button", name="Link").click()
        page.wait_for_function("location.hash.includes('beam_size%22%3A2')")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_grows_by_itself_unless_no_motion_is_wanted(browser, site, motion):
    context = browser.new_context(reduced_motion=motion)
    context.set_default_timeout(120_000)
    page = opened(context, site[0])
    search(page)
    playing = page.locator(".s2s-figure").get_attribute("class").count("s2s-playing")
    assert bool(playing) == (motion == "no-preference")
    context.close()
