"""A web server on this machine that breaks when told to."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FaultyServer:
    """Serves ``files``; the next answers go wrong as ``faults`` say, then all go well.

    A fault is a status (``503``), or a dict: ``cut`` bytes are sent and the line goes dead;
    ``ranges=False`` ignores Range; ``shift`` answers another range than asked for; ``length=False``
    does not say how much comes; ``hang``, an Event, keeps the line open until it is set.
    None is no fault.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: deque[int | dict | None] = deque()
        self.requests: list[tuple[str, str | None]] = []  # path and Range
        self.agents: set[str] = set()
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path, asked = handler.path, handler.headers.get("Range")
        self.requests.append((path, asked))
        self.agents.add(handler.headers["User-Agent"])
        fault = self.faults.popleft() if self.faults else None
        if path not in self.files or isinstance(fault, int):
            handler.send_error(fault if isinstance(fault, int) else 404)
            return
        fault = fault or {}
        body = self.files[path]
        start = 0
        if asked and fault.get("ranges", True):
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(body):
                handler.send_error(416)
                return
            start += fault.get("shift", 0)
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            handler.send_response(200)
        rest = body[start:]
        if fault.get("length", True):
            handler.send_header("Content-Length", str(len(rest)))
        handler.end_headers()
        handler.wfile.write(rest[: fault.get("cut", len(rest))])
        if "hang" in fault:
            fault["hang"].wait(60)


@contextlib.contextmanager
def serving() -> Iterator[FaultyServer]:
    """A server at work on a port of its own."""
    server = FaultyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, *args) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{listener.server_port}"
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
