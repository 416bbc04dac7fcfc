"""The files of a corpus that can be others the next time: their sums are kept with the model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from s2s_tutorial.cli.data import CorpusChoice
from s2s_tutorial.corpora import SPLITS
from s2s_tutorial.corpora.fetch.disk import sha256_of
from s2s_tutorial.corpora.read.tatoeba import tatoeba_path
from s2s_tutorial.corpora.read.tsv import file_of

KEPT = "corpus_sha256"  # the name in a model's ``info``


def sums(choice: CorpusChoice) -> dict[str, str]:
    """The sha256 of each split's file; empty if they are made here, or their sums are known."""
    files = {split: _file(choice, split) for split in SPLITS}
    known = {path: sha256_of(path) for path in set(files.values()) if path is not None}
    return {split: known[path] for split, path in files.items() if path is not None}


def difference(choice: CorpusChoice, split: str, info: Mapping[str, Any]) -> str:
    """In words, that a split's file is not the one that the model of ``info`` was trained with.

    Args:
        choice: the corpus.
        split: which part of it.
        info: what was kept with the model.

    Returns:
        A clause; empty if it is the same one, another one was asked for, or nothing is known.
    """
    trained_on, kept = CorpusChoice.of(info), info.get(KEPT)
    was = kept.get(split) if isinstance(kept, dict) else None
    if was is None or trained_on is None or choice.name != trained_on.name:
        return ""
    path = _file(choice, split)
    if path is None or path != _file(trained_on, split):
        return ""
    now = sha256_of(path)
    if now == was:
        return ""
    return f"{path} has changed since training: its sha256 was {was} and is {now}"


def _file(choice: CorpusChoice, split: str) -> Path | None:
    options = choice.options
    if choice.name == "tsv":
        return file_of(options["path"], split)[0]
    if choice.name == "tatoeba":  # the site makes its files anew from time to time
        return tatoeba_path(**{n: options[n] for n in ("language", "mirror") if n in options})
    return None
