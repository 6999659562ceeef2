from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

import pytest

from digest.backends.neural.endpoint import EndpointGenerator
from digest.backends.neural.endpoint_probe import probe
from digest.errors import BackendError
from tests.digest.backends.neural.servers import (
    ASKED,
    KEY,
    KEY_VARIABLE,
    TEXT,
    Naps,
    Reply,
    Server,
    choice,
    completion,
    events,
    one,
    outcomes,
    part,
    raw,
    serving,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


JSON_TYPE = {"Content-Type": "application/json"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def naps() -> Naps:
    return Naps()


def test_a_key_goes_out_in_one_header_and_only_where_one_is_named(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, f" {KEY}\n")
    one(server, api_key_env=KEY_VARIABLE)
    one(server)
    assert [headers.get("authorization") for headers in _lower(server)] == [f"Bearer {KEY}", None]


def _lower(server: Server) -> list[dict[str, str]]:
    return [{k.lower(): v for k, v in headers.items()} for headers in server.headers]


def test_the_key_is_read_when_first_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    generator = EndpointGenerator(server.config(api_key_env=KEY_VARIABLE), pacing=Naps().pacing())
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    ((_, outcome),) = generator.generate([ASKED])
    assert text_of(outcome) == TEXT


def test_an_unset_key_is_named_and_nothing_is_sent(
    server: Server, naps: Naps, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in (None, "", "  ", "sk-schlüssel", "sk-1\tx"):
        if value is None:
            monkeypatch.delenv(KEY_VARIABLE, raising=False)
        else:
            monkeypatch.setenv(KEY_VARIABLE, value)
        for outcome in outcomes(server, naps, count=2, api_key_env=KEY_VARIABLE):
            assert isinstance(outcome, BackendError)
            assert f"the environment variable {KEY_VARIABLE} (api_key_env)" in str(outcome)
            assert "schl" not in str(outcome)
    assert server.headers == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        *(("echo", status) for status in (200, 400, 401, 404, 500)),
        *(("page", status) for status in (200, 404, 429)),
        *(("stream", status) for status in (400, 500)),
        ("streamed", 200),
        ("location", 302),
        ("content", 200),
    ],
)
def test_the_key_is_written_nowhere(
    server: Server,
    naps: Naps,
    status: int,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    # At DEBUG, httpcore logs the headers of answers, whatever the server puts into them.
    caplog.set_level(logging.INFO if kind == "location" else logging.DEBUG)
    server.models = [KEY]
    page = f"<p>{'x' * 178}{KEY}</p>"  # stands across the end of an excerpt
    server.fallback = {
        "echo": Reply(status=status, echo=True, headers=JSON_TYPE),
        "page": raw(page, "text/html", status),
        "stream": events(part(KEY), {"error": {"message": page, "code": status}}),
        "streamed": events(part(KEY[:9]), part(KEY[9:]), part(reason="stop")),
        "location": Reply(status=status, body=b"", headers={"Location": f"http://h/{KEY}"}),
        "content": completion(choice(f"The key is {KEY}.")),
    }[kind]
    config = server.config(api_key_env=KEY_VARIABLE, stream=kind.startswith("stream"))
    generator = EndpointGenerator(config, pacing=naps.pacing())
    written = [repr(generator.settings), repr(vars(generator)), repr(config)]
    for _, outcome in generator.generate([ASKED] * 2):
        written.append(repr(outcome))
        if isinstance(outcome, BackendError):
            shown = traceback.TracebackException.from_exception(outcome, capture_locals=True)
            written += [*shown.format(), repr(outcome.__cause__), repr(outcome.__context__)]
    try:
        written.append(probe(config))
    except BackendError as error:
        written.append("".join(traceback.TracebackException.from_exception(error).format()))
    assert any(KEY in str(headers) for headers in server.headers)
    for half in (KEY, KEY[: len(KEY) // 2]):
        assert half not in "\n".join(written)
        assert half not in caplog.text
