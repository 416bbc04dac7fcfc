"""``tatoeba``: short everyday sentences in English and many other languages."""

from __future__ import annotations

import re
from pathlib import Path

from s2s_tutorial.corpora.fetch.cache import RemoteFile, locate
from s2s_tutorial.corpora.fetch.disk import sha256_of
from s2s_tutorial.corpora.read.text_files import (
    Tokenizers,
    first,
    read_rows,
    split_of_text,
    tokenized,
)
from s2s_tutorial.text.pairs import ParallelCorpus, check_split
from s2s_tutorial.text.tokenizers import is_blank

ORIGIN = "https://www.manythings.org/anki"
_ENGLISH = ("en", "eng")


def make_tatoeba(
    split: str,
    *,
    size: int | None = None,
    language: str = "cmn",
    src: str | None = None,
    tokenizer: Tokenizers = None,
    sha256: str | None = None,
    mirror: str | None = None,
) -> ParallelCorpus:
    """Short everyday sentences by volunteers, from manythings.org's packing of Tatoeba.

    The pairs come in the order of the file, the shortest English first. A sentence belongs to a
    split by its letters and digits alone (``split_of_text``), so no source is in two of them,
    however it is tokenized; about eight pairs in ten are in ``"train"``. A sentence may come
    several times, with different translations.

    The site makes its files anew from time to time, so no sum is fixed: the first download's is
    kept beside it, and what is in the cache does not change by itself. Delete it to have today's.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs, from the beginning; by default all.
        language: which language beside English, by the three letters that the site has for it:
            ``"cmn"`` (Mandarin), ``"deu"``, ``"fra"``, ``"ita"``, ``"kor"``, ``"vie"``, ...
        src: the source language, ``"en"`` or ``language``; by default ``language``, so that one
            translates into English.
        tokenizer: cuts the sentences: a name, an object that has ``tokenize``, or a pair of these
            for source and target. By default words.
        sha256: the sum of the edition that it must be, to repeat a result.
        mirror: the address of a folder in the layout of the cache, tried first.

    Raises:
        ValueError: if an option has no such value, it is another edition, a line is not a pair, or
            ``size`` is more than there is.
        CorpusFileError: if the file cannot be had.
    """
    check_split(split)
    path = tatoeba_path(language, mirror)
    if src not in (None, language, *_ENGLISH):
        raise ValueError(f"src must be 'en' or the language, {language!r}, not {src!r}")
    if sha256 is not None and sha256_of(path) != sha256:
        kept = path.with_name(path.name + ".sha256")
        also = f" and delete {kept.name}" if kept.exists() else ""
        raise ValueError(
            f"{path} is another edition than asked for: its sha256 is {sha256_of(path)}, not "
            f"{sha256}. The site keeps no old ones: put yours there{also}"
        )
    pairs = []
    for number, cells in read_rows(path):
        if len(cells) < 2 or is_blank(cells[0]) or is_blank(cells[1]):
            raise ValueError(
                f"{path}, line {number}: expected an English sentence, a tab and its translation, "
                f"but it is {cells!r}"
            )
        pair = (cells[0], cells[1]) if src in _ENGLISH else (cells[1], cells[0])
        if split_of_text(pair[0]) == split:
            pairs.append(pair)
    return tokenized(first(pairs, size, "tatoeba", split), tokenizer, "word", "tatoeba", split)


def tatoeba_path(language: str = "cmn", mirror: str | None = None) -> Path:
    """Where the file of a language lies, fetched if it has to be: see :func:`make_tatoeba`."""
    return locate([tatoeba_file(language)], mirror)[0]


def tatoeba_file(language: str) -> RemoteFile:
    """The file of a language, which comes in a zip archive.

    >>> tatoeba_file("ita").path
    'tatoeba/ita.txt'

    Raises:
        ValueError: if the language is not named by three letters, or is English itself.
    """
    if not isinstance(language, str) or not re.fullmatch("[a-z]{3}", language, re.ASCII):
        raise ValueError(
            f"language must be three small letters, such as 'cmn', 'deu' or 'vie', not {language!r}"
        )
    if language == "eng":
        raise ValueError("language is the one beside English; for English sources say src='en'")
    name = f"{language}.txt"
    return RemoteFile(f"tatoeba/{name}", (f"{ORIGIN}/{language}-eng.zip",), member=name)
