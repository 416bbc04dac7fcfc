"""Multi30k, against the counts that its repository publishes."""

from __future__ import annotations

import gzip
import re

import pytest
from shared_data import SHARED, mirrored, needs  # noqa: F401

from s2s_tutorial.base.resources import resource_path
from s2s_tutorial.corpora import CorpusFileError, load_corpus
from s2s_tutorial.corpora.read.multi30k import _SUMS, LANGUAGES, multi30k_files
from s2s_tutorial.text.tokenizers import CharacterTokenizer

# Sentences and words, from the README of the repository.
PUBLISHED = {
    "train": (29_000, {"en": 377_534, "de": 360_706, "fr": 409_845}),
    "valid": (1_014, {"en": 13_308, "de": 12_828, "fr": 14_381}),
    "test": (1_000, {"en": 12_968, "de": 12_103, "fr": 13_988}),
}


@needs("multi30k")
@pytest.mark.usefixtures("mirrored")
class TestWithTheCopy:
    @pytest.mark.parametrize("split", PUBLISHED)
    @pytest.mark.parametrize(("src", "tgt"), [("de", "en"), ("en", "fr")])
    def test_as_many_sentences_and_words_as_published(self, split, src, tgt):
        corpus = load_corpus("multi30k", split, src=src, tgt=tgt)
        sentences, words = PUBLISHED[split]
        assert (corpus.name, corpus.split, len(corpus)) == ("multi30k", split, sentences)
        assert sum(map(len, corpus.src_sentences)) == words[src]
        assert sum(map(len, corpus.tgt_sentences)) == words[tgt]
        assert all(pair.src and pair.tgt and pair.alignment is None for pair in corpus)

    def test_the_tokens_are_the_files(self):
        corpus = load_corpus("multi30k", "test")
        folder = SHARED / "multi30k/data/task1/tok"
        for side, language in ((corpus.src_sentences, "de"), (corpus.tgt_sentences, "en")):
            text = (folder / f"test_2016_flickr.lc.norm.tok.{language}").read_text("utf-8")
            assert "".join(" ".join(tokens) + "\n" for tokens in side) == text

    def test_the_first_ones(self):
        assert load_corpus("multi30k", "valid", size=13) == load_corpus("multi30k", "valid")[:13]
        with pytest.raises(ValueError, match="size=1015 .* has 1014 pairs"):
            load_corpus("multi30k", "valid", size=1_015)

    def test_raw_text_is_cut_into_words(self):
        raw = load_corpus("multi30k", "test", version="raw")
        path = SHARED / "multi30k/data/task1/raw/test_2016_flickr.de.gz"
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines = file.read().splitlines()
        assert len(raw) == len(lines) == 1_000
        for pair, line in zip(raw, lines):
            assert "".join(pair.src) == "".join(line.split())
        assert raw[0].src[:2] == ("Ein", "Mann")
        assert raw[0].src[-1] == "."

    def test_tokenizers_for_each_side(self):
        pair = load_corpus(
            "multi30k", "test", size=1, tokenizer=("whitespace", CharacterTokenizer())
        )[0]
        assert pair.src == load_corpus("multi30k", "test", size=1)[0].src
        assert set(map(len, pair.tgt)) == {1}

    @pytest.mark.parametrize("version", ["tok", "raw"])
    @pytest.mark.parametrize("split", PUBLISHED)
    def test_every_sum_is_that_of_the_copy(self, version, split, mirrored):  # noqa: F811
        for src, tgt in [("de", "en"), ("fr", "en")]:
            load_corpus("multi30k", split, src=src, tgt=tgt, version=version, size=1)
        assert len([p for p in mirrored.rglob("*") if p.is_file() and p.name[0] != "."]) == 3


def test_a_mirror_with_other_text_is_not_believed(monkeypatch, tmp_path):
    monkeypatch.setenv("S2S_DATA_DIR", str(tmp_path))
    for file in multi30k_files("test"):
        (tmp_path / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.path).write_text("ein mann\n" * 1_000)
    with pytest.raises(CorpusFileError, match="c6a33d39d48f9f510de147651316cd9d918e09ad"):
        load_corpus("multi30k", "test")


def test_files_and_their_addresses():
    [src, tgt] = multi30k_files("train", "fr", "de", "raw")
    assert (src.path, tgt.path) == (
        "multi30k/data/task1/raw/train.fr.gz",
        "multi30k/data/task1/raw/train.de.gz",
    )
    for url in src.urls:
        assert url.startswith("https://raw.githubusercontent.com/multi30k/dataset/")
        assert url.endswith("/data/task1/raw/train.fr.gz")
    every = {
        file.path: file.sha256
        for split in PUBLISHED
        for version in ("tok", "raw")
        for src, tgt in [("de", "en"), ("fr", "en")]
        for file in multi30k_files(split, src, tgt, version)
    }
    assert len(every) == len(set(every.values())) == 3 * 2 * len(LANGUAGES)


def test_the_data_card_has_the_same_sums():
    card = resource_path("data/downloaded.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `multi30k/data/task1/(\S+)` \| ([\d,]+) \| `(\w+)` \|$", card, re.MULTILINE
    )
    assert {path: (int(size.replace(",", "")), sha256) for path, size, sha256 in rows} == _SUMS


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"src": "cs"}, "src must be one of de, en, fr, not 'cs'"),
        ({"tgt": None}, "tgt must be one of de, en, fr, not None"),
        ({"src": "en"}, "src and tgt are both 'en'"),
        ({"version": "bpe"}, "version must be 'tok' or 'raw', not 'bpe'"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(ValueError, match=message):
        load_corpus("multi30k", **options)
