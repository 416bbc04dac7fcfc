"""The words that the captions of all figures that follow a sentence are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Distribution = Sequence[tuple[str, float]]
"""Words and how probable each is, the likeliest first."""

STEP_THROUGH = "Step through it with the buttons or the arrow keys."


def sub(symbol: str, index: int) -> str:
    """A symbol with its index below: ``sub("h", 12)`` is h₁₂."""
    return symbol + str(index).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def quote(token: str) -> str:
    """A token as it stands in a sentence."""
    return f"“{token}”"


def target(token: str) -> str:
    """A token that is written, or fed back: without quotation marks if it is a sign."""
    return token if token in ("<bos>", "<eos>") else quote(token)


def probability(value: float) -> str:
    """Two decimals, and never a 0 or 1 that it is not."""
    if 0 < value < 0.005:
        return "below 0.01"
    if 0.995 <= value < 1:
        return "above 0.99"
    return f"{value:.2f}"


def likely(guesses: Distribution) -> str:
    """Words and their probabilities: ``Be 0.50, other 0.25``."""
    return ", ".join(f"{word} {probability(p)}" for word, p in guesses)


def largest(tokens: Sequence[str], weights: Iterable[float], count: int) -> Distribution:
    """The source tokens with the largest weights, the largest first."""
    ranked = sorted(zip(tokens, map(float, weights)), key=lambda pair: -pair[1])
    return ranked[:count]


def looked(most: Distribution) -> str:
    """Tokens and their weights: ``“Stai” 0.80, “attento” 0.15``."""
    return ", ".join(f"{quote(token)} {probability(weight)}" for token, weight in most)


def what_was_written(i: int, token: str, stopped: str = "", chosen: str = "Written is ") -> str:
    """The token written at step ``i``; ``stopped``: what is added about the end."""
    end = f", “end”, and the decoder stops{stopped}." if token == "<eos>" else "."
    return f"{chosen}{sub('y', i)} = {target(token)}{end}"
