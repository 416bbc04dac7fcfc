"""Tokenizers as JSON, so that a checkpoint can carry them: names and options, never code."""

from __future__ import annotations

import inspect
import json
from typing import Any

from s2s_tutorial.text.subwords import SubwordTokenizer
from s2s_tutorial.text.tokenizers import (
    CharacterTokenizer,
    Tokenizer,
    WhitespaceTokenizer,
    WordTokenizer,
)

_BY_NAME = {
    "character": CharacterTokenizer,
    "whitespace": WhitespaceTokenizer,
    "word": WordTokenizer,
}
_SUBWORDS = "subwords"
_BEFORE_RULES = {"word": {"rules": 1}}  # options that a file of version 0.1 does not name


def tokenizer_state(tokenizer: Tokenizer) -> dict[str, Any]:
    """A tokenizer as JSON can say it.

    >>> tokenizer_state(WordTokenizer(lowercase=True))
    {'name': 'word', 'options': {'lowercase': True, 'rules': 2}}

    Args:
        tokenizer: one of the package's.

    Returns:
        Its name and its options; for subwords all that they have learned.

    Raises:
        TypeError: if it is another object, which a file could not bring back.
    """
    if isinstance(tokenizer, SubwordTokenizer):
        return {"name": _SUBWORDS, "options": json.loads(tokenizer.to_bytes())}
    for name, kind in _BY_NAME.items():
        if type(tokenizer) is kind:
            options = [p for p in inspect.signature(kind).parameters if hasattr(tokenizer, p)]
            return {"name": name, "options": {p: getattr(tokenizer, p) for p in options}}
    raise TypeError(
        f"a {type(tokenizer).__name__} cannot be saved: a checkpoint keeps only the package's own "
        f"tokenizers ({', '.join([*_BY_NAME, _SUBWORDS])}). Save model and vocabularies with "
        "save_checkpoint, and give the tokenizer to Translator when you load them"
    )


def load_tokenizer_state(state: dict[str, Any]) -> Tokenizer:
    """The tokenizer that :func:`tokenizer_state` described.

    >>> load_tokenizer_state({"name": "character", "options": {}}).tokenize("3 maggio")[:3]
    ['3', ' ', 'm']

    Args:
        state: its name and options.

    Raises:
        ValueError: if the state is not one that :func:`tokenizer_state` gave.
        ImportError: if it is of subwords and SentencePiece is not installed.
    """
    try:
        name, options = state["name"], state["options"]
        if name != _SUBWORDS:
            return _BY_NAME[name](**_BEFORE_RULES.get(name, {}) | options)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"the tokenizer saved here is unknown to this version of the package ({error})"
        ) from error
    return SubwordTokenizer.from_bytes(json.dumps(options).encode())


def tokenizers_info(tokenizer: Tokenizer, tgt_tokenizer: Tokenizer) -> dict[str, Any]:
    """What a checkpoint's ``info`` holds of the tokenizers of both sides.

    >>> tokenizers_info(CharacterTokenizer(), WhitespaceTokenizer())["tokenizers"][0]
    {'name': 'character', 'options': {}}

    Args:
        tokenizer: of the source text.
        tgt_tokenizer: of the target text.

    Raises:
        TypeError: if a tokenizer is none of the package's.
    """
    return {"tokenizers": [tokenizer_state(tokenizer), tokenizer_state(tgt_tokenizer)]}


def tokenizers_from_info(info: dict[str, Any]) -> tuple[Tokenizer, Tokenizer] | None:
    """The tokenizers of both sides that :func:`tokenizers_info` described; None if there are none.

    >>> tokenizers_from_info({"step": 7}) is None
    True

    Raises:
        ValueError: if what is there is nothing that :func:`tokenizers_info` gave.
        ImportError: if it is of subwords and SentencePiece is not installed.
    """
    saved = info.get("tokenizers")
    if saved is None:
        return None
    if not isinstance(saved, list) or len(saved) != 2:
        raise ValueError(f"the tokenizers saved here are no pair, but {saved!r}")
    src, tgt = (load_tokenizer_state(state) for state in saved)
    return src, tgt
