"""What the readers of task files share: which file a split is in, and which of its items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from s2s_tutorial.corpora.read.text_files import first, split_of_text
from s2s_tutorial.corpora.read.tsv import file_of
from s2s_tutorial.text.pairs import Pair, ParallelCorpus, check_split

Path_ = str | Path | Mapping[str, str | Path]


def corpus_of(
    name: str,
    split: str,
    path: Path_,
    size: int | None,
    read: Callable[[Path], Sequence[Pair]],
) -> ParallelCorpus:
    """The pairs of one split of a reader's own file.

    Args:
        name: the corpus's name.
        split: ``"train"``, ``"valid"`` or ``"test"``.
        path: one file, whose pairs are dealt out to the splits by their source (``split_of_text``:
            eight, one and one in ten); or a file for each split, as a dict or with ``{split}`` in
            its name.
        size: how many pairs, from the beginning; None takes all.
        read: the pairs of a file.

    Raises:
        ValueError: if the split has no pair or fewer than ``size``.
    """
    file, shared = file_of(path, check_split(split))
    pairs = read(file)
    if shared:
        pairs = [pair for pair in pairs if split_of_text(" ".join(pair.src)) == split]
    if not pairs:
        dealt = (
            ": its sources are dealt out to the splits, eight, one and one in ten; it needs more, or "
            "a file for each split, with {split} in the path"
        )
        raise ValueError(f"{file} has nothing for the {split!r} split{dealt if shared else ''}")
    return ParallelCorpus(first(pairs, size, name, split), name, split)
