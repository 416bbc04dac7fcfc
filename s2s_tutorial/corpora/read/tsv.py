"""``tsv``: a table of the reader's own, one pair a line."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.corpora.read.long_pairs import MAX_TOKENS, LongPairs
from s2s_tutorial.corpora.read.text_files import (
    Tokenizers,
    both_tokenizers,
    first,
    read_rows,
    split_of_text,
)
from s2s_tutorial.text.pairs import Pair, ParallelCorpus, check_split
from s2s_tutorial.text.tokenizers import is_blank

Column = int | str


def make_tsv(
    split: str,
    *,
    path: str | Path | Mapping[str, str | Path],
    size: int | None = None,
    src_column: Column = 0,
    tgt_column: Column = 1,
    alignment_column: Column | None = None,
    header: bool = False,
    delimiter: str = "\t",
    tokenizer: Tokenizers = None,
    max_tokens: int | None = MAX_TOKENS,
) -> ParallelCorpus:
    r"""Any file of pairs, one a line, in UTF-8; a name in ``.gz`` is unpacked on the way.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "train.tsv"
    >>> _ = path.write_text("La casa rossa\tThe red house\t0-0 1-2 2-1\n", encoding="utf-8")
    >>> make_tsv("train", path={"train": path}, alignment_column=2)[0].pharaoh()
    '0-0 1-2 2-1'

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        path: one file, whose lines are dealt out to the splits by their source sentence
            (``split_of_text``: eight, one and one in ten); or a file for each split, as a dict
            such as ``{"train": "a.tsv", "valid": "b.tsv"}`` or a name with ``{split}`` in it.
        size: how many pairs, from the beginning; by default all.
        src_column: where the source sentences are: a number from 0, or a name if there is a header.
        tgt_column: where the target sentences are.
        alignment_column: where word alignments are, if anywhere, in Pharaoh format (``0-0 1-2``:
            source and target token, counted from 0); an empty cell has none.
        header: whether the first line names the columns.
        delimiter: what separates the cells. Cells between tabs are taken as they stand; with
            another delimiter they may be set in double quotes.
        tokenizer: cuts the sentences: a name, an object that has ``tokenize``, or a pair of these
            for source and target. By default words; where there are alignments, at white space.
        max_tokens: leave out pairs with more tokens on either side, with a warning: memory grows
            with the longest sentence of a batch, attention's with its square, and one line
            without an end could take all there is. None (``null`` as JSON) keeps every pair.

    Warns:
        LongPairsWarning: if pairs were left out, naming the line of the first.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is not such a table, naming file and line; if an option has no such
            value, the split has no pair or fewer than ``size``, or all are too long.
        TypeError: if an option is of another kind than it should be.
    """
    file, shared = file_of(path, check_split(split))
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise ValueError(
            f"delimiter must be one character, such as ';' (left out, it is a tab), not {delimiter!r}"
        )
    if not isinstance(header, bool):
        raise TypeError(f"header must be True or False (true or false as JSON), not {header!r}")
    rows = read_rows(file, delimiter)
    names = rows.pop(0)[1] if header else None
    width = len(rows[0][1] if rows else names or [])
    columns = {
        option: _place(option, column, names, width, file)
        for option, column in (
            ("src_column", src_column),
            ("tgt_column", tgt_column),
            ("alignment_column", alignment_column),
        )
        if column is not None
    }
    for number, cells in rows:
        for option in ("src_column", "tgt_column"):
            if is_blank(cells[columns[option]]):
                raise ValueError(
                    f"{file}, line {number}: the cell of {option} is empty (column "
                    f"{columns[option]}, counted from 0); fill it or delete the line"
                )
    src, tgt = columns["src_column"], columns["tgt_column"]
    if shared:
        rows = [row for row in rows if split_of_text(row[1][src]) == split]
    if not rows:
        dealt = (
            ": lines go to the splits by their source sentence, eight, one and one in ten. It needs "
            "more lines; or give each split a file of its own, such as pairs.train.tsv, "
            "pairs.valid.tsv and pairs.test.tsv, with the path 'pairs.{split}.tsv'"
            if shared
            else ""
        )
        raise ValueError(f"{file} has no pair for the {split!r} split{dealt}")
    links = columns.get("alignment_column")
    cut_src, cut_tgt = both_tokenizers(tokenizer, "word" if links is None else "whitespace")
    first(rows, size, "tsv", split)
    pairs, texts, long = [], [], LongPairs(file, max_tokens)
    for number, cells in rows:
        if size is not None and len(pairs) == size:
            break
        pair = Pair(tuple(cut_src.tokenize(cells[src])), tuple(cut_tgt.tokenize(cells[tgt])))
        if long.leave_out(number, pair):
            continue
        if links is not None and cells[links].strip():
            pair = pair._replace(alignment=_alignment(cells[links], pair, file, number))
        pairs.append(pair)
        texts.append((cells[src], cells[tgt]))
    long.warn(kept=len(pairs))
    return ParallelCorpus(first(pairs, size, "tsv", split), "tsv", split, texts)


def file_of(path: str | Path | Mapping[str, str | Path], split: str) -> tuple[Path, bool]:
    """The file that a split is in, and whether other splits are in it as well.

    >>> file_of("own.{split}.tsv", "test")[0].name
    'own.test.tsv'

    Args:
        path: as for :func:`make_tsv`.
        split: which one.

    Raises:
        ValueError: if ``path`` has none for the split.
        TypeError: if it is no name of a file.
    """
    if isinstance(path, Mapping):
        if split not in path:
            raise ValueError(
                f"path has no file for the {split!r} split; it has {', '.join(map(str, path))}"
            )
        return Path(path[split]).expanduser(), False
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path must be the name of a file, or a dict of them, not {path!r}")
    name = os.fspath(path)
    return Path(name.replace("{split}", split)).expanduser(), "{split}" not in name


def _place(option: str, column: Column, names: Sequence[str] | None, width: int, file: Path) -> int:
    """The number of a column."""
    if isinstance(column, str):
        if names is None:
            raise ValueError(f"{option}={column!r} is a name: say header=True, or give its number")
        if column not in names:
            raise ValueError(f"{file} has no column {column!r}; it has {', '.join(names)}")
        return list(names).index(column)
    if check_whole(option, column, at_least=0) >= width:
        raise ValueError(
            f"{option}={column}, but {file} has {width} column{'s' * (width != 1)}, counted from 0; "
            "is the delimiter right?"
        )
    return column


def _alignment(text: str, pair: Pair, file: Path, number: int) -> frozenset[tuple[int, int]]:
    """The links that a cell writes."""
    links = set()
    for link in text.split():
        if not re.fullmatch("[0-9]+-[0-9]+", link):
            raise ValueError(
                f"{file}, line {number}: {link!r} is no link; write source-target, as in '0-0 1-2'"
            )
        j, i = map(int, link.split("-"))
        if j >= len(pair.src) or i >= len(pair.tgt):
            raise ValueError(
                f"{file}, line {number}: the link {link} leads outside, there are {len(pair.src)} "
                f"source and {len(pair.tgt)} target tokens (counted from 0)"
            )
        links.add((j, i))
    return frozenset(links)
