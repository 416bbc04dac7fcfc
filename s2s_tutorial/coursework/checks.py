"""Checks in a problem set: each says at once whether it passes, and together they give the points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from numbers import Integral, Real

import torch
from torch import Tensor
from torch.nn import Module

from s2s_tutorial.coursework.limits import OutOfTime, time_limit, withhold


class Checks:
    """The checks of one cell of a problem set.

    A check is a function without arguments that raises if something is wrong. It runs where it
    stands; what it raises is kept, so that one failure hides no other and "Run all" never stops.
    Gradients are on in it, also where a cell before has turned them off for good.

    $$ \\text{score} = \\text{points} \\cdot \\frac{\\text{weight of the checks passed}}{\\text{weight of all}} $$

    The cell's last line is ``checks.report()``. It prints what came out and returns the score,
    which nbgrader reads as the cell's credit. A cell without checks, such as one whose hidden
    tests were taken out, returns None.

    Args:
        exercise: what the report calls it, such as ``"2.1"``.
        points: what the checks are worth together.
        withheld: names of the package, or of another one (``"torch.nn.LSTM"``), that the solution
            must do without; calling one of them inside a check raises RuntimeError.
        seconds: how long one check may run.

    Raises:
        ValueError: if ``points`` or ``seconds`` is not positive.

    Example:
        >>> from s2s_tutorial.coursework import Checks
        >>> checks = Checks("0.1", points=4)
        >>> @checks("two and two is four")
        ... def check():
        ...     assert 2 + 2 == 4
        >>> @checks("three is even")
        ... def check():
        ...     assert 3 % 2 == 0, "3 leaves a remainder of 1"
        >>> checks.report()
        Exercise 0.1: 1 of 2 checks passed, 2 of 4 points
          [passed] two and two is four
          [failed] three is even
                   AssertionError: 3 leaves a remainder of 1
        2.0
    """

    def __init__(
        self, exercise: str, points: float, withheld: Sequence[str] = (), seconds: float = 5
    ):
        if points <= 0 or seconds <= 0:
            raise ValueError(f"points and seconds must be positive, not {points} and {seconds}")
        self.exercise = exercise
        self.points = points
        self.withheld = withheld
        self.seconds = seconds
        self.results: list[tuple[str, BaseException | None]] = []
        self.weights: list[float] = []

    def __call__(self, claim: str, weight: float = 1.0) -> Callable[[Callable[[], None]], None]:
        """Decorate a check with what it claims; it runs at once.

        Args:
            claim: what it checks.
            weight: how much it counts beside the others.
        """

        def run(check: Callable[[], None]) -> None:
            self.weights.append(weight)
            try:
                with withhold(self.withheld), torch.enable_grad(), time_limit(self.seconds):
                    check()
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit and the time limit too
                self.results.append((claim, error))
            else:
                self.results.append((claim, None))

        return run

    def report(self) -> float | None:
        """Print what came out of the checks, and return the score."""
        title = f"Exercise {self.exercise}"
        if not self.results:
            print(f"{title}: hidden tests, {self.points:g} points, run when your work is graded")
            return None
        errors = [error for _, error in self.results]
        passed = errors.count(None)
        earned = sum(w for w, error in zip(self.weights, errors) if error is None)
        score = round(self.points * earned / sum(self.weights), 2)
        if all(isinstance(error, NotImplementedError) for error in errors):
            print(f"{title}: not implemented yet, 0 of {self.points:g} points")
            return score
        print(
            f"{title}: {passed} of {len(errors)} checks passed, {score:g} of {self.points:g} points"
        )
        for claim, error in self.results:
            print(f"  [{'failed' if error else 'passed'}] {claim}")
            if error:
                print(f"           {describe_error(error)}")
        return score


def close(found, expected, what: str = "the result", tolerance: float = 1e-4) -> None:
    """Raise unless ``found`` is ``expected``, within the tolerance, whatever its number format.

    $$ |\\text{found} - \\text{expected}| \\le \\text{tolerance} \\cdot (1 + |\\text{expected}|) $$

    Args:
        found: a tensor, or a number.
        expected: what it should be.
        what: what the message calls it.
        tolerance: how far they may differ.

    Raises:
        AssertionError: if they differ in shape or in a number; the message says where.

    Example:
        >>> from s2s_tutorial.coursework import close
        >>> close(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 3.0]), "the context")
        Traceback (most recent call last):
            ...
        AssertionError: the context should be 3 at [1], but is 2
    """
    if not isinstance(found, (Tensor, int, float)):
        raise AssertionError(f"{what} should be a tensor, not {type(found).__name__}")
    found, expected = (torch.as_tensor(each).detach().double() for each in (found, expected))
    if found.shape != expected.shape:
        shapes = f"{tuple(expected.shape)}, but has {tuple(found.shape)}"
        raise AssertionError(f"{what} should have shape {shapes}")
    wrong = ~((found - expected).abs() <= tolerance * (1 + expected.abs()))
    if wrong.any():
        place = wrong.nonzero()[0].tolist()
        values = [each[tuple(place)].item() for each in (expected, found)]
        at = f" at {place}" if place else ""
        raise AssertionError(f"{what} should be {values[0]:.4g}{at}, but is {values[1]:.4g}")


def unchanged(solution: Callable, *arguments) -> None:
    """Call a solution and raise if one of its arguments is not afterwards what it was before.

    Args:
        solution: a function.
        arguments: tensors, or lists, tuples and dicts of what can be compared; others are passed on.

    Raises:
        AssertionError: if an argument was changed; the message says which.

    Example:
        >>> from s2s_tutorial.coursework import unchanged
        >>> unchanged(sorted, [2, 1])
        >>> unchanged(list.sort, [2, 1])
        Traceback (most recent call last):
            ...
        AssertionError: argument 1 was changed: it was [2, 1] and is now [1, 2]
    """
    before = [snapshot(each) for each in arguments]
    getattr(solution, "changing", solution)(*arguments)  # when graded, only so do changes arrive
    for number, (kept, now) in enumerate(zip(before, map(snapshot, arguments)), start=1):
        if kept != now:
            was, found = (" ".join(str(each).split())[:70] for each in (kept, now))
            raise AssertionError(f"argument {number} was changed: it was {was} and is now {found}")


def plain(found, what: str = "the result", kind: type = Real) -> None:
    """Raise unless ``found`` is a number that is no tensor.

    Args:
        found: what a solution returned.
        what: what the message calls it.
        kind: ``numbers.Integral`` for an int.

    Raises:
        AssertionError: if it is something else; the message says what.

    Example:
        >>> from s2s_tutorial.coursework import plain
        >>> plain(0.5)
        >>> plain(torch.tensor(0.5), "the score")
        Traceback (most recent call last):
            ...
        AssertionError: the score should be a float, not a Tensor
    """
    if not isinstance(found, kind):
        wanted = "an int" if kind is Integral else "a float"
        raise AssertionError(f"{what} should be {wanted}, not a {type(found).__name__}")


def snapshot(value: object) -> object:
    """What there is to compare of a value later: numbers as text, since NaN is not equal to itself."""
    if isinstance(value, Tensor):
        return str(value.detach().tolist())
    if isinstance(value, Module):
        return {name: snapshot(each) for name, each in value.named_parameters()}
    if isinstance(value, dict):
        return {key: snapshot(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [snapshot(each) for each in value]
    return value if isinstance(value, (str, int, float, bool)) else None


@contextmanager
def waits_for(exercises: str) -> Iterator[None]:
    """Say so, and go on, if the body needs an exercise that is not solved yet.

    Args:
        exercises: which the body needs, such as ``"2.5 and 2.6"``.

    Example:
        >>> from s2s_tutorial.coursework import waits_for
        >>> with waits_for("0.1"):
        ...     raise NotImplementedError
        This cell waits for exercise 0.1, which is not implemented yet.
    """
    try:
        yield
    except NotImplementedError:
        print(f"This cell waits for exercise {exercises}, which is not implemented yet.")


def describe_error(error: BaseException) -> str:
    """The error in at most six short lines, to be read below the check's claim."""
    lines = [line.rstrip()[:160] for line in str(error).strip().splitlines() if line.strip()]
    if len(lines) > 6:
        lines = [*lines[:6], "..."]
    name = "" if isinstance(error, OutOfTime) else type(error).__name__
    text = "\n           ".join(lines)
    return f"{name}: {text}" if name and text else name or text
