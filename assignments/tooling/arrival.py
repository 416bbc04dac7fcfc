"""What one file that came in is: a notebook or not, of which problem set, with what wrong, and whether anything was written in it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assignments.tooling.arrivals import ARCHIVE, WORK, text_of
from assignments.tooling.late import handed_in_at
from assignments.tooling.whose import NOTEBOOK, Place, place, readable

MAX_BYTES = 100_000_000
STUB = 'raise NotImplementedError("not implemented yet")'


@dataclass(frozen=True)
class Arrival:
    """A file before it is known whose it is."""

    path: Path
    place: Place
    name: str
    problem: str
    changed: float
    untouched: bool = False

    @property
    def is_notebook(self) -> bool:
        """Whether it is called a notebook."""
        return bool(NOTEBOOK.search(self.path.name))

    @property
    def order(self) -> tuple:
        """The later of a student's files are greater."""
        return self.place.attempt, self.changed, self.place.copy, str(self.path)


def identify(path: Path, folder: Path, sets: Sequence[str]) -> Arrival:
    """What a file's place says, and for which problem set it is: by its name, else by what stands in it."""
    problem, content, changed = "", {}, 0.0
    try:
        changed = handed_in_at(path).timestamp()
        content, problem = read(path) if NOTEBOOK.search(path.name) else ({}, no_notebook(path))
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}"
    parts = [readable(part) for part in path.relative_to(folder).parts]

    def mentioned(text: str) -> list[str]:
        return [n for n in sets if re.search(rf"(?<![a-z]){re.escape(n)}(?!\d)", text, re.I)]

    names = mentioned(parts[-1]) + [name for name in sets if name in parts[:-1]]
    names += [name for name in sets if name == about(content).get("set")]
    names += [name for part in parts[:-1] for name in mentioned(part)]
    if not names and len(sets) == 1 and not NOTEBOOK.search(path.name):
        names = list(sets)
    if not names and not problem:
        problem = f"neither its name nor its cells say which of {', '.join(sets)} it is"
    inside = path.relative_to(folder)
    where = place(inside.with_name(WORK.sub("", inside.name)), sets)
    fresh = untouched(content) if not problem else False
    return Arrival(path, where, next(iter(names), ""), problem, changed, fresh)


def no_notebook(path: Path) -> str:
    """Why a script, a document or an archive is not graded."""
    if ARCHIVE.search(path.name):
        return "an archive: unpack it if there are notebooks in it"
    return f"no notebook but a {path.suffix} file: ask for the .ipynb"


def archive(each: Arrival) -> bool:
    """Whether notebooks may be in it."""
    return bool(ARCHIVE.search(each.path.name))


def untouched(content: dict) -> bool:
    """Whether every function that a notebook leaves to its student is still the stub that was released."""
    left = []
    for cell in content.get("cells", ()):
        metadata = cell.get("metadata") if isinstance(cell, dict) else None
        marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        if isinstance(marks, dict) and marks.get("solution") and cell.get("cell_type") == "code":
            left.append("".join(cell.get("source", "")))
    return bool(left) and all(STUB in text for text in left)


def read(path: Path) -> tuple[dict, str]:
    """What stands in a notebook, and what is wrong with it, or ""."""
    if path.stat().st_size > MAX_BYTES:
        return {}, f"the file is larger than {MAX_BYTES // 10**6} MB"
    text = text_of(path)
    if not text.strip():
        return {}, "the file is no notebook: it is empty"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}, "the file is no valid JSON: it was cut off, or is not a notebook"
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        return {}, "the file is no notebook of nbformat 4"
    return content, ""


def about(content: object) -> dict:
    """What a notebook's metadata say of the problem set and its variant, or nothing."""
    metadata = content.get("metadata") if isinstance(content, dict) else None
    found = metadata.get("s2s") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}
