"""What the figure of Bahdanau's model says at each step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from s2s_tutorial.figures.widgets.trace.captions import (
    STEP_THROUGH,
    Distribution,
    largest,
    likely,
    looked,
    sub,
    target,
    what_was_written,
)


def overview(read: int, tokens: Sequence[str]) -> str:
    """The caption of the whole picture."""
    return (
        f"The whole picture. Above, the encoder reads in both directions and keeps all of its states "
        f"{sub('h', 1)} to {sub('h', read)}. Below, one row for each of the {len(tokens)} tokens "
        "written: the state before asks (the line above the row), the weights α answer (purple), the "
        f"context c comes back (green), and only then is the state s renewed. {STEP_THROUGH}"
    )


def reading(direction: str, read: int, size: int, drawn: int) -> str:
    """One of the encoder's two directions."""
    if direction == "forward":
        return (
            f"One recurrent network reads from left to right. Its state at position {read} has seen "
            f"everything, its state at position 1 only {sub('x', 1)}. ({size} numbers each; the "
            f"figure draws the first {drawn}.)"
        )
    return (
        "A second network, with weights of its own, reads from right to left. Its state at position "
        "1 is the one that has seen the whole sentence."
    )


def remembering(read: int, size: int) -> str:
    """Both halves together: the memory."""
    return (
        f"Both halves together are h, {2 * size} numbers a position: the token and what stands "
        f"around it. All {read} are kept. This is the memory, and nothing crosses to the decoder yet."
    )


def starting() -> str:
    """The first decoder state."""
    return (
        "The decoder starts from the backward state at position 1, s₀ = tanh(W ←h₁). It stands where "
        "the first word is about to be written, and it has heard the whole sentence."
    )


def asking(i: int, tokens: Sequence[str], weights: Iterable[float]) -> str:
    """Scores and weights of step ``i``."""
    before, alpha = sub("s", i - 1), sub("α", i)
    sums = " that sum to 1" if i == 1 else ""
    return (
        f"{before} asks: it is scored against every h, and a softmax makes the scores weights "
        f"{alpha}{sums}. The largest: {looked(largest(tokens, weights, 3))}."
    )


def answering(i: int, size: int) -> str:
    """The context of step ``i``."""
    c = sub("c", i)
    if i == 1:
        return (
            f"The answer: {c} is the mean of the states h, weighed by the row. It has as many numbers "
            f"as one h ({2 * size}), however long the sentence."
        )
    return (
        f"A new answer, {c}, from the same memory with new weights; {sub('c', i - 1)} is not kept."
    )


def writing(i: int, fed: str, token: str, guesses: Distribution | None) -> str:
    """The new state and the word written at step ``i``."""
    s, before, y, c = sub("s", i), sub("s", i - 1), sub("y", i - 1), sub("c", i)
    start = f"Only now the state: {s} = f({before}, {y}, {c}) with {y} = {target(fed)}. "
    if guesses:
        start += f"From {s}, {y} and {c} come probabilities: {likely(guesses)}. "
    return start + what_was_written(i, token)
