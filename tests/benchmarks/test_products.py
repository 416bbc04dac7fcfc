"""The table of matrix products tells exact settings from rounded ones."""

import torch

from benchmarks.products import measure, with_machine


def test_float32_is_exact_to_float32_and_bfloat16_is_not():
    before = torch.get_float32_matmul_precision()
    exact = measure("highest", "cpu", repeats=1)
    rounded = measure("bfloat16", "cpu", repeats=1)
    assert exact["relative_error"] < 1e-5 < 1e-4 < rounded["relative_error"] < 1e-1
    assert exact["gflops"] > 0
    assert torch.get_float32_matmul_precision() == before


def test_each_machine_has_one_answer_the_newest():
    def found(machine, day):
        return {"provenance": {"machine": machine, "date": day}, "products": [day]}

    content, setup = {}, {"threads": 1}
    for machine, day in (("A", 1), ("B", 2), ("A", 3)):
        content = with_machine(content, setup, found(machine, day))
    assert content["machines"] == [found("B", 2), found("A", 3)]
    assert content["provenance"] == {"machine": "A", "date": 3}
    assert with_machine(content, {"threads": 2}, found("C", 4))["machines"] == [found("C", 4)]
