"""F1, against nervaluate, against counting by hand, and in closed form."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.scoring.spans import bracket_f1, entity_f1, match_f1
from s2s_tutorial.text.tags import tag_spans

TAGS = ["O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def drawn(seed, sentences=7):
    rng = random.Random(seed)
    return [[rng.choice(TAGS) for _ in range(2 + k)] for k in range(sentences)]


@pytest.mark.parametrize("seed", range(5))
def test_two_ways_to_count_entities_agree(seed):
    """nervaluate's strict schema, and the count of equal spans."""
    gold, guess = drawn(seed), drawn(seed + 100)
    guess[2] = gold[2]
    found = entity_f1(guess, gold)
    spans = match_f1(list(map(tag_spans, guess)), list(map(tag_spans, gold)))
    assert found == pytest.approx(spans)
    assert 0 < found.f1 < 1
    assert entity_f1(gold, gold) == (1, 1, 1)


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_closed_form(right, wrong, missed):
    if right + missed == 0:
        return
    guess = [f"r{k}" for k in range(right)] + [f"w{k}" for k in range(wrong)]
    gold = [f"r{k}" for k in range(right)] + [f"m{k}" for k in range(missed)]
    found = match_f1([guess], [gold])
    assert found.f1 == pytest.approx(2 * right / (2 * right + wrong + missed))
    assert found.recall == right / (right + missed)
    assert found.precision == (right / (right + wrong) if right + wrong else 0)


def test_sums_run_over_sentences_and_twice_counts_twice():
    found = match_f1([["a", "a"], []], [["a"], ["b"]])
    assert found == (1 / 2, 1 / 2, 1 / 2)


def test_brackets_by_hand():
    gold = "(S (NP XX XX ) XX (NP XX (NB XX XX ) ) )".split()
    guess = "(S (NP XX XX ) XX (NP XX XX XX ) (NB XX ) )".split()
    # guess: NP 0-2 right, NP 3-6 right, NB 6-7 wrong, S 0-7 wrong; gold has NB 4-6 and S 0-6
    assert bracket_f1([guess], [gold]) == (2 / 4, 2 / 4, 2 / 4)
    assert bracket_f1([gold], [gold]) == (1, 1, 1)
    assert bracket_f1([gold[:-1]], [gold]).recall == 3 / 4  # S is never closed


@pytest.mark.parametrize(
    ("do", "error", "message"),
    [
        (lambda: match_f1([["a"]], []), ValueError, "1 hypotheses but 0 references"),
        (lambda: match_f1([["a"]], [[]]), ValueError, "nothing to find in any"),
        (lambda: match_f1([[["a"]]], [["a"]]), TypeError, "tuples or strings, which can be"),
        (
            lambda: entity_f1([["O"]], [["O", "B-X"]]),
            ValueError,
            "sentence 0 has 2 tokens but 1 tag",
        ),
        (lambda: entity_f1([["B-X"]], [["O"]]), ValueError, "no entity to find"),
        (lambda: entity_f1([["X"]], [["B-X"]]), ValueError, "tag 0 is 'X'"),
    ],
)
def test_what_does_not_fit_is_said(do, error, message):
    with pytest.raises(error, match=message):
        do()
