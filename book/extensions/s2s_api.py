"""The API reference: docstrings are written to be read in Python, and shown by Sphinx.

* Formulas stand between dollars there, as in the notebooks; here they become Sphinx's own.
* The fields of named tuples are described in the class's docstring, so they are not listed again.
* Each entry links to its lines in the repository.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from pathlib import Path

DISPLAY = re.compile(r"^(?P<indent> *)\$\$(?P<formula>.+?)\$\$ *$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?P<code>``.+?``)|(?<!\$)\$(?P<formula>[^$]+?)\$(?!\$)", re.DOTALL)
PACKAGE = "s2s_tutorial"


def with_sphinx_mathematics(text: str) -> str:
    """A docstring whose formulas Sphinx understands.

    >>> with_sphinx_mathematics("the state $s_i$, ``$HOME``")
    'the state :math:`s_i`, ``$HOME``'
    """

    def display(match: re.Match) -> str:
        indent = match["indent"]
        lines = [line.strip() for line in match["formula"].strip().splitlines()]
        return "\n".join([f"{indent}.. math::", "", *(f"{indent}   {x}" for x in lines), ""])

    def inline(match: re.Match) -> str:
        if match["code"]:
            return match["code"]
        formula = " ".join(match["formula"].split())
        return f":math:`{formula}`"

    # A formula that goes on under the last stays a block of its own.
    return INLINE.sub(inline, DISPLAY.sub(display, text.replace("$$\n$$", "$$\n\n$$")))


def convert(app, what, name, obj, options, lines) -> None:
    """Rewrite a docstring's formulas in place; before napoleon reads its sections."""
    lines[:] = with_sphinx_mathematics("\n".join(lines)).split("\n")


def skip_fields(app, what, name, obj, skip, options) -> bool | None:
    """Leave out a named tuple's fields: "Alias for field number 0" tells nothing."""
    return True if type(obj).__name__ == "_tuplegetter" else None


def source_address(app):
    """What Sphinx calls to find where an object's source stands in the repository."""
    address = app.config.html_theme_options.get("repository_url", "")
    branch = app.config.html_theme_options.get("repository_branch", "main")

    def resolve(domain: str, info: dict) -> str | None:
        if domain != "py" or not info.get("module"):
            return None
        target = importlib.import_module(info["module"])
        for part in info["fullname"].split("."):
            target = getattr(target, part, None)
        try:
            target = inspect.unwrap(target)
            path = Path(inspect.getsourcefile(target))
            lines, first = inspect.getsourcelines(target)
        except (TypeError, OSError):
            return None
        inside = path.relative_to(Path(sys.modules[PACKAGE].__file__).parent)
        lines_of_it = f"#L{first}-L{first + len(lines) - 1}"
        return f"{address}/blob/{branch}/{PACKAGE}/{inside.as_posix()}{lines_of_it}"

    return resolve


def set_source_address(app, config) -> None:
    """Give linkcode its function, which no configuration file can hold."""
    config.linkcode_resolve = source_address(app)


def setup(app) -> dict[str, bool]:
    """Register; the conversion comes before napoleon's."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", convert, priority=100)
    app.connect("autodoc-skip-member", skip_fields)
    app.setup_extension("sphinx.ext.napoleon")
    app.connect("config-inited", set_source_address)
    app.setup_extension("sphinx.ext.linkcode")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
