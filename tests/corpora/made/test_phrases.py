"""``phrases``: the card's promises, agreement, and links, checked without the generator."""

from __future__ import annotations

import hashlib
import random
import re
from pathlib import Path

import pytest
from phrase_parser import translations
from places import ROOT

from s2s_tutorial.corpora import load_corpus, split_of
from s2s_tutorial.corpora.made.phrases import START, load_grammar
from s2s_tutorial.text.tokenizers import WordTokenizer

DATA = ROOT / "data"
CARD = (DATA / "phrases" / "README.md").read_text(encoding="utf-8")
MEN = set("Thomas Marco Luca Simone Paolo Pietro Matteo Davide Giorgio papà nonno".split())
WOMEN = set("Anna Giulia Sara Alice Elena Chiara Laura Sofia Marta Emma mamma nonna".split())
VOWEL = tuple("aeiouhàèéìòùAEIOUHÈ")


@pytest.fixture(scope="module")
def corpus():
    return load_corpus("phrases", size=6_000, seed=3)


class TestTheCard:
    def test_checksums(self):
        sums = dict(re.findall(r"^\| `([\w.]+)` \|.*\| `([0-9a-f]{64})` \|$", CARD, re.MULTILINE))
        files = [path for path in (DATA / "phrases").iterdir() if path.name != "README.md"]
        assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == sums

    def test_the_sample_is_the_beginning_of_the_training_set(self):
        lines = [
            "\t".join((" ".join(pair.src), " ".join(pair.tgt), pair.pharaoh()))
            for pair in load_corpus("phrases", size=200)
        ]
        written = ("\n".join(lines) + "\n").encode("utf-8")
        assert written == (DATA / "phrases" / "sample.tsv").read_bytes()

    def test_its_examples_are_in_the_language(self):
        rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `([\d -]+)` \|", CARD, re.MULTILINE)
        assert len(rows) == 9
        for src, tgt, links in rows:
            found = {(" ".join(pair.tgt), pair.pharaoh()) for pair in translations(src)}
            assert found == {(tgt, links)}

    def test_the_split_of_the_trace_example(self):
        assert split_of("Stai attento , Thomas".split()) == "valid"
        assert "*Stai attento , Thomas* falls in `valid`" in CARD

    def test_data_stays_small(self):
        assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < 3_000_000

    def test_every_corpus_has_a_card(self):
        listed = (DATA / "README.md").read_text(encoding="utf-8")
        for folder in filter(Path.is_dir, DATA.iterdir()):
            assert f"({folder.name}/README.md)" in listed
            card = (folder / "README.md").read_text(encoding="utf-8")
            assert card.startswith(f"# Data card: `{folder.name}`")


@pytest.mark.slow
class TestTheLanguage:
    def test_it_is_large(self):
        grammar, finish = load_grammar()
        assert finish.count(grammar, START) // 10**12 == 15
        assert "15 · 10<sup>12</sup>" in CARD

    def test_a_source_has_one_target(self, corpus):
        for pair in corpus[:80]:
            found = set(translations(" ".join(pair.src)))
            assert found == {pair}

    @pytest.mark.parametrize(
        "sentence",
        [
            "Stai attenta , Thomas",
            "La casa rosso è bella",
            "I mele sono verdi",
            "Il zaino è nero",
            "Mangia una mela",
            "Anna mangi una mela",
            "Mangio una sedia",
        ],
    )
    def test_what_is_wrong_is_not_in_it(self, sentence):
        assert translations(sentence) == []

    def test_every_rule_and_category_can_be_used(self):
        grammar, _ = load_grammar()
        rng = random.Random(0)
        reached, waiting = set(), [START]
        while waiting:
            symbol = waiting.pop()
            if symbol in reached:
                continue
            reached.add(symbol)
            for rule in grammar.rules.get(symbol, ()):
                phrase = rule.join([grammar.sample(item, rng) for item in rule.src])
                assert phrase.tgt[""]
                waiting += rule.src
        heads = {symbol.split(".")[0] for symbol in (*grammar.words, *grammar.rules)}
        assert heads - {symbol.split(".")[0] for symbol in reached} <= {"Simple"}
        used = {word for symbol in reached for phrase in grammar.words.get(symbol, ())
                for word in phrase.src}  # fmt: skip
        for category in ("Noun", "Hue", "Trait", "Pre", "State", "Kin", "Mass", "Once", "Feel"):
            for symbol, phrases in grammar.words.items():
                uncountable = "drink" in symbol or "staple" in symbol
                if symbol.split(".")[0] == category and not (uncountable and symbol.endswith(".p")):
                    assert {word for phrase in phrases for word in phrase.src} <= used, symbol


class TestSentences:
    def test_lengths(self, corpus):
        lengths = [len(pair.src) for pair in corpus]
        assert (min(lengths), max(lengths)) == (3, 14)
        assert max(len(pair.tgt) for pair in corpus) <= 18

    def test_no_sentence_comes_twice(self, corpus):
        assert len(set(corpus.src_sentences)) == len(corpus)

    def test_capitals(self, corpus):
        for pair in corpus:
            assert pair.src[0][0].isupper()
            assert pair.tgt[0][0].isupper()
            for word in pair.src[1:]:
                assert word[0].islower() or word in MEN | WOMEN or not word[0].isalpha()

    def test_the_word_tokenizer_cuts_them_so(self, corpus):
        tokenizer = WordTokenizer()
        for pair in corpus:
            for side in (pair.src, pair.tgt):
                assert tuple(tokenizer.tokenize(tokenizer.detokenize(side))) == side

    def test_vocatives_agree(self, corpus):
        checked = 0
        for pair in corpus:
            for word, people in (("attento", MEN), ("attenta", WOMEN)):
                if word in map(str.lower, pair.src) and "amic" not in " ".join(pair.src).lower():
                    assert people & {*pair.src, pair.src[0].lower()}, pair
                    checked += 1
        assert checked > 15

    def test_articles_suit_the_next_word(self, corpus):
        """Italian il, lo, l', i, gli, un, uno, un'; English a, an."""

        def cluster(word):
            return re.match(r"s[^aeiouàèéìòù]|z|gn|ps|x|y", word)

        seen = set()
        for pair in corpus:
            for word, following in zip(map(str.lower, pair.src), pair.src[1:]):
                kind = "vowel" if following.startswith(VOWEL) else bool(cluster(following))
                expected = {
                    "il": False, "lo": True, "l'": "vowel", "un'": "vowel", "uno": True,
                    "i": False, "quel": False, "quello": True, "quell'": "vowel", "dell'": "vowel",
                    "bel": False, "dei": False,
                }  # fmt: skip
                if word == "lo" and pair.alignment and "it" in pair.tgt:
                    continue  # the pronoun
                if word in expected:
                    assert kind == expected[word], pair
                    seen.add(word)
                if word in ("gli", "degli", "quegli") and "likes" not in pair.tgt:
                    assert kind in ("vowel", True), pair
                if word in ("la", "una", "della", "quella") and "it" not in pair.tgt:
                    assert kind != "vowel", pair
            for word, following in zip(map(str.lower, pair.tgt), pair.tgt[1:]):
                if word in ("a", "an") and following != "lot":
                    assert (word == "an") == following.startswith(tuple("aeioAEIO")) or (
                        word == "an" and following in ("umbrella", "unripe")
                    ), pair
        assert seen >= {"il", "lo", "l'", "un'", "uno", "quello", "bel", "dell'"}

    def test_questions_are_questions_on_both_sides(self, corpus):
        assert all((pair.src[-1] == "?") == (pair.tgt[-1] == "?") for pair in corpus)
        assert 0.05 < sum(pair.src[-1] == "?" for pair in corpus) / len(corpus) < 0.3


class TestAlignment:
    # Words that are only ever each other's translation, whatever stands around them.
    FIXED = {
        "mela": "apple", "gatto": "cat", "libri": "books", "rossa": "red", "Thomas": "Thomas",
        "mai": "never", "perché": "because", "casa": "house", "due": "two", "interessante":
        "interesting", ",": ",", "?": "?", "ragazza": "girl", "sorella": "sister", "domani":
        "tomorrow", "chiavi": "keys",
    }  # fmt: skip

    def test_words_are_linked_to_their_translation(self, corpus):
        seen = set()
        for pair in corpus:
            links = {
                j: {pair.tgt[i] for k, i in pair.alignment if k == j} for j, _ in pair.alignment
            }
            for j, word in enumerate(pair.src):
                if word in self.FIXED and pair.tgt.count(self.FIXED[word]) == 1:
                    assert self.FIXED[word] in links[j], pair
                    seen.add(word)
        assert seen == set(self.FIXED)

    def test_words_without_counterpart_are_few_and_known(self, corpus):
        alone = {"il", "lo", "la", "l'", "i", "gli", "le", "a", "ad", "tutto", ","}
        for pair in corpus:
            linked_src = {j for j, _ in pair.alignment}
            linked_tgt = {i for _, i in pair.alignment}
            for j, word in enumerate(pair.src):
                assert j in linked_src or word.lower() in alone, pair
            for i, word in enumerate(pair.tgt):
                assert i in linked_tgt or word.lower() in ("the", "on", "in"), pair

    def test_what_it_is_good_for_is_there(self, corpus):
        """Crossings, one to many, many to one: each in a good part of the sentences."""

        def share(has):
            return sum(map(has, corpus)) / len(corpus)

        def crosses(pair):
            links = sorted(pair.alignment)
            return any(a[0] < b[0] and a[1] > b[1] for a in links for b in links)

        def repeats(side):
            return lambda pair: len({link[side] for link in pair.alignment}) < len(pair.alignment)

        assert share(crosses) > 0.3
        assert share(repeats(0)) > 0.3  # one Italian word, several English
        assert share(repeats(1)) > 0.08
        assert share(lambda pair: len({j for j, _ in pair.alignment}) < len(pair.src)) > 0.15


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"size": 10**15}, ValueError, "asks for more different sentences.*at most 15"),
        ({"language": "fr"}, TypeError, "takes no option 'language'; it takes size, seed"),
    ],
)
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        load_corpus("phrases", **options)
