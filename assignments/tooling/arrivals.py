"""The files that came in: which of them are notebooks that somebody handed in, and their text."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from assignments.tooling.students import JOINERS
from assignments.tooling.whose import NOTEBOOK, readable

WORK = re.compile(r"\.(?:py|pdf|html?|docx?|md|zip|rar|7z|tar|tgz|gz)$", re.IGNORECASE)
ARCHIVE = re.compile(r"\.(?:zip|rar|7z|tar|tgz|tar\.gz)$", re.IGNORECASE)


def notebooks(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every notebook in a folder, with the reason why it is none that was handed in, or "".

    So are scripts, documents and archives, which students hand in too. Archives, links and folders that cannot be looked into are named, for there may be notebooks in them.
    """
    closed: list[OSError] = []
    called_so, inside = [], set()
    for here, folders, files in os.walk(folder, onerror=closed.append):
        for name in folders:
            path = Path(here, name)
            if path.is_symlink():
                yield path, "a link to a folder, which is not followed"
            elif NOTEBOOK.search(name):
                called_so.append(path)
        for name in files:
            path = Path(here, name)
            if NOTEBOOK.search(name):
                inside.update(path.parents)
                yield path, no_submission(path, folder)
            elif ARCHIVE.search(name) and not hidden(path, folder):
                if not path.with_name(ARCHIVE.sub("", name)).is_dir():
                    yield path, ""
            elif WORK.search(name) and not hidden(path, folder) and not path.is_symlink():
                yield path, ""
    yield from ((path, "a folder, not a file") for path in called_so if path not in inside)
    for error in closed:
        yield Path(error.filename), f"the folder cannot be opened: {error.strerror}"


def hidden(path: Path, folder: Path) -> bool:
    """Whether a file, or a folder that it is in, is one that people do not see."""
    parts = path.relative_to(folder).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def no_submission(path: Path, folder: Path) -> str:
    """Why a file is none that a student handed in, or ""."""
    parts = path.relative_to(folder).parts
    if "__MACOSX" in parts or path.name.startswith("._"):
        return "what macOS notes about a file, not the file"
    if ".ipynb_checkpoints" in parts:
        return "a copy that Jupyter keeps, not what was handed in"
    if hidden(path, folder):
        return "a hidden file, or in a hidden folder"
    if path.is_symlink():
        return "a link, which is not followed"
    return "" if path.is_file() else "no regular file"


def text_of(path: Path) -> str:
    """A file's text, in UTF-8, UTF-16 or UTF-32, without the mark that editors put in front."""
    raw = path.read_bytes()
    return raw.decode(json.detect_encoding(raw), errors="replace").removeprefix("\ufeff")


def relative(path: Path, folder: Path) -> str:
    """A path inside the folder of submissions as one line of text, which no terminal or table obeys."""
    text = "/".join(map(readable, path.relative_to(folder).parts))
    text = "".join(
        letter.encode("unicode_escape").decode()
        if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") and letter not in JOINERS
        else letter
        for letter in text
    )
    return f"./{text}" if text.startswith(("=", "+", "-", "@")) else text
