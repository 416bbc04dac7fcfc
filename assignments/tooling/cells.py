"""Text in cells, as the files of a problem set are written."""

from __future__ import annotations

import re


def split_cells(text: str) -> list[tuple[list[str], str]]:
    """Cut text at the lines ``# %% ...``: for each cell the words of that line, and its body."""
    pieces = re.split(r"^# %% (.+)$", text, flags=re.MULTILINE)[1:]
    return [(head.split(), body.strip("\n")) for head, body in zip(pieces[::2], pieces[1::2])]
