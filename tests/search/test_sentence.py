import pytest

from s2s_tutorial.search.sentence import (
    Candidate,
    Finished,
    SearchNode,
    SentenceSearch,
    length_penalty_factor,
)
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID


def test_the_length_penalty_is_its_formula():
    assert length_penalty_factor(1, 0.6) == 1.0
    assert length_penalty_factor(13, 0.5) == pytest.approx(3**0.5)
    assert length_penalty_factor(25, 2.0) == pytest.approx(25.0)
    assert length_penalty_factor(99, 0.0) == 1.0


def make_search(beam_size=2, n_best=2, alpha=0.0, max_length=9, patience=1.0, trace=False):
    return SentenceSearch(beam_size, n_best, alpha, max_length, patience, trace)


FIRST = [
    Candidate(-1.0, 0, 7),
    Candidate(-2.0, 0, EOS_ID),
    Candidate(-3.0, 0, 8),
    Candidate(-4.0, 0, 9),
]


def test_the_best_that_do_not_end_live_on():
    search = make_search()
    assert search.extend(FIRST, first_row=5) == [FIRST[0], FIRST[2]]
    assert not search.is_over
    assert search.nodes == [
        SearchNode(None, BOS_ID, 0.0, "kept"),
        SearchNode(0, 7, -1.0, "kept"),
        SearchNode(0, EOS_ID, -2.0, "finished"),
        SearchNode(0, 8, -3.0, "kept"),
    ]
    assert search.hypotheses() == [Finished(-2.0, -2.0, [], [])]


def test_a_trace_holds_what_was_dropped_too():
    search = make_search(trace=True)
    search.extend(FIRST, first_row=0)
    assert search.nodes[-1] == SearchNode(0, 9, -4.0, "dropped")


def test_an_end_that_ranks_too_low_is_not_finished():
    search = make_search(beam_size=1)
    assert search.extend(FIRST[:2], first_row=0) == FIRST[:1]
    assert search.hypotheses() == []


def test_a_hypothesis_names_its_tokens_and_where_the_decoder_gave_them():
    search = make_search()
    search.extend(FIRST, first_row=5)
    # slot 1 is the second that lives, token 8; the sentence has moved up in the batch
    second = [Candidate(-3.1, 1, 6), Candidate(-3.2, 0, 6), Candidate(-3.3, 1, EOS_ID)]
    search.extend(second, first_row=2)
    search.extend([Candidate(-3.4, 0, EOS_ID), Candidate(-4.0, 1, 6), Candidate(-5.0, 0, 6)], 0)
    assert search.is_over  # two have finished
    assert search.hypotheses() == [
        Finished(-2.0, -2.0, [], []),
        Finished(-3.4, -3.4, [8, 6], [5, 3]),
    ]


@pytest.mark.parametrize("n_best", [1, 2, 3])
def test_what_lives_at_the_longest_length_is_cut_off_and_ranked_with_the_rest(n_best):
    search = make_search(n_best=n_best, alpha=1.0, max_length=1)
    search.extend(FIRST, first_row=0)
    assert search.is_over
    assert [found.ids for found in search.hypotheses()] == [[7], [], [8]][:n_best]


@pytest.mark.parametrize("log_prob, over", [(-3.99, False), (-4.0, True), (-4.01, True)])
@pytest.mark.parametrize("n_best", [1, 2])
def test_a_search_ends_when_nothing_that_lives_can_reach_the_best(log_prob, over, n_best):
    # finished at -2; with alpha 1 and max_length 7 the penalty is at most (5 + 7) / 6 = 2
    search = make_search(2, n_best, alpha=1.0, max_length=7, patience=9.0)
    # the best that lives decides, not the hopeless one behind it
    living = [Candidate(log_prob, 0, 7), Candidate(-9.0, 0, 8)]
    search.extend([Candidate(-2.0, 0, EOS_ID), *living], first_row=0)
    assert search.is_over == (over and n_best == 1)


@pytest.mark.parametrize("patience, over", [(1.0, True), (1.5, False), (2.0, False)])
def test_patience_multiplies_how_many_have_to_finish(patience, over):
    search = make_search(alpha=3.0, patience=patience)
    search.extend([Candidate(-1.0, 0, 7), Candidate(-2.0, 0, EOS_ID), Candidate(-3.0, 0, 8)], 0)
    assert not search.is_over
    search.extend([Candidate(-1.5, 0, EOS_ID), Candidate(-2.0, 0, 7), Candidate(-3.1, 1, 7)], 0)
    assert search.is_over == over
