"""Stylesheets without the rules that no page can use: every page waits for all of them before its first line.

A rule stays if each class and id that one of its selectors names occurs as a word in a page or in a script of the site (a
script may set it later). What is no rule of selectors (variables, fonts, animations) stays too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import tinycss2

SHEETS = """styles/pydata-sphinx-theme.css styles/sphinx-book-theme.css mystnb.*.css basic.css pygments.css sphinx-design.min.css
togglebutton.css copybutton.css sphinx-thebe.css""".split()
UNREAD = (
    "searchindex.js",
    "fontawesome.js",
    "embed.js",
)  # text; icons that no page shows; widgets have styles of their own
WORD = re.compile(r"[A-Za-z_][\w-]*")
NAME = re.compile(r"[.#](-?[A-Za-z_](?:[\w-]|\\.)*)")
NEGATED = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")


def words_of(site: Path) -> set[str]:
    """Return every word that a page or script of a built site has."""
    found: set[str] = set()
    for kind in ("html", "js"):
        for path in site.rglob(f"*.{kind}"):
            if "_sources" not in path.parts and path.name not in UNREAD:
                found.update(WORD.findall(path.read_text(encoding="utf-8", errors="replace")))
    return found


def used(selectors: str, words: set[str]) -> bool:
    """Return whether one of a rule's selectors can match.

    >>> used(".modal.show, .gone", {"modal", "show"}), used("a:not(.b) .gone", {"b"})
    (True, False)
    """
    if re.search(r":(is|where|has|host)\(", selectors):
        return True
    parts = (NAME.findall(NEGATED.sub("", part)) for part in selectors.split(","))
    return any(all(name.replace("\\", "") in words for name in names) for names in parts)


def kept(rules: list, words: set[str]) -> Iterator[str]:
    """Yield the rules that stay, as text."""
    for rule in rules:
        if rule.type == "qualified-rule":
            if used(tinycss2.serialize(rule.prelude), words):
                yield rule.serialize()
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports", "layer"):
            if rule.content is None:
                yield rule.serialize()
                continue
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            text = "".join(kept(inner, words))
            if text:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{text}}}"
        elif rule.type == "error":
            raise ValueError(f"a stylesheet cannot be read: {rule.message}")
        else:
            yield rule.serialize()


def lean_sheet(css: str, words: set[str]) -> str:
    """Return a stylesheet without what cannot match.

    >>> lean_sheet("a { b: c } .x { d: e } @media print { .x { f: g } .y { h: i } }", {"y"})
    'a { b: c }@media print {.y { h: i }}'
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(kept(rules, words))


def lean_styles(app, exception) -> None:
    """Do so with the stylesheets of the theme and of Sphinx's extensions in the built site."""
    if exception is not None or app.builder.format != "html":
        return
    words = words_of(Path(app.outdir))
    for path in (path for name in SHEETS for path in Path(app.outdir, "_static").glob(name)):
        path.write_text(lean_sheet(path.read_text(encoding="utf-8"), words), encoding="utf-8")


def setup(app) -> dict[str, bool]:
    """Connect the function above, when all pages and scripts are there."""
    app.connect("build-finished", lean_styles, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
