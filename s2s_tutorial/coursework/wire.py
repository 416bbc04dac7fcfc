"""Values as text and back, between the process that runs a solution and the one that judges it.

Only what a solution is given and returns can cross: numbers, text, lists, tuples, dicts, sets, tensors, arrays, a few layers of
PyTorch. Nothing that is read back can run code. Functions and other objects stay where they are, and a number crosses for them.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping, Set
from fractions import Fraction
from operator import index

import numpy as np
import torch
from torch import Tensor, nn

DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
    + (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64)
}
LAYERS = {  # with the attributes that their constructors ask for
    "Linear": ("in_features", "out_features"),
    "RNNCell": ("input_size", "hidden_size"),
    "GRUCell": ("input_size", "hidden_size"),
    "LSTMCell": ("input_size", "hidden_size"),
}
LONGEST = 500_000  # characters of what crosses to the judge; right solutions need 15,000
LARGEST = 4_000_000  # numbers of a tensor; a message has room for fewer
NUMBERS = "biufc"  # the kinds of numpy's types that cross
CONTAINERS = {"list": list, "tuple": tuple, "iterator": iter}


class Parcel:
    """A value on its way: :attr:`message` is what crosses, :attr:`tensors` are those in it, in order.

    Args:
        value: what is to cross.
        other: what to write for an object that cannot; it returns what JSON can hold.
    """

    def __init__(self, value: object, other: Callable[[object], dict]):
        self.tensors: list[Tensor] = []
        self.other = other
        tree = self.tree(value)
        self.message = {"value": tree, "tensors": [written(each) for each in self.tensors]}

    def tree(self, value: object) -> object:
        """The value as JSON; tensors are put aside."""
        if value is None or type(value) in (bool, int, float, str):
            return value
        if isinstance(value, Tensor):
            return {"tensor": self.number(value)}
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in NUMBERS:
            about = {"numpy": value.dtype.str, "shape": list(value.shape)}
            single = isinstance(value, np.generic)
            return about | {"data": base64_of(value.tobytes()), "single": single}
        if isinstance(value, (int, float)):  # of a class of its own
            return int(value) if isinstance(value, int) else float(value)
        if isinstance(value, Fraction):
            return {"fraction": [value.numerator, value.denominator]}
        if isinstance(value, Mapping):
            return {"dict": [[self.tree(key), self.tree(each)] for key, each in value.items()]}
        if type(value).__name__ in LAYERS and type(value).__module__.startswith("torch.nn."):
            sizes = [getattr(value, name) for name in LAYERS[type(value).__name__]]
            held = {name: self.number(each) for name, each in value.named_parameters()}
            return {"layer": type(value).__name__, "sizes": sizes, "parameters": held}
        if isinstance(value, (str, Iterable)) and not isinstance(value, nn.Module):
            if isinstance(value, str):
                return str(value)
            return {kind_of(value): [self.tree(each) for each in value]}
        return self.other(value)

    def number(self, tensor: Tensor) -> int:
        """Where a tensor stands among those of the parcel."""
        for number, each in enumerate(self.tensors):
            if each is tensor:
                return number
        self.tensors.append(tensor)
        return len(self.tensors) - 1


def kind_of(value: Iterable) -> str:
    """As what a collection arrives: as itself, or as an iterator or tuple if it is of a rarer kind."""
    kinds = {"list": list, "tuple": tuple, "keys": KeysView, "set": Set, "iterator": Iterator}
    for name, kind in kinds.items():
        if isinstance(value, kind):
            return name
    return "tuple"


def base64_of(raw: bytes) -> str:
    """Bytes as letters."""
    return base64.b64encode(raw).decode("ascii")


def written(tensor: Tensor) -> dict:
    """A tensor as JSON: its numbers byte for byte, and what autograd would have to know."""
    data = tensor.detach().to("cpu").to_dense() if tensor.is_sparse else tensor.detach().cpu()
    flat = data.clone(memory_format=torch.contiguous_format).reshape(-1)  # strides of its own
    raw = flat.view(torch.uint8).numpy().tobytes()
    return {
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "data": base64_of(raw),
        "gradient": tensor.requires_grad,
        "leaf": tensor.is_leaf,
    }


def read_tensor(message: dict) -> Tensor:
    """The numbers of a tensor that has crossed, without its gradient.

    Raises:
        KeyError, ValueError: if it is of an unknown type, or its shape is not that of its data.
    """
    dtype, raw = DTYPES[message["dtype"]], base64.b64decode(message["data"], validate=True)
    if dtype == torch.bool:
        raw = bytes(map(bool, raw))  # a byte of 2 is true, and no bool
    flat = torch.frombuffer(bytearray(raw), dtype=dtype) if raw else torch.empty(0, dtype=dtype)
    shape = bounded([int(size) for size in message["shape"]])
    if flat.numel() != torch.Size(shape).numel():
        raise ValueError(f"{flat.numel()} numbers are no tensor of shape {shape}")
    return flat.reshape(shape)


def bounded(shape: list[int]) -> list[int]:
    """Return a shape that can be unfolded into lists: one without numbers, such as 1000000000 x 0, can need any memory.

    Raises:
        ValueError: if one of its sizes is negative, or all of them together are too large.
    """
    if min(shape, default=0) < 0 or math.prod(size or 1 for size in shape) > LARGEST:
        raise ValueError(f"{shape} is no shape, or too large")
    return shape


def read_value(tree: object, tensors: list[Tensor], other: Callable[[dict], object]) -> object:
    """The value of a parcel's tree.

    Sets and dicts grow one by one, so that a time limit can end it: numbers can be chosen so that a set of them takes hours.

    Args:
        tree: what JSON held.
        tensors: the parcel's tensors.
        other: what stands for an object that did not cross, and for a layer (:func:`read_layer`).

    Raises:
        KeyError, IndexError, TypeError, ValueError, ZeroDivisionError: if no parcel has such a tree.
    """
    if not isinstance(tree, dict):
        return tree
    kind = next(iter(tree), "")
    if kind == "tensor":
        return tensors[tree["tensor"]]
    if kind in CONTAINERS:
        return CONTAINERS[kind]([read_value(each, tensors, other) for each in tree[kind]])
    if kind == "set":
        return {read_value(each, tensors, other) for each in tree["set"]}
    if kind == "keys":
        return {read_value(each, tensors, other): None for each in tree["keys"]}.keys()
    if kind == "dict":
        pairs = ([read_value(each, tensors, other) for each in pair] for pair in tree["dict"])
        return {key: value for key, value in pairs}
    if kind == "fraction":
        numerator, denominator = tree["fraction"]
        return Fraction(index(numerator), index(denominator))  # "1e999999999" would take hours
    if kind == "numpy":
        raw = base64.b64decode(tree["data"], validate=True)
        dtype = np.dtype(tree["numpy"][:4])
        if dtype.kind not in NUMBERS:
            raise ValueError(f"{dtype} is no type of numbers")
        shape = bounded([index(size) for size in tree["shape"]])
        array = np.frombuffer(bytearray(raw), dtype=dtype).reshape(shape)
        return array[()] if tree["single"] else array
    return other(tree)


def read_layer(tree: dict, tensors: list[Tensor]) -> nn.Module:
    """A layer of PyTorch; its parameters take the place of the tensors that they are made of."""
    layer = nn.utils.skip_init(getattr(nn, tree["layer"]), *tree["sizes"])
    for name, number in tree["parameters"].items():
        asks = tensors[number].requires_grad
        tensors[number] = nn.Parameter(tensors[number].detach(), requires_grad=asks)
        setattr(layer, name, tensors[number])
    return layer
