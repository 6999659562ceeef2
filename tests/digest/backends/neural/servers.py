"""OpenAI-compatible servers on the loopback interface that fail as they are told to."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from digest.backends.neural.endpoint import EndpointGenerator
from digest.backends.neural.endpoint_pacing import Pacing
from digest.backends.neural.generator import Generated, Request
from digest.config import EndpointConfig
from digest.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "sk-live-9f8e7d6c5b4a39281706"
KEY_VARIABLE = "TESTED_ENDPOINT_KEY"
NOW = "Sun, 01 Mar 2026 12:00:00 GMT"  # by the server's clock
ASKED = Request(documents=("It rained in Lisk.", "The ferry stayed in port."), max_words=60)
TEXT = "The ferry reached Lisk on Monday."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one POST is answered. Without a body, as the API says.

    `cut` closes the connection after so many bytes of the body, `delay_s` waits before the first,
    `drip_s` after each event of a stream, `echo` puts the request's headers into the body, as
    careless servers do in their errors.
    """

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    delay_s: float = 0.0
    drip_s: float = 0.0
    echo: bool = False


def wrong(status: int, message: str, **headers: str) -> Reply:
    """Return an error in OpenAI's shape; underscores in the names of headers become dashes."""
    body = json.dumps({"error": {"message": message, "type": "x", "code": None}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=body, headers={"Content-Type": "application/json", **named})


def raw(text: str, content_type: str = "application/json", status: int = 200) -> Reply:
    """Return any body at all."""
    return Reply(status=status, body=text.encode(), headers={"Content-Type": content_type})


def completion(*choices: dict[str, Any], usage: dict[str, int] | None = None) -> Reply:
    """Return an answer with these choices."""
    data = {"object": "chat.completion", "choices": list(choices), "usage": usage}
    return raw(json.dumps(data))


def choice(content: Any, reason: str | None = "stop", **message: Any) -> dict[str, Any]:
    """Return one choice of an answer that is not streamed."""
    return {"message": {"content": content, **message}, "finish_reason": reason}


def events(*data: Any, done: bool = True, end: str = "\n") -> Reply:
    """Return a stream of events; strings are sent as they are."""
    texts = [item if isinstance(item, str) else json.dumps(item) for item in data]
    lines = "".join(f"data: {text}{end}{end}" for text in [*texts, *(["[DONE]"] * done)])
    return raw(lines, "text/event-stream")


def part(content: Any = None, reason: str | None = None, index: int = 0) -> dict[str, Any]:
    """Return one event of a stream."""
    return {
        "choices": [{"index": index, "delta": {"content": content}, "finish_reason": reason}],
        "usage": None,
    }


@dataclass(slots=True)
class Server:
    """A running server: say what it answers, read what it was asked.

    `script` is used up first, by one POST after the other; then `fallback` answers.
    """

    port: int = 0
    script: list[Reply] = field(default_factory=list)
    fallback: Reply = field(default_factory=Reply)
    text: Callable[[dict[str, Any]], str] = lambda _: TEXT
    models: list[str] | None = field(default_factory=lambda: ["writer-1", "writer-2"])
    ignores_n: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def config(self, **changes: Any) -> EndpointConfig:
        """Return a configuration that asks this server."""
        values: dict[str, Any] = {"kind": "endpoint", "base_url": self.url, "model": "writer-1"}
        return EndpointConfig(**(values | {"retries": 2, "timeout_s": 5.0} | changes))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Server

    def do_GET(self) -> None:
        self.state.gets.append(self.path)
        self.state.headers.append(dict(self.headers.items()))
        if self.path != "/v1/models" or self.state.models is None:
            self._send(wrong(404, "Not Found"))
            return
        data = [{"id": name, "object": "model"} for name in self.state.models]
        self._send(raw(json.dumps({"object": "list", "data": data})))

    def do_POST(self) -> None:
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        state = self.state
        with state.lock:
            state.asked.append(payload)
            state.headers.append(dict(self.headers.items()))
            reply = state.script.pop(0) if state.script else state.fallback
            state.at_once += 1
            state.most_at_once = max(state.most_at_once, state.at_once)
        try:
            if reply.delay_s and state.stop.wait(reply.delay_s):
                self.close_connection = True
                return
            self._send(reply if reply.body is not None else self._obey(payload, reply))
        except OSError:  # the client gave up, which is what a slow answer is there for
            self.close_connection = True
        finally:
            with state.lock:
                state.at_once -= 1

    def _obey(self, payload: dict[str, Any], reply: Reply) -> Reply:
        """Return what the API says, for a POST to its path."""
        if self.path != "/v1/chat/completions":
            return wrong(404, "Not Found")
        text, count = self.state.text(payload), 1 if self.state.ignores_n else payload.get("n", 1)
        usage = {"prompt_tokens": 100, "completion_tokens": 10 * count}
        if payload.get("stream"):
            words = text.split(" ")
            parts = [part(f" {word}" if at else word) for at, word in enumerate(words)]
            made = events(*parts, part(reason="stop"), {"choices": [], "usage": usage})
        else:
            choices = [choice(text) | {"index": number} for number in range(count)]
            made = completion(*choices, usage=usage)
        return replace(reply, body=made.body, headers={**made.headers, **reply.headers})

    def _send(self, reply: Reply) -> None:
        body = reply.body or b""
        if reply.echo:
            body = json.dumps({"error": {"message": f"headers: {self.headers}"}}).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        # A body without a length ends where the connection does: so may a stream that is cut.
        if reply.headers.get("Content-Type") == "text/event-stream":
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for piece in body.split(b"\n\n") if reply.drip_s else ():
            self.wfile.write(piece + b"\n\n")
            self.state.stop.wait(reply.drip_s)
        if not reply.drip_s:
            self.wfile.write(body[: reply.cut])
        if reply.cut is not None:
            self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        del timestamp
        return NOW

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(*script: Reply) -> Iterator[Server]:
    """Run a server that answers by the script, then as the API says."""
    state = Server(script=list(script))
    handler = type("Handler", (_Handler,), {"state": state})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        state.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield state
        finally:
            state.stop.set()
            server.shutdown()
            thread.join()


class Naps:
    """Sleeps that take no time: what they would have taken, in order."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)

    def pacing(self, seed: int = 0) -> Pacing:
        return Pacing(sleep=self, dice=random.Random(seed))


def outcomes(server: Server, naps: Naps, *, count: int = 1, **changes: Any) -> list[Any]:
    """Return the outcomes of equal requests, in their order; each has to have one."""
    generator = EndpointGenerator(server.config(**changes), pacing=naps.pacing())
    got = dict(generator.generate([ASKED] * count))
    assert sorted(got) == list(range(count))
    return [got[index] for index in range(count)]


def one(server: Server, **changes: Any) -> Generated | BackendError:
    """Return the outcome of one request."""
    (outcome,) = outcomes(server, Naps(), **changes)
    assert isinstance(outcome, (Generated, BackendError))
    return outcome


def text_of(outcome: Generated | BackendError) -> str:
    """Return the only text of an outcome that has one."""
    assert isinstance(outcome, Generated), outcome
    (text,) = outcome.texts
    return text
