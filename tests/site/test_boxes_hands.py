"""A hand on the boxes of the built site: weights, words, mask and mixture, what follows, and what a link brings back."""

from __future__ import annotations

import re

import pytest
from matplotlib.colors import to_rgb
from web_models import from_web
from website.live_boxes import MODELS, answered, map_in, opened, translator, weights_in
from website.serving import window

from s2s_tutorial.figures.style import weight_color


def colour_of(weight):
    """As the browser says it."""
    return "rgb({}, {}, {})".format(*(round(255 * c) for c in to_rgb(weight_color(weight))))


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
    text = (
        "Zwei Hunde spielen im Schnee , und ein Mann in einem blauen Hemd steht auf einer Leiter ."
    )
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
