"""Writing files so that a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack
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
    temporary = _temporary(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        raise could_not_write(path, error) from error
    finally:
        if temporary.exists():
            temporary.unlink()


def try_writing(contents: Iterable[tuple[str | Path, bytes]]) -> None:
    """Find out whether files could be written, all of them beside each other; none is left.

    Args:
        contents: where to, and the bytes; a path may come more than once.

    Raises:
        OSError: as :func:`write_atomically`.
    """
    with ExitStack() as written:
        for number, (path, content) in enumerate(contents):
            temporary = _temporary(Path(path), f"{number}.")
            try:
                temporary.parent.mkdir(parents=True, exist_ok=True)
                written.callback(temporary.unlink, missing_ok=True)
                temporary.write_bytes(content)
            except OSError as error:
                raise could_not_write(path, error) from error


def could_not_write(path: str | Path, error: OSError) -> OSError:
    """The error as a person is told it.

    >>> str(could_not_write("runs/small.safetensors", OSError(28, "No space left on device")))
    'could not write runs/small.safetensors: No space left on device; nothing was changed there'
    """
    return OSError(f"could not write {path}: {error.strerror or error}; nothing was changed there")


def _temporary(path: Path, number: str = "") -> Path:
    return path.with_name(f".{path.name}.{number}{os.getpid()}.partial")
