"""Numbers of every kind come out as Python's own, and what is no number is told so."""

import numpy as np
import pytest
import torch

from s2s_tutorial.base.value_checks import (
    check_count,
    check_flag,
    check_name,
    check_number,
    check_probability,
    check_whole,
)
from s2s_tutorial.models.presets import list_presets


@pytest.mark.parametrize("value", [7, np.int64(7), np.uint8(7)])
def test_whole_numbers_become_ints(value):
    assert check_whole("n", value, at_least=7, at_most=7) == 7
    assert type(check_whole("n", value)) is type(check_count("n", value)) is int


@pytest.mark.parametrize("value", [2, 2.0, np.int64(2), np.float32(2), np.float64(2)])
def test_numbers_become_floats(value):
    assert check_number("x", value) == 2 and type(check_number("x", value)) is float


@pytest.mark.parametrize("value", [0, 0.25, np.float32(0.25)])
def test_probabilities_become_floats(value):
    assert check_probability("p", value) == value and type(check_probability("p", value)) is float


@pytest.mark.parametrize("value", [True, np.True_, "7", None, 7.0, np.float64(7), torch.tensor(7)])
def test_what_is_no_whole_number_is_told(value):
    with pytest.raises(TypeError, match="n must be a whole number, not "):
        check_whole("n", value)


@pytest.mark.parametrize("value", [True, np.True_, "7", None, 1j, [0.5]])
def test_what_is_no_number_is_told(value):
    with pytest.raises(TypeError, match="x must be a number, not "):
        check_number("x", value)
    with pytest.raises(TypeError, match=r"p must be a probability, a number in \[0, 1\), not "):
        check_probability("p", value)


def test_bounds():
    with pytest.raises(ValueError, match="n must be at least 3, not 2"):
        check_whole("n", 2, at_least=3)
    with pytest.raises(ValueError, match="n must be at most 5, not 6"):
        check_whole("n", np.int64(6), at_most=5)
    with pytest.raises(ValueError, match="n must be at least 1, not 0"):
        check_count("n", 0)
    for wrong in (1, -0.1, float("nan")):
        with pytest.raises(ValueError, match=r"p must be a probability in \[0, 1\), not "):
            check_probability("p", wrong)


def test_flags_are_true_or_false_and_nothing_else():
    assert check_flag("f", True) is True and check_flag("f", False) is False
    for wrong in (1, "yes", None, np.True_):
        with pytest.raises(TypeError, match="f must be True or False, not "):
            check_flag("f", wrong)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bahdanu", "bahdanau"),
        ("LSTM", "lstm"),
        ("luong-general", "luong_general"),
        ("Bahdanau", "bahdanau"),
    ],
)
def test_a_mistyped_name_is_answered_with_the_nearest(typed, meant):
    with pytest.raises(
        ValueError, match=f"no preset {typed!r} .did you mean {meant!r}.*choose one"
    ):
        check_name("preset", typed, list_presets())


@pytest.mark.parametrize("typed", ["perceptron", "", "<eos>"])
def test_nothing_is_guessed_where_nothing_is_near(typed):
    with pytest.raises(ValueError, match=f"^there is no preset {typed!r}; choose one of rnn, gru"):
        check_name("preset", typed, list_presets())
