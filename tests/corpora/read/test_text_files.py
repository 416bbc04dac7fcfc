"""Reading text that people and programs wrote."""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.corpora import SPLITS
from s2s_tutorial.corpora.read.text_files import (
    aligned_lines,
    both_tokenizers,
    first,
    read_lines,
    read_rows,
    split_of_text,
    tokenized,
)
from s2s_tutorial.text.tokenizers import CharacterTokenizer, WhitespaceTokenizer, WordTokenizer

LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\ufeff")), min_size=1
)


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, name: str = "file.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


class TestLines:
    @given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(), st.booleans())
    def test_what_was_written_is_read(self, lines, end, last, mark, packed):
        data = end.join(lines) + end * last
        if not last and lines[-1] == "":
            lines = lines[:-1]
        raw = b"\xef\xbb\xbf" * mark + data.encode()
        if not mark and data.startswith("\ufeff"):
            lines = [lines[0][1:], *lines[1:]]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "file.gz" if packed else "file")
            path.write_bytes(gzip.compress(raw) if packed else raw)
            assert read_lines(path) == lines

    def test_separators_inside_a_sentence_do_not_end_it(self, write):
        line = "a\u2028b\x0bc\x0cd\x85e\u00a0f\x1cg"
        assert read_lines(write(f"{line}\nsecond\n")) == [line, "second"]

    @pytest.mark.parametrize(
        ("content", "line", "byte", "encoding"),
        [
            ("gut\nschön\n".encode("cp1252"), 2, "0xf6", "CP1252"),
            (b"\xef\xbb\xbfa\nb\nc\xff", 3, "0xff", "CP1252"),
            ("casa".encode("utf-16"), 1, "0xff", "UTF-16"),
            ("\ufeffcasa".encode("utf-16-be"), 1, "0xfe", "UTF-16"),
        ],
    )
    def test_other_encodings(self, write, content, line, byte, encoding):
        message = f"file.txt, line {line}: the byte {byte} does not .*iconv -f {encoding} -t UTF-8"
        with pytest.raises(ValueError, match=message):
            read_lines(write(content))

    @pytest.mark.parametrize("keep", [0, 5, 0.5, 0.9])
    def test_a_gzip_file_cut_short(self, write, keep):
        data = gzip.compress(b"una casa\n" * 1_009)
        short = data[: keep if isinstance(keep, int) else int(keep * len(data))]
        if not short:  # an empty file is an empty gzip file to Python; there is nothing in it
            assert read_lines(write(short, "file.gz")) == []
            return
        with pytest.raises(ValueError, match="file.gz is not a whole gzip file.*again"):
            read_lines(write(short, "file.gz"))

    def test_a_gzip_file_that_is_none_or_damaged(self, write):
        with pytest.raises(ValueError, match="file.gz is not a whole gzip file"):
            read_lines(write("plain", "file.gz"))
        data = bytearray(gzip.compress(b"una casa\n" * 1_009))
        data[len(data) // 2] ^= 0xFF
        with pytest.raises(ValueError, match="file.gz is not a whole gzip file"):
            read_lines(write(bytes(data), "file.gz"))

    def test_no_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="there is no file .*gone.txt"):
            read_lines(tmp_path / "gone.txt")

    def test_a_folder_and_old_macintosh_line_ends_are_named(self, write, tmp_path):
        with pytest.raises(IsADirectoryError, match="is a folder; the name of a file is needed"):
            read_lines(tmp_path)
        with pytest.raises(ValueError, match=r"old Macintosh line ends \(.r alone\).*convert"):
            read_lines(write("uno\tone\rdue\ttwo\r"))


class TestAlignedLines:
    def test_blank_sides_are_left_out(self, write):
        src = write("a\n\nc\nd\n", "src")
        tgt = write("A\nB\n \t\nD\n", "tgt")
        assert aligned_lines(src, tgt) == [("a", "A"), ("d", "D")]

    def test_counts_that_differ(self, write):
        with pytest.raises(ValueError, match="src has 3 lines, but .*tgt has 2"):
            aligned_lines(write("a\nb\nc\n", "src"), write("A\nB\n", "tgt"))


def test_marks_where_files_were_joined_are_left_out(tmp_path):
    path = tmp_path / "joined.txt"
    path.write_bytes(b"\xef\xbb\xbfcasa\n" + b"\xef\xbb\xbfcane\n")
    assert read_lines(path) == ["casa", "cane"]


@pytest.mark.parametrize(
    ("data", "advice", "not_advice"),
    [
        (bytes(range(256)), "is it the right file", "iconv"),
        (random.Random(5).randbytes(3000), "is it the right file", "iconv"),
        ("Привет".encode("koi8-r") + b"\x98\x90", "iconv -f ENCODING", "CP1252"),
        ("café".encode("cp1252"), "iconv -f CP1252", "right file"),
        ("café".encode("utf-16"), "iconv -f UTF-16", "right file"),
    ],
)
def test_bytes_that_are_no_utf_8(data, advice, not_advice, tmp_path):
    (tmp_path / "file.txt").write_bytes(data)
    with pytest.raises(ValueError, match="does not belong in UTF-8") as error:
        read_lines(tmp_path / "file.txt")
    assert advice in str(error.value) and not_advice not in str(error.value)


@pytest.mark.parametrize(
    ("content", "blamed"),
    [
        ("casa\na\tb\nc\td\n", "line 1: 1 cell between '\\t', but line 2 has 2"),
        ("\na\tb\n", "line 1: it is empty, but line 2 has 2"),
        ("a\tb\tc\na\tb\nc\td\n", "line 1: 3 cells between '\\t', but line 2 has 2"),
        ("a\tb\nc\td\ne\n", "line 3: 1 cell between '\\t', but line 1 has 2"),
    ],
)
def test_the_line_that_differs_from_the_others_is_to_blame(content, blamed, tmp_path):
    (tmp_path / "file.txt").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(blamed)):
        read_rows(tmp_path / "file.txt")


def test_a_side_with_zero_width_signs_only_is_blank(tmp_path):
    (tmp_path / "de").write_text("Haus\n\u200b\nHund\n", encoding="utf-8")
    (tmp_path / "en").write_text("a\nb\n\u2060 \n", encoding="utf-8")
    assert aligned_lines(tmp_path / "de", tmp_path / "en") == [("Haus", "a")]


class TestRows:
    def test_tabs_and_quotation_marks(self, write):
        content = '"Ciao!\tHi\t\n\'a"b\t"c""d"\tx\n\n \n'
        assert read_rows(write(content)) == [
            (1, ['"Ciao!', "Hi", ""]),
            (2, ["'a\"b", '"c""d"', "x"]),
        ]

    @given(st.lists(st.lists(st.text("ab,;\"' \n"), min_size=3, max_size=3), min_size=1))
    def test_what_a_csv_writer_writes_is_read(self, rows):
        rows = [[f"x{cell}" for cell in row] for row in rows]
        written = io.StringIO()
        csv.writer(written, delimiter=";", lineterminator="\n").writerows(rows)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "file").write_text(written.getvalue(), newline="")
            assert [row for _, row in read_rows(Path(folder, "file"), ";")] == rows

    def test_the_line_that_a_quoted_cell_ends_on(self, write):
        assert read_rows(write('a,"b\nc"\nd,e\n'), ",") == [(2, ["a", "b\nc"]), (3, ["d", "e"])]

    @pytest.mark.parametrize(
        ("content", "delimiter", "message"),
        [
            ("a\tb\nc\td\ne\n", "\t", r"line 3: 1 cell between '\\t', but line 1 has 2"),
            ("a\tb\nc\td\te\n", "\t", "line 2: 3 cells"),
            ("a\tb\n\nc\td\n", "\t", "line 2: it is empty, but line 1 has 2"),
            ("a,b\nc\n", ",", "line 2: 1 cell between ','"),
            ('a,b\n"c,d\n', ",", "line 2: unexpected end of data"),
            ('a,b\n"c"d,e\n', ",", "line 2: .* expected after"),
            ("", "\t", "file.txt is empty"),
            ("\n \n", "\t", "file.txt is empty"),
        ],
    )
    def test_what_is_no_table(self, write, content, delimiter, message):
        with pytest.raises(ValueError, match=message):
            read_rows(write(content), delimiter)


class TestSplitOfText:
    def test_eight_one_one(self):
        splits = [split_of_text(f"Satz Nummer {n}!") for n in range(20_000)]
        assert [round(splits.count(split) / 20_000, 1) for split in SPLITS] == [0.8, 0.1, 0.1]

    @pytest.mark.parametrize(
        "same",
        [
            ["Wait!", "Wait.", "wait ...", "„Wait“", "ＷＡＩＴ！"],
            ["Straße", "STRASSE", "strasse."],
            ["caffe\u0300 nero", "caff\u00e8 nero", "Caff\u00e8-nero?"],
        ],
    )
    def test_what_differs_in_dress_only_stays_together(self, same):
        assert len({split_of_text(text) for text in same}) == 1

    def test_signs_alone_have_splits_too(self):
        assert {split_of_text("!" * n) for n in range(1, 100)} == set(SPLITS)

    @given(
        st.lists(
            st.text("aAàÀßSs .,!'’-1ée\u0301İi我！\u00a0", min_size=1), min_size=2, max_size=2
        ),
        st.sampled_from(
            [
                WordTokenizer(),
                WordTokenizer(lowercase=True),
                CharacterTokenizer(),
                WhitespaceTokenizer(),
            ]
        ),
    )
    def test_equal_tokens_are_never_in_two_splits(self, texts, tokenizer):
        one, two = (text for text in texts)
        if one.strip() and two.strip() and tokenizer.tokenize(one) == tokenizer.tokenize(two):
            assert split_of_text(one) == split_of_text(two)

    def test_no_two_splits_share_tokens_in_many_short_sentences(self):
        words = ["Ah", "ah", "AH", "Oh", "oh", "É", "e\u0301"]
        signs = ["!", "?", " !", "...", "", "！"]
        texts = [f"{a}{s} {b}{t}" for a in words for b in words for s in signs for t in signs]
        lower = WordTokenizer(lowercase=True)
        splits: dict[tuple[str, ...], set[str]] = {}
        for text in texts:
            splits.setdefault(tuple(lower.tokenize(text)), set()).add(split_of_text(text))
        assert all(len(found) == 1 for found in splits.values())
        assert len(splits) < len(texts) / 2


class TestTokenizers:
    def test_names_objects_and_pairs(self):
        own = CharacterTokenizer()
        assert both_tokenizers(own, "word") == (own, own)
        src, tgt = both_tokenizers(["whitespace", own], "word")
        assert isinstance(src, WhitespaceTokenizer)
        assert tgt is own
        src, tgt = both_tokenizers(None, "word")
        assert isinstance(src, WordTokenizer)
        assert isinstance(tgt, WordTokenizer)

    @pytest.mark.parametrize(
        ("tokenizer", "error", "message"),
        [
            (("word",), TypeError, "one or a pair"),
            (("word",) * 3, TypeError, "one or a pair"),
            (str.split, TypeError, "a name or an object with a method tokenize"),
            (("word", 3), TypeError, "a name or an object .* not 3"),
            ("moses", ValueError, "no tokenizer 'moses'"),
        ],
    )
    def test_what_is_none(self, tokenizer, error, message):
        with pytest.raises(error, match=message):
            both_tokenizers(tokenizer, "word")

    def test_a_corpus_of_texts(self):
        corpus = tokenized(
            [("una casa", "a house"), ("sì", "yes")],
            ("whitespace", "character"),
            "word",
            "two",
            "test",
        )
        assert (corpus.name, corpus.split) == ("two", "test")
        assert [(pair.src, pair.tgt) for pair in corpus] == [
            (("una", "casa"), tuple("a house")),
            (("sì",), tuple("yes")),
        ]


def test_first():
    assert first([1, 2, 3], None, "three", "train") == [1, 2, 3]
    assert first([1, 2, 3], 3, "three", "train") == [1, 2, 3]
    assert first([1, 2, 3], 1, "three", "train") == [1]
    with pytest.raises(ValueError, match="size=4 .* 'three' has 3 pairs in its 'train' split"):
        first([1, 2, 3], 4, "three", "train")
    with pytest.raises(ValueError, match="at least 1"):
        first([1, 2, 3], 0, "three", "train")
    with pytest.raises(TypeError, match="whole number"):
        first([1, 2, 3], 1.0, "three", "train")
