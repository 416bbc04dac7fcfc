"""One process at a time: what keeps two of them from writing the same file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from s2s_tutorial.corpora.fetch.disk import CorpusFileError, explaining


@contextmanager
def locked(path: Path, quiet: float = 1.0, patience: float = 600.0) -> Iterator[None]:
    """Hold the right to write ``path``, and make its folder; a process that dies lets go.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "new folder" / "cmn.txt"
    >>> with locked(path):
    ...     _ = path.write_text("one at a time")

    Args:
        path: the file that is to be written.
        quiet: after how many seconds of waiting to say so, in a warning.
        patience: after how many more to give up.

    Raises:
        CorpusFileError: if the folder cannot be written, or another process holds on.
    """
    with explaining(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f".{path.name}.lock"))
        try:
            lock.acquire(timeout=quiet)
        except Timeout:
            warnings.warn(f"waiting for another process that fetches {path.name}", stacklevel=3)
            try:
                lock.acquire(timeout=patience)
            except Timeout:
                raise CorpusFileError(
                    f"another process has been fetching {path} for {patience:.0f} seconds; end "
                    "it or wait for it, then try again"
                ) from None
    try:
        yield
    finally:
        lock.release()
