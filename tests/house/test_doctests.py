"""The examples in the docstrings run, and every public name has one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest
import torch

import s2s_tutorial as s2s

MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(s2s.__path__, "s2s_tutorial.")
    if not name.endswith("__main__")
]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
FINDER = doctest.DocTestFinder(exclude_empty=True)


@pytest.mark.parametrize("name", MODULES)
def test_examples_say_what_comes_out(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for example in FINDER.find(module, extraglobs={"s2s": s2s, "torch": torch}):
        torch.manual_seed(0)
        said: list[str] = []
        runner.run(example, out=said.append, clear_globs=False)
        assert runner.failures == 0, "".join(said)


def test_every_public_name_has_an_example():
    things = [getattr(s2s, name) for name in s2s.__all__]
    parser = doctest.DocTestParser()
    bare = [
        thing.__name__
        for thing in things
        if callable(thing) and not parser.get_examples(inspect.getdoc(thing) or "")
    ]
    assert bare == []
