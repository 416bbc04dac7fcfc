"""One writer of a file at a time: a lock of the operating system, which ends with its process."""

from __future__ import annotations

import errno
import os
import platform
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from s2s_tutorial.base.files import could_not_write

_NO_LOCKS_THERE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


class FileInUseError(OSError):
    """Another process is at work on a file; the message says which one."""


def lock_for(path: str | Path) -> FileLock:
    """The lock of a file, not taken yet: ``.NAME.lock`` beside it. The folder is made.

    Whoever holds it may take it again in the same thread. A process that dies lets go.

    Raises:
        OSError: if the folder cannot be made.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path.with_name(f".{path.name}.lock"), is_singleton=True)


@contextmanager
def claimed(path: str | Path, advice: str = "wait for its end") -> Iterator[None]:
    """Be the only one who writes a file meanwhile; afterwards nothing of that is left.

    On a file system that has no locks (some network drives) a warning says so, and nothing is
    held.

    Args:
        path: the file.
        advice: what a person can do if it is taken.

    Raises:
        FileInUseError: if another process, or another thread, has claimed it: which, and since when.
        OSError: if nothing can be written beside it.
    """
    path = Path(path)
    made = [folder for folder in path.parents if not folder.exists()]
    try:
        lock = lock_for(path)
        taken = not lock.is_locked and _take(lock, path)  # it may be ours already, further out
    except Timeout:
        raise FileInUseError(f"{path} is being written by {_holder(path)}; {advice}") from None
    except OSError as error:
        raise could_not_write(path, error) from error
    try:
        yield
    finally:
        if taken:
            _let_go(lock, path)
        with suppress(OSError):  # something lies in them
            for folder in made:
                folder.rmdir()


def _take(lock: FileLock, path: Path) -> bool:
    """Hold the lock and say so in a note beside it; False where there are no locks."""
    try:
        lock.acquire(timeout=0)
    except (OSError, NotImplementedError) as error:
        if getattr(error, "errno", errno.ENOSYS) not in _NO_LOCKS_THERE:
            raise
        warnings.warn(
            f"{path} lies on a file system without locks: see to it yourself that no other "
            "process writes there",
            stacklevel=4,
        )
        return False
    try:
        _note(path).write_text(_this_process(), encoding="utf-8")
    except OSError:
        _let_go(lock, path)
        raise
    return True


def _let_go(lock: FileLock, path: Path) -> None:
    """Nothing of it stays; Windows lets nobody remove an open file, and does so when it is closed."""
    with suppress(OSError):
        _note(path).unlink(missing_ok=True)
        Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()


def _note(path: Path) -> Path:
    """Who holds the lock: in a file of its own, as Windows lets nobody read a locked one."""
    return path.with_name(f".{path.name}.holder")


def _this_process() -> str:
    started = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
    return f"process {os.getpid()} on {platform.node() or 'this machine'}, begun {started}"


def _holder(path: Path) -> str:
    try:
        return _note(path).read_text(encoding="utf-8") or "another process"
    except OSError:  # it has begun or ended a moment ago
        return "another process"
