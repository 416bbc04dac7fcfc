"""What a seed chooses in problem set 4."""

from __future__ import annotations

from random import Random


def choose(rng: Random) -> dict[str, object]:
    """Sizes and constants of the tests, the penalty's exponent, the corpus and the seeds of the experiment."""
    sizes = [3, 5, 7, 11, 13]
    for last in range(len(sizes) - 1, 0, -1):  # shuffled by hand: alike in every Python
        other = rng.randrange(last + 1)
        sizes[last], sizes[other] = sizes[other], sizes[last]
    return {
        "input_size": sizes[0],
        "hidden_size": sizes[1],
        "steps": sizes[2],
        "layers": rng.randrange(3, 5),
        "alpha": (0.6, 0.7, 0.8, 0.9)[rng.randrange(4)],
        "width": rng.randrange(3, 6),
        "corpus_seed": rng.randrange(1, 10**4),
        "draw": rng.randrange(10**6),
    }
