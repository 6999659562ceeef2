from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from digest.backends.neural.endpoint import EndpointGenerator
from digest.backends.neural.generator import Generated
from digest.errors import BackendError
from tests.digest.backends.neural.servers import (
    ASKED,
    TEXT,
    Naps,
    Reply,
    Server,
    outcomes,
    raw,
    serving,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


GOOD = Reply()
BOOM = wrong(500, "boom")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.mark.parametrize(
    ("refusal", "name"),
    [
        (wrong(400, "Unrecognized request argument supplied: stream_options"), "stream_options"),
        (raw('{"detail": "Unexpected fields in the request: {\'n\'}"}', status=422), "n"),
        (wrong(400, "n must be 1 when using greedy sampling, got 2."), "n"),
        (
            wrong(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
            "max_tokens",
        ),
    ],
)
def test_a_parameter_the_server_refuses_is_done_without(
    server: Server, naps: Naps, refusal: Reply, name: str
) -> None:
    server.script.append(refusal)
    got = outcomes(server, naps, count=2, concurrency=1, candidates=2, stream=True)
    assert [outcome.texts for outcome in got] == [(TEXT, TEXT)] * 2
    assert [outcome.retries for outcome in got] == [0, 0]
    assert [name in payload for payload in server.asked].count(True) == 1
    if name == "max_tokens":
        assert server.asked[-1]["max_completion_tokens"] == 2 * 60 + 64


def test_a_parameter_is_given_up_once_and_no_more(server: Server, naps: Naps) -> None:
    server.fallback = wrong(400, "Use 'max_completion_tokens', not 'n' or stream_options")
    (outcome,) = outcomes(server, naps, candidates=2, stream=True)
    assert isinstance(outcome, BackendError)
    assert len(server.asked) == 4


def test_waits_grow_and_are_jittered(server: Server, naps: Naps) -> None:
    server.fallback = BOOM
    outcomes(server, naps, retries=9)
    ceilings = [1, 2, 4, 8, 16, 32, 60, 60, 60]
    dice = Naps().pacing().dice
    assert naps.taken == [dice.uniform(0, ceiling) for ceiling in ceilings]
    assert len(set(naps.taken)) == 9


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3),
        ("0", 0),
        ("1.5", 1.5),
        ("-4", 0),
        ("86400", 60),
        ("9" * 400, 60),
        ("Sun, 01 Mar 2026 12:00:07 GMT", 7),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Mon, 02 Mar 2026 12:00:00 GMT", 60),
    ],
)
def test_retry_after_is_honoured_and_capped(
    server: Server, naps: Naps, value: str, seconds: float
) -> None:
    server.script.append(wrong(429, "slow down", Retry_After=value))
    (outcome,) = outcomes(server, naps)
    assert isinstance(outcome, Generated)
    (nap,) = naps.taken
    assert seconds <= nap <= seconds + 1


@pytest.mark.parametrize(
    "value", ["soon", "", "nan", "Sun, 99 Foo 2026", "Sun, 01 Mar 2026 13:00:00 -0000"]
)
def test_a_retry_after_without_sense_is_passed_over(server: Server, naps: Naps, value: str) -> None:
    server.script.append(wrong(503, "busy", Retry_After=value))
    (outcome,) = outcomes(server, naps)
    assert isinstance(outcome, Generated)
    assert 0 <= naps.taken[0] <= 1


def _closed_port() -> int:
    with socket.socket() as probe_socket:
        probe_socket.bind(("127.0.0.1", 0))
        return int(probe_socket.getsockname()[1])


def test_a_server_that_refuses_connections_is_given_up_for_all(server: Server, naps: Naps) -> None:
    config = server.config(base_url=f"http://127.0.0.1:{_closed_port()}/v1", concurrency=2)
    generator = EndpointGenerator(config, pacing=naps.pacing())
    got = dict(generator.generate([ASKED] * 100))
    assert len(got) == 100
    assert all("no connection: " in str(outcome) for outcome in got.values())
    assert sum("not asked again" in str(outcome) for outcome in got.values()) >= 98
    assert f"{config.base_url}: gave up after 3 tries: " in str(got[0])
    assert "is the server running" in str(got[0])
    assert len(naps.taken) <= 4
    # Asked again later, it gets one try; once it is back, all of them.
    again = dict(generator.generate([ASKED] * 3))
    assert "gave up after 1 try" in str(again[0])
    assert len(naps.taken) <= 4


def test_a_server_that_goes_away_is_given_up_for_all(naps: Naps) -> None:
    with serving(GOOD) as server:
        server.fallback = Reply(delay_s=60.0)
        config = server.config(concurrency=1, retries=1, timeout_s=60.0)
        results = EndpointGenerator(config, pacing=naps.pacing()).generate([ASKED] * 9)
        assert isinstance(next(results)[1], Generated)
    told = [str(outcome) for _, outcome in results]
    assert "the connection broke" in told[0]
    assert "gave up after 2 tries: no connection" in told[1]
    assert all("not asked again" in text for text in told[2:])
    assert len(told) == 8


def test_a_server_that_comes_back_is_asked_as_ever(server: Server, naps: Naps) -> None:
    server.script.append(wrong(401, "no"))
    generator = EndpointGenerator(server.config(concurrency=1), pacing=naps.pacing())
    assert all(isinstance(outcome, BackendError) for _, outcome in generator.generate([ASKED] * 2))
    server.script += [GOOD, BOOM, BOOM, GOOD]
    got = dict(generator.generate([ASKED] * 2))
    assert [got[number].retries for number in (0, 1)] == [0, 2]  # type: ignore[union-attr]


def test_a_server_that_never_says_a_word_is_given_up_for_all(server: Server, naps: Naps) -> None:
    server.fallback = Reply(delay_s=5.0)
    got = outcomes(server, naps, count=20, concurrency=2, timeout_s=0.1, retries=1)
    assert all("nothing for 0.1 s (timeout_s)" in str(outcome) for outcome in got)
    assert len(server.asked) <= 4


def test_one_slow_answer_ends_nothing_else(server: Server, naps: Naps) -> None:
    server.script += [GOOD, Reply(delay_s=5.0), Reply(delay_s=5.0), GOOD]
    got = outcomes(server, naps, count=3, concurrency=1, timeout_s=0.2, retries=1)
    assert [isinstance(outcome, Generated) for outcome in got] == [True, False, True]


def test_a_redirect_is_not_followed(server: Server, naps: Naps) -> None:
    with serving() as other:
        server.fallback = Reply(status=308, body=b"", headers={"Location": other.url})
        (outcome,) = outcomes(server, naps)
        assert isinstance(outcome, BackendError)
        assert (other.headers, len(server.asked)) == ([], 1)
