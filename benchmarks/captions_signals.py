"""Numbers of a translation that might warn of a bad one: from its attention, and without it."""

from __future__ import annotations

import numpy as np
from scipy import stats

import s2s_tutorial as s2s


def starts_of(pieces: list[str]) -> np.ndarray:
    """Which word each piece belongs to.

    >>> starts_of(["▁foot", "ball", "▁game"]).tolist()
    [0, 0, 1]
    """
    begins = [piece.startswith("▁") for piece in pieces]
    return np.cumsum([True, *begins[1:]]) - 1


def joined_weights(
    pieces: list[str], weights: np.ndarray, src_pieces: list[str]
) -> tuple[list[str], np.ndarray]:
    """The written words, and their weights on source words.

    The weights of a source word's pieces are added up, those of a written word's averaged, so that
    each row still sums to 1.

    >>> words, weights = joined_weights(
    ...     ["▁a", "▁b", "c"], np.array([[0.5, 0.5, 0], [0, 0.2, 0.8], [0, 0, 1.0]]), ["▁x", "y", "▁z"]
    ... )
    >>> words, weights.round(2).tolist()
    (['a', 'bc'], [[1.0, 0.0], [0.1, 0.9]])
    """
    rows, columns = starts_of(pieces), starts_of(src_pieces)
    joined = np.zeros((rows[-1] + 1, columns[-1] + 1))
    np.add.at(joined, (rows[:, None], columns[None, :]), weights)
    written = [""] * len(joined)
    for row, piece in zip(rows, pieces):
        written[row] += piece.removeprefix("▁")
    return written, joined / np.bincount(rows)[:, None]


def order_of(weights: np.ndarray) -> float:
    """Correlation of the attended position with the place in the output."""
    place = weights @ np.arange(weights.shape[1])
    if len(place) < 3 or np.ptp(place) == 0:
        return 1.0
    return float(np.corrcoef(np.arange(len(place)), place)[0, 1])


def signals_of(
    found: s2s.Decoded, maps: dict[int, tuple[list[str], np.ndarray]], penalty: float
) -> dict[str, np.ndarray]:
    """Each signal, one number a sentence of ``maps``; higher should mean better.

    A source word's coverage is the weight that it got from all written words together. The last
    source word, mostly the full stop, is left out where the least covered one is looked for.
    """
    weights = [maps[k][1] for k in maps]
    coverage = [each.sum(0) for each in weights]
    lengths = np.array([len(found.ids[k]) + 1 for k in maps])  # with <eos>
    penalties = np.array([s2s.length_penalty_factor(int(n), penalty) for n in lengths])
    log_prob = np.array([found.scores[k] for k in maps]) * penalties / lengths
    signals = {
        "log-probability": log_prob,
        "sharpness": np.array([each.max(1).mean() for each in weights]),
        "least coverage": np.array([c[:-1].min(initial=1.0) for c in coverage]),
        "mean coverage": np.array([np.minimum(c, 1).mean() for c in coverage]),
        "log coverage": np.array(
            [np.log(np.clip(c, 1e-6, 1)).mean() for c in coverage]  # Wu et al. (2016), a word
        ),
        "order": np.array([order_of(each) for each in weights]),
        "length": np.array([len(each) / each.shape[1] for each in weights]),
        "shortness": -np.array([float(each.shape[1]) for each in weights]),
    }
    ranks = {name: stats.rankdata(values) for name, values in signals.items()}
    for other in ("mean coverage", "length"):
        signals[f"log-prob. + {other}"] = ranks["log-probability"] + ranks[other]
    return signals
