"""A web site on the loopback interface: what the tests of fetching talk to."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import TYPE_CHECKING

import pytest

from digest.config import IngestConfig

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers; `drip_s` waits between single bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Site:
    """A running server: say what it answers, read what it was asked (path, headers), in order."""

    port: int
    answers: dict[str, Answer]
    asked: list[tuple[str, dict[str, str]]]
    finished: SimpleQueue[tuple[str, int]]

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(self, path: str, body: str | bytes, content_type: str = "text/html") -> str:
        """Answer `path` with a page, and return its URL."""
        return self.answer(path, body=body, headers={"Content-Type": content_type})

    def answer(
        self,
        path: str,
        *,
        body: str | bytes = b"",
        status: int = 200,
        headers: dict[str, str] | None = None,
        drip_s: float = 0.0,
    ) -> str:
        """Answer `path` with anything, and return its URL."""
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = Answer(body=data, status=status, headers=headers or {}, drip_s=drip_s)
        return self.url(path)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def sent(self, path: str) -> int:
        """Wait for the next answer to `path` to end; return the bytes of its body that went out."""
        while (found := self.finished.get(timeout=60))[0] != path:
            pass
        return found[1]


class _Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        self.site_answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.finished: SimpleQueue[tuple[str, int]] = SimpleQueue()
        self.stop = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers))
        answer = self.server.site_answers.get(self.path, Answer(status=404))
        if "ETag" in answer.headers and headers.get("if-none-match") == answer.headers["ETag"]:
            answer = Answer(status=304)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if not answer.drip_s:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.server.finished.put((self.path, self._send(answer)))

    def _send(self, answer: Answer) -> int:
        """Send the body; return how many bytes of it went out."""
        size = 1 if answer.drip_s else max(1, len(answer.body))
        for start in range(0, len(answer.body), size):
            try:
                self.wfile.write(answer.body[start : start + size])
            except OSError:  # the reader gave up, which is what a slow answer is there for
                return start
            if answer.drip_s and self.server.stop.wait(answer.drip_s):
                return start
        return len(answer.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Site(server.server_port, server.site_answers, server.asked, server.finished)
    server.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def online() -> IngestConfig:
    """Fetching on, loopback allowed."""
    return IngestConfig(fetch=True, allow_private_addresses=True, timeout_s=3.0)
