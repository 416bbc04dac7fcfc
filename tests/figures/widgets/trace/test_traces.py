"""What holds for every figure that follows a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from figure_pages import readable
from traces import OUT, SRC, TRACES, WEIGHTS, bahdanau, guesses, stacked

every = pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)


@every
def test_tokens_are_escaped(trace):
    figure = trace(src=["<script>", "a&b", "c", "d"])
    assert figure._repr_html_().count("<script>") == 1  # the figure's own
    assert "&lt;script&gt;" in figure.svg(1)


@pytest.mark.parametrize("trace", [bahdanau, stacked])
@pytest.mark.parametrize("compact", [False, True])
def test_text_is_large_enough_where_the_drawing_is_shown(trace, compact):
    assert readable(trace(), compact) >= 10.9


@every
def test_sentences_that_do_not_fit_are_explained(trace):
    with pytest.raises(TypeError, match="split it into tokens"):
        trace(src="Stai attento")
    with pytest.raises(ValueError, match="src_tokens has 3 tokens, but there are 4"):
        trace(src=SRC[:3])
    with pytest.raises(ValueError, match="tgt_tokens has 3 tokens, but there are 5"):
        trace(tgt=OUT[:3])
    with pytest.raises(ValueError, match="4 distributions, but 5 tokens"):
        trace(probabilities=guesses(SRC))


@pytest.mark.parametrize("trace", [bahdanau, stacked])
def test_weights_that_do_not_fit_are_explained(trace):
    with pytest.raises(ValueError, match="4 tokens, but there are 5 columns of weights"):
        trace(weights=WEIGHTS.T)
    with pytest.raises(ValueError, match="before the softmax"):
        trace(weights=WEIGHTS * 9)
    with pytest.raises(ValueError, match="between 0 and 1"):
        trace(weights=WEIGHTS * np.nan)
