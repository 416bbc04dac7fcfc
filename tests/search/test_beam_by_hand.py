"""Beam search on tables small enough to work by hand."""

import math

import pytest
from decoding import ONE, Scripted

from s2s_tutorial.search.beam import beam_search
from s2s_tutorial.search.greedy import greedy_decode
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID

# By hand: greedy says A (0.5) and A again, but B ends at once with most of its probability.
#   step 1   A .5   B .3   <eos> .2                        A and B go on
#   step 2   B <eos> .3 * .9 = .27    A A .5 * .4 = .2     A B .5 * .35 = .175   A <eos> .125
#            the first is finished, the next two go on
#   step 3   A A <eos> .2 * .8 = .16    A B <eos> .175 * .6 = .105    A A A .02 ...
#            two more are finished: enough
A, B = 4, 5
TABLE = {
    (): {A: 0.5, B: 0.3, EOS_ID: 0.2},
    (A,): {A: 0.4, B: 0.35, EOS_ID: 0.25},
    (B,): {A: 0.06, B: 0.04, EOS_ID: 0.9},
    (A, A): {A: 0.1, B: 0.1, EOS_ID: 0.8},
    (A, B): {A: 0.2, B: 0.2, EOS_ID: 0.6},
}


def test_worked_by_hand():
    model = Scripted(TABLE)
    assert greedy_decode(model, *ONE).ids == [[A, A]]
    model.calls.clear()
    found = beam_search(model, *ONE, beam_size=2, length_penalty=0.0, n_best=2)
    assert found.ids == [[[B], [A, A]]]
    assert found.scores[0] == pytest.approx([math.log(0.27), math.log(0.16)])  # -1.309, -1.833
    assert model.calls == [1, 2, 2] and found.weights is None and found.trees is None


@pytest.mark.parametrize(
    "alpha, ids, scores",
    [  # lp is (7/6)^alpha for two terms and (8/6)^alpha for three: -1.3093 and -1.8326 over it
        (1.0, [[B], [A, A]], [-1.12229, -1.37444]),
        (3.0, [[A, A], [B]], [-0.77312, -0.82454]),
    ],
)
def test_length_penalty_worked_by_hand(alpha, ids, scores):
    found = beam_search(Scripted(TABLE), *ONE, beam_size=2, length_penalty=alpha, n_best=2)
    assert found.ids == [ids]
    assert found.scores[0] == pytest.approx(scores, abs=1e-5)
    assert sorted(found.log_probs[0]) == pytest.approx([math.log(0.16), math.log(0.27)])


def test_the_search_tree_worked_by_hand():
    found = beam_search(Scripted(TABLE), *ONE, beam_size=2, trace=True)
    expected = [
        (None, BOS_ID, 1.0, "kept"),
        (0, A, 0.5, "kept"),
        (0, B, 0.3, "kept"),
        (0, EOS_ID, 0.2, "dropped"),  # and a fourth, which the script all but rules out
        (2, EOS_ID, 0.27, "finished"),
        (1, A, 0.2, "kept"),
        (1, B, 0.175, "kept"),
        (1, EOS_ID, 0.125, "dropped"),
        (6, EOS_ID, 0.16, "finished"),
        (7, EOS_ID, 0.105, "finished"),
    ]
    tree = [node for node in found.trees[0] if node.log_prob > math.log(0.001)]
    assert len(tree) == len(expected) + 2  # A B A and A B B, level at 0.035
    for ours, (parent, token, p, fate) in zip(tree, expected):
        assert ours == (parent, token, pytest.approx(math.log(p)), fate)


def test_patience_finds_what_the_usual_rule_gives_up():
    # Ends at once with 0.6; but the other way every token is certain, and the penalty forgives it.
    certain = {(A,) * n: {A: 1 - 1e-9} for n in range(1, 4)}
    model = Scripted({(): {A: 0.4, EOS_ID: 0.6}, **certain})
    options = dict(max_length=10, beam_size=1, length_penalty=1.0)
    assert beam_search(model, *ONE, **options).ids == [[[]]]
    assert model.calls == [1]
    # log .6 = -0.511 against log .4 / (10/6) = -0.550: not worth it; at alpha 2 it is -0.330
    assert beam_search(model, *ONE, **options, patience=math.inf).ids == [[[]]]
    options["length_penalty"] = 2.0
    assert beam_search(model, *ONE, **options, patience=math.inf).ids == [[[A] * 4]]


def test_the_bound_ends_a_patient_search_early():
    # after the first step what lives has at most 0.1, and max_length forgives a factor of 2 in
    # its logarithm: log .1 / 2 = -1.15 < log .9 = -0.105
    table = {(A,) * n: {A: 0.9, B: 0.1} for n in range(1, 8)}
    model = Scripted({(): {A: 0.1, EOS_ID: 0.9}, **table})
    options = dict(max_length=7, beam_size=1, length_penalty=1.0, patience=math.inf)
    assert beam_search(model, *ONE, **options).ids == [[[]]]
    assert model.calls == [1]
