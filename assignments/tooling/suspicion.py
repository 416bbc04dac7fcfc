"""What in a submission reaches for the judge and not for the exercise: a list to look at, not a verdict.

Two looks. One reads what the student wrote: names of ours bound anew, parts of the package, of PyTorch or of Python exchanged,
frames and hooks, files, other processes. The other asks the kernel, before each cell of tests, whether what judges is still what
it was (:mod:`assignments.tooling.guard`). Right solutions use none of this; ``tests/assignments`` holds both.
"""

from __future__ import annotations

import ast
import re

from nbformat import NotebookNode

OURS = {"Checks", "close", "unchanged", "hidden", "hidden_tests", "checks", "report"}
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


def root(node: ast.expr) -> str:
    """The first name of ``a.b[0].c``."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def suspicions(source: str) -> list[str]:
    """What a cell does that no exercise asks for, each once, in a few words.

    Args:
        source: the cell's text; one that is no Python has nothing to run, and nothing to suspect.
    """
    shell = re.findall(r"^\s*(!|%%\w+|%(?:run|system|sx|load)\b)", source, re.MULTILINE)
    found = [f"runs {each}" for each in shell]
    try:
        tree = ast.parse(re.sub(r"^(\s*)[!%].*$", r"\1pass", source, flags=re.MULTILINE))
    except (SyntaxError, ValueError):
        return found
    found += [f"binds {name}" for name in bound(tree) if is_ours(name)]
    for node in ast.walk(tree):
        found += of_a_node(node)
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


def of_a_node(node: ast.AST) -> list[str]:
    """What one part of a cell does."""
    if isinstance(node, ast.ClassDef):
        methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
        return [f"a class with {name}" for name in sorted(methods & COMPARISONS)]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [alias.name for alias in node.names]
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else names
        return [f"imports {name}" for name in modules if name.split(".")[0] in MODULES]
    if isinstance(node, ast.Attribute):
        exchanged = not isinstance(node.ctx, ast.Load) and root(node) in SHARED
        changed = [f"exchanges {ast.unparse(node)}"] if exchanged else []
        return changed + [f"uses {node.attr}"] * (node.attr in ATTRIBUTES)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        return [f"calls {node.func.id}"]
    return []


def is_ours(name: str) -> bool:
    """Whether tests have a thing of this name."""
    return name in OURS or name.endswith(("_by_loops", "_by_definition", "_by_removal"))


def of_a_notebook(notebook: NotebookNode) -> list[str]:
    """The suspicions about what a student wrote, with the cell: its name, or its place among all."""
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        about = cell.metadata.get("nbgrader") or {}
        if cell.cell_type == "code" and not about.get("locked"):
            where = about.get("grade_id") or f"cell {number}"
            found += [f"{where}: {each}" for each in suspicions(cell.source)]
    return found + list(notebook.metadata.get("s2s", {}).get("changed_judge", []))
