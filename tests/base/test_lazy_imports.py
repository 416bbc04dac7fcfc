"""The package's names come when they are asked for, and are the same as if imported at once."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

import s2s_tutorial as s2s
from s2s_tutorial.base.lazy_imports import lazy_imports

SOURCE = Path(s2s.__file__).read_text(encoding="utf-8")
WRITTEN = [
    (line.module, alias.name)
    for block in ast.parse(SOURCE).body
    if isinstance(block, ast.If)
    for line in block.body
    for alias in line.names
]


def program(*lines: str) -> str:
    """What a Python of its own prints; everything there is imported for the first time."""
    run = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_every_name_is_that_of_its_module():
    for module, name in WRITTEN:
        assert getattr(s2s, name) is getattr(importlib.import_module(module), name), name
        assert name in s2s.__all__ and name in dir(s2s)


def test_nothing_else_is_public_and_no_name_stands_twice():
    assert sorted(s2s.__all__) == sorted(name for _, name in WRITTEN)
    assert len(set(s2s.__all__)) == len(WRITTEN)


def test_no_name_is_also_a_modules():
    # Importing the module would put it in the name's place, whatever was asked for first.
    assert not {module for _, module, _ in pkgutil.iter_modules(s2s.__path__)} & set(s2s.__all__)


@pytest.mark.slow
def test_importing_the_package_imports_no_torch_and_asking_for_a_model_does():
    said = program(
        "import sys, s2s_tutorial as s2s",
        "before = 'torch' in sys.modules",
        "from s2s_tutorial import build_model",
        "print(before, 'torch' in sys.modules, build_model is s2s.build_model)",
    )
    assert said.split() == ["False", "True", "True"]


@pytest.mark.slow
def test_modules_are_attributes_and_a_star_gives_everything():
    said = program(
        "import s2s_tutorial as s2s",
        "print(s2s.attention.base.masked_softmax is s2s.masked_softmax)",
        "from s2s_tutorial import *",
        "print(set(s2s.__all__) <= set(globals()), beam_search is s2s.beam_search)",
    )
    assert said.split() == ["True"] * 3


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'s2s_tutorial' has no attribute 'Atention'"):
        s2s.Atention  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'Atention'"):
        from s2s_tutorial import Atention  # noqa: F401


def test_each_name_is_fetched_once(monkeypatch):
    package = types.ModuleType("made")
    package.__path__ = []
    source = "if TYPE_CHECKING:\n    from made.inner import one\n    from made.other import two\n"
    package.__spec__ = types.SimpleNamespace(
        loader=types.SimpleNamespace(get_source=lambda _: source)
    )
    inner = types.ModuleType("made.inner")
    inner.one = object()
    monkeypatch.setitem(sys.modules, "made", package)
    monkeypatch.setitem(sys.modules, "made.inner", inner)
    package.__getattr__, package.__dir__, package.__all__ = lazy_imports("made")
    assert package.__all__ == ["one", "two"] and {"one", "two"} <= set(dir(package))
    first = package.one
    del inner.one
    assert package.one is first
    with pytest.raises(ModuleNotFoundError, match="made.other"):
        _ = package.two
