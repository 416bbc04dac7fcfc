"""The decoders once more, in NumPy: one sentence, one step at a time, from the papers' equations.

``p`` holds a decoder's weights by name; ``ys`` are the ids that it reads, ``h`` the memory of one
sentence without padding. ``look(query, step, previous)`` is its attention, giving context and
weights. Each returns the logits, states and weights of all steps.
"""

from __future__ import annotations

import numpy as np
from oracles import elman, gru, lstm
from oracles_attention import attend

GRU_CELL = ("cell.weight_ih", "cell.weight_hh", "cell.bias_ih", "cell.bias_hh")


def looker(p, h, kind, **local):
    """The decoder's attention over one sentence, from its weights ``attention.*``."""
    inside = {
        name.removeprefix("attention."): value
        for name, value in p.items()
        if name.startswith("attention.")
    }
    return lambda query, step, previous: attend(kind, inside, query, h, step, previous, **local)


def columns(rows):
    return tuple(np.array(column) for column in zip(*rows))


def bahdanau(p, ys, backward_first, look, readout="maxout"):
    """Bahdanau et al. (2015), A.2.2, reading out the new state (equation 4)."""
    s = np.tanh(p["start.weight"] @ backward_first)
    weights, rows = None, []
    for i, y in enumerate(ys):
        c, weights = look(s, i, weights)
        word = p["embedding.weight"][y]
        s = gru(*(p[name] for name in GRU_CELL), np.concatenate([word, c]), s)
        t = p["readout_layer.weight"] @ np.concatenate([s, word, c]) + p["readout_layer.bias"]
        if readout == "maxout":
            t = np.array([max(t[2 * k], t[2 * k + 1]) for k in range(len(t) // 2)])
        else:
            t = np.tanh(t)
        rows.append((p["output.weight"] @ t + p["output.bias"], s, weights))
    return columns(rows)


def luong(p, ys, finals, look, cell="lstm", input_feeding=False):
    """Luong et al. (2015), equations 5 to 7, and section 3.3 with input feeding.

    ``finals`` are the states that the layers start from, bottom first.
    """
    update = {"lstm": lstm, "gru": gru, "rnn": elman}[cell]
    states, weights, rows = list(finals), None, []
    attentional = np.zeros(len(p["combine.weight"]))
    for t, y in enumerate(ys):
        x = p["embedding.weight"][y]
        if input_feeding:
            x = np.concatenate([x, attentional])
        for layer in range(len(states)):
            names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            matrices = [p[f"rnn.{name}_l{layer}"] for name in names]
            states[layer] = update(*matrices, x, states[layer])
            x = states[layer][0] if cell == "lstm" else states[layer]
        c, weights = look(x, t, weights)
        attentional = np.tanh(p["combine.weight"] @ np.concatenate([c, x]))
        rows.append((p["output.weight"] @ attentional + p["output.bias"], x, weights))
    return columns(rows)


def context_feeding(p, ys, backward_first, memory_size, look):
    """The lecture notes: GRU over [x_t; c_{t-1}], then attention, output from [h_t; c_t]."""
    h = backward_first
    if "start.weight" in p:
        h = p["start.weight"] @ h + p["start.bias"]
    c, weights, rows = np.zeros(memory_size), None, []
    for t, y in enumerate(ys):
        x = np.concatenate([p["embedding.weight"][y], c])
        h = gru(*(p[name] for name in GRU_CELL), x, h)
        c, weights = look(h, t, weights)
        rows.append((p["output.weight"] @ np.concatenate([h, c]) + p["output.bias"], h, weights))
    return columns(rows)
