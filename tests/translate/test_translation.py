"""One translation and the links of its words."""

import pytest
import torch

from s2s_tutorial.translate.translation import Translation


def translation(weights, tokens=("b", "c", "d")):
    return Translation("b c d", list(tokens), weights, -1.0, ["x", "y"])


def test_a_link_goes_to_the_largest_weight_and_none_where_all_are_zero():
    weights = torch.tensor([[0.4, 0.6], [0.0, 0.0], [0.9, 0.1]])
    assert translation(weights).links() == [(1, 0), (0, 2)]
    assert translation(weights[:0], []).links() == []


def test_without_weights_there_are_no_links():
    with pytest.raises(ValueError, match="no attention"):
        translation(None).links()
