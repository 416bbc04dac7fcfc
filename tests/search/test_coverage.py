"""The coverage penalty against its definition: forced decoding, exhaustive search, closed form."""

import math

import pytest
import torch
from decoding import every_translation, forced, forced_log_prob, make_model
from oracles import LENGTHS, random_source

from s2s_tutorial.search.beam import beam_search
from s2s_tutorial.search.corpus import search_batch
from s2s_tutorial.search.coverage import coverage_penalty_term


def score_by_definition(model, src, ids, ended, alpha, beta):
    """Wu et al. (2016), equation 14, of one translation."""
    _, weights = forced(model, src, ids)
    looks = weights[: len(ids) + ended]
    cp = beta * sum(math.log(min(column.sum().item(), 1.0)) for column in looks.T)
    log_prob = forced_log_prob(model, src, ids, ended)
    return log_prob / ((5 + len(ids) + ended) / 6) ** alpha + cp


def test_the_term_in_closed_form():
    coverage = torch.tensor([[0.5, 2.0, 0.25, 7.0], [1.0, 1.0, 1.0, 0.0]], dtype=torch.float64)
    mask = torch.tensor([[True, True, True, False], [True, True, True, True]])
    term = coverage_penalty_term(coverage, mask, beta=3.0)
    assert term[0].item() == pytest.approx(3 * (math.log(0.5) + math.log(0.25)))
    assert term[1].item() == pytest.approx(3 * math.log(1e-9))


@pytest.mark.parametrize("preset", ["bahdanau", "luong_general", "coverage"])
@pytest.mark.parametrize(("alpha", "beta"), [(0.0, 0.4), (0.6, 0.2), (1.7, 2.0)])
def test_a_beam_as_wide_as_the_tree_is_exhaustive_search(preset, alpha, beta):
    model, src, longest = make_model(preset), random_source()[:1], 3
    expected = sorted(
        (
            (score_by_definition(model, src[0], list(ids), ended, alpha, beta), list(ids))
            for ids, ended in every_translation(model, src, longest)
        ),
        reverse=True,
    )
    options = {"n_best": len(expected), "coverage_penalty": beta}
    found = beam_search(model, src, LENGTHS[:1], longest, len(expected), alpha, **options)
    assert found.scores[0] == pytest.approx([score for score, _ in expected])
    assert found.ids[0] == [ids for _, ids in expected]
    plain = beam_search(model, src, LENGTHS[:1], longest, len(expected), alpha, n_best=1)
    assert (plain.ids[0][0] == found.ids[0][0]) is (plain.ids[0][0] == expected[0][1])


def test_scores_are_what_teacher_forcing_says_in_a_batch():
    model, src = make_model(), random_source()
    found = beam_search(model, src, LENGTHS, 6, 4, 0.8, n_best=4, coverage_penalty=0.7)
    ends = set()
    for row, length in enumerate(LENGTHS.tolist()):
        assert found.scores[row] == sorted(found.scores[row], reverse=True)
        for ids, score in zip(found.ids[row], found.scores[row]):
            ends.add(ended := len(ids) < 6)
            expected = score_by_definition(model, src[row, :length], ids, ended, 0.8, 0.7)
            assert score == pytest.approx(expected)
    assert ends == {True, False}


def test_it_ranks_but_does_not_search_and_zero_is_none():
    model, src = make_model(), random_source()
    plain = beam_search(model, src, LENGTHS, 6, 4, n_best=4, patience=math.inf)
    none = beam_search(model, src, LENGTHS, 6, 4, n_best=4, patience=math.inf, coverage_penalty=0)
    assert none.scores == plain.scores
    much = beam_search(model, src, LENGTHS, 6, 4, n_best=4, coverage_penalty=50.0)
    covered = [
        [sum(min(c, 1.0) for c in w.sum(dim=0).tolist()) for w in each.weights[0][:1]]
        for each in (plain, much)
    ]
    assert covered[1] >= covered[0]


def test_search_batch_passes_it_on():
    model, src = make_model(), random_source()
    found = search_batch(model, src, LENGTHS, 6, beam_size=4, coverage_penalty=2.0)
    expected = beam_search(model, src, LENGTHS, 6, 4, coverage_penalty=2.0)
    assert [each[0].ids for each in found] == expected.best.ids
    assert found[0][0].score == expected.best.scores[0]


def test_bad_options_are_explained():
    model, batch = make_model(), (random_source(), LENGTHS)
    for wrong in (-0.1, math.inf, math.nan):
        with pytest.raises(ValueError, match="coverage_penalty must be 0 .none. or more, not"):
            beam_search(model, *batch, coverage_penalty=wrong)
    with pytest.raises(TypeError, match="coverage_penalty must be a number, not '1'"):
        beam_search(model, *batch, coverage_penalty="1")
    with pytest.raises(ValueError, match="needs attention weights, and this model has no att"):
        beam_search(make_model("gru"), *batch, coverage_penalty=0.2)
