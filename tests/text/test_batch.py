"""Padding: lists of ids under one another, and the mask that tells words from padding."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.text.batch import Batch, pad
from s2s_tutorial.text.vocabulary import PAD_ID


class TestPad:
    def test_by_hand(self):
        ids, lengths, mask = pad([[5, 6, 7], [8]])
        assert ids.tolist() == [[5, 6, 7], [8, PAD_ID, PAD_ID]]
        assert lengths.tolist() == [3, 1]
        assert mask.tolist() == [[True, True, True], [True, False, False]]
        assert (ids.dtype, lengths.dtype, mask.dtype) == (torch.int64, torch.int64, torch.bool)

    @given(st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=7), min_size=1, max_size=7))
    def test_no_token_is_lost(self, lists):
        ids, lengths, mask = pad(lists)
        assert [row[keep].tolist() for row, keep in zip(ids, mask)] == lists
        assert lengths.tolist() == mask.sum(1).tolist() == [len(row) for row in lists]
        assert ids.shape[1] == max(map(len, lists))
        assert (ids[~mask] == PAD_ID).all()

    def test_nothing(self):
        with pytest.raises(ValueError, match="nothing to pad"):
            pad([])

    def test_an_empty_row(self):
        with pytest.raises(ValueError, match="row 2 is empty"):
            pad([[4], [5], []])


def test_moving_to_a_device():
    ids, lengths, mask = pad([[5, 6, 7], [8]])
    batch = Batch(ids, lengths, mask, ids, ids, mask, torch.arange(2))
    moved = batch.to("meta")
    assert isinstance(moved, Batch)
    assert {tensor.device.type for tensor in vars(moved).values()} == {"meta"}
    assert batch.src.device.type == "cpu"
