"""Writing files so that a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: str | Path, content: bytes) -> None:
    """Write a file whole or not at all.

    The content goes to a temporary file in the same folder, which then takes the place of
    ``path`` in one move. If anything fails, ``path`` is as it was and the temporary is gone.

    Args:
        path: where to; missing folders are made.
        content: the bytes.

    Raises:
        OSError: if the folder cannot be made or written to, naming the path.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        raise OSError(
            f"could not write {path}: {error.strerror or error}; nothing was changed there"
        ) from error
    finally:
        if temporary.exists():
            temporary.unlink()
