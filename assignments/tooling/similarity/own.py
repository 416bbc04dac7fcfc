"""What in a notebook is its student's own code, written as Python itself would write it.

Left out is what a release gave to all: locked cells, imports, headings of functions, docstrings, and every given statement, also
with other numbers and texts in it, since another course's variant has those. Comments, blank lines, brackets, quotes and types
of arguments go too, so that they hide nothing.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from assignments.tooling.arrival import read
from assignments.tooling.inprocess import emptied
from assignments.tooling.restore import Official, recognise
from assignments.tooling.suspicion import parsed

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Given:
    """What a release gave: its cells by name, its functions, its statements without their numbers."""

    officials: dict[str, Official]
    functions: frozenset[str]
    statements: frozenset[str]


def given(source: Path) -> Given:
    """What the release of an instructor's notebook gives to students."""
    officials, functions, statements = {}, set(), set()
    for cell in nbformat.read(source, as_version=4).cells:
        about = cell.metadata.get("nbgrader")
        if about:
            name = about["grade_id"]
            officials[name] = Official(name, cell.cell_type, cell.source, about)
        tree = parsed(emptied(cell.source)) if cell.cell_type == "code" else None
        if tree is None or (about and about["grade"]):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt):
                statements.add(outline(node))
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                functions.add(node.name)
    return Given(officials, frozenset(functions), frozenset(statements))


def outline(node: ast.stmt) -> str:
    """A statement with neither numbers nor texts, so that it is the same in every variant."""
    node = copy.deepcopy(node)
    for each in ast.walk(node):
        if isinstance(each, ast.Constant):
            each.value = ""
    return ast.dump(node)


def own_code(path: Path, known: Given) -> dict[str, str]:
    """The student's own code in a notebook: its text for each exercise, in the release's order, and under "" that of added cells.

    Args:
        path: the notebook.
        known: what the release gave.
    """
    found: dict[str, list[str]] = {}
    for cell in code_cells(read(path)[0]):
        name = recognise(cell, known.officials)
        if name is not None and not known.officials[name].written:
            continue
        text = "\n".join(statements(cell.source, known))
        if text:
            found.setdefault(name or "", []).append(text)
    return {name: "\n".join(found[name]) for name in [*known.officials, ""] if name in found}


def code_cells(content: dict) -> Iterator[NotebookNode]:
    """The cells of code in what was read from a file, as nbformat has them."""
    for cell in content.get("cells", ()):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            source = "".join(source) if isinstance(source, list) else str(source)
            metadata = cell.get("metadata")
            metadata = metadata if isinstance(metadata, dict) else {}
            yield nbformat.from_dict(cell | {"source": source, "metadata": metadata})


def statements(source: str, known: Given) -> Iterator[str]:
    """The statements of a cell that its student wrote; its lines, where it is no Python."""
    tree = parsed(source)
    if tree is None:
        stubs = "\n".join(emptied(each.source) for each in known.officials.values())
        lines = {line.strip() for line in stubs.splitlines()} | {""}
        yield from (line for line in source.splitlines() if line.strip() not in lines)
        return
    for node in tree.body:
        mine = [node]
        if isinstance(node, FUNCTIONS) and node.name in known.functions:
            mine = node.body
        for each in mine:
            imports = isinstance(each, (ast.Import, ast.ImportFrom, ast.Pass))
            if not imports and not is_text(each) and outline(each) not in known.statements:
                yield ast.unparse(ast.fix_missing_locations(Bare().visit(each)))


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is a text alone, such as a docstring."""
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return text and isinstance(node.value.value, str)


class Bare(ast.NodeTransformer):
    """Takes docstrings and types out of a statement."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Do so in whatever has a body."""
        super().generic_visit(node)
        if isinstance(getattr(node, "body", None), list):
            node.body = [each for each in node.body if not is_text(each)] or [ast.Pass()]
        if isinstance(node, FUNCTIONS):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """``x: int = 1`` is ``x = 1``, and ``x: int`` is nothing."""
        super().generic_visit(node)
        return ast.Assign([node.target], node.value) if node.value else ast.Pass()
