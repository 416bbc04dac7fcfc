"""IWSLT'15 English-Vietnamese."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_data import SHARED, mirrored, needs  # noqa: F401

from s2s_tutorial.base.resources import resource_path
from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.corpora.read.iwslt15 import _SUMS, iwslt15_files, unescape

MOSES = ["&apos;", "&quot;", "&lt;", "&gt;", "&#91;", "&#93;", "&#124;", "&amp;"]


@needs("iwslt15_en_vi")
@pytest.mark.usefixtures("mirrored")
class TestWithTheCopy:
    def test_the_validation_set(self):
        corpus = load_corpus("iwslt15_en_vi", "valid")
        assert (corpus.name, corpus.split, len(corpus)) == ("iwslt15_en_vi", "valid", 1_553)
        assert corpus[1].src == ("This", "is", "not", "a", "finished", "story", ".")
        assert corpus[1].tgt == tuple("Câu chuyện này chưa kết thúc .".split())
        folder = SHARED / "iwslt15_en_vi"
        for side, language in ((corpus.src_sentences, "en"), (corpus.tgt_sentences, "vi")):
            text = html.unescape((folder / f"tst2012.{language}").read_text("utf-8"))
            assert [list(tokens) for tokens in side] == [line.split() for line in text.splitlines()]

    def test_the_other_direction(self):
        there = load_corpus("iwslt15_en_vi", "valid", size=7)
        back = load_corpus("iwslt15_en_vi", "valid", size=7, src="vi", tgt="en")
        assert back.src_sentences == there.tgt_sentences
        assert back.tgt_sentences == there.src_sentences


@given(st.lists(st.sampled_from([*MOSES, "a", " ", "amp;", "lt;", "#", "é"])).map("".join))
def test_unescape_is_html_s_for_what_moses_escapes(text):
    assert unescape(text) == html.unescape(text)


def test_nothing_else_is_unescaped():
    assert unescape("&copy; &nbsp; R&B &apos") == "&copy; &nbsp; R&B &apos"


def test_files_and_their_addresses():
    assert [file.urls for file in iwslt15_files("train", "vi", "en")] == [
        ("https://nlp.stanford.edu/projects/nmt/data/iwslt15.en-vi/train.vi",),
        ("https://nlp.stanford.edu/projects/nmt/data/iwslt15.en-vi/train.en",),
    ]
    every = [file for split in ("train", "valid", "test") for file in iwslt15_files(split)]
    assert len({file.sha256 for file in every}) == 6
    assert all(len(file.sha256) == 64 and file.size > 100_000 for file in every)


def test_the_data_card_has_the_same_sums():
    card = resource_path("data/downloaded.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `iwslt15_en_vi/(\S+)` \| ([\d,]+) \| `(\w+)` \|$", card, re.MULTILINE)
    assert {path: (int(size.replace(",", "")), sha256) for path, size, sha256 in rows} == _SUMS


@pytest.mark.parametrize("options", [{"src": "vi"}, {"tgt": "en"}, {"src": "de"}])
def test_options_that_make_no_sense(options):
    with pytest.raises(ValueError, match="src and tgt must be 'en' and 'vi' or the reverse"):
        load_corpus("iwslt15_en_vi", **options)
