"""What the figure of a stack of layers says at each step."""

from __future__ import annotations

from collections.abc import Sequence

from s2s_tutorial.figures.widgets.trace.captions import (
    STEP_THROUGH,
    Distribution,
    likely,
    looked,
    quote,
    sub,
    target,
    what_was_written,
)


def overview(layers: int, read: int, tokens: Sequence[str]) -> str:
    """The caption of the whole picture."""
    return (
        f"The whole picture. {layers} layers read {read} tokens, upwards and to the right; then each "
        f"hands its own pair, h and c, to the decoder’s layer of the same height, and the decoder "
        f"writes {len(tokens)} tokens. {STEP_THROUGH}"
    )


def reading(layer: int, j: int, token: str, size: int, drawn: int, kept: bool) -> str:
    """Encoder layer ``layer`` at position ``j``; ``kept``: its state goes to the memory."""
    if layer == 1:
        start = f"{sub('x', j)} = {quote(token)}. Layer 1 takes its embedding"
        if j == 1:
            return (
                f"{start} and makes the first pair: the state h and below it the cell c ({size} "
                f"numbers each; the figure draws the first {drawn}, of c its tanh)."
            )
        return (
            f"{start} and its own h and c from position {j - 1}: two arrows arrive from the left."
        )
    start = f"Layer {layer} takes layer {layer - 1}’s h in place of an embedding"
    if j == 1:
        return f"{start}. Only h goes up; the cell c stays in its layer."
    end = " Its h is kept in the memory." if kept else ""
    return f"{start}, and its own h and c from position {j - 1}.{end}"


def crossing(layers: int, size: int, attends: bool) -> str:
    """The final states, on their way to the decoder."""
    end = " The top layer’s states at all positions stay in the memory." if attends else ""
    return (
        f"The source is read. Each layer hands its last h and its last c to the decoder’s layer of "
        f"the same height: {layers} × 2 × {size} = {2 * layers * size} numbers cross.{end}"
    )


def updating(layer: int, i: int, fed: str) -> str:
    """Decoder layer ``layer`` at step ``i``."""
    if layer > 1:
        own = "what the encoder’s same layer left" if i == 1 else f"its own h and c of step {i - 1}"
        return f"Layer {layer} takes layer {layer - 1}’s h, and {own}."
    start = f"{sub('y', i - 1)} = {target(fed)}"
    if i == 1:
        return (
            f"{start}, “begin”. Layer 1 takes its embedding, and starts from the encoder’s layer 1."
        )
    return f"What was written comes back (dashed): {start}. Layer 1 takes it and its own h and c."


def writing(i: int, token: str, most: Distribution | None, guesses: Distribution | None) -> str:
    """The word that is written at step ``i``, and where the top layer looked most."""
    parts = []
    if most:
        asks = "The top layer’s h asks the memory."
        parts.append(f"{asks} The largest weights: {looked(most)}.")
    if guesses:
        source = "From it and the context" if most else "From the top layer’s h"
        parts.append(f"{source} come probabilities: {likely(guesses)}.")
    return " ".join([*parts, what_was_written(i, token)])
