"""Values cross as text and come back as what they were; what is no value, or no text of ours, does not."""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from fractions import Fraction
from http import HTTPStatus

import numpy as np
import pytest
import torch

from s2s_tutorial.coursework.limits import OutOfTime, time_limit
from s2s_tutorial.coursework.wire import DTYPES, Parcel, read_layer, read_tensor, read_value

PLAIN = [
    None,
    True,
    7,
    10**40,
    -0.0,
    0.1 + 0.2,
    float("inf"),
    "",
    "<bos> ü 𑄌 \ud800",
    [],
    [1, [2.0, "three"], None],
    (1, (2, [3])),
    {"a": [1], 2: (3,), (4, 5): {}},
    {1, 2, 3},
    Fraction(1, 3),
    np.float64(0.5),
    np.int64(3),
    np.bool_(True),
]


class Share(float):
    """A number of a class of its own."""


def crossed(value, other=lambda value: {"strange": type(value).__name__}):
    """The value on the other side."""
    message = json.loads(json.dumps(Parcel(value, other).message))
    tensors = [read_tensor(each) for each in message["tensors"]]
    return read_value(message["value"], tensors, lambda tree: read_layer(tree, tensors))


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_a_value_stays_what_it_is(value):
    found = crossed(value)
    assert found == value and type(found) is type(value)
    assert repr(found) == repr(value), "-0.0 is not 0.0"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (deque([1, 2]), (1, 2)),
        (range(3), (0, 1, 2)),
        (Share(0.5), 0.5),
        (HTTPStatus.OK, 200),
        (frozenset([1]), {1}),
    ],
    ids=str,
)
def test_rarer_collections_become_plain_ones(value, expected):
    found = crossed(value)
    assert found == expected and type(found) is type(expected)


def test_the_keys_of_a_dict_keep_their_order():
    keys = {"b": 1, "a": 2, "c": 3}.keys()
    assert list(crossed(keys)) == list(keys) and crossed(keys) == {"a", "b", "c"}


def test_a_generator_can_be_read_once_and_is_no_list():
    found = crossed(k * k for k in range(3))
    assert found != [0, 1, 4]
    assert list(found) == [0, 1, 4] and list(found) == []


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3, 5), (2, 0, 7)])
def test_a_tensor_keeps_type_shape_and_bits(name, shape):
    tensor = (10 * torch.randn(shape)).to(DTYPES[name])
    found = crossed(tensor)
    assert found.dtype == tensor.dtype and found.shape == tensor.shape
    assert torch.equal(found, tensor) and not found.requires_grad


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(6).view(2, 3).T,
        torch.ones(1).expand(1),
        torch.ones(3, 1).expand(3, 5),
        torch.arange(15.0)[::3],
        torch.tensor([float("nan"), -0.0, float("-inf")]),
    ],
)
def test_strides_and_odd_numbers_do_not_matter(tensor):
    assert crossed(tensor).tolist().__repr__() == tensor.tolist().__repr__()


def test_arrays_cross_and_two_names_of_one_tensor_stay_one():
    array = np.arange(6, dtype=np.int16).reshape(2, 3)
    assert np.array_equal(crossed(array), array) and crossed(array).dtype == np.int16
    tensor = torch.ones(3)
    first, (second, other) = crossed([tensor, (tensor, torch.ones(3))])
    assert first is second and first is not other


@pytest.mark.parametrize("kind", [torch.nn.GRUCell, torch.nn.LSTMCell, torch.nn.RNNCell])
def test_a_layer_computes_the_same_and_draws_nothing(kind):
    layer, x = kind(3, 5), torch.randn(2, 3)
    before = torch.get_rng_state()
    found = crossed(layer)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(torch.stack(tuple(found(x))), torch.stack(tuple(layer(x))))


@pytest.mark.parametrize(
    "message",
    [
        {"dtype": "float32", "shape": [2], "data": ""},
        {"dtype": "float32", "shape": [-1], "data": "AACAPw=="},
        {"dtype": "float32", "shape": [1], "data": "AACAPw"},
        {"dtype": "float99", "shape": [], "data": "AACAPw=="},
        {"dtype": "float32", "shape": [10**15], "data": "AACAPw=="},
    ],
)
def test_a_damaged_tensor_is_refused(message):
    with pytest.raises((ValueError, KeyError)):
        read_tensor(message)


@pytest.mark.parametrize(
    "tree",
    [
        {"tensor": 1},
        {"dict": [[1]]},
        {"dict": [[[], 1]]},
        {"numpy": "O", "shape": [1], "data": "AAAAAAAAAAA=", "single": False},
        {"fraction": [1, 0, 2]},
        {"fraction": ["1e9"]},
        {"fraction": ["1e9", 1]},
        {"numpy": "<M8[s]", "shape": [1], "data": "AAAAAAAAAAA=", "single": False},
        {"numpy": [["a", "<f8"]], "shape": [1], "data": "AAAAAAAAAAA=", "single": False},
    ],
    ids=str,
)
def test_a_damaged_tree_is_refused(tree):
    with pytest.raises((LookupError, TypeError, ValueError)):
        read_value(tree, [torch.ones(1)], dict)


@pytest.mark.parametrize("kind", ["set", "keys", "dict"])
def test_numbers_that_all_have_one_hash_do_not_stop_the_clock(kind):
    numbers = [k * (2**61 - 1) for k in range(60_000)]  # 20 seconds by set(numbers)
    tree = {kind: [[k, k] for k in numbers] if kind == "dict" else numbers}
    began = time.monotonic()
    with pytest.raises(OutOfTime), time_limit(0.5):
        read_value(tree, [], dict)
    assert time.monotonic() - began < 5


def test_a_byte_that_is_no_bool_arrives_as_one():
    odd = torch.tensor([0, 1, 2, 255], dtype=torch.uint8).view(torch.bool)
    (found,) = (read_tensor(each) for each in Parcel(odd, dict).message["tensors"])
    assert found.view(torch.uint8).tolist() == [0, 1, 1, 1]


def test_a_shape_without_numbers_that_would_need_all_memory_is_none():
    for shape in ([10**9, 0], [0, 3000, 3000]):
        message = {"dtype": "bool", "shape": shape, "data": ""}
        with pytest.raises(ValueError, match="no shape, or too large"):
            read_tensor(message)
    assert read_tensor({"dtype": "bool", "shape": [3, 0], "data": ""}).tolist() == [[], [], []]
