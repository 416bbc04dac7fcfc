"""What a seed chooses in problem set 3."""

from __future__ import annotations

from random import Random

LANGUAGES = {"de": "German", "en": "English", "it": "Italian", "nl": "Dutch"}
CROSSING = [(a, b) for a in ("en", "it") for b in ("de", "nl")]


def choose(rng: Random) -> dict[str, object]:
    """Sizes and constants of the tests, the window, the languages and the seeds of the experiment."""
    sizes = [3, 5, 7, 11, 13]
    for last in range(len(sizes) - 1, 0, -1):  # shuffled by hand: alike in every Python
        other = rng.randrange(last + 1)
        sizes[last], sizes[other] = sizes[other], sizes[last]
    pair = CROSSING[rng.randrange(len(CROSSING))]
    src, tgt = pair if rng.randrange(2) else pair[::-1]
    first = rng.randrange(1, 1000)
    return {
        "query_size": sizes[0],
        "memory_size": sizes[1],
        "attention_size": sizes[2],
        "embedding_size": sizes[3],
        "same_size": sizes[4],
        "window": (2, 3)[rng.randrange(2)],
        "src_lang": src,
        "tgt_lang": tgt,
        "src_name": LANGUAGES[src],
        "tgt_name": LANGUAGES[tgt],
        "first_seed": first,
        "draw": rng.randrange(10**6),
    }
