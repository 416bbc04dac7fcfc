"""``labelled``: texts and their labels, one a line, as sentiment corpora are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from s2s_tutorial.corpora.read.own_files import Path_, corpus_of
from s2s_tutorial.corpora.read.text_files import both_tokenizers, read_rows
from s2s_tutorial.text.pairs import Pair, ParallelCorpus
from s2s_tutorial.text.tokenizers import Tokenizer, is_blank


def make_labelled(
    split: str,
    *,
    path: Path_,
    size: int | None = None,
    label_first: bool = True,
    header: bool = False,
    labels: Sequence[str] | None = None,
    tokenizer: str | Tokenizer = "word",
) -> ParallelCorpus:
    """A table of two columns, label and text, between them a tab; UTF-8, ``.gz`` is unpacked.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "train.tsv"
    >>> _ = path.write_text("0\\tA dull film.\\n1\\tNot dull at all!\\n", encoding="utf-8")
    >>> [(pair.tgt, len(pair.src)) for pair in make_labelled("train", path={"train": path})]
    [(('0',), 4), (('1',), 5)]

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        path: one file, whose lines are dealt out to the splits by their text; or a file for each
            split, as a dict or with ``{split}`` in its name.
        size: how many pairs, from the beginning; by default all.
        label_first: whether the label is the first column, or the text (as in SST-2's files).
        header: whether the first line names the columns.
        labels: the labels there may be; None takes whatever stands there.
        tokenizer: cuts the texts: a name, or an object that has ``tokenize``.

    Returns:
        Pairs of a text's tokens and its one label.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if a line has not two cells, an empty one, or an unknown label, naming file and
            line; if the split has no pair or fewer than ``size``.
    """
    cut = both_tokenizers(tokenizer, "word")[0]

    def read(file: Path) -> list[Pair]:
        pairs = []
        for number, cells in read_rows(file)[int(header) :]:
            if len(cells) != 2:
                raise ValueError(
                    f"{file}, line {number}: {len(cells)} cells between tabs, but a label and a "
                    "text are needed"
                )
            label, text = cells if label_first else cells[::-1]
            for what, cell in (("label", label), ("text", text)):
                if is_blank(cell):
                    raise ValueError(f"{file}, line {number}: the {what} is empty")
            label = label.strip()
            if labels is not None and label not in labels:
                raise ValueError(
                    f"{file}, line {number}: unknown label {label!r}; the labels are "
                    f"{', '.join(labels)}. Is the label the {'first' if label_first else 'last'} column?"
                )
            pairs.append(Pair(tuple(cut.tokenize(text)), (label,)))
        return pairs

    return corpus_of("labelled", split, path, size, read)
