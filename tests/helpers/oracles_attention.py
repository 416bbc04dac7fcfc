"""The attentions once more, in NumPy: one query, one source position at a time.

``p`` holds the weights of an attention by the names that its docstring gives them; ``h`` is the
memory of one sentence without padding, ``(source length, memory size)``.
"""

from __future__ import annotations

import math

import numpy as np
from oracles import sigmoid, softmax


def additive(p, q, h, j, previous):
    """Bahdanau et al. (2015), A.1.2."""
    return p["v"] @ np.tanh(p["W_q"] @ q + p["W_k"] @ h[j])


def dot(p, q, h, j, previous):
    """Luong et al. (2015), section 3.1, as are the next two."""
    return q @ h[j]


def general(p, q, h, j, previous):
    return q @ p["W"] @ h[j]


def concat(p, q, h, j, previous):
    return p["v"] @ np.tanh(p["W"] @ np.concatenate([q, h[j]]))


def location(p, q, h, j, previous):
    """Luong et al. (2015), equation 8: row j of W, whatever the source says."""
    return p["W"][j] @ q


def location_aware(p, q, h, j, previous):
    """Chorowski et al. (2015), equations 8 and 9; before the first step f is zero."""
    filters, width = p["F"].shape
    f = np.zeros(filters)
    for k in range(filters):
        for tap in range(width):
            place = j + tap - width // 2
            if previous is not None and 0 <= place < len(h):
                f[k] += p["F"][k, tap] * previous[place]
    return p["v"] @ np.tanh(p["W_q"] @ q + p["W_k"] @ h[j] + p["U"] @ f + p["b"])


def coverage(p, q, h, j, previous):
    """Tu et al. (2016), section 3.1, fertility one; ``previous`` is the sum of all weights so far."""
    covered = 0.0 if previous is None else previous[j]
    W_q, W_k = p["additive.W_q"], p["additive.W_k"]
    return p["additive.v"] @ np.tanh(W_q @ q + W_k @ h[j] + p["u"] * covered)


SCORES = {
    "additive": additive,
    "dot": dot,
    "general": general,
    "concat": concat,
    "location": location,
    "location_aware": location_aware,
    "coverage": coverage,
}


def attend(kind, p, q, h, step=0, previous=None, local=None, window=None):
    """Context and weights of one query; ``local`` is None, ``"monotonic"`` or ``"predictive"``.

    The weights of a local attention's score are named ``inner.*``.
    """
    inner = {name.removeprefix("inner."): value for name, value in p.items()}
    e = np.array([SCORES[kind](inner, q, h, j, previous) for j in range(len(h))])
    if local is None:
        weights = softmax(e)
        return weights @ h, weights
    centre = float(step)
    if local == "predictive":  # Luong et al. (2015), equation 9
        centre = len(h) * sigmoid(p["v_p"] @ np.tanh(p["W_p"] @ q))
    weights = np.zeros(len(h))
    inside = [s for s in range(len(h)) if centre - window <= s <= centre + window]
    if inside:
        weights[inside] = softmax(e[inside])
    if local == "predictive":  # equation 10
        for s in inside:
            weights[s] *= math.exp(-((s - centre) ** 2) / (2 * (window / 2) ** 2))
    return weights @ h, weights
