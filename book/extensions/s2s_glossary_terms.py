"""The glossary's terms, read from their file and checked."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml
from docutils import nodes

LANGUAGES = {"vi": "Tiếng Việt", "zh-Hans": "中文", "zh-Hant": "繁體中文", "ko": "한국어"}
KEYS = {"vi": "vi", "zh-Hans": "zh", "zh-Hant": "hant", "ko": "ko"}  # in the file
REQUIRED = ("term", "text", "chapter", "vi", "zh", "ko")
OPTIONAL = ("forms", "since", "symbol", "code", "hant")


class Term(NamedTuple):
    """One entry.

    Attributes:
        term: what it is called here.
        anchor: its address on the page.
        text: what it is, in plain words.
        chapter: number of the chapter that introduces it.
        names: what it is called, by language.
        forms: how it stands in a text; `**form**` and `*form*` stand so only.
        since: number of the first chapter in which these words mean it.
        symbol: as in equations.
        code: names in the package.
    """

    term: str
    anchor: str
    text: str
    chapter: int
    names: dict[str, str]
    forms: tuple[str, ...]
    since: int = 0
    symbol: str = ""
    code: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def read_terms(path: Path) -> dict[str, list[Term]]:
    """The terms of each group, in the file's order.

    Raises:
        ValueError: if an entry lacks something, or has something unknown; it names the entry.
    """
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {group["group"]: [_term(fields) for fields in group["terms"]] for group in groups}


def _term(fields: dict) -> Term:
    name = fields.get("term", fields)
    for key in REQUIRED:
        if key not in fields:
            raise ValueError(f"the glossary's entry {name!r} has no {key!r}")
    if unknown := sorted(fields.keys() - {*REQUIRED, *OPTIONAL}):
        raise ValueError(f"the glossary's entry {name!r} has unknown keys: {', '.join(unknown)}")
    code = fields.get("code", [])
    return Term(
        term=name,
        anchor="term-" + nodes.make_id(name),
        text=fields["text"],
        chapter=fields["chapter"],
        names={language: fields[key] for language, key in KEYS.items() if key in fields},
        forms=tuple(fields.get("forms", [name])),
        since=fields.get("since", 0),
        symbol=fields.get("symbol", ""),
        code=(code,) if isinstance(code, str) else tuple(code),
    )
