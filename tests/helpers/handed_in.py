"""Folders of submissions for tests: files by their paths."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def write(path: Path, content: str | None = None) -> Path:
    """Write a file, an empty notebook unless it is said what, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(NOTEBOOK) if content is None else content, encoding="utf-8")
    return path


def handed_in(folder: Path, *paths: str) -> Path:
    """Empty notebooks at these paths in a folder, and the folder."""
    for path in paths:
        write(folder / path)
    return folder


def files_in(folder: Path) -> set[str]:
    """Every file called a notebook in a folder, as the disk has it."""
    return {str(p.relative_to(folder)) for p in folder.rglob("*.ipynb") if not p.is_dir()}


def shown(folder: Path, paths: Iterable[Path]) -> list[str]:
    """Paths inside a folder, in order."""
    return sorted(str(path.relative_to(folder)) for path in paths)
