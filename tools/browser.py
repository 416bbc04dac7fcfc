"""The built site on an address of this machine, and a Chromium to open it: for the PDF and for the tests."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import io
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright


class NoBrowser(RuntimeError):
    """Chromium did not start; the message says how to install it."""


@functools.lru_cache(maxsize=256)
def compressed(file: str, changed: float) -> bytes:
    """Return a file's content as gzip packs it."""
    return gzip.compress(Path(file).read_bytes(), 6)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder under a prefix as GitHub Pages does: text is compressed, a connection serves many requests, a file
    may be kept for ten minutes, and what is not there is the folder's 404.html."""

    protocol_version = "HTTP/1.1"
    TEXT = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt")

    def __init__(self, *arguments, prefix: str = "/", **options) -> None:
        self.prefix = prefix
        super().__init__(*arguments, **options)

    def translate_path(self, path: str) -> str:
        """Return the file that a path names."""
        if not path.startswith(self.prefix):
            return os.devnull + "/none"
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def send_head(self):
        """Send the headers and return what is to follow, compressed if it is text and the client can read it."""
        file = Path(self.translate_path(self.path))
        packs = "gzip" in self.headers.get("Accept-Encoding", "")
        if not packs or file.suffix not in self.TEXT or not file.is_file():
            return super().send_head()
        body = compressed(str(file), file.stat().st_mtime)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return io.BytesIO(body)

    def end_headers(self) -> None:
        """Say how long an answer may be kept."""
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the site's own page where there is one."""
        page = Path(self.directory, "404.html")
        if code != 404 or not page.is_file():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(folder: Path, prefix: str = "/") -> Iterator[str]:
    """Serve a folder on a free port and give the address that it has."""
    handler = functools.partial(Handler, directory=str(folder), prefix=prefix)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        server.server_close()


def find_chromium() -> str | None:
    """Return the path of the system's Chromium or else of Playwright's own, None where there is neither."""
    system = find_system_chromium()
    if system is None:
        with sync_playwright() as playwright:
            own = playwright.chromium.executable_path
        return own if Path(own).exists() else None
    return system


def find_system_chromium(windows: bool = True) -> str | None:
    """Return the path of the system's Chromium, None where there is none.

    Args:
        windows: False takes the one that cannot show any, where it is: it does the same with a sixth less work.
    """
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    shell = ("chromium-headless-shell",)
    names = names + shell if windows else shell + names
    return next(filter(None, map(shutil.which, names)), None)


@contextlib.contextmanager
def running_browser(arguments: Sequence[str] = ()) -> Iterator[Browser]:
    """Start the system's Chromium, or Playwright's own.

    Args:
        arguments: further ones for its command line.

    Raises:
        NoBrowser: if there is neither.
    """
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=find_system_chromium(windows=False), args=list(arguments)
            )
        except Error as error:
            raise NoBrowser(
                "Chromium did not start: install it (Debian: apt install chromium), or run "
                f"`.venv/bin/playwright install chromium`.\n{error}"
            ) from error
        yield browser
        browser.close()
