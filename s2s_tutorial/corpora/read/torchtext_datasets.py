"""``torchtext``: a dataset of torchtext's, which need not be installed for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from s2s_tutorial.corpora.read.text_files import Tokenizers, both_tokenizers, first
from s2s_tutorial.text.pairs import SPLITS, ParallelCorpus, check_split
from s2s_tutorial.text.tokenizers import Tokenizer, WhitespaceTokenizer, is_blank


def make_torchtext(
    split: str,
    *,
    dataset: Mapping[str, Iterable[Any]] | Callable[..., Iterable[Any]],
    size: int | None = None,
    src: str = "src",
    tgt: str = "trg",
    tokenizer: Tokenizers = None,
) -> ParallelCorpus:
    """The splits of a torchtext dataset, as ``load_corpus`` gives those of any other corpus.

    torchtext 0.6 hands over the three splits, the later ones a function of ``split``:

    >>> rows = {"train": [("ein Mann", "a man")], "valid": [("eine Frau", "a woman")]}
    >>> make_torchtext("valid", dataset=rows)[0].tgt
    ('a', 'woman')
    >>> make_torchtext("train", dataset=lambda split: iter(rows[split]))
    ParallelCorpus('torchtext', 'train', 1 pairs)

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        dataset: the dataset of each split, as a dict such as ``dict(zip(("train", "valid",
            "test"), Multi30k.splits(...)))``; or what gives it when called with ``split=``, such
            as a later version's ``torchtext.datasets.Multi30k``, or ``functools.partial`` of it
            with options of its own. A dataset is whatever ``corpus_from_torchtext`` reads.
        size: how many pairs, from the beginning; by default all.
        src: the source field's name, where examples have fields.
        tgt: the target field's name.
        tokenizer: cuts texts that are not cut yet: a name, an object that has ``tokenize``, or a
            pair of these for source and target; by default at white space.

    Raises:
        TypeError: if ``dataset`` is neither, or an item neither an example with these fields nor
            a pair.
        ValueError: if the split is not there, is empty or has fewer than ``size`` pairs, or a text
            is empty.
    """
    check_split(split)
    cutters = both_tokenizers(tokenizer, default="whitespace")
    if isinstance(dataset, Mapping):
        if split not in dataset:
            raise ValueError(
                f"dataset has no {split!r} split, only {', '.join(map(repr, dataset)) or 'none'}; "
                f"its keys should be {', '.join(map(repr, SPLITS))}"
            )
        items = dataset[split]
    elif callable(dataset):
        items = dataset(split=split)
    else:
        raise TypeError(
            "dataset must be a dict with the dataset of each split, or a function that gives it "
            f"when called with split=, not {type(dataset).__name__}; corpus_from_torchtext takes "
            "the dataset of one split as it is"
        )
    items = first(list(items), size, "torchtext", split)
    return corpus_from_torchtext(items, src, tgt, "torchtext", split, *cutters)


def corpus_from_torchtext(
    dataset: Iterable[Any],
    src: str = "src",
    tgt: str = "trg",
    name: str = "torchtext",
    split: str = "train",
    src_tokenizer: Tokenizer | None = None,
    tgt_tokenizer: Tokenizer | None = None,
) -> ParallelCorpus:
    """A torchtext dataset as a corpus: of 0.6, or of the later ones, or any pairs of texts.

    >>> corpus = corpus_from_torchtext([("ein Mann", "a man"), ("eine Frau", "a woman")])
    >>> corpus[1].tgt
    ('a', 'woman')

    Args:
        dataset: a ``TranslationDataset`` or other dataset of ``Example``; or what gives pairs of
            texts or of token lists, such as a later version's ``Multi30k(split="train")``.
        src: the source field's name, where examples have fields.
        tgt: the target field's name.
        name: what to call the corpus.
        split: which split it is.
        src_tokenizer: cuts source texts that are not cut yet; at white space if None.
        tgt_tokenizer: the same for the target.

    Raises:
        TypeError: if an item is neither an example with these fields nor a pair.
        ValueError: if a text or the dataset is empty.
    """
    tokenizers = (src_tokenizer or WhitespaceTokenizer(), tgt_tokenizer or WhitespaceTokenizer())
    sides: tuple[list, list] = ([], [])
    texts = []
    for row, item in enumerate(dataset):
        texts.append(_two_sides(row, item, src, tgt))
        for side, text, tokenizer in zip(sides, texts[-1], tokenizers):
            if isinstance(text, str) and is_blank(text):
                raise ValueError(f"item {row} of the dataset has an empty sentence: leave it out")
            side.append(tokenizer.tokenize(text) if isinstance(text, str) else text)
    whole = all(isinstance(text, str) for pair in texts for text in pair)
    return ParallelCorpus.from_pairs(*sides, name=name, split=split, texts=texts if whole else None)


def _two_sides(row: int, item: Any, src: str, tgt: str) -> tuple[Any, Any]:
    """The source and the target of one item of a dataset."""
    if isinstance(item, Mapping) and src in item and tgt in item:
        return item[src], item[tgt]
    if hasattr(item, src) and hasattr(item, tgt):
        return getattr(item, src), getattr(item, tgt)
    if isinstance(item, (tuple, list)) and len(item) == 2:
        return item[0], item[1]
    raise TypeError(
        f"item {row} of the dataset is neither a pair nor an example with the fields {src!r} and "
        f"{tgt!r}, but a {type(item).__name__}; name its fields with src= and tgt="
    )
