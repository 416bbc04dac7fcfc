"""A parallel corpus: pairs of sentences that say the same, some with word alignments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from s2s_tutorial.base.value_checks import check_name
from s2s_tutorial.text.token_checks import check_tokens

if TYPE_CHECKING:
    import numpy as np

SPLITS = ("train", "valid", "test")


class Pair(NamedTuple):
    """One source sentence and its translation.

    Attributes:
        src: tokens of the source sentence; of speech an array of frames, ``(length,
            feature_size)``.
        tgt: tokens of the target sentence.
        alignment: which words belong together, as ``(source index, target index)`` from 0;
            None where nobody knows. A word in no link has no counterpart.

    Example:
        >>> links = frozenset({(0, 0), (1, 2), (2, 1)})
        >>> Pair(("il", "gatto", "nero"), ("the", "black", "cat"), links).pharaoh()
        '0-0 1-2 2-1'
    """

    src: tuple[str, ...] | np.ndarray
    tgt: tuple[str, ...]
    alignment: frozenset[tuple[int, int]] | None = None

    def pharaoh(self) -> str:
        """The alignment as alignment tools write it, ``"0-0 1-2"``.

        Raises:
            ValueError: if the pair has no alignment.
        """
        if self.alignment is None:
            words = self.src if isinstance(self.src, tuple) else self.tgt  # of speech: frames
            raise ValueError(f"the pair {' '.join(words)!r} has no alignment")
        return " ".join(f"{j}-{i}" for j, i in sorted(self.alignment))


class ParallelCorpus(Sequence[Pair]):
    """A list of pairs that knows its name and split; slicing it gives another.

    Args:
        pairs: the pairs.
        name: what it is called.
        split: ``"train"``, ``"valid"`` or ``"test"``.
        texts: of each pair source and target as they were read, before they were cut.

    Attributes:
        texts: these; None for a corpus that is made of tokens.

    Raises:
        ValueError: if there is no such split, or there are not as many texts as pairs.

    Example:
        >>> italian, english = [["uno"], ["due"], ["tre"]], [["one"], ["two"], ["three"]]
        >>> corpus = ParallelCorpus.from_pairs(italian, english, name="numbers")
        >>> corpus[1].tgt, corpus[:2]
        (('two',), ParallelCorpus('numbers', 'train', 2 pairs))
    """

    def __init__(
        self,
        pairs: Iterable[Pair],
        name: str,
        split: str = "train",
        texts: Iterable[tuple[str, str]] | None = None,
    ) -> None:
        self._pairs = tuple(pairs)
        self.name = name
        self.split = check_split(split)
        self.texts = None if texts is None else tuple(texts)
        if self.texts is not None and len(self.texts) != len(self._pairs):
            raise ValueError(f"there are {len(self._pairs)} pairs, but {len(self.texts)} texts")

    @classmethod
    def from_pairs(
        cls,
        src: Sequence[Sequence[str]],
        tgt: Sequence[Sequence[str]],
        alignments: Sequence[Iterable[tuple[int, int]] | None] | None = None,
        name: str = "custom",
        split: str = "train",
        texts: Iterable[tuple[str, str]] | None = None,
    ) -> ParallelCorpus:
        """A corpus of sentences you already have.

        Args:
            src: the source sentences, each a list of tokens.
            tgt: their translations, in the same order.
            alignments: the links of each pair, ``(source index, target index)`` from 0; or None.
            name: what to call it.
            split: which split it is.
            texts: of each pair source and target before they were cut into tokens, if you have
                them.

        Raises:
            TypeError: if a sentence is a plain string, or a link no pair of numbers.
            ValueError: if the counts differ, a sentence or the corpus is empty, or a link points
                outside its pair.
        """
        src, tgt = list(src), list(tgt)
        if len(src) != len(tgt):
            raise ValueError(
                f"every source sentence needs one target sentence, but there are {len(src)} "
                f"source and {len(tgt)} target sentences"
            )
        links = [None] * len(src) if alignments is None else list(alignments)
        if len(links) != len(src):
            raise ValueError(f"there are {len(src)} pairs, but {len(links)} alignments")
        if not src:
            raise ValueError("the corpus is empty: it needs at least one pair")
        return cls(map(_checked_pair, range(len(src)), src, tgt, links), name, split, texts)

    @property
    def src_sentences(self) -> list[tuple[str, ...]]:
        """The source sentences, in order."""
        return [pair.src for pair in self._pairs]

    @property
    def tgt_sentences(self) -> list[tuple[str, ...]]:
        """The target sentences, in order."""
        return [pair.tgt for pair in self._pairs]

    def __len__(self) -> int:
        return len(self._pairs)

    @overload
    def __getitem__(self, index: int) -> Pair: ...
    @overload
    def __getitem__(self, index: slice) -> ParallelCorpus: ...
    def __getitem__(self, index):
        if isinstance(index, slice):
            texts = None if self.texts is None else self.texts[index]
            return ParallelCorpus(self._pairs[index], self.name, self.split, texts)
        return self._pairs[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ParallelCorpus):
            return NotImplemented
        mine, theirs = (self.name, self.split), (other.name, other.split)
        return mine == theirs and self._compared() == other._compared()

    def __hash__(self) -> int:
        return hash((self.name, self.split, self._compared()))

    def _compared(self) -> tuple[Any, ...]:
        """The pairs, with arrays as what can be compared whole."""
        if not any(hasattr(pair.src, "tobytes") for pair in self._pairs):
            return self._pairs
        return tuple((pair.src.shape, pair.src.tobytes(), *pair[1:]) for pair in self._pairs)

    def __repr__(self) -> str:
        return f"ParallelCorpus({self.name!r}, {self.split!r}, {len(self)} pairs)"


def check_split(split: str) -> str:
    """The split itself.

    Raises:
        ValueError: if it is none of ``"train"``, ``"valid"``, ``"test"``.
    """
    return check_name("split", split, SPLITS)


def _checked_pair(row: int, src, tgt, links) -> Pair:
    for side, tokens in (("source", src), ("target", tgt)):
        check_tokens(tokens, f"the {side} sentence of pair {row}")
        if not tokens:
            raise ValueError(f"the {side} sentence of pair {row} is empty")
    if links is None:
        return Pair(tuple(src), tuple(tgt))
    try:
        alignment = frozenset((int(j), int(i)) for j, i in links)
    except (TypeError, ValueError):
        raise TypeError(
            f"the alignment of pair {row} must be links, pairs of whole numbers such as (0, 2), "
            f"not {links!r}"
        ) from None
    for j, i in sorted(alignment):
        if not (0 <= j < len(src) and 0 <= i < len(tgt)):
            raise ValueError(
                f"pair {row} links source word {j} to target word {i}, but has {len(src)} source "
                f"and {len(tgt)} target words (counted from 0)"
            )
    return Pair(tuple(src), tuple(tgt), alignment)
