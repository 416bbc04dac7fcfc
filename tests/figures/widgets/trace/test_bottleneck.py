"""The encoder-decoder figure: its steps, captions and numbers, and its script in a browser."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from figure_pages import bars_of, caption, dashed, fits, groups, opened
from other_process import printed
from traces import OUT, READ, WROTE, bottleneck, states

from s2s_tutorial.figures.widgets import encoder_decoder_trace


@pytest.mark.parametrize("compact", [False, True])
def test_one_step_a_token_read_one_for_the_context_two_a_token_written(compact):
    assert sorted(groups(bottleneck(), compact)) == list(range(1, 4 + 1 + 2 * 5 + 1))


def test_captions_name_the_symbols_of_the_equations():
    captions = bottleneck().captions
    assert "h₁ = f(x₁, h₀)" in captions[1] and "“Stai”" in captions[1]
    assert "h₂ = f(x₂, h₁)" in captions[2]
    assert "12 numbers" in captions[1] and "first 8" in captions[1]
    assert captions[5].startswith("c = h₄") and "bottleneck" in captions[5]
    assert "s₀ = c" in captions[6] and "s₁ = f(y₀, s₀)" in captions[6] and "<bos>" in captions[6]
    assert "most probable is written: y₁ = “Be”" in captions[7]
    assert "Be 0.50, other 0.25, third 0.12" in captions[7]
    assert "s₂ = f(y₁, s₁)" in captions[8]
    assert captions[-1].endswith(
        "“end”, and the decoder stops: 4 tokens, all of them out of 12 numbers."
    )


@pytest.mark.parametrize("compact", [False, True])
def test_drawing_shows_tokens_states_and_the_three_best_guesses(compact):
    steps = groups(bottleneck(), compact)
    assert steps[2][0] == ["x2", "attento", "h2"]
    assert steps[5][0] == ["c = h4", "12 numbers"]
    assert steps[8][0] == ["y1", "Be", "s2"]
    assert steps[9][0] == ["careful", "other", "third", "careful", "y2"]
    assert dashed(steps) == [8, 10, 12, 14]  # what was written is fed back, the first input is not


def test_bars_are_the_real_numbers_and_the_context_is_the_last_state():
    steps = groups(bottleneck())
    for j in range(4):
        (drawn,) = np.array(bars_of(steps[j + 1][1], "encoder"))
        np.testing.assert_allclose(drawn / 16, READ[j, :8], atol=0.04)  # 16 units long is 1
    (context,) = np.array(bars_of(steps[5][1], "context"))
    np.testing.assert_allclose(context / 14, READ[3, :8], atol=0.04)


def test_eos_may_be_given_or_be_missing():
    assert bottleneck(tgt=OUT[:4])._repr_html_() == bottleneck()._repr_html_()
    cut_off = bottleneck(tgt=OUT[:4], decoder_states=WROTE[:4], probabilities=None)
    assert cut_off.steps == 4 + 1 + 8
    assert "stops" not in cut_off.captions[-1] and "<eos>" not in cut_off.captions[0]


def test_tensors_and_single_tokens_and_white_space_are_drawn():
    figure = encoder_decoder_trace([" "], ["b"], torch.tensor(states(1, 3)), torch.zeros(2, 3))
    assert figure.steps == 1 + 1 + 4
    assert "␣" in groups(figure)[1][0]
    assert "stay behind" not in figure.captions[2]


def test_a_word_that_is_not_the_most_probable_is_not_called_so():
    figure = bottleneck(probabilities=[[("Mind", 0.9), (word, 0.1)] for word in OUT])
    assert "Mind 0.90" in figure.captions[7] and "most probable" not in figure.captions[7]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"encoder_states": READ[:3]}, "4 tokens, but there are 3 rows of encoder"),
        ({"decoder_states": WROTE[:3]}, "5 tokens, but there are 3 rows of decoder"),
        ({"encoder_states": READ * 3}, "between -1 and 1"),
        ({"encoder_states": READ * np.nan}, "between -1 and 1"),
        ({"encoder_states": READ[0]}, r"\(tokens, hidden\)"),
        ({"probabilities": [[("a", 1.5)]] * 5}, r"p in \[0, 1\]"),
        ({"probabilities": [[]] * 5}, "one or more"),
        ({"units": 0}, "units must be 1 or more"),
    ],
)
def test_what_does_not_fit_is_explained(changes, message):
    with pytest.raises(ValueError, match=message):
        bottleneck(**changes)


def test_html_is_the_same_in_every_process():
    program = "from traces import bottleneck as b; print(b()._repr_html_(), b()._still(3))"
    assert printed(__file__, program) == f"{bottleneck()._repr_html_()} {bottleneck()._still(3)}"


@pytest.fixture
def page(browser, tmp_path):
    figures = bottleneck(), bottleneck(title="Another"), bottleneck()
    with opened(browser, tmp_path, *figures) as page:
        yield page


def visible(page, figure=0):
    """Steps fully visible in the drawing that shows."""
    return page.evaluate(
        """n => [...document.querySelectorAll('.s2s-figure')[n].querySelectorAll('[data-step]')]
        .filter(part => part.getClientRects().length && !part.classList.contains('s2s-later'))
        .map(part => Number(part.dataset.step))""",
        figure,
    )


def test_buttons_keys_and_slider_step_one_figure_alone(page):
    captions = bottleneck().captions
    assert caption(page) == captions[0] and visible(page) == list(range(1, 16))
    page.locator(".s2s-step-next").first.click()
    page.locator(".s2s-step-next").first.press("ArrowRight")
    assert caption(page) == captions[2] and visible(page) == [1, 2]
    slider = page.locator(".s2s-step-range").first
    assert slider.get_attribute("aria-valuetext") == "step 2 of 15"
    slider.press("End")
    assert caption(page) == captions[15] and page.locator(".s2s-step-next").first.is_disabled()
    slider.fill("5")
    assert caption(page) == captions[5]
    page.locator(".s2s-step-prev").first.click()
    page.locator(".s2s-scroll").first.press("ArrowLeft")
    assert caption(page) == captions[3]
    for other in (1, 2):  # the third has the same content, and so the same id
        assert caption(page, other) == captions[0] and visible(page, other) == list(range(1, 16))


def test_playing_goes_on_by_itself_until_paused(page):
    captions = bottleneck().captions
    page.clock.install()
    play = page.locator(".s2s-step-play").first
    play.click()
    assert caption(page) == captions[1] and play.get_attribute("aria-label") == "Pause"
    page.clock.run_for(8100)
    assert caption(page) == captions[3]
    play.click()
    page.clock.run_for(60000)
    assert caption(page) == captions[3] and play.get_attribute("aria-label") == "Play"


@pytest.mark.parametrize("width", [360, 1000])
def test_figures_fit_the_screen_and_text_is_readable(page, width):
    assert fits(page, width)
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
