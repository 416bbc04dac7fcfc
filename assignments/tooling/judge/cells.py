"""A cell of tests, run by the judge: its names, its output, its points."""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import symtable
from collections.abc import Iterable
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbformat.v4 import new_output

from assignments.tooling.judge.remote import Solution, Worker
from s2s_tutorial.coursework.limits import OutOfTime


@lru_cache(1024)  # the same cells of tests judge every submission
def in_python(source: str) -> str:
    """A cell's text with IPython's own syntax made Python's."""
    return TransformerManager().transform_cell(source)


def run_cell(source: str, names: dict) -> object:
    """Execute a cell as a kernel would and return the value of its last expression."""
    tree = ast.parse(in_python(source))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if last is not None:
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    return None


@lru_cache(1024)
def free_names(source: str) -> frozenset[str]:
    """The names that a text uses and neither binds at its top level nor has from Python."""
    table = symtable.symtable(source, "<cell>", "exec")
    used: set[str] = set()
    waiting = [table]
    while waiting:
        scope = waiting.pop()
        waiting += scope.get_children()
        whole = scope is table
        used |= {
            s.get_name()
            for s in scope.get_symbols()
            if s.is_referenced() and (whole or s.is_global())
        }
    own = [s for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()]
    return frozenset(used - {s.get_name() for s in own} - set(dir(builtins)))


def statements(sources: Iterable[str]) -> dict[str, str]:
    """The imports, functions and assignments at the top level of these texts, by the names that they bind."""
    found = {}
    for source in sources:
        for node in ast.parse(in_python(source)).body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [each.asname or each.name.split(".")[0] for each in node.names]
            elif isinstance(node, ast.FunctionDef):
                names = [node.name]
            elif isinstance(node, ast.Assign):
                names = [each.id for each in node.targets if isinstance(each, ast.Name)]
            else:
                continue
            found |= dict.fromkeys(names, ast.unparse(node))
    return found


def names_for(source: str, given: dict[str, str], worker: Worker) -> dict:
    """What a cell of tests has to have: the set's own names, defined anew, and for all others the student's functions.

    Args:
        source: the cell's text.
        given: what the set defines for everybody, from :func:`statements`.
        worker: the student's process.
    """
    names: dict = {"__name__": "judge"}

    def provide(wanted: frozenset[str]) -> None:
        for name in sorted(wanted - names.keys()):
            if name in given:
                provide(free_names(given[name]) - {name})
                exec(given[name], names)
            else:
                names[name] = Solution(name, worker)

    provide(free_names(source))
    return names


def judged(source: str, given: dict[str, str], worker: Worker) -> tuple[object, str]:
    """Run a cell of tests; return the value of its last line, its points, and what it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        value = run_cell(source, names_for(source, given, worker))
    return value, printed.getvalue()


def outputs(source: str, given: dict[str, str], worker: Worker) -> list[NotebookNode]:
    """What a cell of tests shows in the notebook."""
    try:
        value, printed = judged(source, given, worker)
    except (Exception, OutOfTime) as error:
        name, text = type(error).__name__, writable(str(error))
        return [new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])]
    shown = [new_output("stream", name="stdout", text=writable(printed))] if printed else []
    if value is not None:
        shown.append(new_output("execute_result", {"text/plain": repr(value)}))
    return shown


def writable(text: str) -> str:
    """A text of the student's as a file can hold it: JSON brings halves of characters, too."""
    return text.encode("utf-8", "replace").decode("utf-8")
