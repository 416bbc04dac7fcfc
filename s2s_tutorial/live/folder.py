"""A folder of files that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from s2s_tutorial.base.files import could_not_write


def check_free(folder: Path, overwrite: bool, ours: str) -> None:
    """Raise unless a folder can be written: it is not there, is empty, or may be replaced.

    Args:
        folder: which one.
        overwrite: whether one that an export wrote may be replaced.
        ours: the file by which such a one is known.

    Raises:
        FileExistsError: saying what lies there, and what to do.
    """
    if not folder.exists() or folder.is_dir() and not any(folder.iterdir()):
        return
    if not folder.is_dir():
        raise FileExistsError(f"{folder} is a file: name a folder to export to")
    if not Path(folder, ours).is_file():
        raise FileExistsError(
            f"{folder} holds other files and is left as it is: name a new folder to export to"
        )
    if not overwrite:
        raise FileExistsError(
            f"{folder} holds an exported model: --overwrite replaces it, or name another folder"
        )


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder of their own, in place of what was there.

    Raises:
        OSError: if it cannot be written; what was there is as it was then.
    """
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise could_not_write(folder, error) from error
    fresh, old = temporary / "new", temporary / "old"
    try:
        fresh.mkdir()
        for name, content in files.items():
            Path(fresh, name).write_bytes(content)
        if folder.exists():
            os.replace(folder, old)
        try:
            os.replace(fresh, folder)
        except OSError:
            if old.exists():
                os.replace(old, folder)
            raise
    except OSError as error:
        raise could_not_write(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
