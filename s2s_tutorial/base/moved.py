"""Modules by the names they had in version 0.1: ``s2s_tutorial.metrics`` is ``scoring/metrics.py`` now.

What readers wrote then goes on working, with a :class:`DeprecationWarning` that names the new place.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from typing import Any

_FOLDERS = {
    "base": "checks value_checks files resources lazy_imports",
    "text": "word_splitter subwords subword_model subword_training subword_sampling vocabulary "
    "torchtext_adapters batch batches=batching corpora.base=pairs",
    "corpora.made": "corpora.making corpora.symbols corpora.dates corpora.numbers "
    "corpora.number_words corpora.phrases corpora.grammar corpora.grammar_reader",
    "corpora.fetch": "corpora.cache corpora.disk corpora.download",
    "corpora.read": "corpora.text_files corpora.multi30k corpora.tatoeba corpora.iwslt15 "
    "corpora.tsv corpora.torchtext_datasets",
    "machine": "device precision distributed interrupt",
    "attention": "scores local_attention=local location_aware",
    "recurrent": "cells lstm",
    "models": "embedding initialise encoder decoder=rnn_decoder attention_decoder bahdanau luong "
    "context_feeding presets seq2seq=build",
    "saving": "checkpoint checkpoint_model tokenizer_state translator_file",
    "search": "greedy beam beam_tree=sentence forced_decoding=forced",
    "scoring": "loss metrics evaluation",
    "training": "train_config=config training_state=state validation=watch history "
    "scheduled_sampling gradients",
    "figures": "style notebook plotting widgets",
    "translate": "translator translation unknown alignment_html=page",
}
"""Folder: the modules in it by their old names; ``old=new`` where the last part changed too."""


def _table() -> dict[str, str]:
    table = {}
    for folder, modules in _FOLDERS.items():
        for entry in modules.split():
            old, _, new = entry.partition("=")
            new = new or old.split(".")[-1]
            table[f"s2s_tutorial.{old}"] = f"s2s_tutorial.{folder}.{new}"
    return table


MOVED = _table()


class _OldNames:
    """Finds a module by its old name and gives the one that is there now, not a copy.

    It does what ``importlib.abc`` asks of a finder and a loader without importing that, which takes
    longer than all the rest of ``import s2s_tutorial``.
    """

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name in MOVED else None

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        old, new = module.__name__, MOVED[module.__name__]
        warnings.warn(f"{old} is {new} now", DeprecationWarning, stacklevel=2)
        sys.modules[old] = import_module(new)


def find_old_names() -> None:
    """Let ``import s2s_tutorial.metrics`` find ``s2s_tutorial.scoring.metrics``."""
    if not any(isinstance(finder, _OldNames) for finder in sys.meta_path):
        sys.meta_path.insert(0, _OldNames())  # before a folder of old bytecode is found


def names_of(folder: str, module: str) -> Callable[[str], Any]:
    """A ``__getattr__`` for a folder that was a module in version 0.1.

    Args:
        folder: the folder's name, such as ``"s2s_tutorial.attention"``.
        module: where what stood in the module of that name is now.
    """

    def get(name: str) -> Any:
        if find_spec(f"{folder}.{name}") is not None:
            return import_module(f"{folder}.{name}")
        if not name.startswith("__") and hasattr(import_module(module), name):
            warnings.warn(f"{folder}.{name} is in {module} now", DeprecationWarning, stacklevel=2)
            return getattr(import_module(module), name)
        raise AttributeError(f"module {folder!r} has no attribute {name!r}")

    return get
