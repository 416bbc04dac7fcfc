"""Fetching one file from one address: in pieces, resumed, tried again, verified, moved into place."""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from s2s_tutorial.corpora.fetch.disk import CHUNK, CorpusFileError, explaining

LARGEST = 1 << 30  # bytes; no corpus here is near it, so a larger answer is a mistake
_PASSING = frozenset({408, 416, 425, 429, 500, 502, 503, 504})  # HTTP errors that may go away
# Some hosts turn Python's own name away.
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; s2s-tutorial)", "Accept-Encoding": "identity"}


class DownloadFailed(OSError):
    """One address did not deliver; another one may."""


def download(
    url: str,
    path: str | Path,
    sha256: str | None = None,
    size: int | None = None,
    attempts: int = 5,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Fetch one file; ``path`` is there afterwards, whole and verified, or it is as it was.

    The bytes go to ``path`` with ``.partial`` after its name, and are moved when they are complete
    and their sum is right. What a broken connection leaves is taken up where it ended: also by a
    later call if the sum is known (it tells whether the pieces fit), within one call otherwise (if
    the server says by ETag or date that the file has not changed). Only one process at a time may
    fetch the same ``path``.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "there.txt").write_text("una casa")
    >>> download((folder / "there.txt").as_uri(), folder / "here.txt")[:16]
    'd3e7a5d35e35ea81'
    >>> (folder / "here.txt").read_text()
    'una casa'

    Args:
        url: ``https://``, ``http://`` or ``file://``.
        path: where to; its folder exists.
        sha256: what the sum must be; None takes what comes.
        size: how many bytes it must have, if known.
        attempts: how often to try where trying again can help.
        sleep: waits between attempts, for 1, 2, 4, ... seconds.

    Returns:
        The SHA-256 of the file.

    Raises:
        DownloadFailed: if the address does not deliver the file, saying why.
        CorpusFileError: if the disk does not take it.
    """
    path = Path(path)
    partial = path.with_name(path.name + ".partial")
    transfer = _Transfer(url, partial, size, pinned=sha256 is not None)
    for attempt in range(attempts):
        if attempt:
            sleep(2.0 ** (attempt - 1))
        try:
            digest = transfer.run()
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            if isinstance(error, CorpusFileError | DownloadFailed):
                raise
            reason = _reason(error)
            if not _may_pass(error):
                break
            continue
        if sha256 is None or digest == sha256:
            with explaining(path):
                os.replace(partial, path)
            return digest
        partial.unlink()
        reason = f"other bytes came than expected: their sha256 is {digest}, not {sha256}"
        if not transfer.resumed:
            break
    raise DownloadFailed(f"{url}: {reason}")


class _Transfer:
    """The state of one download over its attempts."""

    def __init__(self, url: str, partial: Path, size: int | None, pinned: bool) -> None:
        self.url, self.partial, self.size, self.pinned = url, partial, size, pinned
        self.validator = ""  # the ETag or date of what the earlier attempts received
        self.resumed = False  # whether the last attempt took up what was there before

    def run(self) -> str:
        """One attempt; returns the SHA-256 of the partial file, which is then complete."""
        start = self.partial.stat().st_size if self.partial.exists() else 0
        headers = dict(_HEADERS)
        if start and (self.pinned or self.validator):
            headers["Range"] = f"bytes={start}-"
        if start and self.validator and not self.pinned:
            headers["If-Range"] = self.validator
        try:
            response = urllib.request.urlopen(
                urllib.request.Request(self.url, headers=headers), timeout=30
            )
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416:  # there is nothing after what we have: begin again
                self.partial.unlink(missing_ok=True)
            raise
        with response:
            part = response.headers.get("Content-Range", "")
            self.resumed = response.status == 206 and part.startswith(f"bytes {start}-")
            if response.status == 206 and not self.resumed:
                self.partial.unlink(missing_ok=True)
                raise ConnectionError(f"asked for the bytes from {start}, it sent {part!r}")
            etag = response.headers.get("ETag", "")
            dated = response.headers.get("Last-Modified", "")
            self.validator = etag if etag.startswith('"') else dated
            return self._receive(response, start if self.resumed else 0)

    def _receive(self, response, start: int) -> str:
        from tqdm.auto import tqdm  # here, because it is slow to import and seldom needed

        declared = response.headers.get("Content-Length")
        total = start + int(declared) if declared and declared.isdigit() else None
        limit = LARGEST if self.size is None else self.size
        digest = hashlib.sha256()
        name = self.partial.name.removesuffix(".partial")
        bar = tqdm(total=total, initial=start, desc=name, unit="B", unit_scale=True, delay=0.5)
        with bar, self._opened(start, digest) as file:
            received = start
            while piece := response.read(CHUNK):
                received += len(piece)
                if received > limit:
                    self.partial.unlink()
                    raise DownloadFailed(f"{self.url}: it sends more than the {limit} bytes due")
                self._write(file, piece)
                digest.update(piece)
                bar.update(len(piece))
        if total is not None and received < total:
            raise ConnectionError(f"the connection was cut after {received} of {total} bytes")
        return digest.hexdigest()

    @contextmanager
    def _opened(self, start: int, digest) -> Iterator[BinaryIO]:
        """The partial file, ready for the bytes from ``start`` on; those before are digested."""
        with explaining(self.partial):
            if start:
                with open(self.partial, "rb") as old:
                    while piece := old.read(CHUNK):
                        digest.update(piece)
            file = open(self.partial, "ab" if start else "wb", buffering=0)
        with file:
            yield file

    def _write(self, file: BinaryIO, piece: bytes) -> None:
        try:
            with explaining(self.partial):
                left = memoryview(piece)
                while left:
                    left = left[file.write(left) :]
        except CorpusFileError:
            self.partial.unlink(missing_ok=True)  # gives back the room it took
            raise


def _reason(error: Exception) -> str:
    """What went wrong, in a few words."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers {error.code} {error.reason}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, socket.gaierror):
        return "the host cannot be found; is this machine offline?"
    return f"{getattr(cause, 'strerror', None) or cause or type(cause).__name__}"


def _may_pass(error: Exception) -> bool:
    """Whether trying again could help."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code in _PASSING
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    lasting = (socket.gaierror, ssl.SSLCertVerificationError, FileNotFoundError, PermissionError)
    return not isinstance(cause, (*lasting, IsADirectoryError, NotADirectoryError, str))
