"""The encoder-decoder figure: its steps, captions and numbers, and its script in a browser."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from other_process import printed

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets import encoder_decoder_trace

SVG = "{http://www.w3.org/2000/svg}"
SRC = ["Stai", "attento", ",", "Thomas"]
TGT = ["Be", "careful", ",", "Thomas"]


def states(rows, hidden=12, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (rows, hidden))


def guesses(words):
    return [[("other", 0.25), (word, 0.5), ("third", 0.125), ("fourth", 0.0625)] for word in words]


def trace(src=SRC, tgt=TGT, **changes):
    options = {
        "encoder_states": states(len(src)),
        "decoder_states": states(len(tgt) + 1, seed=1),
        "probabilities": guesses([*tgt, "<eos>"]),
    }
    return encoder_decoder_trace(src, tgt, **{**options, **changes})


def groups(figure, compact=False):
    """The drawing's steps: number -> (words, the elements)."""
    root = ET.fromstring(figure.svg(compact=compact))
    return {
        int(g.get("data-step")): (["".join(t.itertext()) for t in g.iter(f"{SVG}text")], g)
        for g in root.iter(f"{SVG}g")
    }


def test_one_step_a_token_read_one_for_the_context_two_a_token_written():
    figure = trace()
    assert figure.steps == len(SRC) + 1 + 2 * (len(TGT) + 1)
    for compact in (False, True):
        assert sorted(groups(figure, compact)) == list(range(1, figure.steps + 1))


def test_captions_name_the_symbols_of_the_equations():
    captions = trace().captions
    assert "h₁ = f(x₁, h₀)" in captions[1] and "“Stai”" in captions[1]
    assert "h₂ = f(x₂, h₁)" in captions[2]
    assert "12 numbers" in captions[1] and "first 8" in captions[1]
    assert captions[5].startswith("c = h₄") and "bottleneck" in captions[5]
    assert "s₀ = c" in captions[6] and "s₁ = f(y₀, s₀)" in captions[6] and "<bos>" in captions[6]
    assert "Be 0.50, other 0.25, third 0.12" in captions[7] and "y₁ = “Be”" in captions[7]
    assert "s₂ = f(y₁, s₁)" in captions[8]
    assert "stops" in captions[-1] and "<eos>" in captions[-1]


@pytest.mark.parametrize("compact", [False, True])
def test_drawing_shows_tokens_states_and_the_three_best_guesses(compact):
    steps = groups(trace(), compact)
    assert steps[2][0] == ["x2", "attento", "h2"]
    assert steps[5][0] == ["c = h4", "12 numbers"]
    assert steps[8][0] == ["y1", "Be", "s2"]
    assert steps[9][0] == ["careful", "other", "third", "careful", "y2"]
    dashed = [k for k, (_, g) in steps.items() if any(p.get("stroke-dasharray") for p in g.iter())]
    assert dashed == [8, 10, 12, 14]  # what was written is fed back, the first input is not


def bars_of(group, color):
    (path,) = (p for p in group.iter(f"{SVG}path") if p.get("fill") == COLORS[color])
    return [float(h) for h in re.findall(r"h(-?[\d.]+)", path.get("d"))]


def test_bars_are_the_real_numbers_and_the_context_is_the_last_state():
    encoder = states(4)
    steps = groups(trace(encoder_states=encoder))
    for j in range(4):
        drawn = np.array(bars_of(steps[j + 1][1], "encoder"))
        np.testing.assert_allclose(drawn / 16, encoder[j, :8], atol=0.04)  # 16 units long is 1
    last, context = bars_of(steps[4][1], "encoder"), bars_of(steps[5][1], "context")
    np.testing.assert_allclose(np.array(context) / 14, np.array(last) / 16, atol=0.02)


def test_eos_may_be_given_or_be_missing():
    same = trace(
        tgt=[*TGT, "<eos>"],
        decoder_states=states(5, seed=1),
        probabilities=guesses([*TGT, "<eos>"]),
    )
    assert same._repr_html_() == trace()._repr_html_()
    cut_off = trace(decoder_states=states(4, seed=1), probabilities=None)
    assert cut_off.steps == 4 + 1 + 8
    assert "stops" not in cut_off.captions[-1] and "<eos>" not in cut_off.captions[0]


def test_tensors_and_single_tokens_and_white_space_are_drawn():
    figure = encoder_decoder_trace([" "], ["b"], torch.tensor(states(1)), torch.tensor(states(2)))
    assert figure.steps == 1 + 1 + 4
    assert "␣" in groups(figure)[1][0]
    assert "stay behind" not in figure.captions[2]


def test_tokens_are_escaped():
    figure = trace(src=["<script>", "a&b"], encoder_states=states(2))
    assert figure._repr_html_().count("<script>") == 1  # the figure's own
    assert "<script>" in groups(figure)[1][0]


def test_a_word_that_is_not_the_most_probable_is_not_called_so():
    figure = trace(probabilities=[[("Mind", 0.9), (word, 0.1)] for word in [*TGT, "<eos>"]])
    assert "Mind 0.90" in figure.captions[7] and "most probable" not in figure.captions[7]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"src": "Stai attento"}, TypeError, "split it into tokens"),
        ({"encoder_states": states(3)}, ValueError, "4 tokens, but there are 3 rows of encoder"),
        ({"decoder_states": states(7)}, ValueError, "4 tokens, but there are 7 rows of decoder"),
        ({"encoder_states": states(4) * 3}, ValueError, r"must lie in \[-1, 1\]"),
        ({"encoder_states": states(4) * np.nan}, ValueError, r"must lie in \[-1, 1\]"),
        ({"encoder_states": states(4)[0]}, ValueError, r"\(tokens, hidden\)"),
        ({"probabilities": guesses(TGT)}, ValueError, "4 distributions, but 5 tokens"),
        ({"probabilities": [[("a", 1.5)]] * 5}, ValueError, r"p in \[0, 1\]"),
        ({"probabilities": [[]] * 5}, ValueError, "one or more"),
        ({"units": 0}, ValueError, "units must be 1 or more"),
    ],
)
def test_what_does_not_fit_is_explained(changes, error, message):
    with pytest.raises(error, match=message):
        if "src" in changes:
            trace(**{"encoder_states": states(4), **changes})
        else:
            trace(**changes)


@pytest.mark.slow
def test_html_is_the_same_in_every_process():
    program = "from test_figure import trace; print(trace()._repr_html_(), trace()._still(3))"
    assert printed(__file__, program) == f"{trace()._repr_html_()} {trace()._still(3)}"


@pytest.fixture
def page(browser, tmp_path):
    """A page with two figures, opened 800 pixels wide; errors in it fail the test."""
    body = trace()._repr_html_() + trace(title="Another")._repr_html_() + trace()._repr_html_()
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><body>{body}</body>", encoding="utf-8")
    opened = browser.new_page(viewport={"width": 1000, "height": 900})
    errors = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(file.as_uri())
    yield opened
    assert not errors
    opened.close()


def caption(page, figure=0):
    return page.locator(".s2s-step-caption").nth(figure).inner_text()


def visible(page, figure=0):
    """Steps fully visible in the drawing that shows."""
    return page.evaluate(
        """n => [...document.querySelectorAll('.s2s-figure')[n].querySelectorAll('[data-step]')]
        .filter(part => part.getClientRects().length && !part.classList.contains('s2s-later'))
        .map(part => Number(part.dataset.step))""",
        figure,
    )


def test_buttons_keys_and_slider_step_one_figure_alone(page):
    captions = trace().captions
    assert caption(page) == captions[0] and visible(page) == list(range(1, 16))
    page.locator(".s2s-step-next").first.click()
    page.locator(".s2s-step-next").first.press("ArrowRight")
    assert caption(page) == captions[2] and visible(page) == [1, 2]
    page.locator(".s2s-step-range").first.press("End")
    assert caption(page) == captions[15] and page.locator(".s2s-step-next").first.is_disabled()
    page.locator(".s2s-step-range").first.fill("5")
    assert caption(page) == captions[5]
    page.locator(".s2s-step-prev").first.click()
    page.locator(".s2s-scroll").first.press("ArrowLeft")
    assert caption(page) == captions[3]
    for other in (1, 2):  # the third has the same content, and so the same id
        assert caption(page, other) == captions[0] and visible(page, other) == list(range(1, 16))


def test_playing_goes_on_by_itself_until_paused(browser, page):
    page.clock.install()
    play = page.locator(".s2s-step-play").first
    play.click()
    assert caption(page) == trace().captions[1] and play.get_attribute("aria-label") == "Pause"
    page.clock.run_for(8100)
    assert caption(page) == trace().captions[3]
    play.click()
    page.clock.run_for(60000)
    assert caption(page) == trace().captions[3] and play.get_attribute("aria-label") == "Play"


@pytest.mark.parametrize("width", [360, 1000])
def test_figures_fit_the_screen_and_text_is_readable(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    shown = page.evaluate(
        """() => [...document.querySelectorAll('.s2s-live svg')]
        .filter(drawing => drawing.getClientRects().length).map(drawing => {
          const box = drawing.getBoundingClientRect(), frame = drawing.parentNode.parentNode;
          return [frame.parentNode.scrollWidth - frame.parentNode.clientWidth,
                  13 * box.width / drawing.viewBox.baseVal.width];
        })"""
    )
    assert len(shown) == 3  # one drawing a figure
    for overflow, font_size in shown:
        assert overflow <= 0 and font_size >= 10.9
