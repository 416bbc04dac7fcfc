"""The figure of Bahdanau's model: its steps, captions, numbers, and its look in a browser."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch

from s2s_tutorial.figures.style import COLORS, weight_color
from s2s_tutorial.figures.widgets import bahdanau_trace

SVG = "{http://www.w3.org/2000/svg}"
SRC = ["Stai", "attento", ",", "Thomas"]
OUT = ["Be", "careful", ",", "Thomas", "<eos>"]
RNG = np.random.default_rng(0)
MEMORY, STATES = RNG.uniform(-1, 1, (4, 14)), RNG.uniform(-1, 1, (6, 7))
WEIGHTS = RNG.dirichlet([0.5] * 4, 5)


def guesses(words):
    return [[("other", 0.25), (word, 0.5), ("third", 0.125)] for word in words]


def trace(src=SRC, tgt=OUT, **changes):
    options = {"memory": MEMORY, "decoder_states": STATES, "weights": WEIGHTS}
    options["probabilities"] = guesses(OUT)
    return bahdanau_trace(src, tgt, **{**options, **changes})


def groups(figure, compact=False):
    """The drawing's steps: number -> (words, the elements)."""
    root = ET.fromstring(figure.svg(compact=compact))
    return {
        int(g.get("data-step")): (["".join(t.itertext()) for t in g.iter(f"{SVG}text")], g)
        for g in root.iter(f"{SVG}g")
    }


def bars_of(group, color):
    paths = [p.get("d") for p in group.iter(f"{SVG}path") if p.get("fill") == COLORS[color]]
    return [[float(h) for h in re.findall(r"h(-?[\d.]+)", d)] for d in paths]


@pytest.mark.parametrize("compact", [False, True])
def test_four_steps_before_the_first_token_and_three_for_each_written(compact):
    figure = trace()
    assert figure.steps == 4 + 3 * 5
    assert sorted(groups(figure, compact)) == list(range(1, 20))


def test_captions_follow_the_order_ask_answer_renew():
    captions = trace().captions
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
    assert f"The largest: “{SRC[most]}” {WEIGHTS[0, most]:.2f}" in trace().captions[5]


@pytest.mark.parametrize("compact", [False, True])
def test_the_rows_are_the_alignment_matrix(compact):
    steps = groups(trace(), compact)
    for i, row in enumerate(WEIGHTS):
        words, group = steps[5 + 3 * i]
        assert words == [f"{weight:.2f}".removeprefix("0") for weight in row]
        cells = [rect.get("fill") for rect in group.iter(f"{SVG}rect")]
        assert cells == [weight_color(weight) for weight in row]


def test_bars_are_the_real_numbers_and_contexts_the_weighted_mean():
    steps = groups(trace())
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
    wide, compact = (groups(trace(), small) for small in (False, True))
    dashed = [k for k, (_, g) in wide.items() if any(p.get("stroke-dasharray") for p in g.iter())]
    assert dashed == [10, 13, 16, 19]
    assert "other" in wide[7][0] and "other" not in compact[7][0]
    assert "other" not in groups(trace(probabilities=None))[7][0]


def test_tensors_white_space_one_token_and_a_missing_eos():
    figure = bahdanau_trace([" "], [], torch.zeros(1, 2), torch.zeros(2, 1), torch.ones(1, 1))
    assert figure.steps == 7
    assert "␣" in groups(figure)[1][0] and "<eos>" in groups(figure)[7][0]


def test_tokens_are_escaped():
    figure = trace(src=["<script>", "a&b", "c", "d"])
    assert figure._repr_html_().count("<script>") == 1  # the figure's own


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"src": "Stai attento"}, TypeError, "split it into tokens"),
        ({"memory": MEMORY[:3]}, ValueError, "4 tokens, but there are 3 rows of memory"),
        ({"memory": MEMORY[:, :13]}, ValueError, "bidirectional=True"),
        ({"memory": MEMORY * 3}, ValueError, r"must lie in \[-1, 1\]"),
        ({"decoder_states": STATES[:4]}, ValueError, "5 tokens, but there are 3 rows"),
        ({"weights": WEIGHTS.T}, ValueError, r"shape \(5, 4\)"),
        ({"weights": WEIGHTS * 9}, ValueError, "before the softmax"),
        ({"weights": WEIGHTS * np.nan}, ValueError, "between 0 and 1"),
        ({"probabilities": guesses(SRC)}, ValueError, "4 distributions, but 5 tokens"),
        ({"units": 1}, ValueError, "units must be 2 or more"),
    ],
)
def test_what_does_not_fit_is_explained(changes, error, message):
    with pytest.raises(error, match=message):
        trace(**changes)


@pytest.mark.parametrize("compact", [False, True])
def test_text_is_large_enough_where_the_drawing_is_shown(compact):
    width = float(ET.fromstring(trace().svg(compact=compact)).get("viewBox").split()[2])
    assert 13 * min(1, (340 if compact else 700) / width) >= 10.9
