"""What the encoder-decoder figure says at each step."""

from __future__ import annotations

from collections.abc import Sequence

from s2s_tutorial.figures.widgets.trace.captions import (
    STEP_THROUGH,
    Distribution,
    likely,
    quote,
    sub,
    what_was_written,
)


def overview(read: int, tokens: Sequence[str]) -> str:
    """The caption of the whole picture."""
    end = ", the last of them <eos>" if tokens[-1] == "<eos>" else ""
    return (
        f"The whole picture. The encoder reads {_count(read, 'token')} and turns them into the states "
        f"{_span('h', read)}; the last one is the context c; from c alone the decoder writes "
        f"{_count(len(tokens), 'token')}{end}. {STEP_THROUGH}"
    )


def reading(j: int, token: str, read: int, size: int, drawn: int) -> str:
    """Encoder step ``j`` of ``read``, with states of ``size`` numbers."""
    x, h, before = sub("x", j), sub("h", j), sub("h", j - 1)
    start = f"{x} = {quote(token)}. "
    if j == 1:
        shown = f"the figure draws the first {drawn}" if drawn < size else "one bar each"
        return start + (
            f"The encoder looks up the token’s embedding (grey), a list of learned numbers, and mixes "
            f"it with the starting state {before}, all zeros, into {h} = f({x}, {before}): "
            f"{size} numbers between −1 and 1 ({shown}; left of the line is negative)."
        )
    if j == read:
        return start + (
            f"The last token: {h} = f({x}, {before}). Every token has left its mark on {h}, and "
            f"nothing else is kept of the sentence: {h} must be its summary."
        )
    if j == 2:
        return start + (
            f"The same f, with the same weights, takes the next embedding and the state before: "
            f"{h} = f({x}, {before}). Two tokens now share the {size} numbers that one had to itself."
        )
    return start + (
        f"{h} = f({x}, {before}): {j} tokens in the same {size} numbers. What f does not carry over "
        f"from {before} is lost, for the encoder never looks back."
    )


def squeezing(read: int, size: int) -> str:
    """The context: the one vector that crosses."""
    last = sub("h", read)
    left = "" if read == 1 else f" {_span('h', read - 1)} stay behind."
    return (
        f"c = {last}. These {size} numbers are all that the decoder will ever know of the source."
        f"{left} A sentence of 4 tokens and one of 40 get a context of the same size: this is the "
        "bottleneck."
    )


def updating(i: int, token: str, same_size: bool) -> str:
    """The decoder's state ``i``, from the token written before."""
    s, before, y = sub("s", i), sub("s", i - 1), sub("y", i - 1)
    if i == 1:
        origin = f"{before} = c" if same_size else f"{before}, a linear map of c"
        return (
            f"The decoder, another network with weights of its own, starts from {origin}. Its first "
            f"input is {y} = {token}, “begin”, and its first state {s} = f({y}, {before})."
        )
    return (
        f"What was written comes back as the next input (dashed): {s} = f({y}, {before}) with "
        f"{y} = {quote(token)}. Neither {before} nor {y} brings anything new about the source."
    )


def writing(
    i: int, token: str, written_in_all: int, guesses: Distribution | None, size: int
) -> str:
    """The word that the decoder writes at step ``i``."""
    listed = f": {likely(guesses)}" if guesses else ""
    start = f"From {sub('s', i)} come probabilities for every word of the vocabulary{listed}. "
    best = not guesses or token == guesses[0][0]
    chosen = "The most probable is written: " if best else "Written here is "
    stopped = f": {_count(written_in_all - 1, 'token')}, all of them out of {size} numbers"
    return start + what_was_written(i, token, stopped, chosen)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _span(symbol: str, last: int) -> str:
    """h₁; h₁ and h₂; h₁ to h₅."""
    if last == 1:
        return sub(symbol, 1)
    return f"{sub(symbol, 1)} {'and' if last == 2 else 'to'} {sub(symbol, last)}"
