"""A student's function as the tests see it: called like any other, it runs in the process of the student.

What it is given crosses as text and what it returns comes back (:mod:`s2s_tutorial.coursework.wire`). Tests, expected values and points
never do. Its arguments stay here what they were, whatever it does with them, for what is expected is often computed from them afterwards; only
:func:`~s2s_tutorial.coursework.unchanged` sees the change. A function among the arguments runs here when the student's calls it; and gradients flow:

$$ \\frac{\\partial L}{\\partial x} = \\Big(\\frac{\\partial f(x)}{\\partial x}\\Big)^{\\!\\top} \\frac{\\partial L}{\\partial f(x)}, $$

where the product is asked of the process that has computed $f(x)$.
"""

from __future__ import annotations

import builtins
import json
from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from assignments.tooling.judge.changes import of_changes, write_back
from s2s_tutorial.coursework.limits import WITHHELD
from s2s_tutorial.coursework.wire import LONGEST, Parcel, read_tensor, read_value, written

ENDING = ("StopIteration", "StopAsyncIteration")
UNREADABLE = "what it returned cannot be read, or is too large"


class Worker(Protocol):
    """The student's process."""

    def exchange(self, request: str, answer) -> str:
        """Send a request to :func:`s2s_tutorial.coursework.worker.serve`; return what comes of it.

        Args:
            request: the text.
            answer: what is said to each question that comes back before.
        """


class Through(torch.autograd.Function):
    """The outputs of a call, with the way back to its inputs."""

    @staticmethod
    def forward(ctx, back, outputs: Sequence[tuple[Tensor, bool]], *inputs: Tensor):
        """Hand the outputs on; those that do not depend on the inputs end here."""
        ctx.back = back
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(*[each for each, depends in outputs if not depends])
        return tuple(each for each, _ in outputs)

    @staticmethod
    def backward(ctx, *gradients: Tensor | None):
        """Ask for the gradients of the inputs."""
        return None, None, *ctx.back(gradients)


class Solution:
    """A function of the student's.

    Args:
        name: what the student calls it.
        worker: the process that has it.
    """

    def __init__(self, name: str, worker: Worker):
        self.__name__ = name
        self.worker = worker

    def __call__(self, *arguments, **options):
        """Call it.

        Raises:
            Exception: what it raised: one of Python's own by its name, others as one of the same name.
            AssertionError: if what comes back cannot be read.
        """
        return Call(self, arguments, options).result()

    def changing(self, *arguments, **options):
        """Call it, and change here too what it changes in its arguments."""
        return Call(self, arguments, options).result(changing=True)


class Call:
    """One call of a student's function, and what stays here of its arguments."""

    def __init__(self, solution: Solution, arguments: tuple, options: dict):
        self.worker = solution.worker
        self.kept: list = []  # functions and objects that do not cross
        self.error: Exception | None = None
        self.given = (arguments, options)
        self.parcel = Parcel(self.given, self.there)
        self.request = {
            "call": solution.__name__,
            "given": self.parcel.message,
            "withheld": list(WITHHELD),
            "enabled": torch.is_grad_enabled(),
        }

    def there(self, value: object) -> dict:
        """What crosses for an object that cannot: a number."""
        if isinstance(value, Solution):
            return {"function": value.__name__}
        self.kept.append(value)
        return {"callback" if callable(value) else "theirs": len(self.kept) - 1}

    def here(self, tree: dict) -> object:
        """What a number stands for; or something that has nothing but the name of its type."""
        if "theirs" in tree:
            return self.kept[tree["theirs"]]
        return type(str(tree["strange"]), (), {})()

    def result(self, changing: bool = False) -> object:
        """Send the call; return what it returns, with its gradients."""
        done = self.ask(self.request)
        try:
            tensors = [read_tensor(each) for each in done["returned"]["tensors"]]
            depends = [bool(each["gradient"]) for each in done["returned"]["tensors"]]
            inputs = [each for each in self.parcel.tensors if each.requires_grad]
            if inputs and any(depends):
                back = Back(self, done["number"], inputs)
                tensors = list(Through.apply(back, list(zip(tensors, depends)), *inputs))
            found = read_value(done["returned"]["value"], tensors, self.here)
            if changing and "changed" in done:
                values = [read_tensor(each) for each in done["changed"]["tensors"]]
                changed = read_value(
                    done["changed"]["value"], values, lambda t: of_changes(t, values)
                )
                write_back(self.given, changed)
        except Exception:
            raise AssertionError(UNREADABLE) from None
        return found

    def ask(self, request: dict) -> dict:
        """The answer to a request, or the exception that it names."""
        text = self.worker.exchange(json.dumps(request), self.answer)
        try:
            done = json.loads(text) if len(text) <= LONGEST else None
        except (ValueError, RecursionError):
            done = None
        if not isinstance(done, dict) or not ("returned" in done or "raised" in done):
            raise AssertionError(UNREADABLE)
        if "raised" in done:
            if done["raised"] == "Failed" and self.error:
                raise self.error
            raise exception(str(done["raised"]), str(done.get("text", "")))
        return done

    def answer(self, question: str) -> str:
        """Call one of our own functions for the student's."""
        try:
            wanted = json.loads(question)
            tensors = [read_tensor(each) for each in wanted["given"]["tensors"]]
            function = self.kept[wanted["callback"]]
            arguments, options = read_value(wanted["given"]["value"], tensors, self.here)
        except Exception:
            return json.dumps({"raised": "ValueError", "text": "this cannot be called so"})
        try:
            found = Parcel(function(*arguments, **options), self.there)
            return json.dumps({"returned": found.message})
        except Exception as error:
            self.error = error
            return json.dumps({"raised": type(error).__name__, "text": str(error)})


class Back:
    """The way back through a call: from the gradients of its outputs to those of its inputs."""

    def __init__(self, call: Call, number: int, inputs: Sequence[Tensor]):
        self.call, self.number, self.inputs = call, number, inputs

    def __call__(self, gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
        """The gradients of the inputs; None for those that the outputs do not depend on.

        Raises:
            AssertionError: if they are not of the inputs' shapes.
        """
        given = [k for k, each in enumerate(gradients) if each is not None]
        if not given:
            return [None] * len(self.inputs)
        parts = [written(gradients[k]) for k in given]
        done = self.call.ask({"gradients": self.number, "outputs": given, "tensors": parts})
        try:
            tensors = [read_tensor(each) for each in done["returned"]["tensors"]]
            found = read_value(done["returned"]["value"], tensors, self.call.here)
            if [each.shape for each in self.inputs] == [
                own.shape if each is None else each.shape for own, each in zip(self.inputs, found)
            ]:
                return found
        except Exception:
            pass
        raise AssertionError(UNREADABLE)


def exception(name: str, text: str) -> BaseException:
    """An exception of this name: Python's own where there is one that takes a text."""
    known = getattr(builtins, name, None)
    if name in ENDING:  # would end a loop of the tests as if all were done
        known = None
    if isinstance(known, type) and issubclass(known, Exception):
        try:
            return known(text)
        except TypeError:  # UnicodeDecodeError wants more
            pass
    return type(name, (Exception,), {})(text)
