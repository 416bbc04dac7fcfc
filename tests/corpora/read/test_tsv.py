"""Tables of the reader's own."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from s2s_tutorial.corpora import SPLITS, load_corpus
from s2s_tutorial.corpora.read.long_pairs import LongPairsWarning
from s2s_tutorial.corpora.read.text_files import split_of_text
from s2s_tutorial.text.tokenizers import CharacterTokenizer


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, name: str = "pairs.tsv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def load(path: Path, split: str = "train", **options):
    """The pairs of a file that is one split's alone."""
    return load_corpus("tsv", split, path={split: path}, **options)


def test_a_file_for_each_split(write):
    paths = {split: write(f"{split} casa!\tHouse {split}.\n", f"{split}.tsv") for split in SPLITS}
    for split in SPLITS:
        corpus = load_corpus("tsv", split, path=paths)
        assert (corpus.name, corpus.split, len(corpus)) == ("tsv", split, 1)
        assert corpus[0] == ((split, "casa", "!"), ("House", split, "."), None)
        name = str(paths["train"]).replace("train.tsv", "{split}.tsv")
        assert load_corpus("tsv", split, path=name) == corpus
    del paths["valid"]
    with pytest.raises(ValueError, match="no file for the 'valid' split; it has train, test"):
        load_corpus("tsv", "valid", path=paths)


def test_one_file_is_dealt_out(write):
    sources = [f"frase numero {n}" for n in range(211)]
    path = write("".join(f"{src}\tsentence {n}\n" for n, src in enumerate(sources)))
    found = {split: load_corpus("tsv", split, path=path) for split in SPLITS}
    for split, corpus in found.items():
        kept = [" ".join(src) for src in corpus.src_sentences]
        assert kept == [src for src in sources if split_of_text(src) == split]
    assert sum(map(len, found.values())) == 211
    assert load_corpus("tsv", path=path, size=17) == found["train"][:17]
    with pytest.raises(ValueError, match=f"size=200 .* has {len(found['train'])} pairs"):
        load_corpus("tsv", path=path, size=200)


def test_a_split_without_pairs(write):
    path = write("casa\thouse\n")
    [split] = [split for split in SPLITS if split_of_text("casa") == split]
    assert len(load_corpus("tsv", split, path=path)) == 1
    for other in set(SPLITS) - {split}:
        with pytest.raises(
            ValueError, match=rf"no pair for the '{other}' split: .* 'pairs.\{{split\}}.tsv'"
        ):
            load_corpus("tsv", other, path=path)


def test_columns_by_number_and_by_name(write):
    path = write("id\tEnglish\tItaliano\n1\thouse\tcasa\n2\tdog\tcane\n")
    wanted = [("casa",), ("cane",)], [("house",), ("dog",)]
    for src, tgt in [(2, 1), ("Italiano", "English")]:
        corpus = load(path, header=True, src_column=src, tgt_column=tgt)
        assert (corpus.src_sentences, corpus.tgt_sentences) == wanted
    assert load(path, src_column=2)[0].src == ("Italiano",)
    with pytest.raises(ValueError, match="no column 'Deutsch'; it has id, English, Italiano"):
        load(path, header=True, src_column="Deutsch")
    with pytest.raises(ValueError, match="src_column='Italiano' is a name: say header=True"):
        load(path, src_column="Italiano")
    with pytest.raises(ValueError, match="tgt_column=3, but .*pairs.tsv has 3 columns"):
        load(path, tgt_column=3)
    with pytest.raises(ValueError, match="src_column must be at least 0"):
        load(path, src_column=-1)
    with pytest.raises(TypeError, match="src_column must be a whole number"):
        load(path, src_column=1.0)


def test_the_wrong_delimiter(write):
    with pytest.raises(ValueError, match="has 1 column, .* is the delimiter right"):
        load(write("casa,house\n"))
    for delimiter in ["", ",,", "\n", '"', None]:
        with pytest.raises(ValueError, match="delimiter must be one character"):
            load(write("casa,house\n"), delimiter=delimiter)


def test_csv_gzip_and_byte_order_mark(write):
    path = write(gzip.compress(b'\xef\xbb\xbf"una casa, rossa";a house\r\n'), "pairs.csv.gz")
    assert load(path, delimiter=";")[0] == (
        ("una", "casa", ",", "rossa"),
        ("a", "house"),
        None,
    )


def test_the_text_stays_with_the_tokens(write):
    path = write("Il 3/4/2020,  ok?\tOn 3/4/2020 I paid $5 to a@b.com, OK?\nDue\tTwo\n")
    corpus = load(path)
    assert corpus.texts[0] == ("Il 3/4/2020,  ok?", "On 3/4/2020 I paid $5 to a@b.com, OK?")
    assert corpus[1:].texts == (("Due", "Two"),)


class TestLongPairs:
    LINES = "a\tx\n" + "b " * 251 + "\ty\nc\tz\n" + "d\t" + "z " * 20_000 + "\n" + "e\tv\n"

    def test_they_are_left_out_and_the_first_is_named(self, write):
        said = (
            r"2 pairs are left out .* 250 tokens: the first is line 2 \(251 source tokens\).*option"
        )
        with pytest.warns(LongPairsWarning, match=said):
            corpus = load(write(self.LINES))
        assert [pair.src for pair in corpus] == [("a",), ("c",), ("e",)]
        assert [text for text, _ in corpus.texts] == ["a", "c", "e"]
        with pytest.warns(LongPairsWarning, match=r"1 pair is .*: line 4 \(20,000 target tokens\)"):
            assert len(load(write(self.LINES), max_tokens=251)) == 4

    def test_the_limit_is_an_option(self, write, recwarn):
        assert len(load(write(self.LINES), max_tokens=None)) == 5
        assert len(load(write(self.LINES), max_tokens=20_000)) == 5
        assert not recwarn
        for wrong in (0, 1.5):
            with pytest.raises((ValueError, TypeError), match="max_tokens must be"):
                load(write(self.LINES), max_tokens=wrong)

    def test_a_size_counts_the_pairs_that_are_kept(self, write):
        with pytest.warns(LongPairsWarning):
            assert len(load(write(self.LINES), size=3)) == 3
        with (
            pytest.warns(LongPairsWarning),
            pytest.raises(ValueError, match="size=4 .* has 3 pairs"),
        ):
            load(write(self.LINES), size=4)

    def test_no_pair_is_left(self, write):
        with pytest.raises(ValueError, match=r"line 1 \(3 source tokens\).*No pair is left"):
            load(write("a b c\tx\n"), max_tokens=2)


def test_tokenizers(write):
    path = write("La casa!\tThe house!\n")
    assert load(path, tokenizer="whitespace")[0].src == ("La", "casa!")
    own = load(path, tokenizer=("word", CharacterTokenizer()))[0]
    assert (own.src, own.tgt[:5]) == (("La", "casa", "!"), tuple("The h"))


class TestAlignments:
    def test_pharaoh_format(self, write):
        path = write("La casa rossa!\tThe red house!\t0-0 2-1 1-2  1-2\na\tb\t\n")
        aligned, plain = load(path, alignment_column=2)
        assert aligned.src == ("La", "casa", "rossa!")  # tokens are what white space separates
        assert aligned.alignment == {(0, 0), (2, 1), (1, 2)}
        assert plain.alignment is None

    @pytest.mark.parametrize(
        ("cell", "message"),
        [
            ("0-0 1", "line 2: '1' is no link; write source-target"),
            ("0:0", "'0:0' is no link"),
            ("0-0?", "'0-0?' is no link"),
            ("-1-0", "'-1-0' is no link"),
            ("2-0", "line 2: the link 2-0 leads outside, there are 2 source and 1 target"),
            ("0-1", "the link 0-1 leads outside"),
        ],
    )
    def test_what_is_none(self, write, cell, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            load(write(f"a\tb\t0-0\nc d\te\t{cell}\n"), alignment_column=2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("casa\thouse\n\tdog\n", "pairs.tsv, line 2: the cell of src_column is empty (column 0"),
        ("casa\t \ncane\tdog\n", "pairs.tsv, line 1: the cell of tgt_column is empty (column 1"),
        ("\u200b\thouse\n", "pairs.tsv, line 1: the cell of src_column is empty"),
        ("casa\thouse\ncane\n", "pairs.tsv, line 2: 1 cell "),
        ("casa\thouse\ncaff\xe8\tcoffee\n".encode("latin-1"), "pairs.tsv, line 2: the byte 0xe8"),
        ("", "pairs.tsv is empty"),
    ],
)
def test_what_is_no_pair(write, content, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        load(write(content))


def test_a_header_is_there_or_not(write):
    with pytest.raises(TypeError, match="header must be True or False .* not 'no'"):
        load(write("La casa\tThe house\n"), header="no")


def test_a_header_alone(write):
    with pytest.raises(ValueError, match="pairs.tsv has no pair for the 'train' split$"):
        load(write("src\ttgt\n"), header=True)


def test_a_path_that_is_none(tmp_path):
    with pytest.raises(TypeError, match="the corpus 'tsv' needs the option 'path'"):
        load_corpus("tsv")
    with pytest.raises(TypeError, match="path must be the name of a file, or a dict of them"):
        load_corpus("tsv", path=3)
    with pytest.raises(FileNotFoundError, match="there is no file .*gone.tsv"):
        load_corpus("tsv", path=tmp_path / "gone.tsv")
