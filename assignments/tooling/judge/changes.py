"""What a function changed in its arguments, changed here too."""

from __future__ import annotations

import torch
from torch import Tensor, nn

STAYED = object()  # in place of what did not cross, which nothing there can change


class Changed:
    """What became of a layer's parameters."""

    def __init__(self, parameters: dict[str, Tensor]):
        self.parameters = parameters


def of_changes(tree: dict, tensors: list[Tensor]) -> object:
    """What stands in the changed arguments for a layer, or for what stayed."""
    if "layer" not in tree:
        return STAYED
    return Changed({name: tensors[number] for name, number in tree["parameters"].items()})


def write_back(old: object, new: object) -> object:
    """Make the old value what the new one is, in place as far as it can be changed in place; return it."""
    if new is STAYED:
        return old
    if isinstance(old, nn.Module) and isinstance(new, Changed):
        for name, parameter in old.named_parameters():
            write_back(parameter, new.parameters[name])
        return old
    if isinstance(old, Tensor) and isinstance(new, Tensor):
        with torch.no_grad():
            if old.shape == new.shape and old.dtype == new.dtype:
                old.copy_(new)  # for those who see the same numbers, too
            else:
                old.data = new
        return old
    if type(old) is not type(new) or not isinstance(old, (list, tuple, dict, set)):
        return new
    if isinstance(old, dict):
        changed = {key: write_back(old[key], new[key]) if key in old else new[key] for key in new}
        old.clear()
        old.update(changed)
    elif isinstance(old, set):
        old.intersection_update(new)
        old.update(new)
    else:
        changed = [write_back(one, other) for one, other in zip(old, new)] + list(new[len(old) :])
        if isinstance(old, tuple):
            return old
        old[:] = changed
    return old
