"""What a course's variants are drawn from: its name, and a secret that nobody can guess.

A name alone could be found from a word list: whoever has a release and this repository tries words until the release comes
out, and then makes the hidden tests too. So each course draws 128 random bits once and keeps them in ``secret.txt``, beside its
gradebook and not in git.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from assignments.tooling.source import ASSIGNMENTS, BOOK_SEED

FILE = "secret.txt"


def course_seed(folder: Path, seed: str) -> str:
    """Return what the variants of a course are drawn from; its secret is drawn at the first call.

    The book's own variants are public. A course that was released before there were secrets keeps its name alone, so that what
    its students have goes on fitting its tests.

    Args:
        folder: the course's.
        seed: the name that the course was given.

    Raises:
        ValueError: if the file does not hold a secret; the message says what to do.
    """
    path = folder / FILE
    if seed == BOOK_SEED and folder == ASSIGNMENTS:
        return seed
    if not path.exists():
        if (folder / "gradebook.db").exists():
            return seed
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(16) + "\n", encoding="utf-8")
    secret = path.read_text(encoding="utf-8").strip()
    if not re.fullmatch(r"[0-9a-f]{32}", secret):
        raise ValueError(
            f"{path} should hold 32 hexadecimal digits, as it was written: copy it from where the course was released. "
            "Without it the hidden tests of what students have cannot be made again."
        )
    return f"{seed} {secret}"
