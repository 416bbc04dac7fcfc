"""The side of the student when a submission is judged: calls a function with what has crossed, and sends back what it returns.

The tests, what they expect and the points stay in the judge's process (``assignments/tooling/judge``). Here arrive a function's name and
its arguments; back go the result, what was changed in the arguments, and gradients when the judge asks for them.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from itertools import count

import torch
from torch import Tensor

from s2s_tutorial.coursework.limits import OutOfTime, withhold
from s2s_tutorial.coursework.wire import LONGEST, Parcel, read_layer, read_tensor, read_value

NUMBERS = count()
CALLS: dict[int, tuple[list[Tensor], list[Tensor]]] = {}  # inputs and outputs, for gradients
KEPT = 64


class Theirs:
    """An object that stayed with the judge, such as a decoder's state: to be handed on, not to be looked at."""

    def __init__(self, number: int):
        self.number = number


class Failed(Exception):
    """What the judge's own function raised when the solution called it."""


def here(value: object) -> dict:
    """What crosses for an object that cannot: the judge's own by its number, others by their type."""
    if isinstance(value, Theirs):
        return {"theirs": value.number}
    return {"strange": type(value).__name__}


def serve(request: str, names: dict | None = None, ask: Callable[[str], str] | None = None) -> None:
    """Do what the judge wants, and tell it the outcome.

    Args:
        request: JSON, with ``call``, the name of a function, or ``gradients`` of an earlier call.
        names: where the function is found; those of the notebook if not given.
        ask: sends a line to the judge and returns its answer; the kernel's own way if not given.
    """
    if names is None or ask is None:
        shell = get_ipython()  # noqa: F821, in a notebook only
        names, ask = shell.user_ns, shell.kernel.raw_input
    wanted = json.loads(request)
    try:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            with contextlib.redirect_stderr(nowhere):
                done = backward(wanted) if "gradients" in wanted else call(wanted, names, ask)
                answer = json.dumps(done)
        within(answer)
    except (KeyboardInterrupt, OutOfTime):
        raise
    except BaseException as error:
        answer = json.dumps({"raised": type(error).__name__, "text": str(error)[:2000]})
    ask(answer)


def within(message: str) -> str:
    """The message, if the judge would read one so long. (One much longer would end the connection.)

    Raises:
        ValueError: if it would not.
    """
    if len(message) > LONGEST:
        raise ValueError("this is too large: neither arguments nor results have so many numbers")
    return message


def call(wanted: dict, names: dict, ask: Callable[[str], str]) -> dict:
    """Call a function of the student's; return the result, and the arguments if they were changed."""
    given = wanted["given"]
    leaves = [read_tensor(each) for each in given["tensors"]]
    for leaf, about in zip(leaves, given["tensors"]):
        leaf.requires_grad_(about["gradient"])
    shown = [
        leaf if about["leaf"] or not about["gradient"] else leaf.clone()
        for leaf, about in zip(leaves, given["tensors"])
    ]
    parts = list(shown)
    arguments, options = read_value(
        given["value"], parts, lambda tree: of_judge(tree, parts, names, ask)
    )
    # a layer's parameters are leaves of their own
    inputs = [leaf if part is own else part for leaf, own, part in zip(leaves, shown, parts)]
    if wanted["call"] not in names:
        raise NameError(f"name {wanted['call']!r} is not defined")
    before = Parcel((arguments, options), unseen).message
    with withhold(wanted["withheld"]), torch.set_grad_enabled(wanted["enabled"]):
        result = names[wanted["call"]](*arguments, **options)
        parcel = Parcel(result, here)
    after = Parcel((arguments, options), unseen).message
    number = next(NUMBERS)
    CALLS[number] = [each for each in inputs if each.requires_grad], parcel.tensors
    while len(CALLS) > KEPT:
        CALLS.pop(next(iter(CALLS)))
    done = {"returned": parcel.message, "number": number}
    return done | ({"changed": after} if plain(after) != plain(before) else {})


def unseen(value: object) -> dict:
    """In place of what is not compared: an object of the judge's, which nothing here can change."""
    return {"strange": type(value).__name__}


def plain(message: dict) -> object:
    """What is compared of a parcel: its values, and not what autograd makes of them."""
    tensors = [(each["dtype"], each["shape"], each["data"]) for each in message["tensors"]]
    return [message["value"], tensors]


def of_judge(tree: dict, tensors: list[Tensor], names: dict, ask: Callable[[str], str]) -> object:
    """What the judge handed over: a layer, a function that asks it, one of the student's own, or :class:`Theirs`."""
    if "layer" in tree:
        return read_layer(tree, tensors)
    if "function" in tree:
        return names[tree["function"]]
    if "theirs" in tree:
        return Theirs(tree["theirs"])

    def step(*given, **options):
        parcel = Parcel((given, options), here)
        question = json.dumps({"callback": tree["callback"], "given": parcel.message})
        answer = json.loads(ask(within(question)))
        if "raised" in answer:
            raise Failed(answer["text"])
        back = [read_tensor(each) for each in answer["returned"]["tensors"]]
        return read_value(
            answer["returned"]["value"], back, lambda each: of_judge(each, back, names, ask)
        )

    return step


def backward(wanted: dict) -> dict:
    """The gradients of an earlier call's inputs, from those of its outputs; null where none arrives."""
    inputs, outputs = CALLS[wanted["gradients"]]
    grads = [read_tensor(each) for each in wanted["tensors"]]
    wrt = [outputs[k] for k in wanted["outputs"]]
    found = torch.autograd.grad(wrt, inputs, grads, retain_graph=True, allow_unused=True)
    parcel = Parcel(list(found), here)
    return {"returned": parcel.message, "number": wanted["gradients"]}
