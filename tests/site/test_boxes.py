"""The boxes of the built site: asked by mouse, keyboard and touch, and what they answer is PyTorch's."""

from __future__ import annotations

import gzip
import itertools
import re

import pytest
import torch
from javascript import run_node
from playwright.sync_api import expect
from website.built import SITE
from website.checks import listen
from website.live_boxes import (
    LONG,
    MODELS,
    PATIENT,
    WAYS,
    answered,
    ask_by,
    map_in,
    opened,
    translator,
    weights_in,
)
from website.serving import window

from benchmarks import live_parity

PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.glob("[bc]*/*.html")
    if 'class="s2s-box"' in path.read_text(encoding="utf-8")
)


def test_a_large_model_says_its_size_and_is_kept(browser, address):
    texts = "Zwei Hunde spielen im Schnee.", "Ein Mann putzt ein Fenster.", "Ein Kind lacht."
    with window(browser, has_touch=True) as context:
        for visit in range(2):
            tab, box = opened(context, address, "try-translate")
            fetched = []
            tab.on("request", lambda request, to=fetched: to.append(request.url))
            asked = box.get_by_role("button", name=re.compile("^Ask"))
            files = (MODELS / "multi30k-bahdanau").iterdir()
            size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
            said = re.search(r"loads ([\d.]+) MB", asked.text_content())
            assert float(said[1]) == pytest.approx(size / 1e6, abs=0.1)
            for way, text in list(zip(WAYS, texts))[visit : 1 + 2 * visit]:
                ask_by(way, box, text)
                expected = translator("multi30k-bahdanau")(text, beam_size=1)
                words = box.locator(".s2s-target button")
                expect(words).to_have_text([*expected.tokens, "<eos>"], timeout=PATIENT)
            assert any("weights.bin" in url for url in fetched) == (visit == 0)
            assert tab.problems == []


@pytest.mark.parametrize("way", WAYS)
def test_answers_are_pytorchs(browser, address, way):
    size = "phone" if way == "touch" else "desktop"
    with window(browser, size, has_touch=way == "touch") as context:
        tab, box = opened(context, address, "try-numbers")
        field = box.get_by_label("A number in English words")
        field.fill(LONG)
        if way == "keyboard":
            field.press("Enter")
        elif way == "touch":
            box.get_by_role("button", name="Ask").tap()
        else:
            box.get_by_role("button", name="Ask").click()
        for k, name in enumerate(("numbers-gru", "numbers-bahdanau")):
            expected = translator(name)(LONG, beam_size=1)
            assert answered(box, k) == [*expected.tokens, "<eos>"]
        shown = weights_in(box, 1)[: len(expected.tokens)]
        true = [
            [round(w, 2) if w >= 0.005 else 0.0 for w in row] for row in expected.weights.tolist()
        ]
        assert all(abs(a - b) <= 0.011 for s, t in zip(shown, true) for a, b in zip(s, t))
        colours, rows = map_in(box, 1)
        assert rows == answered(box, 1) and len(colours[0]) == len(LONG.split())
        largest = [row.index(max(row)) for row in expected.weights.tolist()]
        darkest = [row.index(min(row, key=lambda c: int(c[4:].split(",")[0]))) for row in colours]
        assert darkest[: len(largest)] == largest
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert tab.problems == []


def shown(token):
    """A token as a box writes it."""
    return "␣" if token.isspace() else token


def texts_for(box):
    """What stands in a box, and two other texts that it can read."""
    examples = (box.get_attribute("data-examples") or "").split("|")
    more = [*examples, "forty two", "seven hundred and six"]
    return list(dict.fromkeys(filter(None, [box.get_attribute("data-text"), *more])))[:3]


@pytest.mark.parametrize("page", PAGES)
def test_every_box_answers_by_mouse_keyboard_and_touch(browser, address, page):
    with window(browser, has_touch=True) as context:
        tab = context.new_page()
        tab.problems = listen(tab, address)
        tab.goto(address + page)
        for box in tab.locator('.s2s-box:not([data-box="training"])').all():
            if box.get_attribute("data-size"):
                continue  # a large one; it has a test of its own
            box.scroll_into_view_if_needed()
            for way, text in zip(WAYS, texts_for(box), strict=True):
                ask_by(way, box, text)
                if box.get_attribute("data-box") == "beam":
                    (name,) = box.get_attribute("data-models").split(",")
                    best = translator(name)(text, beam_size=3, length_penalty=0).text
                    expect(box.locator(".s2s-written").first).to_have_text(best, timeout=PATIENT)
                    continue
                for k, name in enumerate(box.get_attribute("data-models").split(",")):
                    words = box.locator(".s2s-panel").nth(k).locator(".s2s-target button")
                    tokens = translator(name)(text, beam_size=1).tokens
                    expect(words).to_have_text([*map(shown, tokens), "<eos>"], timeout=PATIENT)
        assert tab.problems == []


STEPS = """async ([folder, src, tokens, simd]) => {
  const { loadModel } = await import(folder + "/../../live/model.js"), { settings } = await import(folder + "/../../live/products.js");
  settings.simd = simd;
  const model = await loadModel(folder), logits = [], weights = [];
  let { encoded, keys, state } = model.begin(src);
  for (const token of tokens) {
    const step = model.decoder.step(token, state, encoded, keys);
    state = step.state;
    logits.push([...step.logits]);
    weights.push(step.weights && [...step.weights]);
  }
  return { logits, weights };
}"""
CHECKED = "numbers-gru", "numbers-bahdanau", "numbers-luong_general", "numbers-luong_concat"


def test_logits_and_weights_in_the_browser_are_pytorchs(browser, address):
    tokens = [2, 5, 9, 7, 1]
    with window(browser) as context:
        tab = context.new_page()
        tab.goto(address + "404.html")
        for name, simd in itertools.product(CHECKED, (True, False)):
            model = translator(name).model
            src = translator(name).src_vocab.encode(LONG.split())
            found = tab.evaluate(STEPS, [f"{address}_static/models/{name}", src, tokens, simd])
            with torch.no_grad():
                asked = torch.tensor([src]), torch.tensor([len(src)]), torch.tensor([tokens])
                expected = model(*asked)
            near = {"atol": 1e-5, "rtol": 1e-5}
            torch.testing.assert_close(torch.tensor(found["logits"]), expected.logits[0], **near)
            if expected.weights is not None:
                weights = torch.tensor(found["weights"])
                torch.testing.assert_close(weights, expected.weights[0], atol=1e-5, rtol=0)


FIRST_UPDATE = """
import { Trainer } from "live/training/trainer.js";
const { game, learners } = new Trainer({});
const weights = learners.map(({ model }) => Object.fromEntries(Object.entries(model.parameters).map(([name, { data }]) => [name, [...data]])));
console.log(JSON.stringify({ strings: game.strings(), weights }));
"""


def losses_of_the_first_update():
    """PyTorch's, of both models of the game as it stands in chapter 2, from the page's weights and strings."""
    given, losses = run_node(FIRST_UPDATE), []
    for kind, weights in zip(("vector", "attention"), given["weights"], strict=True):
        model = live_parity.system(kind, "gru", vocabulary=14, embedding=16, units=32)
        for name, tensor in model.state_dict().items():
            tensor.copy_(torch.tensor(weights[name]).view_as(tensor))
        losses.append(live_parity.mean_loss(model, given["strings"]).item())
    return losses


@pytest.mark.parametrize("way", ["keyboard", "touch"])
def test_the_training_box_by_keyboard_and_touch(browser, address, way):
    size = "phone" if way == "touch" else "desktop"
    with window(browser, size, has_touch=True) as context:
        tab, box = opened(context, address, "train-bottleneck", "chapters/02_rnn_bottleneck.html")

        def press(part, key="Enter"):
            part.tap() if way == "touch" else part.press(key)

        press(box.get_by_role("radio").nth(1), " ")
        assert box.get_by_role("radio").nth(1).is_checked()
        press(box.get_by_role("button", name="One update"))
        box.get_by_text("Update 1.").wait_for()
        press(box.locator("summary", has_text="The same in numbers"))
        row = box.locator("table", has_text="Loss").locator("tbody tr")
        expect(row).to_have_count(1)  # the table is filled once it is open
        update, *losses = row.locator("th, td").all_text_contents()
        assert update == "1"
        assert [float(each) for each in losses] == pytest.approx(
            losses_of_the_first_update(), abs=6e-4
        )
        press(box.get_by_role("button", name="Train", exact=True))
        count, said = box.locator(".s2s-training-count"), box.locator(".s2s-training-said")
        expect(count).to_have_text(re.compile(r"update (\d\d|[4-9])"), timeout=PATIENT)
        press(box.get_by_role("button", name="Pause"))
        expect(said).to_have_text(re.compile("^(After|Update)"), timeout=PATIENT)
        press(box.get_by_role("button", name="Reset"))
        expect(count).to_have_text("update 0", timeout=PATIENT)
        assert tab.problems == []


def test_the_landing_pages_box_shows_what_its_text_says(browser, address):
    with window(browser) as context:
        tab, box = opened(context, address, "ask", "book/index.html")
        box.get_by_role("button", name="Ask").click()
        one_vector, attention = (" ".join(answered(box, k)) for k in (0, 1))
        assert "vier hundert neunzig Millionen" in one_vector
        assert "Milliarden vier Millionen" in attention
