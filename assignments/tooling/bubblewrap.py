"""A kernel's own view of the system, by bubblewrap: Python, the book's package, an empty ``/tmp``, and nothing else.

It needs no image and no right of an administrator; Debian's and Fedora's package is called *bubblewrap*.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import s2s_tutorial

ENGINE = "bwrap"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
SETTINGS = ("/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime")
ROOM = 1_000_000_000  # bytes in /tmp, and in /dev/shm


def readable() -> list[str]:
    """The folders that a notebook needs: Python's, its environment's, the package's with its data."""
    package = Path(s2s_tutorial.__file__).parent
    beside = [package.parent / "data", package.parent / "benchmarks/results"]
    folders = [Path(sys.base_prefix), Path(sys.prefix), Path(sys.prefix).resolve(), package]
    folders += [each for each in beside if (package.parent / "pyproject.toml").is_file()]
    outside = [str(each) for each in folders if not each.is_relative_to("/usr") and each.is_dir()]
    return list(dict.fromkeys(outside))


def bubblewrap_command(
    folder: str, environment: dict[str, str], room: int = ROOM, paths: Iterable[str] | None = None
) -> list[str]:
    """The command that runs something which sees this folder, and of the rest only what it may read.

    Args:
        folder: where it may write, beside ``/tmp``.
        environment: the only variables that it has.
        room: bytes in ``/tmp``, and in ``/dev/shm``.
        paths: what it may read beside the system's own; :func:`readable` if not given.
    """
    command = [ENGINE, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--clearenv", "--size", str(room), "--tmpfs", "/tmp", "--proc", "/proc"]
    command += ["--dev", "/dev", "--size", str(room), "--tmpfs", "/dev/shm"]
    for path in filter(lambda each: Path(each).exists(), SYSTEM):
        link = Path(path).is_symlink()
        command += ["--symlink", str(Path(path).readlink()), path] if link else ro(path)
    for path in SETTINGS:
        command += ["--ro-bind-try", path, path]
    for path in readable() if paths is None else paths:
        command += ro(path)
    for name, value in environment.items():
        command += ["--setenv", name, value]
    return [
        *command,
        "--bind",
        folder,
        folder,
        "--remount-ro",
        "/",
        "--remount-ro",
        "/dev",
        "--chdir",
        "/tmp",
    ]


def ro(path: str) -> list[str]:
    """The option that shows a path, to be read only."""
    return ["--ro-bind", path, path]


@lru_cache(maxsize=1)
def usable() -> bool:
    """Whether bubblewrap is here and this system lets it work."""
    if not shutil.which(ENGINE):
        return False
    command = bubblewrap_command("/usr/share", {}, paths=())
    return subprocess.run([*command, "true"], capture_output=True).returncode == 0
