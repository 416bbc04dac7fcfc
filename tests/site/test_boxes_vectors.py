"""What the boxes draw of states and contexts: PyTorch's numbers, by keyboard, mouse and touch, with a label and a table."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from drawings import bars_in
from website.live_boxes import answered, ask_by, opened, translator
from website.serving import window

from s2s_tutorial.figures.looks import LOOKS

LONGER = "seven hundred and six thousand four hundred and twelve"
REACH = LOOKS["vector"]["size"][0] / 2 - LOOKS["vector"]["inset"]


def memory_of(name, text):
    """The encoder's states ``(src_len, size)`` and its last one."""
    model, vocab = translator(name).model, translator(name).src_vocab
    src = torch.tensor([vocab.encode(text.split())])
    with torch.no_grad():
        encoded = model.encoder(src, torch.tensor([src.shape[1]]))
    return encoded.memory[0].numpy()


def numbers_in(table):
    rows = [row.locator("td").all_text_contents() for row in table.locator("tbody tr").all()]
    return [[float(each.replace("−", "-")) for each in row if each] for row in rows]


def lengths_in(picture):
    """The bars of a picture as numbers from -1 to 1."""
    return bars_in(picture.locator("path").first.get_attribute("d"))[:, 1] / REACH


@pytest.mark.parametrize("way", ["keyboard", "touch"])
def test_the_one_vector_is_drawn_whole_and_anew_at_each_question(browser, address, way):
    size = "phone" if way == "touch" else "desktop"
    with window(browser, size, has_touch=True) as context:
        tab, box = opened(context, address, "vector", "chapters/02_rnn_bottleneck.html")
        heights = []
        for text in ("forty two", LONGER):
            ask_by(way, box, text)
            box.get_by_text(f"these {len(text.split())} tokens, in 112 numbers").wait_for()
            vector = memory_of("numbers-gru", text)[-1]
            picture = box.get_by_role("img", name="The vector that passes: 112 numbers")
            np.testing.assert_allclose(lengths_in(picture), vector, atol=0.05)
            heights.append(picture.bounding_box()["height"])
            columns = numbers_in(box.locator(".s2s-weights table"))
            np.testing.assert_allclose(np.array(columns).T.ravel(), vector, atol=0.0051)
            place = picture.bounding_box()
            assert place["x"] + place["width"] <= tab.viewport_size["width"]
        assert heights[0] == heights[1], "however long the text"
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert tab.problems == []


def press_by(way, word, row):
    """Look at a word that was written: the mouse presses its row of the map."""
    {"mouse": row.click, "touch": word.tap, "keyboard": lambda: word.press("Enter")}[way]()


@pytest.mark.parametrize("way", ["mouse", "keyboard", "touch"])
def test_the_context_is_that_of_the_word_that_is_looked_at(browser, address, way):
    text = "three hundred and ninety seven"
    memory = memory_of("numbers-bahdanau", text)
    drawn = np.concatenate([memory[:, :4], memory[:, 64:68]], axis=1)
    found = translator("numbers-bahdanau")(text, beam_size=1)
    with window(browser, "phone" if way == "touch" else "desktop", has_touch=True) as context:
        tab, box = opened(context, address, "both", "chapters/03_bahdanau_attention.html")
        ask_by(way, box, text)
        words = answered(box, 1)
        panel = box.locator(".s2s-panel").nth(1)
        states = panel.locator(".s2s-word:not(.s2s-context) svg").all()
        for picture, state in zip(states, drawn, strict=True):
            np.testing.assert_allclose(lengths_in(picture), state, atol=0.05)
        top = "panel => panel.querySelector('.s2s-target').getBoundingClientRect().top - panel.getBoundingClientRect().top"
        place = panel.evaluate(top)
        for i in (2, 4):
            word, row = (
                panel.locator(each).nth(i) for each in (".s2s-target button", ".s2s-map-written")
            )
            press_by(way, word, row)
            expected = found.weights[i].numpy() @ drawn
            picture = panel.get_by_role("img", name=f"Context c {i + 1}, of “{words[i]}”")
            np.testing.assert_allclose(lengths_in(picture), expected, atol=0.05)
            *rows, last = numbers_in(panel.locator("table").nth(1))
            np.testing.assert_allclose(last, expected, atol=0.0051)
            np.testing.assert_allclose(rows, np.c_[found.weights[i], drawn], atol=0.0051)
            assert panel.evaluate(top) == place, "the words stay where they are"
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert tab.problems == []


def test_a_weight_that_is_moved_moves_the_context(browser, address):
    text = "three hundred and ninety seven"
    memory = memory_of("numbers-luong_dot", text)
    with window(browser) as context:
        tab, box = opened(context, address, "scores", "chapters/04_luong_attention.html")
        ask_by("keyboard", box, text)
        answered(box)
        panel = box.locator(".s2s-panel").first
        panel.get_by_role("slider").nth(3).focus()
        tab.keyboard.press("End")
        np.testing.assert_allclose(
            lengths_in(panel.locator(".s2s-context svg")), memory[3, :8], atol=0.05
        )
        assert tab.problems == []
