"""Tests that stand alone: whatever names a student's cells bind, checks mean by `torch`, `close` or `tree` what we do.

A hidden cell's tests become one function. In it stand first the built-in names it uses (`from pylab import *` has a `sum` of
its own) and the imports of the set's first cell, then what the exercise's visible checks define for both. A visible cell only imports
its names again, and the built-in ones that libraries hide, so that it stays as short as it was.
"""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
from functools import lru_cache

HIDDEN = re.compile(r"(?<=^### BEGIN HIDDEN TESTS\n).*?(?=^### END HIDDEN TESTS$)", re.M | re.S)
HIDDEN_BY_LIBRARIES = set("abs all any float int max min pow range round sum".split())
NAMES = "from s2s_tutorial.coursework import Checks, close, plain, unchanged\n\n"


def kept(source: str, wanted: type | tuple[type, ...]) -> str:
    """The top-level statements of these kinds, as they are written, without the checks themselves."""
    lines, found = source.splitlines(), []
    for node in ast.parse(source).body:
        decorated = getattr(node, "decorator_list", [])
        makes_checks = isinstance(node, ast.Assign) and ast.unparse(node).startswith("checks =")
        if isinstance(node, wanted) and not decorated and not makes_checks:
            found.append("\n".join(lines[node.lineno - 1 : node.end_lineno]))
    return "\n".join(found)


@lru_cache(1024)  # the same for most seeds
def standing_alone(source: str, kind: str, imports: str, visible: str) -> str:
    """The text of a cell of checks or hidden tests, independent of names that others bind.

    Args:
        source: the cell's text.
        kind: ``"checks"`` or ``"hidden"``.
        imports: the text of the set's cell of imports.
        visible: the text of the exercise's visible checks.
    """
    if kind == "checks":
        return NAMES.rstrip("\n") + "\n" + built_in(source, HIDDEN_BY_LIBRARIES) + "\n" + source
    given = [
        kept(imports, (ast.Import, ast.ImportFrom, ast.Assign)),
        kept(visible, (ast.FunctionDef, ast.Assign, ast.AugAssign)),
    ]

    def wrapped(match: re.Match) -> str:
        parts = [*filter(None, given), match[0].strip("\n")]
        first = built_in("\n".join(parts), set(dir(builtins))).strip("\n")
        body = textwrap.indent("\n\n".join(filter(None, [first, *parts])), "    ")
        return f"def hidden_tests():\n{body}\n\n\nhidden_tests()\n"

    return NAMES + needed(source, visible) + HIDDEN.sub(wrapped, source)


def built_in(source: str, wanted: set[str]) -> str:
    """The line that imports those of the wanted built-in names that a text uses, if there are any."""
    used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    ours = ", ".join(sorted(used & wanted))
    return f"from builtins import {ours}\n" if ours else ""


def needed(source: str, visible: str) -> str:
    """The assignments of the visible checks that the line with ``Checks(...)`` uses, such as what is withheld."""
    head = source[: source.index("### BEGIN HIDDEN TESTS")]
    used = {node.id for node in ast.walk(ast.parse(head)) if isinstance(node, ast.Name)}
    found = []
    for node in ast.parse(visible).body:
        target = getattr(node, "targets", [getattr(node, "target", None)])[0]
        if isinstance(target, ast.Name) and target.id in used and target.id != "checks":
            found.append(ast.unparse(node))
    return "".join(f"{line}\n" for line in found)
