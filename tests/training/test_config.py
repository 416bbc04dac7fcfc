import json
import math
from dataclasses import replace

import numpy as np
import pytest

from s2s_tutorial.training.config import TrainConfig, learning_rate
from s2s_tutorial.training.scheduled_sampling import Decay


def test_learning_rate_schedule_by_hand():
    config = TrainConfig(steps=110, learning_rate=1.0, warmup_steps=9)
    rates = [learning_rate(config, step) for step in range(110)]
    assert rates[0] == pytest.approx(0.1) and rates[8] == pytest.approx(0.9)
    assert max(rates) == rates[9] == pytest.approx(1.0)
    assert rates[-1] == pytest.approx(0.05, abs=1e-3)
    assert all(a >= b for a, b in zip(rates[9:], rates[10:]))
    assert rates[60] == pytest.approx(0.05 + 0.95 * (1 + math.cos(math.pi * 51 / 101)) / 2)
    constant = replace(config, schedule="constant")
    assert learning_rate(constant, 4) == pytest.approx(0.5)
    assert learning_rate(constant, 100) == 1.0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"schedule": "linear"}, "'cosine' or 'constant', not 'linear'"),
        ({"steps": 0}, "steps must be positive"),
        ({"learning_rate": float("nan")}, "learning_rate must be positive"),
        ({"learning_rate": float("inf")}, "learning_rate must be finite"),
        ({"seed": 2**63}, "seed must fit into 64 bits"),
        ({"clip": 0.0}, "clip must be positive, or None"),
        ({"label_smoothing": 1.0}, "label_smoothing"),
        ({"warmup_steps": 1000}, "warmup_steps"),
        ({"betas": (0.9, 1.0)}, r"betas must be two numbers in \[0, 1\), not \(0.9, 1.0\)"),
        ({"betas": (0.9,)}, "betas must be two numbers"),
        ({"precision": "half"}, "precision must be one of 'float32', .*not 'half'"),
        ({"matmul_precision": "low"}, "matmul_precision must be one of None, 'highest'.*'low'"),
        ({"accumulate": 0}, "accumulate must be positive, not 0"),
        ({"patience": 0}, "patience must be positive, or None for no end, not 0"),
        ({"teacher_forcing": 1.5}, r"teacher_forcing must be in \[0, 1\], or a Decay, not 1.5"),
    ],
)
def test_bad_settings_are_explained(setting, message):
    with pytest.raises(ValueError, match=message):
        TrainConfig(**setting)


def test_what_decides_the_numbers_is_as_json_gives_it_back():
    ours = TrainConfig(teacher_forcing=Decay("linear", over_steps=5)).what_decides_the_result()
    assert json.loads(json.dumps(ours)) == ours


def test_where_a_run_goes_on_is_free_and_what_decides_its_numbers_is_not():
    config = TrainConfig(steps=13, evaluate_every=5, progress=False)
    ours = config.what_decides_the_result()
    elsewhere = replace(
        config, device="cuda", checkpoint="elsewhere", progress=True, restore_best=True
    )
    assert elsewhere.what_decides_the_result() == ours
    other = {
        "steps": 17,
        "learning_rate": 0.5,
        "schedule": "constant",
        "warmup_steps": 3,
        "clip": None,
        "label_smoothing": 0.1,
        "evaluate_every": 7,
        "seed": 1,
        "betas": (0.8, 0.999),
        "fused": True,
        "precision": "bfloat16",
        "matmul_precision": "high",
        "accumulate": 2,
        "teacher_forcing": Decay("linear", over_steps=5),
        "patience": 3,
    }
    assert other.keys() == ours.keys()
    for name, value in other.items():
        assert replace(config, **{name: value}).what_decides_the_result() != ours


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"steps": 1e4}, "steps must be a whole number, not 10000.0"),
        ({"evaluate_every": 1.5}, "evaluate_every must be a whole number"),
        ({"warmup_steps": "9"}, "warmup_steps must be a whole number"),
        ({"seed": None}, "seed must be a whole number, not None"),
        ({"accumulate": None}, "accumulate must be a whole number, not None"),
        ({"accumulate": 1.5}, "accumulate must be a whole number, not 1.5"),
        ({"patience": 1.5}, "patience must be a whole number, not 1.5"),
        ({"clip": "1"}, "clip must be a number, not '1'"),
        ({"betas": (0.9, "0.99")}, "each of betas must be a number, not '0.99'"),
        ({"learning_rate": None}, "learning_rate must be a number, not None"),
        ({"learning_rate": "1e-3"}, "learning_rate must be a number, not '1e-3'"),
        ({"label_smoothing": "0.1"}, "label_smoothing must be a number"),
        ({"teacher_forcing": "linear"}, "or a Decay, not 'linear'"),
    ],
)
def test_settings_of_another_kind_are_explained(setting, message):
    with pytest.raises(TypeError, match=message):
        TrainConfig(**setting)


def test_numbers_of_numpy_are_as_good_as_pythons():
    config = TrainConfig(
        steps=np.int64(13),
        warmup_steps=np.int32(3),
        seed=np.uint8(5),
        learning_rate=np.float32(0.5),
        clip=np.int64(2),
        patience=np.int64(7),
        betas=(np.float64(0.5), np.float32(0.25)),
        teacher_forcing=np.float32(0.75),
    )
    same = TrainConfig(
        steps=13,
        warmup_steps=3,
        seed=5,
        learning_rate=0.5,
        clip=2,
        patience=7,
        betas=(0.5, 0.25),
        teacher_forcing=0.75,
    )
    assert config == same
    ours = config.what_decides_the_result()
    assert json.loads(json.dumps(ours)) == ours
    decay = Decay("linear", over_steps=np.int64(5), end=np.float32(0.5))
    decays = TrainConfig(teacher_forcing=decay).what_decides_the_result()
    assert json.loads(json.dumps(decays)) == decays and decay.over_steps == 5
