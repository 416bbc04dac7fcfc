"""Names that a package imports when they are first asked for, so that ``s2s --help`` need not wait.

Tried in its place: lazy_loader 0.6 (``attach_stub``). It takes as long (36 and 31 ms of 25 imports'
best), but ``s2s.attention`` then has to be listed as a public name, so that a star import loads the
command line and binds ``text``, ``training`` and twelve others over the reader's own variables;
``s2s.metrics``, a module's old name, is not found; ``dir()`` lacks ``__version__``; and the list
goes into a second file, where a type checker re-exports a name only if it is written twice.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from s2s_tutorial.base.versions import check_versions


def lazy_imports(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """What makes the ``if TYPE_CHECKING:`` imports of a package work without being run at once.

    The imports stay written as imports, so that people, editors and type checkers read one list;
    here they are read too, and each name is imported when it is first asked for (PEP 562).

    Args:
        package: the package's name; its ``__init__.py`` has one ``if``, and imports in it.

    Returns:
        The package's ``__getattr__``, ``__dir__`` and ``__all__``. Attributes that are no names of
        the list are modules of the package, as if all of them had been imported. The first name
        that is asked for has :func:`check_versions` look at PyTorch and NumPy.

    >>> get, names, public = lazy_imports("s2s_tutorial")
    >>> get("PAD"), "PAD" in names(), "PAD" in public
    ('<pad>', True, True)
    """
    module = sys.modules[package]
    homes = _homes(module.__spec__.loader.get_source(package))

    def get(name: str) -> Any:
        if name in homes:
            check_versions()
            value = getattr(import_module(homes[name]), name)
            setattr(module, name, value)  # found there at once from now on
            return value
        if find_spec(f"{package}.{name}") is not None:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    def names() -> list[str]:
        return sorted({*vars(module), *homes})

    return get, names, list(homes)


def _homes(source: str) -> dict[str, str]:
    """The module of each name that the source imports inside its ``if``."""
    block = next(node for node in ast.parse(source).body if isinstance(node, ast.If))
    return {alias.name: line.module for line in block.body for alias in line.names}
