"""A model of one's own in a notebook's output: the same answers as in Python."""

from __future__ import annotations

from html import escape

import pytest
from playwright.sync_api import expect
from web_models import translator_of

import s2s_tutorial as s2s


def test_the_output_of_a_cell_answers_by_itself(browser):
    translator = translator_of("bahdanau")
    parts = translator.model, translator.src_vocab, translator.tgt_vocab
    text = "word1 word5 word2"
    shown = s2s.explore(*parts, text=text, weights="float32")._repr_html_()
    page = browser.new_page()
    problems, asked = [], []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(f"<!doctype html><html><body>{shown}</body></html>")
    page.locator(".s2s-ready").get_by_role("button", name="Ask").click()
    words = page.locator(".s2s-target button")
    words.first.wait_for()
    expected = translator(text, beam_size=1, max_length=20)
    assert words.all_text_contents()[: len(expected.tokens)] == expected.tokens
    assert problems == [] and asked == []
    page.close()


@pytest.mark.parametrize("allowed", ["allow-scripts", "allow-scripts allow-same-origin"])
def test_it_answers_in_a_frame_that_may_do_little_else(browser, allowed):
    """As in outputs of Colab and VS Code: no form is sent, nothing is kept, no address is seen."""
    translator = translator_of("bahdanau")
    parts = translator.model, translator.src_vocab, translator.tgt_vocab
    shown = s2s.explore(*parts, text="word1 word5", weights="float32")._repr_html_()
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.set_content(f'<iframe sandbox="{allowed}" srcdoc="{escape(shown)}"></iframe>')
    box = page.frame_locator("iframe").locator(".s2s-ready")
    field, words = box.locator("input[type=text]"), box.locator(".s2s-target button")

    def answers(text):
        expect(box.locator(".s2s-status")).to_contain_text(f"{len(text.split())} tokens")
        tokens = translator(text, beam_size=1, max_length=20).tokens
        assert words.all_text_contents()[: len(tokens)] == tokens

    box.get_by_role("button", name="Ask").click()
    answers("word1 word5")
    field.fill("word5 word2 word3")
    field.press("Enter")
    answers("word5 word2 word3")
    assert box.get_by_role("button", name="Link to this").count() == 0
    assert problems == []
    page.close()


def test_a_token_cannot_end_the_script(browser):
    vocab = s2s.Vocabulary(["</script><script>document.title = 'BROKEN'</script>", "a"])
    model = s2s.build_model("gru", 6, 6, embedding_size=4, hidden_size=4)
    page = browser.new_page()
    page.set_content(s2s.explore(model, vocab, vocab, text="a")._repr_html_())
    page.locator(".s2s-ready").wait_for()
    assert page.title() == ""
    page.close()


def test_what_is_too_large_for_an_output_is_refused():
    vocab = s2s.Vocabulary(map(str, range(60_000)))
    model = s2s.build_model("gru", len(vocab), len(vocab), embedding_size=96, hidden_size=32)
    with pytest.raises(ValueError, match="too many for an output of a notebook"):
        s2s.explore(model, vocab, vocab)
