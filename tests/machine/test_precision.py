import math
import warnings

import pytest
import torch

from s2s_tutorial.machine.precision import (
    autocast,
    check_finite,
    compute_dtype,
    fast_precision,
    gradient_scaler,
    matmul_precision,
    warn_if_slow,
)

NEEDS_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


def test_what_a_cpu_computes_in():
    assert compute_dtype("auto", "cpu") is compute_dtype("float32", "cpu") is torch.float32
    assert compute_dtype("bfloat16", "cpu") is torch.bfloat16
    factor = torch.full((3, 5), 1 / 3)
    exact = factor @ factor.T
    with autocast("float32", "cpu"):
        assert torch.equal(factor @ factor.T, exact)
    with autocast("bfloat16", "cpu"):
        rounded = factor @ factor.T
    assert rounded.dtype is torch.bfloat16
    torch.testing.assert_close(rounded.float(), exact, rtol=2**-7, atol=0)


@pytest.mark.parametrize(
    ("precision", "device", "message"),
    [
        ("half", "cpu", "precision must be one of float32, bfloat16, .*not 'half'"),
        ("float16", "cpu", "float16' needs a CUDA device, but this one is cpu"),
        ("float16", "mps", "float16' needs a CUDA device, but this one is mps"),
        ("bfloat16", "mps", "bfloat16' is not offered on mps"),
    ],
)
def test_what_a_device_does_not_offer_is_said(precision, device, message):
    with pytest.raises(ValueError, match=message):
        compute_dtype(precision, device)


@pytest.mark.parametrize(
    ("capability", "dtype"), [((7, 5), torch.float16), ((8, 0), torch.bfloat16)]
)
def test_auto_goes_by_the_gpu(monkeypatch, capability, dtype):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert compute_dtype("auto", "cuda") is dtype


@pytest.mark.parametrize(
    ("capability", "fast"), [("AVX512", "bfloat16"), ("AVX2", "auto"), ("DEFAULT", "auto")]
)
def test_the_fast_precision_goes_by_the_cpu(monkeypatch, capability, fast):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    assert fast_precision("cpu") == fast
    assert fast_precision("cuda") == "auto"


def test_bfloat16_on_a_cpu_that_is_slow_at_it_warns(monkeypatch):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX2")
    with pytest.warns(UserWarning, match="no AVX-512.*precision='float32'"):
        warn_if_slow("bfloat16", "cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for precision, device in [("auto", "cpu"), ("float32", "cpu"), ("bfloat16", "cuda")]:
            warn_if_slow(precision, device)
        monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX512")
        warn_if_slow("bfloat16", "cpu")


def test_matmul_precision_ends_with_the_block_even_by_an_error():
    before = torch.get_float32_matmul_precision()
    with pytest.raises(ZeroDivisionError), matmul_precision("medium"):
        assert torch.get_float32_matmul_precision() == "medium"
        raise ZeroDivisionError
    assert torch.get_float32_matmul_precision() == before
    with matmul_precision(None):
        torch.set_float32_matmul_precision("high")  # the reader's own choice stays
    assert torch.get_float32_matmul_precision() == "high"
    torch.set_float32_matmul_precision(before)


def test_only_float16_is_scaled():
    assert not gradient_scaler("bfloat16", "cpu").is_enabled()
    assert not gradient_scaler("float32", "cpu").is_enabled()


@pytest.mark.filterwarnings("ignore:.*GradScaler.* is deprecated:FutureWarning")
def test_before_pytorch_2_3_the_scaler_is_that_of_cuda(monkeypatch):
    monkeypatch.delattr(torch.amp, "GradScaler", raising=False)
    scaler = gradient_scaler("float32", "cpu")
    assert not scaler.is_enabled() and isinstance(scaler, torch.cuda.amp.GradScaler)
    loss = torch.ones((), requires_grad=True)
    assert scaler.scale(loss) is loss


@NEEDS_GPU
def test_float16_is_scaled_on_a_gpu():
    assert gradient_scaler("float16", "cuda").is_enabled()


def test_an_overflow_of_float16_is_left_out_until_the_scale_runs_out():
    scaler = torch.amp.GradScaler("cpu", enabled=True, init_scale=2.0)
    scaler.scale(torch.ones(()))  # makes the scale
    check_finite(0, 3.0, math.inf, scaler)
    with pytest.raises(FloatingPointError, match="at update 5"):
        check_finite(4, math.nan, 1.0, scaler)
    scaler.update(0.5)
    with pytest.raises(FloatingPointError, match="at update 5"):
        check_finite(4, 3.0, math.inf, scaler)
    check_finite(4, 3.0, 1.0, scaler)
