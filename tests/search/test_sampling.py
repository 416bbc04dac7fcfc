"""Sampling against the model's own distribution, written out in full over a tiny vocabulary."""

from collections import Counter

import pytest
import torch
from decoding import DRAWN, EXACT, ONE, Scripted, forced_log_prob, make_model
from oracles import LENGTHS, random_source
from scipy.stats import chisquare

from s2s_tutorial.search.greedy import greedy_decode
from s2s_tutorial.search.sampling import sample_decode
from s2s_tutorial.text.vocabulary import UNK_ID


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_each_translation_comes_as_often_as_it_is_probable(temperature):
    drawn = sample_decode(Scripted(DRAWN), *ONE, 4000, max_length=4, temperature=temperature)
    counts = Counter(map(tuple, drawn.ids[0]))
    assert counts.keys() == EXACT.keys()
    expected = EXACT
    if temperature == 0.5:  # the probabilities of each step, squared
        expected = {
            (): 0.09 / 0.58,
            (4,): 0.49 / 0.58 * 16 / 66,
            (4, 5): 0.49 / 0.58 * 25 / 66,
            (4, 6): 0.49 / 0.58 * 25 / 66,
        }
    observed = [counts[y] for y in EXACT]
    assert chisquare(observed, [4000 * expected[y] for y in EXACT]).pvalue > 0.01


def test_log_probabilities_and_weights_are_the_model_s():
    model, src = make_model(), random_source()
    drawn = sample_decode(model, src, LENGTHS, samples=5, max_length=6, temperature=2.0)
    ends = set()
    for row, length in enumerate(LENGTHS.tolist()):
        assert len(drawn.ids[row]) == len(drawn.log_probs[row]) == len(drawn.weights[row]) == 5
        for ids, log_prob, weights in zip(*(column[row] for column in drawn)):
            ends.add(ended := len(ids) < 6)
            assert log_prob == pytest.approx(forced_log_prob(model, src[row, :length], ids, ended))
            assert weights.shape == (len(ids), length)
    assert ends == {True, False}
    assert len({tuple(ids) for ids in drawn.ids[0]}) > 1


def test_the_seed_decides_and_a_low_temperature_is_greedy():
    model, src = make_model(), random_source()
    first, again, other = (
        sample_decode(model, src, LENGTHS, 7, max_length=6, seed=seed).ids for seed in (3, 3, 4)
    )
    assert first == again != other
    cold = sample_decode(model, src, LENGTHS, 2, max_length=6, temperature=1e-6)
    assert cold.ids == [[ids] * 2 for ids in greedy_decode(model, src, LENGTHS, 6).ids]
    state = torch.random.get_rng_state()
    sample_decode(model, src, LENGTHS, 2, max_length=6)
    assert torch.equal(torch.random.get_rng_state(), state)


def test_what_is_ruled_out_never_comes():
    options = {"max_length": 4, "min_length": 2, "allow_unknown": False}
    drawn = sample_decode(make_model("gru"), random_source(), LENGTHS, 50, **options)
    assert drawn.weights is None
    assert all(2 <= len(ids) <= 4 and UNK_ID not in ids for row in drawn.ids for ids in row)


def test_bad_options_are_explained():
    batch = make_model(), random_source(), LENGTHS
    with pytest.raises(ValueError, match="temperature must be above 0, not 0; 0 is greedy"):
        sample_decode(*batch, temperature=0)
    with pytest.raises(ValueError, match="samples must be at least 1, not 0"):
        sample_decode(*batch, samples=0)
    with pytest.raises(TypeError, match="seed must be a whole number, not None"):
        sample_decode(*batch, seed=None)
    broken = make_model()
    broken.decoder.output.weight.data[5, 2] = float("nan")
    with pytest.raises(FloatingPointError, match="probabilities are no numbers .NaN."):
        sample_decode(broken, *batch[1:], max_length=4)
