"""A prediction that is committed before an experiment is run: a habit and a trace, not a lock."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real

from s2s_tutorial.coursework.checks import describe_error

BECAUSE = "because"
WORDS = 5  # of a reason, at least
COMMITTED = re.compile(
    r"^Prediction (?P<exercise>[\d.]+) committed(?P<late>, after the experiment)?: (?P<seal>[0-9a-f]{12})$",
    re.MULTILINE,
)
BEGAN = re.compile(
    r"^Experiment (?P<exercise>[\d.]+) begins after prediction (?P<seal>[0-9a-f]{12})$",
    re.MULTILINE,
)


@dataclass
class Commitment:
    """What was predicted of an experiment, and the seal that says so; made by :func:`commit`.

    Args:
        exercise: which it belongs to, such as ``"1.8"``.
        seal: twelve hexadecimal digits, or "" if there is no prediction yet.
        prediction: the answers by question, and the reason.
        late: whether the experiment had begun before it.
        began: whether it has begun at all.
    """

    exercise: str
    seal: str = ""
    prediction: Mapping[str, object] = field(default_factory=dict)
    late: bool = False
    began: bool = False

    def begin(self) -> None:
        """Say that the experiment begins now, and after which prediction.

        Raises:
            NotImplementedError: if nothing was committed, for ``waits_for`` around the experiment.
        """
        if not self.seal:
            raise NotImplementedError(f"commit your prediction of {self.exercise} first")
        self.began = True
        print(f"Experiment {self.exercise} begins after prediction {self.seal}")

    def beside(self, came_out: Mapping[str, object]) -> None:
        """Print what came out beside what was predicted.

        Args:
            came_out: the experiment's answers, by question.

        Raises:
            NotImplementedError: if nothing was committed.
        """
        if not self.seal:
            raise NotImplementedError(f"commit your prediction of {self.exercise} first")
        rows = [(name, self.prediction[name], plainly(x)) for name, x in came_out.items()]
        table = [["", "predicted", "came out"], *([str(each) for each in row] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*table)]
        for row in table:
            print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())

    def report(self, points: float) -> float:
        """Print what the commitment is worth in this run, and return it; the last line of its cell.

        The grader reads it anew from the outputs that are stored in the notebook.
        """
        title = f"Exercise {self.exercise}, prediction"
        if not self.seal:
            print(f"{title}: not implemented yet, 0 of {points:g} points")
            return 0.0
        print(f"{title}: {points:g} of {points:g} points, if you hand in the notebook with the")
        print(f"outputs of one run from the top: the prediction {self.seal}, then the experiment.")
        return float(points)


def commit(
    exercise: str,
    prediction: Callable[[], Mapping[str, object]],
    asked: Mapping[str, Sequence],
    before: object = None,
) -> Commitment:
    """Print and return a commitment to what a student expects of an experiment.

    $$ \\text{seal} = \\text{SHA-256}(\\text{exercise}, \\text{questions}, \\text{answers}, \\text{reason}, \\text{late}) $$

    The questions are the variant's, and the reason is in the student's own words, so that equal answers
    of two people have two seals. If something is missing it is printed, and nothing is committed.

    Args:
        exercise: what it belongs to, such as ``"1.8"``.
        prediction: a function without arguments that returns the answers by question, and under
            ``"because"`` a reason of at least five words.
        asked: for each question the pair of the lowest and highest number that can be answered
            (a tuple), or the words from which one is chosen (a list).
        before: the commitment that this one takes the place of, if there is one. If its experiment has
            begun, another prediction is late, and says so.

    Example:
        >>> from s2s_tutorial.coursework import commit
        >>> def prediction():
        ...     return {"longest": 9, "because": "more bits do not fit into it"}
        >>> sealed = commit("0.1", prediction, {"longest": (2, 14)})
        Prediction 0.1 committed: 9af965849985
          longest: 9
          because: more bits do not fit into it
        The experiment may run now. Hand the notebook in with this output.
        >>> sealed.begin()
        Experiment 0.1 begins after prediction 9af965849985
        >>> sealed.beside({"longest": 8})
                 predicted  came out
        longest  9          8
    """
    earlier = before if isinstance(before, Commitment) else Commitment(exercise)
    nothing = Commitment(exercise, began=earlier.began)
    try:
        given = prediction()
    except NotImplementedError:
        print(f"Exercise {exercise} has no prediction yet. The experiment waits for it.")
        return nothing
    except Exception as error:
        missing = [describe_error(error)]
    else:
        missing = problems(given, asked)
    if missing:
        print(f"Prediction {exercise} is not committed, and the experiment waits:")
        print("\n".join(f"  {each}" for each in missing))
        return nothing
    kept = {name: plainly(given[name]) for name in (*asked, BECAUSE)}
    questions = {name: [plainly(each) for each in allowed] for name, allowed in asked.items()}
    late = earlier.late if kept == earlier.prediction else earlier.began
    text = json.dumps([exercise, questions, kept, late], sort_keys=True)
    seal = hashlib.sha256(text.encode()).hexdigest()[:12]
    print(f"Prediction {exercise} committed{', after the experiment' if late else ''}: {seal}")
    print("\n".join(f"  {name}: {value}" for name, value in kept.items()))
    print("The experiment may run now. Hand the notebook in with this output.")
    return Commitment(exercise, seal, kept, late, earlier.began)


def plainly(value: object) -> object:
    """A number or a text, the same from whichever number format it comes: 9 for 9.0, one line of text."""
    if isinstance(value, Real):
        return int(value) if value == int(value) else float(value)
    return " ".join(str(value).split())


def problems(given: object, asked: Mapping[str, Sequence]) -> list[str]:
    """What is missing in a prediction, a line for each question; an empty list if nothing is."""
    if not isinstance(given, Mapping):
        return [f"it should be a dict, not a {type(given).__name__}"]
    found = [f"{name!r} is not asked" for name in given if name not in asked and name != BECAUSE]
    for name, allowed in asked.items():
        value = given.get(name)
        if isinstance(allowed, tuple):
            low, high = allowed
            number = isinstance(value, Real) and not isinstance(value, bool)
            if not number or not low <= value <= high:
                found.append(f"{name}: a number from {low} to {high}, not {value!r}")
        elif not isinstance(value, str) or value not in allowed:
            found.append(f"{name}: one of {', '.join(map(repr, allowed))}, not {value!r}")
    because = given.get(BECAUSE)
    if not isinstance(because, str) or len(because.split()) < WORDS:
        found.append(f"{BECAUSE}: your reason, in {WORDS} words or more, not {because!r}")
    return found
