"""Small helpers for notebooks."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from typing import Any

from IPython.display import Markdown


def show_source(obj: Any, docstring: bool = True) -> Markdown:
    """Show the source of a function, class, method, property or module as a highlighted block.

    A chapter shows the package's own source with it, so that what is read is what runs.

    Args:
        obj: the object whose source to show.
        docstring: keep the docstrings; ``False`` leaves the code alone, shorter to read.

    Returns:
        Markdown with one fenced Python block, rendered highlighted by every notebook front end.

    Raises:
        TypeError: if the object has no Python source (built in, or an instance).
        OSError: if the source file cannot be found.

    Example:
        >>> print(show_source(s2s.Pair.pharaoh, docstring=False).data.splitlines()[1])
        def pharaoh(self) -> str:
    """
    source = _source_of(obj)
    if not docstring:
        source = _without_docstrings(source)
    ticks = max((len(run) for run in re.findall(r"`+", source)), default=0)
    fence = "`" * max(3, ticks + 1)
    return Markdown(f"{fence}python\n{source}\n{fence}")


def _source_of(obj: Any) -> str:
    if isinstance(obj, property):
        obj = obj.fget
    try:
        source = inspect.getsource(inspect.unwrap(obj) if callable(obj) else obj)
    except TypeError as error:
        raise TypeError(
            "show_source needs a function, class, method, property or module written in Python, "
            f"not {obj!r}; for an instance pass its class, type(obj)"
        ) from error
    return textwrap.dedent(source).strip("\n")


def _without_docstrings(source: str) -> str:
    """Cut the docstrings out of the text; everything else, comments too, stays as written."""
    lines = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if ast.get_docstring(node, clean=False) is None:
            continue
        text = node.body[0]
        first, last = text.lineno - 1, text.end_lineno
        if lines[first][: text.col_offset].strip():  # shares its line with the def
            continue
        lines[first:last] = [None] * (last - first)  # keep the numbering for the next node
        if len(node.body) == 1 and not isinstance(node, ast.Module):
            lines[first] = " " * text.col_offset + "..."
        elif last < len(lines) and lines[last] is not None and not lines[last].strip():
            lines[last] = None  # the blank line that set the docstring off
    return "\n".join(line for line in lines if line is not None).strip("\n")
