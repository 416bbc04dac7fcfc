"""The table of matrix products tells exact settings from rounded ones."""

import torch

from benchmarks.products import measure


def test_float32_is_exact_to_float32_and_bfloat16_is_not():
    before = torch.get_float32_matmul_precision()
    exact = measure("highest", "cpu", repeats=1)
    rounded = measure("bfloat16", "cpu", repeats=1)
    assert exact["relative_error"] < 1e-5 < 1e-4 < rounded["relative_error"] < 1e-1
    assert exact["gflops"] > 0
    assert torch.get_float32_matmul_precision() == before
