"""The wrong solution that a course is given to explain: one of a problem set's pool, drawn by the course's secret.

``assignments/sets/NAME/suspects.py`` has two cells for each of the pool: ``# %% suspect KEY``, the function `suspect`, whose
comment lines at the top are its line and its belief, for the key; and ``# %% pair KEY``, the body of a right answer.
In the set's ``notebook.py`` stand a line ``### SUSPECT`` for the function, a line ``### PAIR`` for the answer's body,
and ``VARIANT.suspect``, ``VARIANT.suspect_line`` and ``VARIANT.suspect_belief``.
"""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from assignments.tooling.cells import split_cells

PLACE = re.compile(r"^( *)### (SUSPECT|PAIR)$", re.MULTILINE)


@dataclass(frozen=True)
class Suspect:
    """A wrong function of the pool, what its key says of it, and the body of a right answer."""

    key: str
    line: str
    belief: str
    function: str
    pair: str


def pool(folder: Path) -> dict[str, Suspect]:
    """The wrong solutions of a problem set's folder by key; none if it has no pool.

    Raises:
        ValueError: if one lacks its pair, its line or its belief; the message names it.
    """
    path = folder / "suspects.py"
    if not path.is_file():
        return {}
    cells = {tuple(w): body for w, body in split_cells(path.read_text(encoding="utf-8"))}
    found = {}
    for (kind, key), body in cells.items():
        if kind != "suspect":
            continue
        about = re.match(r"# line: (.+)\n# belief: ((?:.+\n# )*.+)\n(?!#)", body)
        if not about or ("pair", key) not in cells:
            raise ValueError(f"{path}: {key} needs '# line:', '# belief:' and a cell 'pair {key}'")
        belief = about[2].replace("\n# ", " ")
        function = body[about.end() :].strip("\n")
        pair = textwrap.dedent(cells["pair", key].partition("\n")[2])  # behind its `def pair():`
        found[key] = Suspect(key, about[1], belief, function, pair.strip("\n"))
    return found


def drawn(folder: Path, seed: str) -> Suspect | None:
    """The one that a seed draws. (A draw of its own: it moves none of the variant's other numbers.)"""
    every = pool(folder)
    if not every:
        return None
    return every[sorted(every)[random.Random(f"{seed} suspect").randrange(len(every))]]


def values(suspect: Suspect | None) -> dict[str, object]:
    """What ``VARIANT.`` says of the one that was drawn."""
    if suspect is None:
        return {}
    return {
        "suspect": suspect.key,
        "suspect_line": suspect.line,
        "suspect_belief": suspect.belief,
    }


def put_in(text: str, suspect: Suspect | None) -> str:
    """Put the function and the answer's body where a cell has a place for them."""

    def filled(match: re.Match) -> str:
        assert suspect is not None, "this problem set has no suspects.py"
        found = suspect.function if match[2] == "SUSPECT" else suspect.pair
        return textwrap.indent(found, match[1])

    return PLACE.sub(filled, text)
