"""Two inputs that differ in one place, and no more."""

from __future__ import annotations

import pytest
import torch

from s2s_tutorial.coursework import one_apart

ONE = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
OTHER = torch.tensor([[1.0, 2.0], [3.0, 5.0]])
MASK = torch.tensor([True, False])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ONE, OTHER),
        ((ONE, MASK), (OTHER, MASK)),
        ((ONE, MASK), (ONE, ~torch.tensor([False, False]) & torch.tensor([True, True]))),
        ((ONE, 2), (ONE, 3)),
        ((["a", "b"], ["c"]), (["a", "b", "b"], ["c"])),
        (["a", "b"], ["a"]),
        (["a", "b"], ["a", "c"]),
        (["b", "c", "d"], ["a", "b", "c", "d"]),
        (([1.0, 2.0], [3]), ([1.0, 2.0, 5.0], [3])),
        ([["a"], ["b"]], [["a"], ["c"]]),
        ([], ["a"]),
    ],
)
def test_one_place(one, other):
    one_apart(one, other)
    one_apart(other, one)


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        (ONE, ONE, "not in 0"),
        (ONE, OTHER + 1, "not in 4"),
        ((ONE, MASK), (OTHER, ~MASK), "not in 3"),
        (ONE, ONE[:1], "one shape and type"),
        (ONE, ONE.double(), "one shape and type"),
        (["a", "b"], ["b", "a"], "not in 2"),
        ((["a"], ["b"]), (["a", "c"], ["b", "d"]), "not in 2"),
        ([1.0, 2.0], [3.0], "not in 2"),
        ((ONE, MASK), (OTHER,), "as many parts, not 2 and 1"),
        (ONE, [1.0], "should be alike"),
        (1, 1.5, "should be alike"),
    ],
)
def test_none_or_more(one, other, message):
    with pytest.raises(AssertionError, match=message):
        one_apart(one, other)
