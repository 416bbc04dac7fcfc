"""Plots: what is drawn where, the axes given are the axes used, and wrong input is explained."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.collections import PatchCollection

from s2s_tutorial.figures import plotting
from s2s_tutorial.figures.plotting import (
    mean_interval,
    plot_attention,
    plot_history,
    plot_padding,
    plot_seeds,
    plot_states,
    plot_with_interval,
)

SRC = ["Stai", "attento", ",", "Thomas", "<eos>"]
TGT = ["Be", "careful", "<eos>"]
WEIGHTS = np.array([[1, 0, 0, 0, 0], [0.25, 0.5, 0.25, 0, 0], [0, 0, 0, 0.125, 0.875]])


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def labels(ticks):
    return [tick.get_text() for tick in ticks]


def history(**changes):
    lists = {"batch_loss": [3.0, 2.0, 1.0], "evaluated_at": [2, 3], "valid_loss": [2.5, 1.5]}
    return SimpleNamespace(**{**lists, **changes})


CALLS = {
    plot_attention: (WEIGHTS, SRC, TGT),
    plot_history: (history(),),
    plot_padding: ([["a", "b"], ["c"]],),
    plot_seeds: ([1, 2], [[0.1, 0.2], [0.3, 0.4]]),
    plot_states: ([[0.1, -0.2], [0.3, 0.4]], ["a", "b"]),
    plot_with_interval: ([1, 2], [[0.1, 0.2], [0.3, 0.4]]),
}


def test_every_plot_is_tried_here():
    plots = {getattr(plotting, name) for name in plotting.__all__ if name.startswith("plot_")}
    assert plots == set(CALLS)


@pytest.mark.parametrize("plot", CALLS, ids=lambda plot: plot.__name__)
def test_plots_draw_into_the_axes_they_get_and_return_them(plot):
    _, (left, right) = plt.subplots(1, 2)
    assert inspect.signature(plot).parameters["ax"].default is None
    assert plot(*CALLS[plot], ax=right) is right
    assert right.has_data() and not left.has_data()
    assert plot(*CALLS[plot]) not in (left, right)


def test_attention_shows_source_across_on_top_and_target_down():
    ax = plot_attention(WEIGHTS, SRC, TGT)
    assert labels(ax.get_xticklabels()) == SRC
    assert labels(ax.get_yticklabels()) == TGT
    assert ax.xaxis.get_label_position() == "top" and ax.yaxis.get_inverted()
    (image,) = ax.images
    assert image.get_clim() == (0.0, 1.0)
    np.testing.assert_array_equal(image.get_array(), WEIGHTS)


def test_attention_writes_small_numbers_and_scales_large_grids():
    ax = plot_attention(WEIGHTS, SRC, TGT)
    written = [text.get_text() for text in ax.texts]
    assert written == "1 0 0 0 0 .25 .50 .25 0 0 0 0 0 .12 .88".split()
    assert not ax.child_axes
    large = plot_attention(np.full((9, 9), 1 / 9), list("abcdefghi"), list("abcdefghi"))
    assert not large.texts and len(large.child_axes) == 1


def test_attention_takes_tensors_with_gradients_and_in_half_precision():
    weights = torch.tensor(WEIGHTS, dtype=torch.bfloat16, requires_grad=True)
    np.testing.assert_array_equal(plot_attention(weights, SRC, TGT).images[0].get_array(), WEIGHTS)


@pytest.mark.parametrize(
    ("weights", "src", "tgt", "error", "message"),
    [
        (WEIGHTS.T, SRC, TGT, ValueError, r"src_tokens has 5 tokens, but there are 3 columns"),
        (WEIGHTS, SRC, TGT[:2], ValueError, r"tgt_tokens has 2 tokens, but there are 3 rows"),
        (WEIGHTS[0], SRC, TGT, ValueError, r"\(tgt_len, src_len\), but its shape is \(5,\)"),
        (WEIGHTS * 3 - 1, SRC, TGT, ValueError, "before the softmax"),
        (np.full((3, 5), np.nan), SRC, TGT, ValueError, "between 0 and 1"),
        (WEIGHTS, "Stai attento", TGT, TypeError, "split it into tokens"),
        (WEIGHTS, [4, 5, 6, 7, 3], TGT, TypeError, "decode ids"),
        ([["a", "b"]], ["x", "y"], ["z"], TypeError, "must be numbers"),
        (np.zeros((0, 5)), SRC, [], ValueError, "empty"),
    ],
)
def test_attention_explains_what_does_not_fit(weights, src, tgt, error, message):
    with pytest.raises(error, match=message):
        plot_attention(weights, src, tgt)


def test_history_plots_losses_against_updates():
    ax = plot_history(history(), smooth=2)
    single, running, valid = ax.lines
    np.testing.assert_array_equal(single.get_xydata(), [[1, 3], [2, 2], [3, 1]])
    np.testing.assert_allclose(running.get_xydata(), [[1, 3], [2, 2.5], [3, 1.5]])
    np.testing.assert_array_equal(valid.get_xydata(), [[2, 2.5], [3, 1.5]])
    assert ax.get_xlabel() == "updates" and "nats" in ax.get_ylabel()
    assert labels(ax.get_legend().get_texts()) == ["training", "validation"]


def test_history_without_validation_and_bad_histories():
    assert len(plot_history(history(evaluated_at=[], valid_loss=[])).lines) == 2
    with pytest.raises(ValueError, match="no update"):
        plot_history(history(batch_loss=[]))
    with pytest.raises(ValueError, match="1 evaluation steps but 2 losses"):
        plot_history(history(evaluated_at=[3]))
    with pytest.raises(TypeError, match="no batch_loss"):
        plot_history([1.0, 2.0])


def test_history_takes_what_training_returns():
    from s2s_tutorial.training.history import History

    course = History()
    course.add_update(2.0, 1.0, 10, learning_rate=1e-3)
    course.add_evaluation(SimpleNamespace(loss=1.5, token_accuracy=0.5), 0.1)
    assert plot_history(course).lines[-1].get_xydata().tolist() == [[1.0, 1.5]]


def cells(ax):
    """Centres of the cells drawn as real and as padding, as (row, column)."""
    grids = []
    for collection in ax.collections:
        assert isinstance(collection, PatchCollection)
        boxes = [path.get_extents() for path in collection.get_paths()]
        grids.append({(round((b.y0 + b.y1) / 2), round((b.x0 + b.x1) / 2)) for b in boxes})
    return grids


@pytest.mark.parametrize(
    "rows",
    [
        [["Ciao"], ["Stai", "attento", "!"]],
        [["Ciao", "<pad>", "<pad>"], ["Stai", "attento", "!"]],
        np.array([[True, False, False], [True, True, True]]),
        torch.tensor([[True, False, False], [True, True, True]]),
    ],
    ids=["ragged", "padded", "array", "tensor"],
)
def test_padding_tells_real_cells_from_padding(rows):
    ax = plot_padding(rows)
    real, padding = cells(ax)
    assert real == {(0, 0), (1, 0), (1, 1), (1, 2)}
    assert padding == {(0, 1), (0, 2)}
    assert ax.collections[1].get_hatch()
    assert ax.get_title() == "2 of 6 cells are padding (33%)"


def test_padding_writes_tokens_where_they_fit():
    texts = [text.get_text() for text in plot_padding([["Ciao"], ["Stai", "attento", "!"]]).texts]
    assert texts == ["Ciao", "Stai", "attento", "!"]
    assert not plot_padding([["a"] * 40]).texts


def test_padding_refuses_strings_and_nothing():
    with pytest.raises(TypeError, match="row 1 must be a list of tokens"):
        plot_padding([["a"], "b c"])
    for nothing in ([], [[]], [["<pad>"]], np.zeros((2, 3), dtype=bool)):
        with pytest.raises(ValueError, match="no real token|empty"):
            plot_padding(nothing)


def student_t_cdf(t, df):
    """By integrating the density, Simpson's rule."""
    from math import lgamma, pi

    x = np.linspace(0, t, 20001)
    log_scale = lgamma((df + 1) / 2) - lgamma(df / 2) - 0.5 * np.log(df * pi)
    density = np.exp(log_scale - (df + 1) / 2 * np.log1p(x**2 / df))
    simpson = np.ones_like(x)
    simpson[1:-1:2], simpson[2:-1:2] = 4, 2
    return 0.5 + (density * simpson).sum() * (x[1] - x[0]) / 3


@pytest.mark.parametrize("seeds", [2, 3, 5, 11, 12, 13, 31, 101])
def test_interval_is_students_t_of_the_standard_error(seeds):
    runs = np.random.default_rng(seeds).normal(size=(seeds, 2))
    mean, half = mean_interval(runs)
    np.testing.assert_allclose(mean, runs.mean(0))
    t = half / (runs.std(0, ddof=1) / np.sqrt(seeds))
    assert student_t_cdf(t[0], seeds - 1) == pytest.approx(0.975, abs=2e-5)
    assert t[0] == pytest.approx(t[1])


def test_plot_with_interval_draws_mean_and_band():
    ax = plot_with_interval([2, 4], [[0.0, 0.4], [0.2, 0.6]], "GRU", bounds=(0, 1), color="#0072B2")
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[2, 0.1], [4, 0.5]])
    (band,) = ax.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.min() == 0.0 and heights.max() == 1.0  # t with one degree of freedom: very wide
    assert labels(ax.get_legend().get_texts()) == ["GRU"]


def test_plot_with_interval_in_logarithms_is_a_geometric_mean():
    ax = plot_with_interval([1, 2], [[1e-1, 1e-4], [1e-3, 1e-8]], log=True)
    assert ax.get_yscale() == "log"
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1e-2, 1e-6])


def test_one_seed_gets_no_band():
    assert not plot_with_interval([1, 2], [[0.5, 0.6]]).collections


@pytest.mark.parametrize(
    ("x", "runs", "options", "error", "message"),
    [
        ([1, 2, 3], [[0.1, 0.2]], {}, ValueError, r"n_x = 3 .* its shape is \(1, 2\)"),
        ([1, 2], [0.1, 0.2], {}, ValueError, r"\(n_seeds, n_x\)"),
        ([1, 2], [[0.1, 0.2], [0.3]], {}, TypeError, "must be numbers"),
        ([1, 2], [[0.1, 0.0]], {"log": True}, ValueError, "positive"),
    ],
)
def test_plot_with_interval_explains_what_does_not_fit(x, runs, options, error, message):
    with pytest.raises(error, match=message):
        plot_with_interval(x, runs, **options)


def test_no_weights_at_all_is_explained():
    with pytest.raises(TypeError, match="not None; a model without attention has no weights"):
        plot_attention(None, SRC, TGT)


def test_plot_states_draws_a_bar_a_number_of_each_state():
    states = np.linspace(-1, 1, 30).reshape(3, 10)
    ax = plot_states(states, ["il", "gatto", "nero"], units=4, color="decoder")
    assert [len(bars.get_paths()) for bars in ax.collections] == [4, 4, 4]
    assert labels(ax.texts) == ["il", "gatto", "nero"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"states": [[2.0]]}, "states must lie between -1 and 1"),
        ({"tokens": ["a", "b"]}, "tokens has 2 tokens, but there are 1 rows of states"),
        ({"units": 0}, "units must be 1 or more"),
        ({"color": "blue"}, "color must be one of encoder, decoder"),
    ],
)
def test_plot_states_says_what_it_cannot_draw(changes, says):
    with pytest.raises(ValueError, match=says):
        plot_states(**{"states": [[0.5]], "tokens": ["a"], **changes})
