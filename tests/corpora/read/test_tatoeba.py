"""Tatoeba's pairs."""

from __future__ import annotations

import zipfile

import pytest
from faulty_server import serving
from shared_data import SHARED, mirrored, needs  # noqa: F401

from s2s_tutorial.corpora import SPLITS, load_corpus
from s2s_tutorial.corpora.fetch.disk import sha256_of
from s2s_tutorial.corpora.read import tatoeba
from s2s_tutorial.corpora.read.tatoeba import tatoeba_file
from s2s_tutorial.corpora.read.text_files import split_of_text
from s2s_tutorial.text.tokenizers import WordTokenizer

COPY = "e1439be4f55aeb39f30c478aa6372dec93764475395eefbb9bce49e768a3bba2"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("S2S_DATA_DIR", str(tmp_path))
    (tmp_path / "tatoeba").mkdir()
    return tmp_path / "tatoeba"


@needs("tatoeba")
@pytest.mark.usefixtures("mirrored")
class TestWithTheCopy:
    @pytest.mark.parametrize("src", ["cmn", "en"])
    def test_every_pair_is_in_one_split_and_no_source_in_two(self, src):
        lines = (SHARED / "tatoeba/cmn.txt").read_text("utf-8").splitlines()
        lower = WordTokenizer(lowercase=True)
        cut = (lower, "whitespace")
        found = {split: load_corpus("tatoeba", split, src=src, tokenizer=cut) for split in SPLITS}
        assert sum(map(len, found.values())) == len(lines) == 22_075
        shares = [len(corpus) / len(lines) for corpus in found.values()]
        assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.02)
        sources = [set(corpus.src_sentences) for corpus in found.values()]
        assert len(set.union(*sources)) == sum(map(len, sources))

    def test_the_order_is_the_files(self):
        rows = [
            line.split("\t") for line in (SHARED / "tatoeba/cmn.txt").read_text("utf-8").split("\n")
        ]
        wanted = [row for row in rows[:-1] if split_of_text(row[1]) == "test"]
        corpus = load_corpus("tatoeba", "test", tokenizer="character")
        assert ["".join(pair.src) for pair in corpus] == [row[1] for row in wanted]
        assert ["".join(pair.tgt) for pair in corpus] == [row[0] for row in wanted]
        assert load_corpus("tatoeba", "test", tokenizer="character", size=11) == corpus[:11]

    def test_the_edition_can_be_fixed(self, mirrored):  # noqa: F811
        load_corpus("tatoeba", sha256=COPY, size=1)
        kept = (mirrored / "tatoeba/cmn.txt.sha256").read_text()
        assert kept == f"{COPY}  cmn.txt\n"
        words = f"another edition .* sha256 is {COPY}, not 0123.* and delete cmn.txt.sha256$"
        with pytest.raises(ValueError, match=words):
            load_corpus("tatoeba", sha256="0123", size=1)


def test_out_of_the_archive(tmp_path, monkeypatch):
    monkeypatch.setenv("S2S_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("S2S_DATA_DIR", raising=False)
    monkeypatch.delenv("S2S_MIRROR", raising=False)
    monkeypatch.setenv("no_proxy", "*")
    with zipfile.ZipFile(tmp_path / "made.zip", "w") as made:
        made.writestr("_about.txt", "about")
        made.writestr("ita.txt", "".join(f"House {n}!\tCasa {n}!\tsomebody\n" for n in range(40)))
    with serving() as server:
        server.files["/anki/ita-eng.zip"] = (tmp_path / "made.zip").read_bytes()
        monkeypatch.setattr(tatoeba, "ORIGIN", f"{server.url}/anki")
        corpora = [load_corpus("tatoeba", split, language="ita") for split in SPLITS]
        assert len(server.requests) == 1
    assert sum(map(len, corpora)) == 40
    assert corpora[0][0].src[0] == "Casa"
    path = tmp_path / "cache/tatoeba/ita.txt"
    assert path.with_name("ita.txt.sha256").read_text().split()[0] == sha256_of(path)


def test_two_columns_do(folder):
    (folder / "fra.txt").write_text("".join(f"House {n}.\tMaison {n}.\n" for n in range(40)))
    pair = load_corpus("tatoeba", language="fra", src="en")[0]
    assert (pair.src[0], pair.tgt[0], pair.src[1]) == ("House", "Maison", pair.tgt[1])


@pytest.mark.parametrize("line", ["alone", "\tsenza", "without\t ", ""])
def test_a_line_that_is_no_pair(folder, line):
    (folder / "ita.txt").write_text(f"House.\tCasa.\n{line}\nDog.\tCane.\n")
    with pytest.raises(ValueError, match="ita.txt, line 2: "):
        load_corpus("tatoeba", language="ita")


def test_a_file_without_translations(folder):
    (folder / "ita.txt").write_text("House.\nDog.\n")
    with pytest.raises(ValueError, match="ita.txt, line 1: expected an English sentence, a tab"):
        load_corpus("tatoeba", language="ita")


@pytest.mark.parametrize("language", ["zh", "CMN", "../", "deu\n", "", None, "été"])
def test_languages_have_three_letters(language):
    with pytest.raises(ValueError, match="language must be three small letters"):
        tatoeba_file(language)


def test_an_edition_that_the_reader_keeps(folder):
    path = folder / "cmn.txt"
    path.write_text("Hi.\t嗨。\n")
    with pytest.raises(ValueError, match="another edition .*: put yours there$"):
        load_corpus("tatoeba", sha256="0123")


def test_options_that_make_no_sense(folder):
    (folder / "cmn.txt").write_text("Hi.\t嗨。\n")
    with pytest.raises(ValueError, match="src must be 'en' or the language, 'cmn', not 'deu'"):
        load_corpus("tatoeba", src="deu")
    with pytest.raises(ValueError, match="say src='en'"):
        load_corpus("tatoeba", language="eng")
