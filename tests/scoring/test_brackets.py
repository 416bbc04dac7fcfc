"""Bracket F1 against EVALB, the program of the field: its published sample, and its count written anew."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.scoring.spans import F1, bracket_f1, match_f1
from s2s_tutorial.text.trees import Tree

GOLD = "(S (A XX ) (B XX (A XX XX ) ) )"
# What EVALB (Sekine and Collins, 1997) says of its own sample: brackets that match, and brackets of
# the parser's tree, where the gold tree is GOLD and has four. XX stands for a tag with its word.
SAMPLE = [
    ("(S (A XX ) (B XX (A XX XX ) ) )", 4, 4),
    ("(S (A XX ) (B XX (C XX XX ) ) )", 3, 4),
    ("(S (A XX ) (B XX (A XX XX ) ) )", 4, 4),  # another tag: no bracket
    ("(S (C XX ) (B XX (A XX XX ) ) )", 3, 4),
    ("(S (A XX ) (B XX XX (A XX ) ) )", 3, 4),
    ("(S (A XX XX ) (A XX XX ) )", 2, 3),
    ("(S XX XX XX XX )", 1, 1),
    ("XX XX XX XX", 0, 0),
    ("(S (A XX ) (B XX (A (A XX XX ) ) ) )", 4, 5),
    ("(S (A XX ) (B XX (A (A (A (A (A XX XX ) ) ) ) ) ) )", 4, 8),
]
AGAIN = "(A XX ) (B XX (A XX XX ) )"


@pytest.mark.parametrize(("tree", "matched", "found"), SAMPLE)
def test_each_sentence_of_evalbs_sample(tree, matched, found):
    score = bracket_f1([tree.split()], [GOLD.split()])
    assert score.recall == matched / 4
    assert score.precision == (matched / found if found else 0)
    assert score.f1 == 2 * matched / (4 + found)


def test_the_whole_sample_has_evalbs_recall_and_precision():
    """Six more sentences are right, and one that is eleven times as long."""
    long = f"(S {' '.join([AGAIN] * 11)} )"
    trees = [*(tree for tree, _, _ in SAMPLE), *[GOLD] * 6, long]
    golds = [GOLD] * 16 + [long]
    score = bracket_f1([tree.split() for tree in trees], [gold.split() for gold in golds])
    assert (round(100 * score.recall, 2), round(100 * score.precision, 2)) == (87.76, 90.53)


def by_evalb(predicted, gold):
    """EVALB's way: each bracket found looks for one that is there and not yet taken."""
    matched = found = there = 0
    for some, true in zip(predicted, gold):
        free = brackets_of(true)
        there += len(free)
        for bracket in brackets_of(some):
            found += 1
            if bracket in free:
                free.remove(bracket)
                matched += 1
    precision = matched / found if found else 0.0
    return F1(precision, matched / there, 2 * matched / (found + there))


def brackets_of(tokens):
    """Labels and words held, by finding the innermost bracket of the text again and again."""
    words = iter(range(len(tokens)))
    text = " ".join(token if token[0] in "()" else str(next(words)) for token in tokens)
    found = []
    while inner := re.search(r"\((\w+)((?: \d+)+) \)", text):
        found.append((inner[1], inner[2]))
        text = text[: inner.start()] + inner[2].strip() + text[inner.end() :]
    return found


labels = st.sampled_from("SAB")
trees = st.recursive(
    st.just("w"),
    lambda below: st.builds(Tree, labels, st.lists(below, min_size=1, max_size=3).map(tuple)),
    max_leaves=8,
)
sentences = st.builds(Tree, labels, st.lists(trees, min_size=1, max_size=3).map(tuple))


@given(st.lists(st.tuples(trees, sentences), min_size=1, max_size=4))
def test_two_ways_to_count_agree(pairs):
    predicted = [["XX"] if tree == "w" else tree.linearised() for tree, _ in pairs]
    gold = [tree.linearised() for _, tree in pairs]
    assert bracket_f1(predicted, gold) == pytest.approx(by_evalb(predicted, gold))


def test_what_is_found_twice_is_right_once_if_it_is_there_once():
    assert match_f1([["a", "a", "b"]], [["a", "c"]]) == (1 / 3, 1 / 2, 2 / 5)
    assert match_f1([["a"]], [["a", "a"]]) == (1, 1 / 2, 2 / 3)
    assert match_f1([[]], [["a"]]) == (0, 0, 0)
    assert match_f1([["a"], []], [[], ["b"]]) == (0, 0, 0)  # right elsewhere is not right
