"""What in a submission reaches for the judge and not for the exercise: a list to look at, not a verdict.

It reads what the student wrote: names of ours bound anew, parts of the package, of PyTorch or of Python exchanged,
frames and hooks, files, other processes. None of that earns a point, for the tests run elsewhere (:mod:`assignments.tooling.judge`);
but who tries it may be asked why. Right solutions use none of this; ``tests/assignments`` holds both.
"""

from __future__ import annotations

import ast
import re

from nbformat import NotebookNode

OURS = {"Checks", "close", "unchanged", "hidden", "hidden_tests", "checks", "report"}
JUDGE = {"Checks", "hidden_tests"}  # under whatever name they go on
SHARED = {"Checks", "torch", "s2s", "s2s_tutorial", "math", "builtins", "sys", "Tensor"}
MODULES = set(
    """builtins ctypes gc glob http IPython importlib inspect io marshal mmap multiprocessing nbformat nbgrader os pathlib pickle
    requests shutil signal socket sqlite3 subprocess sys tempfile threading traceback types unittest urllib weakref""".split()
)
CALLS = set("__import__ compile delattr eval exec get_ipython globals open setattr vars".split())
ATTRIBUTES = set(
    """__bases__ __builtins__ __class__ __closure__ __code__ __defaults__ __dict__ __globals__ __subclasses__ _getframe
    addaudithook cell_contents currentframe events f_back f_globals f_locals modules settrace setprofile tb_frame""".split()
)
COMPARISONS = set(
    "__eq__ __ge__ __gt__ __le__ __lt__ __ne__ __rsub__ __sub__ __torch_function__".split()
)


def parsed(source: str) -> ast.Module | None:
    """A cell's tree without its magics, or None if it is no Python: then there is nothing to run, and nothing to suspect."""
    try:
        return ast.parse(re.sub(r"^(\s*)[!%].*$", r"\1pass", source, flags=re.MULTILINE))
    except (SyntaxError, ValueError):
        return None


def imported(tree: ast.Module) -> set[str]:
    """The names under which a cell has what it imports."""
    imports = (node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))
    return {each.asname or each.name.split(".")[0] for node in imports for each in node.names}


def root(node: ast.expr) -> str:
    """The first name of ``a.b[0].c``."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def suspicions(source: str, shared: frozenset[str] | set[str] = frozenset()) -> list[str]:
    """What a cell does that no exercise asks for, each once, in a few words.

    Args:
        source: the cell's text.
        shared: names by which other cells of the notebook have what they import.
    """
    shell = re.findall(r"^\s*(!|%%\w+|%(?:run|system|sx|load)\b)", source, re.MULTILINE)
    found = [f"runs {each}" for each in shell]
    tree = parsed(source)
    if tree is None:
        return found
    found += [f"binds {name}" for name in bound(tree) if is_ours(name)]
    known = SHARED | shared | imported(tree)
    for node in ast.walk(tree):
        found += of_a_node(node, known)
    return list(dict.fromkeys(found))


def bound(tree: ast.Module) -> list[str]:
    """The names that a cell binds for the whole notebook: its own, and those that functions declare global."""
    names = [name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names]
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            names.append(statement.name)
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                names.append(node.id)
    return names


def of_a_node(node: ast.AST, shared: set[str]) -> list[str]:
    """What one part of a cell does; ``shared`` are names of what all cells have together."""
    if isinstance(node, ast.ClassDef):
        methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
        return [f"a class with {name}" for name in sorted(methods & COMPARISONS)]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):  # `from torch import sys` brings a module too
            names = [node.module or ""] + [each for each in names if each in MODULES]
        return [f"imports {name}" for name in names if name.split(".")[0] in MODULES]
    if isinstance(node, ast.Attribute):
        exchanged = not isinstance(node.ctx, ast.Load) and root(node) in shared
        found = [f"exchanges {ast.unparse(node)}"] if exchanged else []
        module = node.attr in MODULES and root(node) in shared  # such as torch.os
        return found + [f"uses {node.attr}"] * (node.attr in ATTRIBUTES or module)
    if isinstance(node, ast.Name) and node.id in JUDGE and isinstance(node.ctx, ast.Load):
        return [f"uses {node.id}"]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        return [f"calls {node.func.id}"]
    return []


def is_ours(name: str) -> bool:
    """Whether tests have a thing of this name."""
    return name in OURS or name.endswith(("_by_loops", "_by_definition", "_by_removal"))


def of_a_notebook(notebook: NotebookNode) -> list[str]:
    """The suspicions about what a student wrote, with the cell: its name, or its place among all."""
    found = []
    trees = [parsed(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    shared = {name for tree in trees if tree for name in imported(tree)}
    for number, cell in enumerate(notebook.cells, start=1):
        about = cell.metadata.get("nbgrader") or {}
        if cell.cell_type == "code" and not about.get("locked"):
            where = about.get("grade_id") or f"cell {number}"
            found += [f"{where}: {each}" for each in suspicions(cell.source, shared)]
    return found
