"""Fetching one file from one address: pooch's work, and the little that it lacks.

pooch tries again, shows the progress, verifies the sum and moves what is whole. Added here are
``file://``, a broken download that goes on where it ended, no second try where it cannot help, zip
archives, and errors in few words. Import this module where it is needed: pooch takes half a second.
"""

from __future__ import annotations

import os
import shutil
import socket
import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pooch
from requests import HTTPError, RequestException, Response

from s2s_tutorial.corpora.fetch.disk import CHUNK, DownloadFailed, explaining

RETRIES = 3
_PASSING = frozenset({408, 416, 425, 429, 500, 502, 503, 504})  # HTTP errors that may go away
# Some hosts turn Python's own name away.
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; s2s-tutorial)", "Accept-Encoding": "identity"}


def download(url: str, path: Path, sha256: str | None = None, member: str = "") -> None:
    """Fetch one file; ``path`` is there afterwards, whole and verified, or it is as it was.

    Until then everything is in a hidden folder beside it, ``.NAME.part``, which goes away in the
    end. It stays if the connection breaks or the process is killed, and if the sum is known, which
    tells whether pieces fit, the next call goes on from what is there. Only one process at a time
    may fetch the same ``path``.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "there.txt").write_text("una casa")
    >>> download((folder / "there.txt").as_uri(), folder / "here.txt")
    >>> (folder / "here.txt").read_text()
    'una casa'

    Args:
        url: ``https://``, ``http://`` or ``file://``.
        path: where to; its folder exists.
        sha256: what the sum of the delivered file must be; None takes what comes.
        member: the name of the wanted file in the zip archive that is delivered, if it is one.

    Raises:
        DownloadFailed: if the address does not deliver the file, saying why.
        CorpusFileError: if the disk does not take it.
    """
    work = path.with_name(f".{path.name}.part")
    pieces = work / "pieces"
    local = url.startswith("file://")
    fetcher = pooch.create(
        path=work,
        base_url="",
        registry={path.name: sha256},
        urls={path.name: url},
        retry_if_failed=0 if local else RETRIES,
    )
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("WARNING")  # its other lines would put this machine's paths into a chapter
    with explaining(path):
        try:
            downloader = _copy if local else partial(_over_http, pieces if sha256 else None)
            arrived = Path(fetcher.fetch(path.name, downloader=downloader))
            os.replace(_taken_out(arrived, member) if member else arrived, path)
            pieces.unlink(missing_ok=True)  # of another address
        except (RequestException, ValueError) as error:
            raise DownloadFailed(f"{url}: {_reason(error)}") from error
        finally:
            logger.setLevel(level)
            if not (pieces.exists() and pieces.stat().st_size):
                shutil.rmtree(work, ignore_errors=True)


def _over_http(pieces: Path | None, url: str, output_file: str, fetcher: pooch.Pooch) -> None:
    """A downloader for pooch that adds to the pieces that came before, if it may keep any."""
    with open(pieces or output_file, "ab") as file:
        start = file.tell()

        def begin_again(response: Response, **options: Any) -> None:
            if start and response.status_code in (200, 416):  # not the rest that was asked for
                file.truncate(0)

        fetch = pooch.HTTPDownloader(
            progressbar=True,
            chunk_size=CHUNK,
            headers=_HEADERS | ({"Range": f"bytes={start}-"} if start else {}),
            hooks={"response": begin_again},
        )
        try:
            fetch(url, file, fetcher)
        except RequestException as error:
            status = error.response.status_code if isinstance(error, HTTPError) else 408
            if status not in _PASSING or isinstance(_root(error), socket.gaierror):
                raise DownloadFailed(f"{url}: {_reason(error)}") from error
            raise
    if pieces:
        os.replace(pieces, output_file)


def _copy(url: str, output_file: str, fetcher: pooch.Pooch) -> None:
    """A downloader for pooch that knows ``file://``."""
    try:
        source = open(url2pathname(urlsplit(url).path), "rb")
    except OSError as error:
        raise DownloadFailed(f"{url}: {error.strerror}") from error
    with source, open(output_file, "wb") as target:
        shutil.copyfileobj(source, target)


def _taken_out(archive: Path, member: str) -> Path:
    """One file of a zip archive, written beside it; names in it are compared, never used as places.

    Raises:
        ValueError: if it is not there, or the archive is damaged or encrypted.
    """
    target = archive.with_name("member")
    try:
        with zipfile.ZipFile(archive) as opened, opened.open(member) as source:
            with open(target, "wb") as file:
                shutil.copyfileobj(source, file)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise ValueError(
            f"no {member} can be taken out of the zip archive that it sends: {error.args[0]}"
        ) from None
    return target


def _root(error: BaseException) -> BaseException:
    """The first of the errors that led to this one."""
    while earlier := error.__cause__ or error.__context__:
        error = earlier
    return error


def _reason(error: RequestException | ValueError) -> str:
    """What went wrong, in a few words."""
    if isinstance(error, HTTPError):
        return f"the server answers {error.response.status_code} {error.response.reason}"
    root = _root(error) if isinstance(error, RequestException) else error
    if isinstance(root, socket.gaierror):
        return "the host cannot be found; is this machine offline?"
    return f"{getattr(root, 'strerror', None) or root}"
