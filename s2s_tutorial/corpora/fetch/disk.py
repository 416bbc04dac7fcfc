"""The disk: a file's sum, one writer at a time, and what to tell a person when it cannot be written."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import Timeout

from s2s_tutorial.base.locks import lock_for

CHUNK = 1 << 16  # bytes read at a time


class CorpusFileError(OSError):
    """A file of a corpus cannot be had; the message says what to do about it.

    Example:
        >>> with explaining(Path("train.de")):
        ...     raise OSError("No space left on device")
        Traceback (most recent call last):
        s2s_tutorial.corpora.fetch.disk.CorpusFileError: could not write train.de: No space left on
        device; ... Make room or permit writing, or set S2S_CACHE_DIR to another folder
    """


class DownloadFailed(Exception):
    """One address did not deliver; another one may."""


def sha256_of(path: str | Path) -> str:
    """The SHA-256 of a file, as ``sha256sum`` writes it.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as empty:
    ...     sha256_of(empty.name)[:16]
    'e3b0c44298fc1c14'

    Raises:
        OSError: if the file cannot be read.
    """
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Turn what the disk complains of while ``path`` is written into advice.

    Raises:
        CorpusFileError: in place of any other OSError.
    """
    try:
        yield
    except CorpusFileError:
        raise
    except OSError as error:
        raise CorpusFileError(
            f"could not write {path}: {error.strerror or error}; nothing half-written was left "
            "there. Make room or permit writing, or set S2S_CACHE_DIR to another folder"
        ) from error


@contextmanager
def locked(path: Path, quiet: float = 1.0) -> Iterator[None]:
    """Hold the right to write ``path``, and make its folder; a process that dies lets go.

    Args:
        path: the file that is to be written.
        quiet: after how many seconds of waiting for another process to say so, in a warning.

    Raises:
        CorpusFileError: if the folder cannot be written.
    """
    with explaining(path):
        lock = lock_for(path)
        try:
            lock.acquire(timeout=quiet)
        except Timeout:
            warnings.warn(f"waiting for another process that fetches {path.name}", stacklevel=3)
            lock.acquire()
    try:
        yield
    finally:
        lock.release()
