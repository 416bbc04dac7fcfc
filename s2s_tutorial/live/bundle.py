"""The engine's modules as one script, for where a page cannot fetch them: a notebook's output."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\b)", re.MULTILINE)
_NAMES = re.compile(r"^export (?:async )?(?:function\*?|class|const) (\w+)", re.MULTILINE)


def module(name: str) -> str:
    """The text of a file of ``js/``."""
    return files("s2s_tutorial.live").joinpath("js", name).read_text(encoding="utf-8")


@cache
def bundle(entry: str) -> str:
    """A module and all that it imports, each in a scope of its own; a constant ``modules`` holds them.

    >>> script = bundle("vectors.js")
    >>> script.startswith("const modules = {};"), "export" in script
    (True, False)

    Args:
        entry: a file of ``js/``, such as ``"boxes/ask.js"``.
    """
    parts: dict[str, str] = {}
    _add(entry, parts)
    return "\n".join(["const modules = {};", *parts.values()])


def _add(name: str, parts: dict[str, str]) -> None:
    if name in parts:
        return
    text = module(name)
    for _, path in _IMPORT.findall(text):
        _add(_resolved(name, path), parts)
    exported = ", ".join(_NAMES.findall(text))
    text = _IMPORT.sub(
        lambda found: f'const {found[1]} = modules["{_resolved(name, found[2])}"];', text
    )
    text = _EXPORT.sub("", text).replace("import.meta.url", "document.baseURI")
    parts[name] = f'modules["{name}"] = (() => {{\n{text}\nreturn {{ {exported} }};\n}})();'


def _resolved(name: str, path: str) -> str:
    """The file that a path in another file means.

    >>> _resolved("boxes/ask.js", "../model.js"), _resolved("boxes/ask.js", "./dom.js")
    ('model.js', 'boxes/dom.js')
    """
    folders = name.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            folders.pop()
        elif part != ".":
            folders.append(part)
    return "/".join(folders)
