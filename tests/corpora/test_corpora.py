"""Loading corpora by name, splits, and pairs of one's own."""

from __future__ import annotations

import hashlib
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from other_process import printed

from s2s_tutorial.corpora import (
    SPLITS,
    Pair,
    ParallelCorpus,
    list_corpora,
    load_corpus,
    split_of,
)

TASKS = ["dialogue", "entities", "facts", "sentiment", "trees"]
MADE = ["copy", "dates", "numbers", "phrases", "reverse", *TASKS]
SHIPPED = ["spoken_digits"]  # made elsewhere; its tests are in made/test_spoken_digits.py
REAL = ["dialogues", "iwslt15_en_vi", "labelled", "multi30k", "tatoeba", "tsv"]
CUT = ["babi", "conll", "penn"]  # files that are cut into tokens already
# Options that make a corpus small enough for its splits to meet if they could.
NARROW = {
    "copy": {"symbols": 3, "max_length": 5},
    "dates": {"locales": ("it",), "years": (2020, 2022)},
    "dialogue": {},
    "entities": {"languages": ("it",)},
    "facts": {"min_facts": 2, "max_facts": 2},
    "numbers": {"max_digits": 3},
    "phrases": {},
    "reverse": {"symbols": 3, "max_length": 5},
    "sentiment": {},
    "trees": {"clauses": 1},
}


def digest(corpus: ParallelCorpus) -> str:
    lines = [f"{p.src} {p.tgt} {p.alignment and sorted(p.alignment)}" for p in corpus]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_the_names():
    assert list_corpora() == sorted(MADE + SHIPPED + REAL + CUT)


@pytest.mark.parametrize("name", REAL)
def test_real_ones_name_their_options_before_anything_is_fetched(name, monkeypatch, tmp_path):
    monkeypatch.setenv("S2S_DATA_DIR", str(tmp_path / "gone"))
    with pytest.raises(TypeError, match=f"{name!r} takes no option 'seed'; it takes .*tokenizer"):
        load_corpus(name, seed=3)
    with pytest.raises(ValueError, match="no split 'dev'"):
        load_corpus(name, "dev")


@pytest.mark.parametrize("name", MADE)
class TestEveryMadeCorpus:
    def test_what_comes(self, name):
        corpus = load_corpus(name, "valid", size=30)
        assert isinstance(corpus, ParallelCorpus)
        assert (corpus.name, corpus.split, len(corpus)) == (name, "valid", 30)
        for pair in corpus:
            assert isinstance(pair, Pair)
            assert pair.src
            assert pair.tgt
            assert all(isinstance(token, str) and token for token in (*pair.src, *pair.tgt))
            if pair.alignment is not None:
                assert all(
                    0 <= j < len(pair.src) and 0 <= i < len(pair.tgt) for j, i in pair.alignment
                )

    def test_splits_never_meet_whatever_the_options(self, name):
        options = [{}, {"seed": 1}, NARROW[name], {"seed": 2, **NARROW[name]}]
        sources = {
            split: {
                pair.src for some in options for pair in load_corpus(name, split, size=60, **some)
            }
            for split in SPLITS
        }
        assert not sources["train"] & sources["test"]
        assert not sources["train"] & sources["valid"]
        assert not sources["valid"] & sources["test"]
        for split, found in sources.items():
            assert {split_of(src) for src in found} == {split}

    def test_the_seed_decides(self, name):
        corpus = load_corpus(name, size=40, seed=5)
        assert load_corpus(name, size=40, seed=5) == corpus
        assert load_corpus(name, size=40, seed=6) != corpus

    def test_a_smaller_size_gives_the_beginning(self, name):
        assert load_corpus(name, size=25) == load_corpus(name, size=80)[:25]

    def test_global_generators_are_left_alone(self, name):
        random.seed(1)
        state = random.getstate()
        load_corpus(name, size=20)
        assert random.getstate() == state

    def test_unknown_options_name_the_valid_ones(self, name):
        with pytest.raises(TypeError, match=f"{name!r} takes no option 'colour'.*size, seed"):
            load_corpus(name, colour="red")

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"size": 0}, ValueError, "size must be at least 1, not 0"),
            ({"size": -5}, ValueError, "size must be at least 1, not -5"),
            ({"size": 10.0}, TypeError, "size must be a whole number, not 10.0"),
            ({"size": True}, TypeError, "size must be a whole number"),
            ({"seed": "one"}, TypeError, "seed must be a whole number, not 'one'"),
        ],
    )
    def test_bad_sizes_and_seeds(self, name, options, error, message):
        with pytest.raises(error, match=message):
            load_corpus(name, **options)


def test_default_sizes():
    assert [len(load_corpus("copy", split)) for split in SPLITS] == [20_000, 1_000, 1_000]


@pytest.mark.slow
def test_another_process_makes_the_same():
    """Whatever PYTHONHASHSEED is there."""
    program = (
        "import test_corpora as t\n"
        "for name in t.MADE: print(t.digest(t.load_corpus(name, size=50)))"
    )
    here = [digest(load_corpus(name, size=50)) for name in MADE]
    assert printed(__file__, program).split() == here


def test_an_unknown_corpus_names_the_known():
    with pytest.raises(
        ValueError,
        match="no corpus 'wmt'; choose one of babi, conll, copy, dates, dialogue, dialogues, enti",
    ):
        load_corpus("wmt")
    with pytest.raises(ValueError, match="no corpus"):
        load_corpus(["copy"])


@pytest.mark.parametrize("split", ["dev", "", None, 0])
def test_an_unknown_split_names_the_known(split):
    with pytest.raises(ValueError, match="no split .*; choose one of train, valid, test"):
        load_corpus("copy", split)


class TestSplitOf:
    @given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=5))
    def test_it_is_the_checksum(self, src):
        remainder = zlib.crc32(" ".join(src).encode("utf-8")) % 10
        assert split_of(src) == {8: "valid", 9: "test"}.get(remainder, "train")

    def test_eight_one_one(self):
        counts = [sum(split_of([str(k)]) == split for k in range(20_000)) for split in SPLITS]
        assert [round(count / 20_000, 1) for count in counts] == [0.8, 0.1, 0.1]


class TestPairsOfOnesOwn:
    def test_by_hand(self):
        corpus = ParallelCorpus.from_pairs(
            [["la", "casa", "rossa"], ["sì"]],
            [["the", "red", "house"], ["yes"]],
            [[(0, 0), (1, 2), (2, 1)], None],
            name="two",
        )
        assert (len(corpus), corpus.name, corpus.split) == (2, "two", "train")
        links = frozenset({(0, 0), (1, 2), (2, 1)})
        assert corpus[0] == Pair(("la", "casa", "rossa"), ("the", "red", "house"), links)
        assert corpus[0].pharaoh() == "0-0 1-2 2-1"
        assert corpus[-1].alignment is None
        assert corpus.src_sentences == [("la", "casa", "rossa"), ("sì",)]
        assert corpus.tgt_sentences == [("the", "red", "house"), ("yes",)]

    def test_it_is_a_sequence(self):
        corpus = ParallelCorpus.from_pairs([["a"], ["b"], ["c"]], [["1"], ["2"], ["3"]])
        assert [src for (src,), _, _ in corpus[1:]] == ["b", "c"]
        assert isinstance(corpus[:2], ParallelCorpus)
        assert corpus[:2].name == corpus.name
        assert corpus[1] in corpus
        assert corpus.index(corpus[2]) == 2
        assert repr(corpus) == "ParallelCorpus('custom', 'train', 3 pairs)"
        with pytest.raises(IndexError):
            corpus[3]

    def test_equality(self):
        corpus = load_corpus("copy", size=5)
        assert corpus[:] == corpus
        assert corpus[:4] != corpus
        assert hash(corpus[:]) == hash(corpus)
        assert ParallelCorpus(corpus, "other") != corpus
        assert corpus != list(corpus)

    def test_counts_that_differ(self):
        with pytest.raises(ValueError, match="2 source and 1 target sentences"):
            ParallelCorpus.from_pairs([["a"], ["b"]], [["c"]])
        with pytest.raises(ValueError, match="1 pairs, but 2 alignments"):
            ParallelCorpus.from_pairs([["a"]], [["b"]], [None, None])

    def test_a_sentence_that_is_a_string(self):
        with pytest.raises(TypeError, match="target sentence of pair 1 must be a list of tokens"):
            ParallelCorpus.from_pairs([["a"], ["b"]], [["c"], "una frase"])

    def test_empty_ones(self):
        with pytest.raises(ValueError, match="the corpus is empty"):
            ParallelCorpus.from_pairs([], [])
        with pytest.raises(ValueError, match="source sentence of pair 0 is empty"):
            ParallelCorpus.from_pairs([[]], [["a"]])

    @pytest.mark.parametrize("link", [(1, 0), (0, 2), (-1, 0)])
    def test_links_that_point_outside(self, link):
        with pytest.raises(ValueError, match=f"pair 0 links source word {link[0]} to target word"):
            ParallelCorpus.from_pairs([["a"]], [["b", "c"]], [[link]])

    def test_no_alignment_to_write(self):
        with pytest.raises(ValueError, match="the pair 'a b' has no alignment"):
            Pair(("a", "b"), ("c",)).pharaoh()

    def test_an_unknown_split(self):
        with pytest.raises(ValueError, match="choose one of train, valid, test"):
            ParallelCorpus.from_pairs([["a"]], [["b"]], split="all")


@pytest.mark.parametrize("links", ["0-0", [(0,)], [0], [("a", 0)]])
def test_links_that_are_no_pairs_of_numbers_are_explained(links):
    with pytest.raises(TypeError, match="alignment of pair 0 must be links, pairs of whole"):
        ParallelCorpus.from_pairs([["uno"]], [["one"]], [links])
