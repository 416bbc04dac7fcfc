"""Names of version 0.1: the same module and the same objects, with a warning that says where they are."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

import s2s_tutorial as s2s
from s2s_tutorial.base.moved import MOVED


@pytest.mark.parametrize("old", MOVED)
def test_an_old_module_is_the_new_one(old, monkeypatch):
    monkeypatch.delitem(sys.modules, old, raising=False)
    with pytest.warns(DeprecationWarning, match=f"{old} is {MOVED[old]} now"):
        module = import_module(old)
    assert module is sys.modules[MOVED[old]] and module.__name__ == MOVED[old]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("attention", "masked_softmax"),
        ("text", "WordTokenizer"),
        ("search", "decode_corpus"),
        ("training", "fit"),
    ],
)
def test_a_module_that_became_a_folder_still_has_its_names(folder, name):
    with pytest.warns(DeprecationWarning, match=f"{name} is in s2s_tutorial.{folder}"):
        found = getattr(import_module(f"s2s_tutorial.{folder}"), name)
    assert found is getattr(s2s, name)


def test_what_was_never_there_is_not_found():
    with pytest.raises(ModuleNotFoundError, match="s2s_tutorial.metric"):
        import_module("s2s_tutorial.metric")
    with pytest.raises(AttributeError, match="attension"):
        s2s.attention.attension  # noqa: B018
