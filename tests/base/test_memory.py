"""Too little memory is said in a sentence, from Python and from the command line."""

from __future__ import annotations

import pytest
import torch
from click.testing import CliRunner

import s2s_tutorial as s2s
from s2s_tutorial.base.memory import enough_memory, is_out_of_memory
from s2s_tutorial.cli import cli

HUGE = [10**9, 10**12]  # the allocator refuses the first, the second's product overflows


@pytest.mark.parametrize("size", HUGE)
def test_what_pytorch_says_is_known(size):
    with pytest.raises(RuntimeError) as caught:
        torch.empty(size, size)
    assert is_out_of_memory(caught.value)
    assert is_out_of_memory(torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate"))
    assert not is_out_of_memory(ValueError("out of memory"))


def test_other_errors_stay_as_they_are():
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        with enough_memory("a product"):
            torch.zeros(2, 3) @ torch.zeros(2, 3)


@pytest.mark.parametrize("size", HUGE)
def test_a_model_too_large_for_the_machine(size):
    with pytest.raises(MemoryError, match=f"hidden_size={size}, num_layers=1: take smaller sizes"):
        s2s.build_model("gru", 11, 13, hidden_size=size)
    command = ["train", "--corpus", "reverse", "--preset", "gru", "--hidden-size", str(size)]
    said = CliRunner().invoke(cli, command)
    assert said.exit_code == 1
    (line,) = said.stderr.splitlines()
    assert line.startswith("Error: there is not enough memory here for the weights of a model with")


def test_memory_that_ends_in_training(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def train(*arguments):
        raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB. GPU 0 has a total of ...")

    monkeypatch.setattr("s2s_tutorial.cli.train.train", train)
    said = CliRunner().invoke(cli, ["train", "--corpus", "reverse", "--steps", "1"])
    assert said.exit_code == 1
    assert "take a smaller --batch-size" in said.stderr and "GiB" not in said.stderr
