"""The figures that follow a sentence, made from the same small sentences for all tests."""

from __future__ import annotations

import numpy as np

from s2s_tutorial.figures.widgets import bahdanau_trace, encoder_decoder_trace, stacked_lstm_trace

SRC = ["Stai", "attento", ",", "Thomas"]
OUT = ["Be", "careful", ",", "Thomas", "<eos>"]
_RNG = np.random.default_rng(0)
WEIGHTS = _RNG.dirichlet([0.5] * 4, 5)


def states(*shape):
    return _RNG.uniform(-1, 1, shape)


READ, WROTE = states(4, 12), states(5, 12)
MEMORY, STATES = states(4, 14), states(6, 7)
PAIRS = [(states(2, n, 7), 2 * _RNG.normal(size=(2, n, 7))) for n in (4, 5)]


def guesses(words):
    return [[("other", 0.25), (word, 0.5), ("third", 0.125), ("fourth", 0.0625)] for word in words]


def bottleneck(src=SRC, tgt=OUT, **changes):
    options = {"encoder_states": READ, "decoder_states": WROTE, "probabilities": guesses(OUT)}
    return encoder_decoder_trace(src, tgt, **{**options, **changes})


def bahdanau(src=SRC, tgt=OUT, **changes):
    options = {"memory": MEMORY, "decoder_states": STATES, "weights": WEIGHTS}
    return bahdanau_trace(src, tgt, **{**options, "probabilities": guesses(OUT), **changes})


def stacked(src=SRC, tgt=OUT, **changes):
    options = {"encoder_states": PAIRS[0], "decoder_states": PAIRS[1], "weights": WEIGHTS}
    return stacked_lstm_trace(src, tgt, **{**options, "probabilities": guesses(OUT), **changes})


TRACES = {"bottleneck": bottleneck, "bahdanau": bahdanau, "stacked": stacked}
