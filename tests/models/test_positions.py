import math

import numpy as np
import pytest
import torch
from torch import nn

from s2s_tutorial.models.positions import PositionedInput, sinusoidal_positions


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_sinusoids_in_plain_python(size):
    table = sinusoidal_positions(11, size)
    assert table.shape == (11, size) and table.dtype == torch.float32
    for t in range(11):
        for d in range(size):
            angle = t / 10000 ** (2 * (d // 2) / size)
            expected = math.cos(angle) if d % 2 else math.sin(angle)
            assert table[t, d].item() == pytest.approx(expected, abs=1e-6)


def test_a_step_of_k_is_the_same_rotation_everywhere():
    table = sinusoidal_positions(30, 6).double().numpy().reshape(30, 3, 2)
    for k in (1, 4):
        for pair in range(3):
            a = k / 10000 ** (2 * pair / 6)
            turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
            np.testing.assert_allclose(table[:-k, pair] @ turn.T, table[k:, pair], atol=1e-5)


def test_they_are_added_from_where_the_sequence_starts():
    add, x = PositionedInput(4, 4, max_positions=9), torch.randn(2, 3, 4)
    table = sinusoidal_positions(9, 4)
    torch.testing.assert_close(add(x), x + table[:3])
    torch.testing.assert_close(add(x, start=6), x + table[6:9])


def test_learned_ones_are_a_table_and_none_are_nothing():
    learned, x = PositionedInput(4, 4, "learned", 9), torch.randn(2, 3, 4)
    torch.testing.assert_close(learned(x, 2), x + learned.table.weight[2:5])
    none = PositionedInput(4, 4, "none", 2)
    assert torch.equal(none(x), x) and none.limit is None  # without places there is no last one
    assert [len(list(m.parameters())) for m in (learned, none)] == [1, 0]


def test_other_widths_are_met_by_a_matrix():
    add, x = PositionedInput(4, 7, "none"), torch.randn(2, 3, 4)
    torch.testing.assert_close(add(x), x @ add.widen.weight.T)
    assert add.widen.bias is None and isinstance(PositionedInput(4, 4).widen, nn.Identity)


def test_the_waves_are_no_weights_and_follow_the_type():
    add = PositionedInput(4, 4)
    assert not add.state_dict() and not list(add.parameters())
    for dtype in (torch.bfloat16, torch.float16, torch.float64):
        assert add(torch.zeros(1, 2, 4, dtype=dtype)).dtype == dtype


def test_dropout_is_on_the_sum():
    add = PositionedInput(4, 4, dropout=0.5)
    given = torch.full((1, 400, 4), 3.0)
    dropped = add(given)
    assert 0.4 < (dropped == 0).float().mean() < 0.6
    torch.testing.assert_close(dropped[dropped != 0], 2 * add.eval()(given)[dropped != 0])


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_one_position_too_many_is_explained(positions):
    add = PositionedInput(3, 3, positions, max_positions=5)
    add(torch.zeros(1, 5, 3))
    add(torch.zeros(1, 1, 3), start=4)
    for length, start in ((6, 0), (1, 5)):
        with pytest.raises(
            ValueError, match="a sequence of 6 tokens is longer than the 5 positions"
        ):
            add(torch.zeros(1, length, 3), start)


def test_bad_options_are_explained():
    with pytest.raises(ValueError, match="no kind of positions 'lerned' .did you mean 'learned'"):
        PositionedInput(3, 3, "lerned")
    with pytest.raises(ValueError, match="max_positions must be at least 1, not 0"):
        PositionedInput(3, 3, max_positions=0)
    with pytest.raises(TypeError, match="max_positions must be a whole number"):
        PositionedInput(3, 3, max_positions=2.5)
