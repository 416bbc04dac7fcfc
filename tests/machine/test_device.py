import pytest
import torch

from s2s_tutorial.machine.device import pick_device


@pytest.mark.parametrize(
    ("cuda", "mps", "kind"),
    [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_by_itself_it_takes_the_fastest_that_is_there(monkeypatch, cuda, mps, kind):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert pick_device().type == kind
    assert pick_device("cpu").type == "cpu"


def test_a_device_that_is_not_there_is_explained():
    for unknown in ("gpu", "", None):
        with pytest.raises(ValueError, match=f"no device {unknown!r}; choose one of auto, cpu"):
            pick_device(unknown)
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="no CUDA device here; use device='auto'"):
            pick_device("cuda")
