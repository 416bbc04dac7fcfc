import pytest

from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.corpora.made.phrases import load_grammar

pytestmark = pytest.mark.slow  # goes through all sentences of the grammar

TRACE = ("Stai", "attento", ",", "Thomas")


def test_the_simple_level_is_small_and_has_the_trace_sentence_held_out():
    train = load_corpus("phrases", size=10_000, level="simple")
    valid = load_corpus("phrases", "valid", level="simple")
    assert len({w for pair in train for w in pair.src}) < 450
    assert len({w for pair in train for w in pair.tgt}) < 200
    (trace,) = [pair for pair in valid if pair.src == TRACE]
    assert trace.tgt == ("Be", "careful", ",", "Thomas") and trace.pharaoh() == "0-0 1-1 2-2 3-3"
    assert not any(pair.src == TRACE for pair in train)


def test_the_card_counts_the_simple_sentences_right():
    grammar, finish = load_grammar()
    assert len({finish.source(phrase) for phrase in grammar.every("Simple")}) == 41_144


def test_simple_sentences_are_those_of_the_full_grammar_with_one_target_each():
    targets = {}
    for split in ("train", "valid", "test"):
        size = 3_000 if split == "train" else 1_000
        for pair in load_corpus("phrases", split, size=size, level="simple"):
            assert targets.setdefault(pair.src, pair.tgt) == pair.tgt
            assert 3 <= len(pair.src) <= 14


def test_an_unknown_level_names_the_valid_ones():
    with pytest.raises(ValueError, match="no level 'easy'; choose one of full, simple"):
        load_corpus("phrases", level="easy")
