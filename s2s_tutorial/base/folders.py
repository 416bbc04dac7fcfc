"""Writing a folder of files that belong together: all of them or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from s2s_tutorial.base.files import could_not_write


def check_folder(folder: str | Path, ours: frozenset[str], overwrite: bool = False) -> None:
    """Raise unless :func:`write_folder` may write there; nothing is made yet.

    Args:
        folder: where to.
        ours: the names of the files that such a folder has. One that holds others is never replaced.
        overwrite: whether one that holds only these may be.

    Raises:
        FileExistsError: if something is there that must not be replaced.
        OSError: if the folder could not be made.

    >>> check_folder("somewhere/new", frozenset({"model.json"}))
    """
    folder = Path(folder)
    if folder.is_dir():
        held = {path.name for path in folder.iterdir()}
        if foreign := sorted(held - ours):
            raise FileExistsError(
                f"{folder} holds {foreign[0]!r}, which was not written by s2s, so the folder is not "
                "replaced: name another"
            )
        if held and not overwrite:
            raise FileExistsError(
                f"{folder} holds an export already: --overwrite (overwrite=True) replaces it, or name "
                "another"
            )
        if Path.cwd().resolve().is_relative_to(folder.resolve()):
            raise FileExistsError(f"{folder} is the folder you are in: name one inside it")
    elif os.path.lexists(folder):
        raise FileExistsError(f"{folder} is there already and is no folder: name another")
    above = next(parent for parent in folder.absolute().parents if os.path.lexists(parent))
    if not above.is_dir() or not os.access(above, os.W_OK):
        why = "cannot be written to" if above.is_dir() else "is no folder"
        raise OSError(f"{folder} cannot be written: {above} {why}; name another")


def write_folder(folder: str | Path, files: Mapping[str, bytes], overwrite: bool = False) -> None:
    """Write a folder of files whole or not at all, as :func:`write_atomically` does one file.

    Args:
        folder: where to; missing folders above it are made. One that is there must be empty, or with
            ``overwrite`` hold files of these names only.
        files: the contents by name.
        overwrite: see :func:`check_folder`.

    Raises:
        OSError: as :func:`check_folder`, or if it cannot be written; nothing is changed then.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     write_folder(f"{home}/new", {"a": b"1", "b": b"2"})
    ...     sorted(path.name for path in Path(home, "new").iterdir())
    ['a', 'b']
    """
    folder = Path(folder)
    check_folder(folder, frozenset(files), overwrite)
    folder = folder.resolve()  # where a link leads to
    new, old = (folder.with_name(f".{folder.name}.{os.getpid()}.{kind}") for kind in ("new", "old"))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir()
        for name, content in files.items():
            (new / name).write_bytes(content)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    except OSError as error:
        raise could_not_write(folder, error) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
