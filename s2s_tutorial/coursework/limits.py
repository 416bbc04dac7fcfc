"""What a check may not do: run for ever, or call the package's own version of what it checks."""

from __future__ import annotations

import importlib
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from types import FunctionType

from torch.nn import Module
from torch.overrides import TorchFunctionMode

import s2s_tutorial

WITHHELD: list[str] = []  # the names that :func:`withhold` refuses at this moment


class OutOfTime(BaseException):
    """A check ran too long. Not an Exception, so that ``except Exception`` does not swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`OutOfTime` in the body after so many seconds, where the system can do it.

    It can on Unix, in the main thread, and while Python runs: not inside one long tensor operation.
    """
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "setitimer")):
        yield
        return

    def ring(number, frame):
        raise OutOfTime(f"stopped: it ran for more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    # Rings again every second, for code that catches everything and goes on.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def refuse(*arguments, **options):
    """Stand in for what is withheld. (Only built-in names: its code runs in other modules.)"""
    raise RuntimeError("this exercise is to be solved without the package's own version of it")


class Operators(TorchFunctionMode):
    """Refuse operators of PyTorch by name, by whichever of their many ways they are called."""

    def __init__(self, names: Sequence[str]):
        super().__init__()
        self.names = names

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if getattr(function, "__name__", "").split(".")[0] in self.names:  # aten.lstm.input, too
            refuse()
        return function(*args, **(kwargs or {}))


def look_up(name: str) -> tuple[object, str]:
    """Return where a name is found and its last part: in the package, or in the module named before it.

    Raises:
        ModuleNotFoundError: if there is no such module, so that nothing can be used of it either.
    """
    module, _, last = name.rpartition(".")
    return (importlib.import_module(module) if module else s2s_tutorial), last


def methods(thing: type) -> list[str]:
    """The names under which a class, or one that it is made of, has code: an instance made earlier has no other."""
    made_of = [each for each in thing.__mro__ if each not in Module.__mro__]
    found = {"__init__", "__call__"}
    for each in made_of:
        for name, value in vars(each).items():
            if isinstance(value, (FunctionType, staticmethod, classmethod)) and name[:2] != "__":
                found.add(name)
    return sorted(found)


@contextmanager
def withhold(names: Sequence[str]) -> Iterator[None]:
    """Let the named functions, classes and operators raise RuntimeError in the body.

    However they were imported, and whatever was made of them before: a function's own code is
    exchanged, and all methods of a class. PyTorch's operators are refused where they are called.

    Args:
        names: of the package, such as ``"Encoder"``, or of another one, such as ``"torch.nn.LSTM"``
            or ``"torch.lstm"``; a package that is not installed is passed over.
    """
    saved, operators = [], []
    for name in names:
        try:
            place, last = look_up(name)
        except ModuleNotFoundError:
            continue
        thing = getattr(place, last)
        if isinstance(thing, type):
            changes = [(thing, method, refuse) for method in methods(thing)]
        elif hasattr(thing, "__code__"):
            changes = [(thing, "__code__", refuse.__code__)]
        else:
            operators.append(last)
            continue
        for owner, attribute, value in changes:
            before = thing.__code__ if attribute == "__code__" else vars(owner).get(attribute)
            saved.append((owner, attribute, before))
            setattr(owner, attribute, value)
    WITHHELD.extend(names)
    try:
        with Operators(operators) if operators else nullcontext():
            yield
    finally:
        del WITHHELD[len(WITHHELD) - len(names) :]
        for owner, attribute, value in saved:
            if value is None:
                delattr(owner, attribute)
            else:
                setattr(owner, attribute, value)
