"""Reading the text files of corpora: their encoding, lines, cells, and their sentences' splits."""

from __future__ import annotations

import csv
import gzip
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.corpora.made.making import split_of
from s2s_tutorial.corpora.read.encoding import encoding_advice, without_marks
from s2s_tutorial.text.pairs import Pair, ParallelCorpus
from s2s_tutorial.text.tokenizers import Tokenizer, get_tokenizer, is_blank

Tokenizers = str | Tokenizer | tuple[str | Tokenizer, str | Tokenizer] | None


def read_lines(path: str | Path) -> list[str]:
    r"""The lines of a UTF-8 file, without their ends; a name in ``.gz`` is unpacked on the way.

    Lines end at ``\n`` (or ``\r\n``) and nowhere else: what Unicode calls a line separator may
    stand inside a sentence, and cutting there would shift one side of a corpus against the other.
    Byte order marks, at the start or where files were joined, are left out.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "two.txt.gz"
    >>> _ = path.write_bytes(gzip.compress("una casa\nun cane\n".encode()))
    >>> read_lines(path)
    ['una casa', 'un cane']

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is not UTF-8 or not a whole gzip file, naming it, the line, and
            what to do.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {path}") from None
    except IsADirectoryError:
        raise IsADirectoryError(f"{path} is a folder; the name of a file is needed") from None
    if path.suffix == ".gz":
        try:
            data = gzip.decompress(data)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(
                f"{path} is not a whole gzip file ({error}); copy or download it again"
            ) from error
    try:
        lines = without_marks(data).decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        data = without_marks(data)
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path}, line {line}: the byte 0x{data[error.start]:02x} does not belong in UTF-8 "
            f"text. {encoding_advice(data)}"
        ) from error
    if lines[-1] == "":
        lines.pop()
    if len(lines) == 1 and "\r" in lines[0].removesuffix("\r"):
        raise ValueError(
            f"{path} has old Macintosh line ends (\\r alone), as some spreadsheets write; convert "
            "it: tr '\\r' '\\n' < old > new"
        )
    return [line.removesuffix("\r") for line in lines]


def aligned_lines(src: str | Path, tgt: str | Path) -> list[tuple[str, str]]:
    """The pairs of two files, line by line; those with a blank side are left out.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "de").write_text("Haus\\n\\nHund\\n"), (folder / "en").write_text("a\\nb\\nc\\n")
    >>> aligned_lines(folder / "de", folder / "en")
    [('Haus', 'a'), ('Hund', 'c')]

    Raises:
        ValueError: if one file has more lines than the other, or as ``read_lines``.
    """
    sources, targets = read_lines(src), read_lines(tgt)
    if len(sources) != len(targets):
        raise ValueError(
            f"{src} has {len(sources)} lines, but {tgt} has {len(targets)}: line by line they "
            "should say the same; copy or download them again"
        )
    return [pair for pair in zip(sources, targets) if not any(map(is_blank, pair))]


def read_rows(path: str | Path, delimiter: str = "\t") -> list[tuple[int, list[str]]]:
    r"""The rows of a table, each with the number of the line that it ends on, counted from 1.

    Tab-separated cells are taken as they stand, quotation marks and all. With any other delimiter
    a cell may be set in double quotes, as in CSV. Empty lines at the end are left out.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "pairs.tsv"
    >>> _ = path.write_text('"Ciao!"\tHi!\n')
    >>> read_rows(path)
    [(1, ['"Ciao!"', 'Hi!'])]

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it cannot be read as such, a row has another number of cells than most, or
            there is none; naming the file and the line.
    """
    lines = read_lines(path)
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise ValueError(f"{path} is empty: it needs at least one line")
    if delimiter == "\t":
        rows = [(number, line.split("\t")) for number, line in enumerate(lines, start=1)]
    else:
        reader = csv.reader([line + "\n" for line in lines], delimiter=delimiter, strict=True)
        try:
            rows = [(reader.line_num, row) for row in reader]
        except csv.Error as error:
            raise ValueError(f"{path}, line {reader.line_num}: {error}") from error
    widths = Counter(len(row) for _, row in rows)
    width = max(widths, key=lambda cells: (widths[cells], cells > 1))  # the earlier of two
    for number, row in rows:
        if len(row) != width:
            found = f"{len(row)} cell{'s' * (len(row) != 1)} between {delimiter!r}"
            other = next(number for number, row in rows if len(row) == width)
            raise ValueError(
                f"{path}, line {number}: {found if any(row) else 'it is empty'}, but line "
                f"{other} has {width}; every line needs as many"
            )
    return rows


def split_of_text(text: str) -> str:
    """The one split that a sentence may appear in, however it is cut into tokens.

    As ``split_of``, but of the sentence's letters and digits alone, without case (in Unicode's
    NFKC form): so no tokenizer can make a training sentence equal to one of the test set, and
    sentences that differ in their punctuation only are in one split as well.

    >>> split_of_text("Wait!") == split_of_text("wait ...")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return split_of(["".join(filter(str.isalnum, folded)) or text.strip()])


def both_tokenizers(tokenizer: Tokenizers, default: str) -> tuple[Tokenizer, Tokenizer]:
    """The tokenizers of source and target.

    >>> src, tgt = both_tokenizers(("word", "character"), default="word")
    >>> tgt.tokenize("Ciao")
    ['C', 'i', 'a', 'o']

    Args:
        tokenizer: one for both or a pair; each a name or an object that has ``tokenize``.
        default: the name of the one to take for None.

    Raises:
        ValueError: if there is none of that name.
        TypeError: if it is something else.
    """
    chosen = default if tokenizer is None else tokenizer
    pair = tuple(chosen) if isinstance(chosen, tuple | list) else (chosen, chosen)
    if len(pair) != 2:
        raise TypeError(f"tokenizer must be one or a pair (source, target), not {tokenizer!r}")
    src, tgt = (get_tokenizer(one) if isinstance(one, str) else one for one in pair)
    for one in (src, tgt):
        if not callable(getattr(one, "tokenize", None)):
            raise TypeError(
                f"a tokenizer is a name or an object with a method tokenize(text), not {one!r}"
            )
    return src, tgt


def first(sentences: Sequence, size: int | None, name: str, split: str) -> Sequence:
    """The first ``size`` of a split, or all of it for None.

    >>> first("abcde", 3, name="letters", split="train")
    'abc'

    Raises:
        TypeError: if the size is not a whole number.
        ValueError: if it is below 1, or there are fewer.
    """
    if size is None:
        return sentences
    if check_whole("size", size, at_least=1) > len(sentences):
        raise ValueError(
            f"size={size} asks for more than there is: {name!r} has {len(sentences)} pairs "
            f"in its {split!r} split"
        )
    return sentences[:size]


def tokenized(
    pairs: Iterable[tuple[str, str]], tokenizer: Tokenizers, default: str, name: str, split: str
) -> ParallelCorpus:
    """A corpus of pairs of texts.

    >>> tokenized([("Ciao!", "Hi!")], None, "word", "greetings", "train")[0].tgt
    ('Hi', '!')

    Args:
        pairs: source and target texts.
        tokenizer: as for ``both_tokenizers``.
        default: as for ``both_tokenizers``.
        name: the corpus's name.
        split: its split.
    """
    cut_src, cut_tgt = both_tokenizers(tokenizer, default)
    texts = list(pairs)
    made = (Pair(tuple(cut_src.tokenize(s)), tuple(cut_tgt.tokenize(t))) for s, t in texts)
    return ParallelCorpus(made, name, split, texts)
