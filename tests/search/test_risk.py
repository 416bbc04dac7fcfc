"""Minimum Bayes risk against the exact expected utility, summed over every translation there is."""

from itertools import product

import pytest
import torch
from decoding import DRAWN, EXACT, ONE, WORDS, Scripted, every_translation, make_model
from oracles import LENGTHS, random_source

from s2s_tutorial.search.beam import beam_search
from s2s_tutorial.search.risk import expected_utilities, mbr_decode
from s2s_tutorial.search.sampling import sample_decode


def overlap(y, right):
    """Dice's coefficient of the words."""
    y, right = set(y), set(right)
    return 2 * len(y & right) / (len(y) + len(right)) if y or right else 1.0


def test_expected_utilities_are_their_sum():
    samples = [[4, 5], [4], [4, 5], []]
    for y in product(WORDS, repeat=2):
        expected = sum(overlap(y, right) for right in samples) / 4
        assert expected_utilities([list(y)], samples, overlap) == pytest.approx([expected])


def test_with_many_samples_it_is_the_best_of_all_in_expectation():
    exact = {y: sum(p * overlap(y, right) for right, p in EXACT.items()) for y in EXACT}
    ranked = sorted(exact, key=exact.get, reverse=True)
    assert exact[ranked[0]] - exact[ranked[1]] > 0.02
    assert ranked[0] == (4,) and max(EXACT, key=EXACT.get) == ()  # not the most probable one
    found = mbr_decode(Scripted(DRAWN), *ONE, overlap, samples=4000, max_length=4)
    assert found.ids == [list(ranked[0])]
    assert found.scores[0] == pytest.approx(exact[ranked[0]], abs=0.02)


def test_over_all_translations_of_a_model_it_finds_the_least_risk():
    model, src, longest = make_model(), random_source()[:1], 2
    p = {}
    for (ids, ended), log_prob in every_translation(model, src, longest).items():
        if ended == (len(ids) < longest):  # at the limit all that begins so was cut off
            p[ids] = torch.tensor(log_prob).exp().item()
    exact = {y: sum(q * overlap(y, right) for right, q in p.items()) / sum(p.values()) for y in p}
    best = max(exact, key=exact.get)
    everything = [[list(y) for y in p]]
    found = mbr_decode(
        model, src, LENGTHS[:1], overlap, 3000, max_length=longest, candidates=everything
    )
    assert exact[tuple(found.ids[0])] > exact[best] - 0.02
    assert found.scores[0] == pytest.approx(exact[tuple(found.ids[0])], abs=0.04)
    assert found.weights is None


def test_with_an_exact_match_as_utility_the_most_frequent_sample_wins():
    found = mbr_decode(Scripted(DRAWN), *ONE, lambda y, r: y == r, samples=4000, max_length=4)
    assert found.ids == [[]] and found.scores[0] == pytest.approx(0.3, abs=0.03)


def test_samples_are_the_candidates_and_bring_their_weights():
    model, src = make_model(), random_source()
    found = mbr_decode(model, src, LENGTHS, overlap, samples=6, max_length=5, seed=2)
    drawn = sample_decode(model, src, LENGTHS, samples=6, max_length=5, seed=2)
    for row in range(3):
        utilities = expected_utilities(drawn.ids[row], drawn.ids[row], overlap)
        place = utilities.index(max(utilities))
        assert found.ids[row] == drawn.ids[row][place]
        assert found.scores[row] == pytest.approx(utilities[place])
        torch.testing.assert_close(found.weights[row], drawn.weights[row][place])


def test_a_beam_s_hypotheses_may_be_the_candidates():
    model, src = make_model(), random_source()
    beam = beam_search(model, src, LENGTHS, 5, 4, n_best=4)
    found = mbr_decode(model, src, LENGTHS, overlap, 8, 5, candidates=beam.ids)
    assert all(ids in those for ids, those in zip(found.ids, beam.ids))


def test_bad_input_is_explained():
    batch = make_model(), random_source(), LENGTHS
    with pytest.raises(ValueError, match="there are no samples"):
        expected_utilities([[4]], [], overlap)
    with pytest.raises(ValueError, match=r"for each of the 3 sentences.*\[1, 0, 2\]"):
        mbr_decode(*batch, overlap, 2, 4, candidates=[[[4]], [], [[5], [6]]])
