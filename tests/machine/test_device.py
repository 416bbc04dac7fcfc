import pytest
import torch

from s2s_tutorial.machine.device import pick_device


def test_pick_device():
    assert pick_device("cpu").type == "cpu"
    assert pick_device().type in ("cpu", "cuda", "mps")
    for unknown in ("gpu", "", None):
        with pytest.raises(ValueError, match=f"no device {unknown!r}; choose one of auto, cpu"):
            pick_device(unknown)
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="no CUDA device here; use device='auto'"):
            pick_device("cuda")
