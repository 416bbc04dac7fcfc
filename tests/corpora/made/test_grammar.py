"""The synchronous grammar and its notation, on languages small enough to write out."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from s2s_tutorial.corpora.made.grammar_reader import read_grammar

FORMS = {"m.s": "word", "f.s": "word"}
TINY = {
    "variables": {"G": ["m", "f"]},
    "tables": {"Pron": {"m": "he", "f": "she"}},
    "words": {
        "Noun": {
            "forms": {"s": "one", "p": "many"},
            "fields": ["one", "many"],
            "entries": {"m": ["gatto gatti = cat cats", "pane - = bread -"], "f": ["casa case = house houses"]},
        },
        "Adj": {"forms": FORMS, "fields": ["word"], "entries": {"": ["rosso rossa = red"]}},
        "Verb": {
            "forms": {"s": "third"},
            "fields": ["base", "third"],
            "entries": {"": ["guarda = look_at looks_at"]},
        },
        "Place": {
            "forms": {"": "word"},
            "fields": ["word"],
            "entries": {"": ["in_cucina = in_the_kitchen | 0-0 1-2"]},
        },
    },
    "rules": {
        "Np.G": ["3: Noun.G.s Adj.G.s = the Adj Noun", "1: Noun.G.s = Noun"],
        "Sentence": [
            "non Verb.s Np.G Place = Pron.m~Verb does~non not~non Verb:base Np Place",
            "Np.G , Np2.f ? = Np2 , Np ?",
        ],
    },
}  # fmt: skip


def tiny(**changes):
    return read_grammar({**TINY, **changes})


def written(phrase):
    return " ".join(phrase.src), " ".join(word for word, _ in phrase.tgt[""])


def links(phrase):
    return {(j, i) for i, (_, places) in enumerate(phrase.tgt[""]) for j in places}


def test_every_sentence_of_a_small_language():
    pairs = {written(phrase) for phrase in tiny().every("Np.m")}
    assert pairs == {
        ("gatto rosso", "the red cat"),
        ("gatto", "cat"),
        ("pane rosso", "the red bread"),
        ("pane", "bread"),
    }


def test_counts_are_what_there_is():
    grammar = tiny()
    for symbol in ("Np.m", "Np.f", "Sentence"):
        lengths = Counter(len(phrase.src) for phrase in grammar.every(symbol))
        assert grammar.count(symbol) == lengths
    assert sum(grammar.count("Sentence").values()) == 6 + 6 * 2
    assert sum(grammar.count("Nothing.at.all").values()) == 0


def test_links():
    phrases = {written(phrase)[0]: phrase for phrase in tiny().every("Sentence")}
    phrase = phrases["non guarda casa rossa in cucina"]
    # he does not look at the red house in the kitchen
    expected = {(1, 0), (0, 1), (0, 2), (1, 3), (1, 4), (3, 6), (2, 7), (4, 8), (5, 10)}
    assert links(phrase) == expected
    assert written(phrase)[1] == "he does not look at the red house in the kitchen"
    phrase = phrases["gatto rosso , casa ?"]  # house , the red cat ?
    assert links(phrase) == {(3, 0), (2, 1), (1, 3), (0, 4), (4, 5)}


def test_a_word_may_belong_to_two():
    grammar = tiny(rules={"Sentence": ["non Noun.f.s Verb.s = Noun Verb~non"]})
    (phrase,) = grammar.every("Sentence")  # non casa guarda | house looks at
    assert links(phrase) == {(1, 0), (2, 1), (0, 1), (2, 2), (0, 2)}


def test_weights():
    grammar, rng = tiny(), random.Random(0)
    lengths = Counter(len(grammar.sample("Np.f", rng).src) for _ in range(4_000))
    assert lengths[2] / 4_000 == pytest.approx(0.75, abs=0.03)


def test_the_weight_of_a_rule_is_shared_by_the_values_of_its_variables():
    grammar, rng = tiny(), random.Random(0)
    forms = Counter(grammar.sample("Sentence", rng).src[0] == "non" for _ in range(4_000))
    assert forms[True] / 4_000 == pytest.approx(0.5, abs=0.03)


def test_samples_are_in_the_language():
    grammar, rng = tiny(), random.Random(0)
    language = set(map(written, grammar.every("Sentence")))
    assert {written(grammar.sample("Sentence", rng)) for _ in range(500)} == language


def test_forms_that_do_not_exist():
    assert [phrase.src for phrase in tiny().words["Noun.m.p"]] == [("gatti",)]


def test_enumerating_a_large_language_begins_at_once():
    three = "Part1 Part2 Part3 = Part1 Part2 Part3"
    grammar = tiny(
        rules={
            "Sentence": ["Half1 Half2 = Half1 Half2"],
            "Half": [three],
            "Part": [three.replace("Part", "Word")],
            "Word": ["Noun.G.s = Noun"],
        }
    )
    assert sum(grammar.count("Sentence").values()) == 3**18
    assert len(next(grammar.every("Sentence")).src) == 18


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("Noun.m.s", "needs ' = ' between its two sides"),
        ("Nuon.m.s = Noun", "has 'Nuon.m.s', which no rule or word expands"),
        ("Noun.m.s = Adj", "has 'Adj', which stands for nothing"),
        ("Noun.m.s = the~Adj Noun", "has 'the~Adj', which refers to nothing"),
        ("Noun.m.s = Pron.x Noun", "has 'Pron.x', which refers to nothing"),
        ("Noun.m.s = Noun:third", "has 'Noun:third', which refers to nothing"),
        ("Noun.m.s = Noun ?", "has more '[?]' on its target side"),
    ],
)
def test_rules_that_make_no_sense(rule, message):
    with pytest.raises(ValueError, match=message):
        tiny(rules={"Sentence": [rule]})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("gatto = cat cats", "needs 2 source forms .* but has 1 and 2"),
        ("gatto gatti = cat", r"2 target fields \(one, many\), but has 2 and 1"),
        ("in_cucina case = in_the_kitchen cats", "needs its links, such as"),
    ],
)
def test_word_lines_that_make_no_sense(line, message):
    nouns = {**TINY["words"]["Noun"], "entries": {"m": [line]}}
    with pytest.raises(ValueError, match=message):
        tiny(words={**TINY["words"], "Noun": nouns})
