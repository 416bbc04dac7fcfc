"""The boxes of the built site: asked by mouse, keyboard and touch, and what they answer is PyTorch's."""

from __future__ import annotations

import gzip
import itertools
import re
from functools import cache

import pytest
import torch
from javascript import run_node
from matplotlib.colors import to_rgb
from places import ROOT
from playwright.sync_api import expect
from web_models import from_web
from website import axe
from website.built import SITE
from website.checks import listen
from website.serving import window

from benchmarks import live_parity
from s2s_tutorial.figures.style import weight_color

MODELS = ROOT / "book/static/models"
PAGE = "book/try_it.html"
JS = ROOT / "s2s_tutorial/live/js"
ENGINE = [*JS.glob("*.js"), JS / "boxes/boxes.css"]
ENGINE += [JS / f"boxes/{name}.js" for name in "ask dom link models panel session tools weight_map".split()]
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.glob("[bc]*/*.html")
    if 'class="s2s-box"' in path.read_text(encoding="utf-8")
)
WAYS = "mouse", "keyboard", "touch"
PATIENT = 120_000  # milliseconds, as in `window`
LONG = "nine million four hundred and twelve thousand six hundred and fifty three"


def opened(context, address, name, page=PAGE):
    """A box of a page, built."""
    tab = context.new_page()
    tab.problems = listen(tab, address)
    tab.goto(address + page)
    box = tab.locator(f"#{name}")
    box.scroll_into_view_if_needed()
    tab.wait_for_selector(f"#{name}.s2s-ready")
    return tab, box


def answered(box, panel=0):
    """The words of an answer, `<eos>` too, once they are there."""
    words = box.locator(".s2s-panel").nth(panel).locator(".s2s-target button")
    words.first.wait_for()
    return words.all_text_contents()


def weights_in(box, panel=0):
    table = box.locator(".s2s-panel").nth(panel).locator("tbody tr").all()
    return [
        [
            float(cell) if cell not in ("", "<.01") else 0.0
            for cell in row.locator("td").all_text_contents()
        ]
        for row in table
    ]


@cache
def translator(name):
    """PyTorch's reading of a model of the site."""
    return from_web(MODELS / name)


def shown(token):
    """A token as a box writes it."""
    return "␣" if token.isspace() else token


def map_in(box, panel=0):
    """The map's cells, row by row, as colours; and the words of its rows."""
    grid = box.locator(".s2s-panel").nth(panel).locator(".s2s-map-grid")
    colours = grid.locator("i").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell).backgroundColor)"
    )
    rows = grid.locator(".s2s-map-written").all_text_contents()
    width = len(colours) // len(rows)
    return [colours[k : k + width] for k in range(0, len(colours), width)], rows


def colour_of(weight):
    """As the browser says it."""
    return "rgb({}, {}, {})".format(*(round(255 * c) for c in to_rgb(weight_color(weight))))


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


def ask_by(way, box, text):
    """Write a text and have it answered, by one way of pressing."""
    field, button = box.locator("input[type=text]"), box.locator(".s2s-ask")
    field.fill(text)
    {"mouse": button.click, "touch": button.tap, "keyboard": lambda: field.press("Enter")}[way]()


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
        tab, box = opened(
            context, address, "train-bottleneck", "chapters/02_rnn_bottleneck.html"
        )

        def press(part, key="Enter"):
            part.tap() if way == "touch" else part.press(key)

        press(box.get_by_role("radio").nth(1), " ")
        assert box.get_by_role("radio").nth(1).is_checked()
        press(box.get_by_role("button", name="One update"))
        box.get_by_text("Update 1.").wait_for()
        press(box.locator("summary", has_text="The same in numbers"))
        (row,) = box.locator("table", has_text="Loss").locator("tbody tr").all()
        update, *losses = row.locator("th, td").all_text_contents()
        assert update == "1"
        assert [float(each) for each in losses] == pytest.approx(losses_of_the_first_update(), abs=6e-4)
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


def test_a_hand_on_the_weights(browser, address):
    with window(browser) as context:
        tab, box = opened(context, address, "try-numbers")
        box.get_by_role("button", name="Ask").click()
        answered(box, 1)
        panel = box.locator(".s2s-panel").nth(1)
        panel.locator(".s2s-target button").nth(2).click()  # sieben
        sliders = panel.get_by_role("slider")
        sliders.nth(0).focus()
        tab.keyboard.press("End")  # all on "three"
        assert weights_in(box, 1)[2] == [1, 0, 0, 0, 0]
        colours, rows = map_in(box, 1)
        assert rows == answered(box, 1)
        assert colours[2] == [colour_of(w) for w in (1, 0, 0, 0, 0)]
        assert panel.locator(".s2s-map-chosen").text_content() == "drei"
        assert answered(box, 1)[2] == "drei"
        assert "Before your change: drei hundert sieben und neunzig" in panel.text_content()
        sliders.nth(1).focus()
        for _ in range(5):
            tab.keyboard.press("PageUp")
        row = weights_in(box, 1)[2]
        assert row[1] == pytest.approx(0.5, abs=0.06) and sum(row) == pytest.approx(1, abs=0.02)
        box.get_by_role("button", name="Put everything back").click()
        assert answered(box, 1)[:5] == "drei hundert sieben und neunzig".split()


def test_words_are_erased_and_forced_and_the_link_brings_both_back(browser, address):
    with window(browser) as context:
        tab, box = opened(context, address, "try-numbers")
        box.get_by_role("button", name="Ask").click()
        answered(box, 1)
        panel = box.locator(".s2s-panel").nth(1)
        panel.locator(".s2s-source button").nth(3).click()  # ninety, in both ways
        assert all(row[3] == 0 for row in weights_in(box, 1))
        erased = answered(box, 1)
        assert erased[:5] != "drei hundert sieben und neunzig".split()
        panel.locator(".s2s-target button").first.click()
        panel.locator(".s2s-option").nth(1).click()
        forced = answered(box, 1)
        assert forced[0] != "drei"
        box.get_by_role("button", name="Link to this").click()
        tab.wait_for_function("location.hash.includes('try=')")
        again = context.new_page()
        again.goto(tab.url)
        box = again.locator("#try-numbers")
        assert answered(box, 1) == forced


def test_a_mask_and_no_mask(browser, address):
    with window(browser) as context:
        tab, box = opened(context, address, "try-mask")
        box.get_by_role("button", name="Ask").click()
        before = answered(box)
        box.get_by_role("slider", name=re.compile("Padding")).focus()
        tab.keyboard.press("End")
        assert answered(box) == before
        assert all(sum(row[5:]) == 0 for row in weights_in(box))
        box.get_by_label("mask").uncheck()
        assert any(sum(row[5:]) > 0.01 for row in weights_in(box))
        box.get_by_role("button", name="Link to this").click()
        tab.wait_for_function("location.hash.includes('try=')")
        tab.reload()
        answered(box)
        tools = box.locator(".s2s-tools")
        assert tools.get_by_role("slider").input_value() == "8"
        assert tools.locator("output").text_content() == "8"
        assert not box.get_by_label("mask").is_checked()


def test_an_answer_grows_word_by_word_and_a_slow_one_as_it_is_written(browser, address):
    context = browser.new_context(viewport={"width": 360, "height": 740})  # where motion is welcome
    context.set_default_timeout(120_000)
    tab, box = opened(context, address, "try-numbers")
    box.get_by_role("button", name="Ask").click()
    words = answered(box, 1)
    panel = box.locator(".s2s-panel").nth(1)
    assert "s2s-grows" in panel.get_attribute("class")
    height = panel.bounding_box()["height"]
    delays = "all => all.map((each) => parseFloat(getComputedStyle(each).animationDelay))"
    for kind in (".s2s-target button", ".s2s-map-written"):
        found = panel.locator(kind).evaluate_all(delays)
        assert found == pytest.approx([0.045 * i for i in range(len(words))])
    tab.wait_for_timeout(600)
    assert panel.bounding_box()["height"] == height, "it has its place from the first word on"
    panel.locator(".s2s-target button").nth(1).click()
    assert "s2s-grows" not in panel.get_attribute("class")

    tab, box = opened(context, address, "try-translate")
    context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    seen = """(box) => { window.seen = []; new MutationObserver(() => {
      const found = box.querySelectorAll(".s2s-target button").length, map = box.querySelector(".s2s-map-written");
      window.seen.push([found, map !== null]);
    }).observe(box, { childList: true, subtree: true }); }"""
    box.evaluate(seen)
    text = "Zwei Hunde spielen im Schnee , und ein Mann in einem blauen Hemd steht auf einer Leiter ."
    box.get_by_label("A German caption").fill(text)
    box.get_by_role("button", name=re.compile("^Ask")).click()
    box.locator(".s2s-map-written").first.wait_for()
    expected = [*translator("multi30k-bahdanau")(text, beam_size=1).tokens, "<eos>"]
    assert answered(box) == map_in(box)[1] == expected
    counts = [count for count, mapped in tab.evaluate("window.seen") if count and not mapped]
    assert 0 < counts[0] < len(expected), "the first word is there before the last is computed"
    assert tab.problems == []
    context.close()


def put_all_on(tab, box, panel, word, step=0):
    """Give one source word all the weight of a written one."""
    of = box.locator(".s2s-panel").nth(panel)
    of.locator(".s2s-target button").nth(step).click()
    of.get_by_role("slider").nth(word).focus()
    tab.keyboard.press("End")


def test_weights_and_words_are_one_models_own_and_erased_words_are_all_models(browser, address):
    with window(browser) as context:
        tab, box = opened(context, address, "try-scores")
        box.get_by_role("button", name="Ask").click()
        answered(box, 3)
        before = [weights_in(box, k) for k in range(4)]
        put_all_on(tab, box, 0, 1)
        assert weights_in(box, 0)[0] == [0, 1, 0, 0, 0]
        assert [weights_in(box, k) for k in (1, 2, 3)] == before[1:]
        put_all_on(tab, box, 2, 0)
        box.locator(".s2s-panel").nth(1).locator(".s2s-option").nth(1).click()  # of the first word
        written = [answered(box, k) for k in range(4)]
        assert written[1][0] != "drei" and written[3][0] == "drei"
        assert [weights_in(box, k)[0] for k in (0, 2)] == [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0]]
        assert weights_in(box, 3) == before[3]
        box.get_by_role("button", name="Link to this").click()
        tab.wait_for_function("location.hash.includes('try=')")
        again = context.new_page()
        again.goto(tab.url)
        box = again.locator("#try-scores")
        assert [answered(box, k) for k in range(4)] == written
        assert [weights_in(box, k)[0] for k in (0, 2)] == [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0]]
        panel = box.locator(".s2s-panel").nth(1)
        assert "Before your change: drei hundert sieben und neunzig" in panel.text_content()
        panel.locator(".s2s-source button").nth(3).click()
        assert all(row[3] == 0 for k in range(4) for row in weights_in(box, k)[1:])


def test_a_mixture_is_averaged_weights_and_a_link_brings_it_back(browser, address):
    text, share = "three hundred and ninety seven", 0.25
    one, other = (from_web(MODELS / name) for name in ("numbers-bahdanau", "numbers-bahdanau-2"))
    plain = [*one(text, beam_size=1).tokens, "<eos>"]
    theirs = other.model.state_dict()
    for name, tensor in one.model.state_dict().items():
        tensor.copy_((1 - share) * tensor + share * theirs[name])
    mixture = one(text, beam_size=1)
    expected = [*mixture.tokens, "<eos>"]
    assert expected != plain
    with window(browser) as context:
        tab, box = opened(context, address, "try-mix")
        box.get_by_role("button", name="Ask").click()
        assert answered(box) == plain
        slider = box.get_by_role("slider", name=re.compile("Share"))
        slider.fill("25")
        box.locator(".s2s-was", has_text="Before your change").wait_for()
        assert answered(box) == expected
        assert weights_in(box)[0] == pytest.approx(mixture.weights[0].tolist(), abs=0.011)
        assert "Changed by you" in box.locator(".s2s-status").text_content()
        box.get_by_role("button", name="Link to this").click()
        tab.wait_for_function("location.hash.includes('try=')")
        again = context.new_page()
        again.goto(tab.url)  # which brings one to the box, far down
        box = again.locator("#try-mix")
        assert answered(box) == expected
        assert "25 %" in box.locator(".s2s-tools").text_content()
        assert box.get_by_role("slider", name=re.compile("Share")).input_value() == "25"
        assert "Before your change: drei hundert" in box.locator(".s2s-was").text_content()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "nothing to read"),
        ("   ", "nothing to read"),
        ("one " * 300, "reads up to 120"),
        ("<img src=x onerror=alert(1)> seven", "read as <unk>"),
        ("sieben три", "“три”"),
    ],
)
def test_what_a_box_cannot_read_it_says(browser, address, written, said):
    with window(browser) as context:
        tab, box = opened(context, address, "try-numbers")
        tab.evaluate("() => { window.alert = () => document.body.append('EXECUTED'); }")
        box.get_by_label("A number in English words").evaluate(
            "(field, text) => (field.value = text)", written
        )
        box.get_by_role("button", name="Ask").click()
        tab.wait_for_function(
            "(said) => document.querySelector('#try-numbers .s2s-status').textContent.includes(said)",
            arg=said,
        )
        assert "EXECUTED" not in tab.content() and box.locator("img").count() == 0
        assert tab.problems == []


@pytest.mark.parametrize("fault", ["missing", "damaged", "cut", "offline"])
def test_a_model_that_does_not_arrive_is_asked_for_again(browser, address, fault):
    answers = {
        "missing": lambda route: route.fulfill(status=404),
        "damaged": lambda route: route.fulfill(body=b"x" * 128_468),
        "cut": lambda route: route.fulfill(body=b"x" * 9),
        "offline": lambda route: route.abort(),
    }
    with window(browser) as context:
        tab, box = opened(context, address, "try-mask")
        tab.route("**/weights.bin", answers[fault])
        box.get_by_role("button", name="Ask").click()
        status = box.locator(".s2s-status")
        tab.wait_for_function(
            "document.querySelector('#try-mask .s2s-status').textContent.includes('Press again')"
        )
        expected = "damaged" if fault in ("damaged", "cut") else "did not arrive"
        assert expected in status.text_content()
        tab.unroute("**/weights.bin")
        box.get_by_role("button", name="Ask").click()
        assert answered(box)[0] == "drei"


def test_nothing_is_fetched_before_the_reader_comes(browser, address):
    with window(browser) as context:
        tab = context.new_page()
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(address + "book/notation.html")
        tab.wait_for_load_state("networkidle")
        assert not [url for url in asked if "/live/" in url or "/models/" in url]
        tab.goto(address + PAGE)
        tab.wait_for_load_state("networkidle")
        assert [url for url in asked if "/live/" in url] and not [
            u for u in asked if "/models/" in u
        ]


def test_a_small_model_with_its_engine_is_light():
    engine = sum(len(gzip.compress(path.read_bytes(), 9)) for path in ENGINE)
    for name in ("numbers-gru", "numbers-bahdanau", "dates-bahdanau", "phrases-bahdanau"):
        model = sum(len(gzip.compress(p.read_bytes(), 9)) for p in (MODELS / name).iterdir())
        assert engine < 30_000 and model + engine < 200_000, (name, model, engine)


def ask_and_erase(box):
    """All of an ask box at once: weights, an erased word, the table."""
    box.get_by_role("button", name="Ask").click()
    answered(box, 1)
    panel = box.locator(".s2s-panel").nth(1)
    panel.locator(".s2s-source button").nth(3).click()
    panel.locator("summary").click()
    answered(box, 1)


def search(box):
    box.get_by_role("button", name="Search").click()
    box.locator(".s2s-panel").wait_for()


def learn(box):
    box.get_by_role("button", name="One update").click()
    box.get_by_text("Update 1.").wait_for()


USED = [
    ("try-numbers", PAGE, ask_and_erase),
    ("try-beam", PAGE, search),
    ("train-attention", "chapters/03_bahdanau_attention.html", learn),
]


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
@pytest.mark.parametrize(("name", "page", "use"), USED)
def test_a_used_box_is_accessible(browser, address, size, scheme, name, page, use):
    with window(browser, size, scheme) as context:
        tab = context.new_page()
        tab.goto(address + page)
        box = tab.locator(f"#{name}")
        box.scroll_into_view_if_needed()
        use(box)
        tab.evaluate(axe.script())
        run = """async ([name, tags]) => (await axe.run(name, { runOnly: { type: "tag", values: tags } }))
            .violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`))"""
        assert tab.evaluate(run, [f"#{name}", axe.TAGS]) == []
