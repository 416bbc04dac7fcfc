"""Corpora of the five tasks: the gold is found again by a second reading of the texts."""

import re
from collections import Counter
from functools import cache

import pytest

import s2s_tutorial as s2s
from s2s_tutorial.corpora.made import dialogue, facts, sentiment
from s2s_tutorial.corpora.made.making import split_of
from s2s_tutorial.text.trees import is_tree


def words_at(pair, i=0):
    return [pair.src[j] for j, k in sorted(pair.alignment) if k == i]


def once(name, **options):
    """A corpus as an attribute: made when a test first asks, not while tests are collected."""
    made = cache(lambda: s2s.load_corpus(name, **options))
    return property(lambda self: made())


class TestSentiment:
    CORPUS = once("sentiment", size=1500)

    @staticmethod
    def read_anew(text):
        """The label by regular expressions, from the text alone."""
        parts = [part for part in text.split(" . ") if not any(a in part for a in sentiment.ASIDES)]
        for part in text.rstrip(" .").split(" . "):
            if " and " in part:
                parts = [part.split(" and ", 1)[1]]
        (said,) = [part.rstrip(" .") for part in parts] or [text]
        said = said.split(" , but ")[-1]
        said = re.sub(r"^although .* , ", "", said)
        said = re.sub(r" , although .*", "", said)
        (word,) = [w for w in said.split() if w in sentiment.PRAISE + sentiment.BLAME]
        turns = sum(w in ("not", "never", "nobody") for w in said.split())
        return sentiment.LABELS[(word in sentiment.PRAISE) == (turns % 2 == 0)]

    def test_the_label_is_what_the_text_says(self):
        for pair in self.CORPUS:
            assert self.read_anew(" ".join(pair.src)) == pair.tgt[0], pair.src

    def test_labels_are_even_and_no_word_gives_them_away(self):
        labels = Counter(pair.tgt[0] for pair in self.CORPUS)
        assert abs(labels["positive"] / len(self.CORPUS) - 0.5) < 0.05
        with_but = [p for p in self.CORPUS if "but" in p.src or "although" in p.src]
        assert len(with_but) > 500
        contrary = 0
        for pair in with_but:
            words = [w for w in pair.src if w in sentiment.PRAISE + sentiment.BLAME]
            assert len(words) == 2
            contrary += words[0] != words[1]
        assert contrary > 400

    def test_the_gold_words_are_one_adjective_and_its_negations(self):
        for pair in self.CORPUS:
            *negations, word = words_at(pair)
            assert word in sentiment.PRAISE + sentiment.BLAME
            assert set(negations) <= {"not", "never", "nobody"}
            assert len(negations) <= 2

    def test_turning_a_gold_adjective_round_turns_the_label(self):
        turned = dict(zip(sentiment.PRAISE, sentiment.BLAME))
        turned |= {bad: good for good, bad in turned.items()}
        for pair in self.CORPUS:
            text = list(pair.src)
            j = max(j for j, _ in pair.alignment)
            text[j] = turned[text[j]]
            assert self.read_anew(" ".join(text)) != pair.tgt[0]


class TestEntities:
    CORPUS = once("entities", size=600)

    def test_tags_are_iob2_one_a_token(self):
        for pair in self.CORPUS:
            assert len(pair.tgt) == len(pair.src)
            assert list(pair.tgt) == s2s.span_tags(s2s.tag_spans(pair.tgt), len(pair.tgt))
            assert pair.alignment == {(j, j) for j in range(len(pair.src))}

    def test_there_are_all_kinds_and_numbers_that_are_none(self):
        kinds = Counter(span.label for pair in self.CORPUS for span in s2s.tag_spans(pair.tgt))
        assert set(kinds) == {"PER", "LOC", "DATE", "MONEY"}
        assert min(kinds.values()) > 100
        digits = Counter(
            tag[2:] for p in self.CORPUS for word, tag in zip(p.src, p.tgt) if word.isdigit()
        )
        assert set(digits) == {"", "DATE", "MONEY"}

    def test_a_word_may_be_one_thing_here_and_another_there(self):
        tags = {}
        for pair in s2s.load_corpus("entities", size=4000):
            for word, tag in zip(pair.src, pair.tgt):
                tags.setdefault(word, set()).add(tag[2:])
        assert tags["Jordan"] == {"PER", "LOC"}
        assert tags["May"] == {"PER", "DATE"}

    def test_the_list_repeats_the_tokens(self):
        for tagged, listed in zip(self.CORPUS, s2s.load_corpus("entities", size=600, form="list")):
            assert tagged.src == listed.src
            assert all(listed.src[j] == listed.tgt[i] for j, i in listed.alignment)
            linked = sum(tag != "O" for tag in tagged.tgt)
            assert len(listed.alignment) == linked
            texts = [
                (s.label, " ".join(tagged.src[s.start : s.end])) for s in s2s.tag_spans(tagged.tgt)
            ]
            assert s2s.read_entity_list(listed.tgt) == texts

    def test_a_language_alone(self):
        corpus = s2s.load_corpus("entities", size=50, languages=("de",))
        assert not any("the" in pair.src or "la" in pair.src for pair in corpus)

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"languages": "de"}, TypeError, "languages must be a list"),
            ({"languages": ()}, ValueError, "languages is empty"),
            ({"languages": ("nl",)}, ValueError, "no language 'nl'"),
            ({"form": "lists"}, ValueError, "no form 'lists' .did you mean 'list'"),
        ],
    )
    def test_bad_options(self, options, error, message):
        with pytest.raises(error, match=message):
            s2s.load_corpus("entities", **options)


class TestTrees:
    CORPUS = once("trees", size=400)

    def test_targets_are_trees_with_a_leaf_for_each_word(self):
        for pair in self.CORPUS:
            assert is_tree(pair.tgt)
            assert [pair.tgt[i] for _, i in sorted(pair.alignment)] == ["XX"] * len(pair.src)
            assert s2s.bracket_spans(pair.tgt)[-1] == s2s.Span("S", 0, len(pair.src))

    def test_the_tightest_join_is_the_lowest(self):
        """A join's S holds no looser join outside of an S of its own."""
        order = {"e": 1, "ed": 1, "ma": 2, "perché": 3}
        seen = 0
        for pair in self.CORPUS:
            spans = [s for s in s2s.bracket_spans(pair.tgt) if s.label == "S"]
            for outer in spans:
                below = [s for s in spans if outer.start <= s.start and s.end <= outer.end]
                below.remove(outer)
                tops = [
                    s
                    for s in below
                    if not any(o != s and o.start <= s.start and s.end <= o.end for o in below)
                ]
                if len(tops) != 2:
                    continue
                join = pair.src[tops[0].end]
                for top in tops:
                    inner = [
                        s for s in below if top.start <= s.start and s.end <= top.end and s != top
                    ]
                    leaves = sorted(s for s in inner if s.start == top.start)
                    for first in leaves:
                        other = pair.src[first.end]
                        if any(s.start == first.end + 1 for s in inner) and other in order:
                            assert order[other] >= order[join]
                            seen += 1
        assert seen > 50

    def test_one_clause_alone_has_one_sentence(self):
        for pair in s2s.load_corpus("trees", size=100, clauses=1):
            assert pair.tgt.count("(S") == 1

    def test_words_are_those_of_phrases(self):
        known = {w.lower() for pair in s2s.load_corpus("phrases") for w in pair.src}
        words = {w.lower() for pair in self.CORPUS for w in pair.src}
        assert len(words - known) < 0.02 * len(words)


class TestFacts:
    CORPUS = once("facts", size=500, chain=True)

    def test_a_second_reader_answers_alike(self):
        for pair in self.CORPUS:
            text = " ".join(pair.src)
            *told, question = re.split(r"(?<=\.) ", text)
            thing = question.split()[-2]
            carrier = place = None
            for fact in told:
                who, rest = fact.split(" ", 1)
                if rest.endswith(f"the {thing} ."):
                    carrier = who
            for fact in told:
                who, rest = fact.split(" ", 1)
                if who == carrier and rest.split()[-2] in facts.PLACES:
                    place = rest.split()[-2]
            assert pair.tgt == (carrier, place)

    def test_the_links_are_the_supporting_facts(self):
        for pair in self.CORPUS:
            took, went = words_at(pair, 0), words_at(pair, 1)
            assert took[-2] == pair.src[-2]
            assert took[0] == went[0] == pair.tgt[0]
            assert went[-2] == pair.tgt[1]

    def test_without_the_chain_the_place_alone_is_asked(self):
        for short, chain in zip(s2s.load_corpus("facts", size=500), self.CORPUS):
            assert short.src == chain.src
            assert short.tgt == chain.tgt[1:]
            assert short.alignment == {(j, 0) for j, _ in chain.alignment}

    def test_neither_the_last_place_nor_a_common_one_is_the_answer(self):
        last = places = 0
        for pair in self.CORPUS:
            named = [word for word in pair.src if word in facts.PLACES]
            last += named[-1] == pair.tgt[1]
            places += 1 / len(set(named))
        assert 0.2 < last / len(self.CORPUS) < 0.7
        assert places / len(self.CORPUS) < 0.5

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"min_facts": 1}, ValueError, "min_facts must be at least 2"),
            ({"min_facts": 5, "max_facts": 4}, ValueError, "max_facts must be at least 5"),
            ({"chain": 1}, TypeError, "chain must be True or False"),
            (
                {"min_facts": 2, "max_facts": 2, "size": 10**6},
                ValueError,
                "more different sentences",
            ),
        ],
    )
    def test_bad_options(self, options, error, message):
        with pytest.raises(error, match=message):
            s2s.load_corpus("facts", **options)


class TestDialogue:
    CORPUS = once("dialogue", size=500)

    def test_a_second_reader_fills_the_slots(self):
        for pair in self.CORPUS:
            known = {}
            for turn in re.split(r"(?:^| )(?=user:|system:)", " ".join(pair.src)):
                if not turn.startswith("user:"):
                    continue
                for slot, ways in dialogue.SAYING.items():
                    for way in ways:
                        found = re.search(
                            rf"\b{way.format('(' + '|'.join(dialogue.VALUES[slot]) + ')')}\b", turn
                        )
                        if found:
                            known[slot] = found[1]
            assert dict(s2s.corpora.made.dialogue.slots_of(pair.tgt)) == known, pair.src

    def test_links_lead_to_the_value(self):
        for pair in self.CORPUS:
            assert all(pair.src[j] == pair.tgt[i] for j, i in pair.alignment)
            assert len(pair.alignment) == len(dialogue.slots_of(pair.tgt))

    def test_the_system_asks_for_the_first_that_is_missing_or_books(self):
        for pair in self.CORPUS:
            known = dict(dialogue.slots_of(pair.tgt))
            missing = [slot for slot in dialogue.SLOTS if slot not in known]
            asked = dialogue.ASKING[missing[0]] if missing else "booked"
            assert " ".join(pair.tgt).endswith(asked)

    def test_minds_are_changed_and_the_last_word_counts(self):
        changed = [p for p in self.CORPUS if any(c in " ".join(p.src) for c in dialogue.CHANGES)]
        assert len(changed) > 100

    def test_the_last_turn_alone_does_not_say_it(self):
        needed = 0
        for pair in self.CORPUS:
            last = len(pair.src) - 1 - pair.src[::-1].index("user:")
            needed += any(j < last for j, _ in pair.alignment)
        assert needed > 250


@pytest.mark.parametrize("name", ["dialogue", "entities", "facts", "sentiment", "trees"])
def test_a_history_or_text_comes_once(name):
    corpus = s2s.load_corpus(name, "test", size=300)
    assert len({pair.src for pair in corpus}) == 300
    assert {split_of(pair.src) for pair in corpus} == {"test"}
