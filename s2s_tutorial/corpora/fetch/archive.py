"""Taking one text out of a zip archive that somebody else made."""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path

from s2s_tutorial.corpora.fetch.disk import CHUNK, explaining
from s2s_tutorial.corpora.fetch.download import LARGEST


def extract_member(
    archive: str | Path, member: str, path: str | Path, largest: int = LARGEST
) -> None:
    """Write one file of a zip archive to ``path``, whole or not at all.

    Where the file goes is said by ``path`` alone: names in the archive are compared, never used as
    places. Nothing else is taken out, and no more than ``largest`` bytes whatever the archive says
    of itself.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with zipfile.ZipFile(folder / "pairs.zip", "w") as made:
    ...     made.writestr("pairs.txt", "Hi.\\tCiao.")
    >>> extract_member(folder / "pairs.zip", "pairs.txt", folder / "ita.txt")
    >>> (folder / "ita.txt").read_text()
    'Hi.\\tCiao.'

    Args:
        archive: the zip file.
        member: the name of the wanted file in it.
        path: where to; its folder exists.
        largest: how many bytes the file may have.

    Raises:
        ValueError: if the archive is damaged, encrypted, lacks the file, or the file is too large.
        CorpusFileError: if the disk does not take it.
    """
    archive, path = Path(archive), Path(path)
    partial = path.with_name(path.name + ".partial")
    try:
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
            if member not in names:
                inside = ", ".join(map(repr, names[:10]))
                raise ValueError(f"{archive} holds no {member!r}; it holds {inside or 'nothing'}")
            with opened.open(member) as source, explaining(path), open(partial, "wb") as target:
                written = 0
                while piece := source.read(CHUNK):
                    written += len(piece)
                    if written > largest:
                        raise ValueError(
                            f"{member!r} in {archive} is larger than {largest} bytes: no corpus is"
                        )
                    target.write(piece)
        with explaining(path):
            os.replace(partial, path)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ValueError(
            f"{archive} is not a whole zip archive ({error}); delete it and get it again"
        ) from error
    except (RuntimeError, NotImplementedError) as error:  # zipfile's words for encryption
        raise ValueError(f"{archive} cannot be unpacked: {error}") from error
    finally:
        partial.unlink(missing_ok=True)
