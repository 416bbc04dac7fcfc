"""What a seed chooses in problem set 1."""

from __future__ import annotations

from math import log2
from random import Random

WORDS = ("river", "lamp", "stone", "bread", "violet", "seven", "under", "green", "paper", "salt")


def choose(rng: Random) -> dict[str, object]:
    """Sizes and constants of the tests, the words of an example and the alphabets of the experiment."""
    sizes, words = [3, 5, 7, 11, 13], list(WORDS)
    for items in (sizes, words):
        for last in range(len(items) - 1, 0, -1):  # shuffled by hand: alike in every Python
            other = rng.randrange(last + 1)
            items[last], items[other] = items[other], items[last]
    chosen = {
        "embedding_size": sizes[0],
        "hidden_size": sizes[1],
        "length": sizes[2] + 2,
        "vocab_size": sizes[3] + 7,
        "words": words,
        "min_count": rng.randrange(3, 5),
        "few": rng.randrange(3, 5),
        "many": rng.randrange(22, 27),
        "corpus_seed": rng.randrange(1, 10**4),
        "draw": rng.randrange(10**6),
    }
    few, many = (log2(chosen[name]) for name in ("few", "many"))  # for the questions in oral.md
    bits = {"few_bits": f"{few:.1f}", "many_bits": f"{many:.1f}", "ratio": f"{many / few:.1f}"}
    return chosen | bits
