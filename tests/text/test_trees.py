"""Brackets: of trees, of what is no tree, and of files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.text.tags import Span
from s2s_tutorial.text.trees import Tree, bracket_spans, is_tree, read_brackets

TREES = st.recursive(
    st.builds(lambda n: Tree("X", ("w",) * n), st.integers(1, 3)),
    lambda below: st.builds(
        lambda label, children: Tree(label, tuple(children)),
        st.sampled_from(["S", "NP"]),
        st.lists(st.one_of(st.just("w"), below), min_size=1, max_size=4),
    ),
    max_leaves=8,
)


def spans_of(tree, start=0):
    """By recursion over the tree, not over its string."""
    found, place = [], start
    for child in tree.children:
        if isinstance(child, str):
            place += 1
        else:
            found += spans_of(child, place)
            place += len(child.words())
    return [*found, Span(tree.label, start, place)]


@given(TREES)
def test_spans_are_those_of_the_tree(tree):
    tokens = tree.linearised()
    assert bracket_spans(tokens) == spans_of(tree)
    assert is_tree(tokens)
    assert tokens.count("XX") == len(tree.words())


@given(TREES)
def test_a_tree_is_read_back_from_any_lines(tree):
    text = " ".join("w" if token == "XX" else token for token in tree.linearised())
    for lines in ([text], text.split(" "), [text.replace(" )", ")")]):
        assert list(read_brackets(lines)) == [(1, tree)]


@given(st.lists(st.sampled_from(["(S", "(NP", "XX", ")"]), max_size=12))
def test_what_is_no_tree_has_no_span_that_was_not_closed(tokens):
    spans = bracket_spans(tokens)
    assert len(spans) <= min(tokens.count(")"), tokens.count("(S") + tokens.count("(NP"))
    assert all(0 <= s.start < s.end <= tokens.count("XX") for s in spans)


def test_trees_follow_one_another_and_say_their_lines():
    lines = ["(S (NP a)", " b)", "", "( (S c d) ) (S e)"]
    assert [(n, t.label, t.words()) for n, t in read_brackets(lines)] == [
        (1, "S", ["a", "b"]),
        (4, "", ["c", "d"]),
        (4, "S", ["e"]),
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["(S a)", "(S (NP b)"],
            r"wsj, line 2: the tree \(S ... is never closed; 1 closing bracket is",
        ),
        (["(S (NP (X a"], "line 1: .* 3 closing brackets are missing"),
        (["(S a)", ")"], "wsj, line 2: a bracket closes that none opened"),
        (["(S a) b"], "wsj, line 1: 'b' stands outside of a tree"),
        (["(S", "(NP ) a)"], r"wsj, line 2: the bracket \(NP \) is empty"),
    ],
)
def test_what_is_not_balanced_is_said_with_its_line(lines, message):
    with pytest.raises(ValueError, match=message):
        list(read_brackets(lines, "wsj"))
