"""``conll``: tokens and tags in columns, as the shared tasks of CoNLL ship them."""

from __future__ import annotations

from pathlib import Path

from s2s_tutorial.base.value_checks import check_name, check_whole
from s2s_tutorial.corpora.made.entities import FORMS, pair_of
from s2s_tutorial.corpora.read.own_files import Path_, corpus_of
from s2s_tutorial.corpora.read.text_files import read_lines
from s2s_tutorial.text.pairs import Pair, ParallelCorpus
from s2s_tutorial.text.tags import check_tag, span_tags, tag_spans


def make_conll(
    split: str,
    *,
    path: Path_,
    size: int | None = None,
    token_column: int = 0,
    tag_column: int = -1,
    form: str = "tags",
) -> ParallelCorpus:
    """One token a line, its columns between spaces or tabs; an empty line ends a sentence.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "eng.train"
    >>> _ = path.write_text("-DOCSTART- -X- O\\n\\nAnna NNP I-PER\\nRossi NNP I-PER\\npaid VBD O\\n")
    >>> make_conll("train", path={"train": path})[0].tgt
    ('B-PER', 'I-PER', 'O')

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        path: one file, whose sentences are dealt out to the splits; or a file for each split, as a
            dict or with ``{split}`` in its name.
        size: how many sentences, from the beginning; by default all.
        token_column: where the token is, from 0; -1 is the last column.
        tag_column: where the tag is.
        form: ``"tags"`` or ``"list"``, as in :func:`make_entities`.

    Returns:
        Pairs of tokens and IOB2 tags (IOB1, as in CoNLL 2003, is turned into it), or the list of
        entities. Lines that begin with ``-DOCSTART-`` or ``#`` and a space are left out.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if a line has no such column or its tag is none, naming file and line; if the
            split has no sentence or fewer than ``size``.
    """
    columns = {
        "token_column": check_whole("token_column", token_column, at_least=-1),
        "tag_column": check_whole("tag_column", tag_column, at_least=-1),
    }
    check_name("form", form, FORMS)

    def read(file: Path) -> list[Pair]:
        pairs, tokens, tags = [], [], []
        for number, line in enumerate([*read_lines(file), ""], start=1):
            cells = line.split()
            if not cells and tokens:
                spans = span_tags(tag_spans(tags), len(tags))
                pairs.append(pair_of(tuple(tokens), tuple(spans), form))
                tokens, tags = [], []
            if not cells or cells[0] == "-DOCSTART-" or line.startswith("# "):
                continue
            for option, column in columns.items():
                if len(cells) < 2 or column >= len(cells):
                    raise ValueError(
                        f"{file}, line {number}: {line!r} has {len(cells)} column"
                        f"{'s' * (len(cells) != 1)}, so there is no {option} {column}; every token "
                        "needs its tag in the same line"
                    )
            tokens.append(cells[token_column])
            tags.append(cells[tag_column])
            check_tag(tags[-1], f"{file}, line {number}: the tag")
        return pairs

    return corpus_of("conll", split, path, size, read)
