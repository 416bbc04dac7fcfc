"""``penn``: trees in the brackets of the Penn Treebank."""

from __future__ import annotations

import re
from pathlib import Path

from s2s_tutorial.corpora.read.own_files import Path_, corpus_of
from s2s_tutorial.corpora.read.text_files import read_lines
from s2s_tutorial.text.pairs import Pair, ParallelCorpus
from s2s_tutorial.text.trees import LEAF, Tree, read_brackets


def make_penn(split: str, *, path: Path_, size: int | None = None) -> ParallelCorpus:
    """Sentences and their linearised trees.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "wsj.mrg"
    >>> _ = path.write_text("( (S (NP-SBJ (DT The) (NN cat))\\n     (VP (VBZ sleeps)) (. .)) )\\n")
    >>> pair = make_penn("train", path={"train": path})[0]
    >>> " ".join(pair.src), " ".join(pair.tgt)
    ('The cat sleeps .', '(S (NP XX XX ) (VP XX ) XX )')

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        path: one file, whose trees are dealt out to the splits; or a file for each split, as a dict
            or with ``{split}`` in its name.
        size: how many trees, from the beginning; by default all.

    Returns:
        Pairs of words and brackets. Parts of speech become ``XX``, functions are cut off
        (``NP-SBJ`` is ``NP``), and what is not there (``-NONE-``) is left out. The alignment links
        each word to its ``XX``.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if brackets are not balanced or empty, or a word stands outside, naming file and
            line; if the split has no tree or fewer than ``size``.
    """

    def read(file: Path) -> list[Pair]:
        pairs = []
        for number, tree in read_brackets(read_lines(file), str(file)):
            plain = plain_tree(tree)
            if isinstance(plain, str) or plain is None:
                raise ValueError(f"{file}, line {number}: the tree has a word at most, no phrase")
            tgt = tuple(plain.linearised())
            leaves = (i for i, token in enumerate(tgt) if token == LEAF)
            pairs.append(Pair(tuple(plain.words()), tgt, frozenset(enumerate(leaves))))
        return pairs

    return corpus_of("penn", split, path, size, read)


def plain_tree(tree: Tree) -> Tree | str | None:
    """A treebank's tree with its phrases alone; a word where it was a part of speech.

    >>> plain_tree(Tree("NP-SBJ-1", (Tree("DT", ("the",)), Tree("-NONE-", ("*T*-1",)))))
    Tree(label='NP', children=('the',))
    """
    if tree.label == "-NONE-":
        return None
    if len(tree.children) == 1 and isinstance(tree.children[0], str):
        return tree.children[0]
    below = [each if isinstance(each, str) else plain_tree(each) for each in tree.children]
    kept = tuple(each for each in below if each is not None)
    if not kept:
        return None
    if not tree.label:  # the bracket around a whole sentence
        return kept[0] if len(kept) == 1 else Tree("TOP", kept)
    return Tree(re.split(r"(?<=.)[-=]", tree.label)[0], kept)
