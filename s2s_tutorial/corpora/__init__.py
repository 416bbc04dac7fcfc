"""The corpora by name.

Made here, in seconds, from a seed: ``reverse``, ``copy``, ``dates``, ``numbers``, ``phrases``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

from s2s_tutorial.corpora.base import SPLITS, Pair, ParallelCorpus, check_split
from s2s_tutorial.corpora.dates import make_dates
from s2s_tutorial.corpora.making import split_of
from s2s_tutorial.corpora.numbers import make_numbers
from s2s_tutorial.corpora.phrases import make_phrases
from s2s_tutorial.corpora.symbols import make_copy, make_reverse

__all__ = ["SPLITS", "Pair", "ParallelCorpus", "list_corpora", "load_corpus", "split_of"]

_CORPORA: dict[str, Callable[..., ParallelCorpus]] = {
    "copy": make_copy,
    "dates": make_dates,
    "numbers": make_numbers,
    "phrases": make_phrases,
    "reverse": make_reverse,
}


def list_corpora() -> list[str]:
    """The names that ``load_corpus`` knows, in alphabetical order."""
    return sorted(_CORPORA)


def load_corpus(name: str, split: str = "train", **options) -> ParallelCorpus:
    """A corpus by its name.

    The same name, split and options give the same corpus every time, and a smaller ``size`` gives
    its beginning. Splits never share a source sentence, whatever the options.

    >>> load_corpus("reverse", "valid", size=100, max_length=5)
    ParallelCorpus('reverse', 'valid', 100 pairs)

    Args:
        name: one of ``list_corpora()``.
        split: ``"train"``, ``"valid"`` or ``"test"``.
        **options: what the corpus itself takes; all made corpora take ``size`` and ``seed``.

    Raises:
        ValueError: if there is no such corpus or split, or an option's value makes no sense.
        TypeError: if the corpus does not take such an option.
    """
    if name not in list_corpora():
        raise ValueError(f"there is no corpus {name!r}; choose one of {', '.join(list_corpora())}")
    check_split(split)
    make = _CORPORA[name]
    known = [
        p.name for p in inspect.signature(make).parameters.values() if p.kind is p.KEYWORD_ONLY
    ]
    for option in options:
        if option not in known:
            raise TypeError(
                f"the corpus {name!r} takes no option {option!r}; it takes {', '.join(known)}"
            )
    return make(split, **options)
