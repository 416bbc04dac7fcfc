"""show_source: what it shows is the source, and without docstrings it is still the same program."""

from __future__ import annotations

import ast
import functools
import inspect

import pytest
import torch

from s2s_tutorial.figures import notebook
from s2s_tutorial.figures.notebook import show_source


def block(markdown) -> str:
    """The code between the fences."""
    lines = markdown.data.split("\n")
    assert lines[0].lstrip("`") == "python" and set(lines[-1]) == {"`"}
    assert lines[0].removesuffix("python") == lines[-1] and len(lines[-1]) >= 3
    return "\n".join(lines[1:-1])


def add(a, b):
    """Add.

    Details.
    """

    # Comments stay.
    return a + b  # "and strings"


class Pair:
    """Two numbers."""

    def first(self):
        """The first."""

    @property
    def second(self):
        """The second."""
        return 2

    def text(self):
        """A fence: ```python"""
        return "````"


def counted(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


@counted
def wrapped():
    return 1


def test_source_is_shown_as_it_is():
    assert block(show_source(add)) == inspect.getsource(add).rstrip("\n")


def test_methods_and_properties_lose_their_indentation():
    assert block(show_source(Pair.first)).startswith("def first")
    assert block(show_source(Pair().first)) == block(show_source(Pair.first))
    assert block(show_source(Pair.second)).startswith("@property\ndef second")


def test_wrapped_functions_show_what_they_wrap():
    assert "return 1" in block(show_source(wrapped))


def test_without_docstrings_comments_and_code_stay():
    code = 'def add(a, b):\n    # Comments stay.\n    return a + b  # "and strings"'
    assert block(show_source(add, docstring=False)) == code


@pytest.mark.parametrize("obj", [Pair, notebook, show_source, torch.nn.Linear, torch.nn.GRU])
def test_without_docstrings_it_is_the_same_program(obj):
    bare = ast.parse(block(show_source(obj, docstring=False)))
    full = ast.parse(block(show_source(obj)))
    for node in ast.walk(full):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and not isinstance(node, (ast.If, ast.For, ast.With)):
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                if isinstance(first.value.value, str):
                    body[:1] = [] if len(body) > 1 else [ast.Expr(ast.Constant(...))]
    assert ast.dump(bare) == ast.dump(full)


def test_fence_is_longer_than_any_in_the_source():
    assert show_source(Pair).data.startswith("`````python\n")


@pytest.mark.parametrize("obj", [len, Pair(), 3, "text", None])
def test_what_has_no_source_is_explained(obj):
    with pytest.raises(TypeError, match="function, class, method, property or module"):
        show_source(obj)
