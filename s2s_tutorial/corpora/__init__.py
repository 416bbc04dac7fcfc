"""The corpora by name.

Made here, in seconds, from a seed: ``reverse``, ``copy``, ``dates``, ``numbers``, ``phrases``; and for
tasks beside translation ``sentiment``, ``entities``, ``trees``, ``facts``, ``dialogue``.
Synthesised once, and shipped: ``spoken_digits``, whose sources are frames of sound.
Downloaded when asked for: ``multi30k``, ``tatoeba``, ``iwslt15_en_vi``. The reader's own: ``tsv``, and
for the tasks ``labelled``, ``conll``, ``penn``, ``babi``, ``dialogues``; and in Python ``torchtext``,
which takes a dataset object instead of a name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

from s2s_tutorial.base.value_checks import check_name, did_you_mean
from s2s_tutorial.corpora.fetch.cache import cache_dir
from s2s_tutorial.corpora.fetch.disk import CorpusFileError
from s2s_tutorial.corpora.made.dates import make_dates
from s2s_tutorial.corpora.made.dialogue import make_dialogue
from s2s_tutorial.corpora.made.entities import make_entities
from s2s_tutorial.corpora.made.facts import make_facts
from s2s_tutorial.corpora.made.making import split_of
from s2s_tutorial.corpora.made.numbers import make_numbers
from s2s_tutorial.corpora.made.phrases import make_phrases
from s2s_tutorial.corpora.made.sentiment import make_sentiment
from s2s_tutorial.corpora.made.spoken_digits import make_spoken_digits
from s2s_tutorial.corpora.made.symbols import make_copy, make_reverse
from s2s_tutorial.corpora.made.trees import make_trees
from s2s_tutorial.corpora.read.babi import make_babi
from s2s_tutorial.corpora.read.conll import make_conll
from s2s_tutorial.corpora.read.dialogues import make_dialogues
from s2s_tutorial.corpora.read.iwslt15 import make_iwslt15_en_vi
from s2s_tutorial.corpora.read.labelled import make_labelled
from s2s_tutorial.corpora.read.multi30k import make_multi30k
from s2s_tutorial.corpora.read.penn import make_penn
from s2s_tutorial.corpora.read.tatoeba import make_tatoeba
from s2s_tutorial.corpora.read.torchtext_datasets import corpus_from_torchtext, make_torchtext
from s2s_tutorial.corpora.read.tsv import make_tsv
from s2s_tutorial.text.pairs import SPLITS, Pair, ParallelCorpus, check_split

__all__ = [
    "SPLITS",
    "CorpusFileError",
    "Pair",
    "ParallelCorpus",
    "cache_dir",
    "corpus_from_torchtext",
    "list_corpora",
    "load_corpus",
    "maker_of",
    "split_of",
]

_CORPORA: dict[str, Callable[..., ParallelCorpus]] = {
    "babi": make_babi,
    "conll": make_conll,
    "copy": make_copy,
    "dates": make_dates,
    "dialogue": make_dialogue,
    "dialogues": make_dialogues,
    "entities": make_entities,
    "facts": make_facts,
    "iwslt15_en_vi": make_iwslt15_en_vi,
    "labelled": make_labelled,
    "multi30k": make_multi30k,
    "numbers": make_numbers,
    "penn": make_penn,
    "phrases": make_phrases,
    "reverse": make_reverse,
    "sentiment": make_sentiment,
    "spoken_digits": make_spoken_digits,
    "tatoeba": make_tatoeba,
    "trees": make_trees,
    "tsv": make_tsv,
}


def list_corpora() -> list[str]:
    """The names that ``load_corpus`` knows, in alphabetical order, ``"torchtext"`` not counted.

    >>> list_corpora()[:4]
    ['babi', 'conll', 'copy', 'dates']
    """
    return sorted(_CORPORA)


def maker_of(name: str) -> Callable[..., ParallelCorpus]:
    """The function that makes a corpus; its docstring says what options there are.

    >>> maker_of("dates").__name__
    'make_dates'

    Raises:
        ValueError: if there is no such corpus; the message lists the names.
    """
    return _CORPORA[check_name("corpus", name, list_corpora())]


def load_corpus(name: str, split: str = "train", **options) -> ParallelCorpus:
    """A corpus by its name.

    The same name, split and options give the same corpus every time, and a smaller ``size`` gives
    its beginning.

    Made from a seed, with no network; splits never share a source sentence, whatever the options:

    * ``copy``, ``reverse``: random symbols to themselves or their mirror image, with alignments.
    * ``dates``: dates as people write them in many languages to ISO 8601, by characters.
    * ``numbers``: number words of one language to another's, with alignments for four of them.
    * ``phrases``: Italian sentences to English, with gold alignments.
    * ``spoken_digits``: spoken strings of digits (frames of sound) to phonemes, with their times.
    * ``sentiment``: film reviews and whether they praise; the words that decide are linked.
    * ``entities``: notices with names, places, dates and money, and their tags.
    * ``trees``: Italian sentences and their syntax trees, as brackets.
    * ``facts``: stories, and where a thing is; two facts answer, and are linked.
    * ``dialogue``: a table is booked; the slots known so far and the system's next turn.

    Real ones, downloaded into ``cache_dir()`` when first asked for, verified by SHA-256:

    * ``multi30k``: photograph captions in German, English and French; 29,000, 1,014 and 1,000
      pairs. D. Elliott, S. Frank, K. Sima'an, L. Specia, "Multi30K: Multilingual English-German
      Image Descriptions", 2016; French: Elliott et al. 2017. For research: the captions are
      derived from Flickr30k's (see ``data/downloaded.md``).
    * ``tatoeba``: everyday sentences, English and ``language`` (``"cmn"`` unless told otherwise).
      CC BY 2.0 FR: name tatoeba.org and the authors, who stand in the file, if you pass them on.
    * ``iwslt15_en_vi``: talks with subtitles, English to Vietnamese; 133,000, 1,553 and 1,268
      pairs. M.-T. Luong, C. D. Manning, "Stanford Neural Machine Translation Systems for Spoken
      Language Domains", IWSLT 2015. TED talks: CC BY-NC-ND 4.0.

    These take ``mirror``, and heed three environment variables: S2S_DATA_DIR, a folder that has
    the files already (it is only read); S2S_MIRROR, the ``https://`` or ``file://`` address of
    such a folder; S2S_CACHE_DIR, where to keep downloads.

    * ``tsv``: a file of your own, one pair a line; see its options in ``corpora/read/tsv.py``.
    * ``labelled``, ``conll``, ``penn``, ``babi``, ``dialogues``: files of your own for the five tasks:
      label and text between tabs; CoNLL's columns; the Penn Treebank's brackets; bAbI's numbered
      facts; dialogues as JSON lines. Each has its options in ``corpora/read/``.
    * ``torchtext``: a dataset of torchtext's, of any version: ``dataset=``, a dict of its splits
      or a function of ``split``; see ``corpora/read/torchtext_datasets.py``.

    >>> load_corpus("reverse", "valid", size=100, max_length=5)
    ParallelCorpus('reverse', 'valid', 100 pairs)

    Args:
        name: one of ``list_corpora()``, or ``"torchtext"``.
        split: ``"train"``, ``"valid"`` or ``"test"``.
        **options: what the corpus itself takes; all take ``size``, made ones ``seed``, the others
            ``tokenizer``.

    Raises:
        ValueError: if there is no such corpus or split, an option's value makes no sense, or a
            file is damaged.
        TypeError: if the corpus does not take such an option, or needs one that is not given.
        CorpusFileError: if a file cannot be had; the message says what to put where.
        FileNotFoundError: if a file of your own is not there.
    """
    make = make_torchtext if name == "torchtext" else maker_of(name)
    check_split(split)
    known = {
        parameter.name: parameter.default
        for parameter in inspect.signature(make).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    for option in options:
        if option not in known:
            raise TypeError(
                f"the corpus {name!r} takes no option {option!r}{did_you_mean(option, known)}; "
                f"it takes {', '.join(known)}"
            )
    for option, default in known.items():
        if default is inspect.Parameter.empty and option not in options:
            raise TypeError(f"the corpus {name!r} needs the option {option!r}")
    return make(split, **options)
