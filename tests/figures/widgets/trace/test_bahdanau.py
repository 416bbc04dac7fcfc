"""The figure of Bahdanau's model: its steps, captions, numbers, and its look in a browser."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from figure_pages import SVG, bars_of, dashed, groups
from traces import MEMORY, SRC, STATES, WEIGHTS, bahdanau

from s2s_tutorial.figures.style import weight_color
from s2s_tutorial.figures.widgets import bahdanau_trace


@pytest.mark.parametrize("compact", [False, True])
def test_four_steps_before_the_first_token_and_three_for_each_written(compact):
    figure = bahdanau()
    assert figure.steps == 4 + 3 * 5
    assert sorted(groups(figure, compact)) == list(range(1, 20))


def test_captions_follow_the_order_ask_answer_renew():
    captions = bahdanau().captions
    assert "left to right" in captions[1] and "7 numbers each" in captions[1]
    assert "right to left" in captions[2] and "14 numbers" in captions[3]
    assert "s₀ = tanh" in captions[4]
    assert captions[5].startswith("s₀ asks") and "α₁" in captions[5]
    assert "c₁ is the mean" in captions[6]
    assert "s₁ = f(s₀, y₀, c₁) with y₀ = <bos>" in captions[7] and "Be 0.50" in captions[7]
    assert captions[8].startswith("s₁ asks") and "c₂" in captions[9]
    assert "with y₁ = “Be”" in captions[10]
    assert "stops" in captions[-1]


def test_the_largest_weights_are_named():
    most = int(WEIGHTS[0].argmax())
    assert f"The largest: “{SRC[most]}” {WEIGHTS[0, most]:.2f}" in bahdanau().captions[5]


@pytest.mark.parametrize("compact", [False, True])
def test_the_rows_are_the_alignment_matrix(compact):
    steps = groups(bahdanau(), compact)
    for i, row in enumerate(WEIGHTS):
        words, group = steps[5 + 3 * i]
        assert words == [f"{weight:.2f}".removeprefix("0") for weight in row]
        cells = [rect.get("fill") for rect in group.iter(f"{SVG}rect")]
        assert cells == [weight_color(weight) for weight in row]


def test_bars_are_the_real_numbers_and_contexts_the_weighted_mean():
    steps = groups(bahdanau())
    drawn = np.array(bars_of(steps[1][1], "encoder")) / 16
    np.testing.assert_allclose(drawn, MEMORY[:, :4], atol=0.04)
    drawn = np.array(bars_of(steps[2][1], "encoder")) / 16
    np.testing.assert_allclose(drawn, MEMORY[:, 7:11], atol=0.04)
    (drawn,) = np.array(bars_of(steps[7][1], "decoder")) / 16
    np.testing.assert_allclose(drawn, STATES[1], atol=0.04)
    kept = [0, 1, 2, 3, 7, 8, 9, 10]
    for i in range(5):
        (drawn,) = np.array(bars_of(steps[6 + 3 * i][1], "context")) / 14
        np.testing.assert_allclose(drawn, (WEIGHTS[i] @ MEMORY)[kept], atol=0.05)


def test_what_was_written_is_fed_back_dashed_and_distributions_are_for_large_screens():
    wide, compact = (groups(bahdanau(), small) for small in (False, True))
    assert dashed(wide) == [10, 13, 16, 19]
    assert "other" in wide[7][0] and "other" not in compact[7][0]
    assert "other" not in groups(bahdanau(probabilities=None))[7][0]


def test_tensors_white_space_one_token_and_a_missing_eos():
    figure = bahdanau_trace([" "], [], torch.zeros(1, 2), torch.zeros(2, 1), torch.ones(1, 1))
    assert figure.steps == 7
    assert "␣" in groups(figure)[1][0] and "<eos>" in groups(figure)[7][0]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"memory": MEMORY[:, :13]}, ValueError, "bidirectional=True"),
        ({"memory": MEMORY * 3}, ValueError, r"between -1 and 1"),
        ({"units": 1}, ValueError, "units must be 2 or more"),
    ],
)
def test_what_does_not_fit_is_explained(changes, error, message):
    with pytest.raises(error, match=message):
        bahdanau(**changes)
