"""The figure of a stack of layers: its steps, captions, numbers, and its arrows."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from figure_pages import bars_of, dashed, groups, lines
from traces import PAIRS, SRC, WEIGHTS, stacked

from s2s_tutorial.figures.widgets import stacked_lstm_trace

READ, WROTE = PAIRS


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_step_for_each_layer_at_each_position_one_across_and_one_for_each_word(layers, compact):
    states = [tuple(np.zeros((layers, n, 7)) for _ in "hc") for n in (4, 5)]
    figure = stacked(encoder_states=states[0], decoder_states=states[1])
    assert figure.steps == 4 * layers + 1 + 5 * (layers + 1)
    assert sorted(groups(figure, compact)) == list(range(1, figure.steps + 1))


@pytest.mark.parametrize("compact", [False, True])
def test_bars_are_the_hidden_state_and_tanh_of_the_cell(compact):
    steps = groups(stacked(units=3), compact)
    for side, states, first, apart in (("encoder", READ, 1, 2), ("decoder", WROTE, 10, 3)):
        for t in range(states[0].shape[1]):
            for layer in (0, 1):
                drawn = np.array(bars_of(steps[first + apart * t + layer][1], side)) / 16
                h, c = (half[layer, t, :3] for half in states)
                np.testing.assert_allclose(drawn, [h, np.tanh(c)], atol=0.04)


def test_layer_1_reads_tokens_and_layer_2_what_layer_1_made():
    steps = groups(stacked())
    assert steps[1][0] == ["x1", "Stai"] and steps[2][0] == []
    assert steps[3][0] == ["x2", "attento"]
    assert steps[10][0] == ["y0", "<bos>"] and steps[13][0] == ["y1", "Be"]
    at_the_start, later = lines(steps[1][1]), lines(steps[3][1])
    assert (len(at_the_start), len(later)) == (1, 3)  # from below; and h and c from the left


def test_every_layers_pair_crosses_to_the_layer_of_its_own():
    wide, compact = (lines(groups(stacked(), small)[9][1]) for small in (False, True))
    assert (len(wide), len(compact)) == (4, 2)  # h and c of each layer; the pair as one
    ends = [[float(n) for n in re.findall(r"-?[\d.]+", d)] for d in wide]
    assert all(start[1] == start[-1] for start in ends)  # straight across


def test_captions_say_what_each_layer_takes():
    captions = stacked().captions
    assert "“Stai”" in captions[1] and "7 numbers each; the figure draws the first 6" in captions[1]
    assert "in place of an embedding" in captions[2] and "memory" not in captions[2]
    assert "from position 1" in captions[3] and "memory" in captions[4]
    assert "2 × 2 × 7 = 28 numbers cross" in captions[9] and "memory" in captions[9]
    assert "y₀ = <bos>" in captions[10] and "starts from the encoder’s layer 1" in captions[10]
    assert "what the encoder’s same layer left" in captions[11]
    assert "Be 0.50" in captions[12] and "Written is y₁ = “Be”" in captions[12]
    assert "y₁ = “Be”" in captions[13] and "of step 1" in captions[14]
    assert "stops" in captions[-1]


def test_the_largest_weights_are_listed_and_named():
    figure = stacked()
    best = [SRC[j] for j in np.argsort(-WEIGHTS[0])[:2]]
    assert groups(figure)[12][0][:2] == best
    assert f"“{best[0]}” {WEIGHTS[0].max():.2f}, “{best[1]}”" in figure.captions[12]


def test_without_attention_there_is_no_memory_and_no_list():
    figure = stacked(weights=None, probabilities=None)
    assert not any("memory" in caption for caption in figure.captions)
    assert groups(figure)[12][0] == ["Be", "y1"]


def test_what_was_written_is_fed_back_dashed_and_distributions_are_for_large_screens():
    wide, compact = (groups(stacked(), small) for small in (False, True))
    assert dashed(wide) == [13, 16, 19, 22]
    assert "other" in wide[12][0] and "other" not in compact[12][0]


def test_tensors_white_space_one_token_and_a_missing_eos():
    one = torch.zeros(1, 1, 2)
    figure = stacked_lstm_trace([" "], [], (one, one), (one, one), torch.ones(1, 1))
    assert figure.steps == 4
    assert "␣" in groups(figure)[1][0] and "<eos>" in groups(figure)[4][0]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"encoder_states": READ[0]}, TypeError, r"the pair \(h, c\) of an LSTM"),
        ({"encoder_states": (READ[0] * 3, READ[1])}, ValueError, r"between -1 and 1"),
        ({"encoder_states": (READ[0], READ[1][:1])}, ValueError, "must be alike"),
        ({"decoder_states": (WROTE[0][:1], WROTE[1][:1])}, ValueError, "2 layers of 7 numbers"),
        ({"units": 0}, ValueError, "units must be 1 or more"),
    ],
)
def test_what_does_not_fit_is_explained(changes, error, message):
    with pytest.raises(error, match=message):
        stacked(**changes)
