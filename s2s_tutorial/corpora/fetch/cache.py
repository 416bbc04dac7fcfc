"""Where the files of the real corpora are: a folder of the reader's, the cache, or still elsewhere.

One layout everywhere, so that a folder can be copied, served as a mirror or set as S2S_DATA_DIR:
``multi30k/data/task1/tok/train.lc.norm.tok.de``, ``tatoeba/cmn.txt``, ``iwslt15_en_vi/train.en``.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import platformdirs

from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.corpora.fetch.disk import (
    CorpusFileError,
    DownloadFailed,
    explaining,
    locked,
    sha256_of,
)


class RemoteFile(NamedTuple):
    """A file of a corpus, and how to get it.

    Attributes:
        path: its place in the layout, with ``/`` between the parts.
        urls: where it comes from, the best address first.
        sha256: its sum, or None where the origin changes the file from time to time, as what comes
            in archives: then the sum of the first download is kept beside the file, in one that
            ends in ``.sha256``.
        size: its bytes, where the sum is known.
        member: its name in the zip archive that ``urls`` deliver; "" if they deliver the file.
    """

    path: str
    urls: tuple[str, ...]
    sha256: str | None = None
    size: int | None = None
    member: str = ""


def cache_dir() -> Path:
    """The folder that downloads go to: S2S_CACHE_DIR, or else where this system keeps caches.

    >>> cache_dir().is_absolute()
    True
    """
    chosen = os.environ.get("S2S_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_cache_path("s2s-tutorial", appauthor=False)


def locate(files: Sequence[RemoteFile], mirror: str | None = None) -> list[Path]:
    """The places of files on this machine, fetched into the cache if they have to be.

    A file is taken from the folder S2S_DATA_DIR if it is there, which is only read; else from the
    cache; else it is downloaded, from ``mirror``, from S2S_MIRROR, and from its origin, the first
    that delivers it. Wherever it is found, its sum is checked if one is known. A file of the cache
    that has changed is put aside, with a warning, and fetched again.

    Args:
        files: what is needed.
        mirror: the address of a folder in the same layout, ``https://...`` or ``file://...``.

    Raises:
        ValueError: if ``mirror`` or S2S_MIRROR is no such address.
        CorpusFileError: if a file cannot be had: the message says what to put where. Also if
            S2S_DATA_DIR is no folder, or a file in it is not the one it should be.
    """
    mirrors = [
        _checked_mirror(name, address)
        for name, address in (("mirror", mirror), ("S2S_MIRROR", os.environ.get("S2S_MIRROR")))
        if address
    ]
    found = []
    for file in files:
        try:
            found.append(_in_data_dir(file) or _in_cache(file, mirrors))
        except DownloadFailed as error:
            raise CorpusFileError(f"{error}\n{_advice(files)}") from error
    return found


def _checked_mirror(name: str, address: str) -> str:
    if not isinstance(address, str) or not address.startswith(("https://", "http://", "file://")):
        raise ValueError(
            f"{name} must be the address of a folder, such as 'https://example.org/corpora' or "
            f"'file:///home/me/corpora', not {address!r}; a folder of this machine can also be "
            "named in S2S_DATA_DIR, as it is"
        )
    return address.rstrip("/")


def _in_data_dir(file: RemoteFile) -> Path | None:
    """The file in the folder that the reader named, if it is there."""
    chosen = os.environ.get("S2S_DATA_DIR")
    if not chosen:
        return None
    folder = Path(chosen).expanduser().absolute()
    if not folder.is_dir():
        raise CorpusFileError(f"S2S_DATA_DIR is {chosen!r}, but there is no such folder")
    path = folder / file.path
    if not path.is_file():
        return None
    problem = _difference(path, file)
    if problem:
        raise CorpusFileError(
            f"{problem}. It is in S2S_DATA_DIR, where nothing is changed: replace it, or unset "
            "S2S_DATA_DIR to have it downloaded"
        )
    return path


def _in_cache(file: RemoteFile, mirrors: Sequence[str]) -> Path:
    """The file in the cache, fetched if it is not there or not what it should be.

    Raises:
        DownloadFailed: if no address delivers it.
    """
    path = cache_dir() / file.path
    if path.is_file() and not _difference(path, file):
        return path
    with locked(path):
        if path.is_file():  # now that nobody else is at work on it
            problem = _difference(path, file)
            if not problem:
                return path
            aside = path.with_name(path.name + ".altered")
            with explaining(aside):
                os.replace(path, aside)
            warnings.warn(f"{problem}. It was put aside as {aside.name}", stacklevel=2)
        _fetch(file, path, mirrors)
        if file.sha256 is None:
            with explaining(_sum_file(path)):
                line = f"{sha256_of(path)}  {path.name}\n"
                write_atomically(_sum_file(path), line.encode())
    return path


def _fetch(file: RemoteFile, path: Path, mirrors: Sequence[str]) -> None:
    """Try the mirrors, then the origin."""
    from s2s_tutorial.corpora.fetch.download import download  # here: slow to import, seldom needed

    sources = [(f"{mirror}/{quote(file.path)}", "") for mirror in mirrors]
    sources += [(url, file.member) for url in file.urls]
    failures = ""
    for url, member in sources:
        try:
            return download(url, path, None if member else file.sha256, member)
        except DownloadFailed as error:
            failures += f"\n  {error}"
    raise DownloadFailed(f"could not get {path.name}:{failures}")


def _difference(path: Path, file: RemoteFile) -> str:
    """What is wrong with a file, or ""."""
    expected, whence = file.sha256, "it should be"
    if expected is None:
        if not _sum_file(path).is_file():
            return ""
        kept = _sum_file(path).read_text(encoding="utf-8", errors="replace").split()
        expected, whence = kept[0] if kept else "", f"{_sum_file(path).name} says"
    found = sha256_of(path)
    return "" if found == expected else f"{path} has the sha256 {found}, but {whence} {expected}"


def _sum_file(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _advice(files: Sequence[RemoteFile]) -> str:
    """What to put where by hand."""
    missing = [f for f in files if not (_in_data_dir(f) or (cache_dir() / f.path).is_file())]
    places = []
    for file in missing:
        whence = f"{file.member} out of {file.urls[0]}" if file.member else file.urls[0]
        check = f"{file.size} bytes, sha256 {file.sha256}" if file.sha256 else "any edition of it"
        kept = _sum_file(cache_dir() / file.path)
        if file.sha256 is None and kept.is_file():
            check += (
                f"; delete {kept.name} beside it, which holds the sum of the one that was there"
            )
        places.append(f"  {cache_dir() / file.path}\n    from {whence}\n    {check}\n")
    return (
        f"Try again when the network is back, or put by hand\n{''.join(places)}"
        "or set S2S_DATA_DIR to a folder that holds the same below it, as\n"
        + "".join(f"  {file.path}\n" for file in missing)
        + "or S2S_MIRROR to the https:// or file:// address of such a folder."
    )
