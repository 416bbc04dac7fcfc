"""Subwords learned from a dozen sentences, for the tests."""

from __future__ import annotations

import pytest

from s2s_tutorial.text.subwords import SubwordTokenizer

LINES = [
    "ein mann geht mit einem hund spazieren .",
    "eine frau geht mit zwei hunden .",
    "zwei männer spielen im schnee &quot; ball &quot; .",
    "ein kind spielt mit einem ball im schnee .",
] * 3
SIZE = 40
MODELS = ("unigram", "bpe")
TRAINED = {kind: SubwordTokenizer.train(LINES, SIZE, kind) for kind in MODELS}
both = pytest.mark.parametrize("tokenizer", TRAINED.values(), ids=MODELS)
