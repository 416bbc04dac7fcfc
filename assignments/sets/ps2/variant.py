"""What a seed chooses in problem set 2."""

from __future__ import annotations

from random import Random

LANGUAGES = {"de": "German", "en": "English", "it": "Italian", "nl": "Dutch"}
CROSSING = [(a, b) for a in ("en", "it") for b in ("de", "nl")]


def choose(rng: Random) -> dict[str, object]:
    """Sizes and constants of the tests, the languages of the experiment and its draw."""
    sizes = [3, 5, 7, 11, 13]
    for last in range(len(sizes) - 1, 0, -1):  # shuffled by hand: alike in every Python
        other = rng.randrange(last + 1)
        sizes[last], sizes[other] = sizes[other], sizes[last]
    pair = CROSSING[rng.randrange(len(CROSSING))]
    src, tgt = pair if rng.randrange(2) else pair[::-1]
    return {
        "temperature": (0.25, 0.4, 0.5, 0.8, 1.25, 1.6, 2.0)[rng.randrange(7)],
        "query_size": sizes[0],
        "memory_size": sizes[1],
        "attention_size": sizes[2],
        "embedding_size": sizes[3],
        "same_size": sizes[4],
        "src_lang": src,
        "tgt_lang": tgt,
        "src_name": LANGUAGES[src],
        "tgt_name": LANGUAGES[tgt],
        "corpus_seed": rng.randrange(1, 10**4),
        "number": rng.randrange(2, 9) * 1000 + rng.randrange(2, 9) * 110 + rng.randrange(2, 9),
        "draw": rng.randrange(10**6),
    }
