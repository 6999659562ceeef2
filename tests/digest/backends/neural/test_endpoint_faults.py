from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.backends.neural.endpoint import EndpointGenerator
from digest.backends.neural.generator import Generated
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
    outcomes,
    part,
    raw,
    serving,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


GOOD = Reply()
BOOM = wrong(500, "boom")
PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"
STREAM = events(part("The ferry "), part(TEXT), part(reason="stop"))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def naps() -> Naps:
    return Naps()


# What may be gone at the next try: the reply, and what the error says of it.
PASSING = {
    "429": (wrong(429, "slow down"), "429 slow down"),
    "500": (BOOM, "500 boom"),
    "502 page": (raw(PAGE, "text/html", 502), "502 <html><body><h1>502 Bad Gateway</h1>"),
    "503 empty": (Reply(status=503, body=b""), "503"),
    "504": (wrong(504, "upstream"), "504 upstream"),
    "529": (wrong(529, "overloaded"), "529 overloaded"),
    "522": (wrong(522, "proxy"), "522 proxy"),
    "408": (wrong(408, "idle"), "408 idle"),
    "cut-off body": (Reply(cut=40), "the connection broke: "),
    "no byte": (Reply(cut=0), "the connection broke: "),
    "slow": (Reply(delay_s=2.0), "nothing for 0.2 s (timeout_s)"),
    "garbage": (raw("{'choices': oops"), "not JSON (application/json): {'choices': oops"),
    "page": (raw(PAGE, "text/html"), "not JSON (text/html): <html>"),
    "deep": (raw("[" * 100_000), "not JSON"),
    "list": (raw("[1]"), "JSON, but no object"),
    "no choices": (raw("{}"), "without choices"),
    "empty choices": (raw('{"choices": []}'), "without choices"),
    "null choices": (raw('{"choices": [null, 7]}'), "without choices"),
    "no message": (raw('{"choices": [{}]}'), "an empty text"),
    "null content": (completion(choice(None)), "an empty text"),
    "blank content": (completion(choice(" \n")), "an empty text"),
    "odd content": (completion(choice({"text": 7})), "an empty text"),
    "aborted": (completion(choice("The fer", "abort")), "finish_reason abort"),
    "error in 200": (raw('{"error": {"message": "upstream", "code": 502}}'), "502 upstream"),
}
PASSING_STREAMS = {
    "cut-off stream": (Reply(cut=150), "cut off before its end"),
    "no event": (raw("", "text/event-stream"), "cut off before its end"),
    "no end": (events(part("The fer"), done=False), "cut off before its end"),
    "half an event": (
        raw('data: {"choices": [{"de', "text/event-stream"),
        "cut off before its end",
    ),
    "done at once": (events(), "without choices"),
    "empty stream": (events(part(reason="stop")), "an empty text"),
    "garbled event": (events("{oops"), "not JSON"),
    "error event": (events(part("The"), {"error": "worker died"}), "500 worker died"),
    "slow stream": (Reply(delay_s=2.0), "nothing for 0.2 s (timeout_s)"),
}


@pytest.mark.parametrize("name", PASSING)
def test_a_passing_fault_is_waited_out(server: Server, naps: Naps, name: str) -> None:
    reply, _ = PASSING[name]
    server.script += [reply, reply, GOOD]
    (outcome,) = outcomes(server, naps, timeout_s=0.2)
    assert isinstance(outcome, Generated), outcome
    assert (outcome.texts, outcome.retries) == ((TEXT,), 2)
    assert len(server.asked) == 3
    assert len(naps.taken) == 2


@pytest.mark.parametrize("name", PASSING_STREAMS)
def test_a_passing_fault_of_a_stream_is_waited_out(server: Server, naps: Naps, name: str) -> None:
    reply, _ = PASSING_STREAMS[name]
    server.script += [reply, reply, GOOD]
    (outcome,) = outcomes(server, naps, timeout_s=0.2, stream=True)
    assert isinstance(outcome, Generated), outcome
    assert (outcome.texts, outcome.retries) == ((TEXT,), 2)
    assert len(server.asked) == 3


@pytest.mark.parametrize("name", [*PASSING, *PASSING_STREAMS])
def test_a_fault_that_stays_is_told(server: Server, naps: Naps, name: str) -> None:
    reply, said = (PASSING | PASSING_STREAMS)[name]
    server.fallback = reply
    stream = name in PASSING_STREAMS
    (outcome,) = outcomes(server, naps, timeout_s=0.2, retries=1, stream=stream)
    assert isinstance(outcome, BackendError)
    assert str(outcome).startswith(f"writer-1 at {server.url}: gave up after 2 tries: ")
    assert said in str(outcome)
    assert len(server.asked) == 2


def test_each_try_is_told(server: Server, naps: Naps) -> None:
    server.script += [BOOM, BOOM, wrong(429, "slow down")]
    (outcome,) = outcomes(server, naps)
    assert str(outcome) == (
        f"writer-1 at {server.url}: gave up after 3 tries: 500 boom (2 times); 429 slow down"
    )


def test_what_failed_tries_cost_is_counted(server: Server, naps: Naps) -> None:
    spent = {"prompt_tokens": 7, "completion_tokens": 3}
    server.script.append(completion(choice(""), usage=spent))
    (outcome,) = outcomes(server, naps)
    assert (outcome.input_tokens, outcome.output_tokens) == (107, 13)


def test_what_a_request_without_a_text_cost_is_counted(server: Server, naps: Naps) -> None:
    spent = {"prompt_tokens": 7, "completion_tokens": 3}
    server.fallback = completion(choice(""), usage=spent)
    (outcome,) = outcomes(server, naps, retries=2)
    assert isinstance(outcome, BackendError)
    assert (outcome.took.input_tokens, outcome.took.output_tokens) == (21, 9)
    assert (outcome.took.retries, outcome.took.texts) == (2, ())
    server.script += [BOOM, completion(choice("", "length"), usage=spent)]
    (outcome,) = outcomes(server, naps)
    assert "raise max_output_tokens" in str(outcome)
    assert (outcome.took.input_tokens, outcome.took.output_tokens) == (7, 3)
    assert outcome.took.retries == 1


# What stays: the reply, what the error says, and whether other requests are spared it.
LONG = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens"
STAYING = {
    "400": (wrong(400, "temperature is odd"), "400 temperature is odd", False),
    "422": (raw('{"detail": [{"msg": "bad"}]}', status=422), '[{"msg": "bad"}]', False),
    "context": (wrong(400, LONG), "lower max_input_tokens", False),
    "context 2": (
        wrong(400, f"'max_tokens' or 'max_completion_tokens' is too large. {LONG}"),
        "lower max_input_tokens",
        False,
    ),
    "401": (
        wrong(401, "no"),
        f"401 no; check the key in the environment variable {KEY_VARIABLE}",
        True,
    ),
    "402": (wrong(402, "Insufficient Balance"), "402 Insufficient Balance", True),
    "403": (wrong(403, "no"), f"the environment variable {KEY_VARIABLE}", False),
    "quota": (
        raw('{"error": {"message": "quota", "code": "insufficient_quota"}}', status=429),
        "no quota left",
        True,
    ),
    "404 path": (raw(PAGE, "text/html", 404), "base_url must go up to and with /v1", True),
    "404 model": (
        wrong(404, "The model `writer-1` does not exist."),
        "the server offers writer-1, writer-2",
        True,
    ),
    "400 model": (
        wrong(400, "Server is pinned to 'writer-2'; requested 'writer-1'."),
        "the server offers",
        True,
    ),
    "redirect": (
        Reply(status=307, body=b"", headers={"Location": "http://127.0.0.1:9/v1?key=secret"}),
        "307 redirects to http://127.0.0.1:9/v1; set base_url",
        True,
    ),
    "filtered": (completion(choice("", "content_filter")), "finish_reason content_filter", False),
    "refusal": (completion(choice(None, refusal="I can't.")), "refused: I can't.", False),
    "tool": (completion(choice(None, "tool_calls", tool_calls=[{}])), "called a tool", False),
    "all thought": (completion(choice("", "length")), "raise max_output_tokens", False),
    "endless": (raw("x" * 16_000_001, "text/plain"), "more than 16000000 bytes", False),
}


@pytest.mark.parametrize("name", STAYING)
def test_a_fault_that_will_stay_is_told_at_once(
    server: Server, naps: Naps, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    reply, said, for_all = STAYING[name]
    server.script.append(reply)
    first, second = outcomes(server, naps, count=2, concurrency=1, api_key_env=KEY_VARIABLE)
    assert isinstance(first, BackendError)
    assert said in str(first)
    assert "gave up" not in str(first)
    assert naps.taken == []
    assert len(server.asked) == (1 if for_all else 2)
    assert isinstance(second, BackendError if for_all else Generated)
    if for_all:
        assert said in str(second)


def test_a_stream_may_refuse_too(server: Server, naps: Naps) -> None:
    server.script.append(events({"choices": [{"delta": {"refusal": "No."}}]}, part(reason="stop")))
    (outcome,) = outcomes(server, naps, stream=True)
    assert "the model refused: No." in str(outcome)


def test_a_model_that_nobody_lists_is_named_all_the_same(server: Server, naps: Naps) -> None:
    server.models = None
    server.script.append(wrong(404, "model 'writer-1' not found"))
    (outcome,) = outcomes(server, naps)
    assert "404 model 'writer-1' not found; and the server does not tell" in str(outcome)


def test_control_characters_of_a_server_do_not_reach_a_terminal(server: Server, naps: Naps) -> None:
    server.script.append(raw("\x1b[2J\x07" + "a" * 1000, "text/plain", 400))
    (outcome,) = outcomes(server, naps)
    assert str(outcome).isprintable()
    assert len(str(outcome)) < 400


FAULTS = [reply for reply, _ in PASSING.values() if not reply.delay_s]
FAULTS += [reply for reply, _ in PASSING_STREAMS.values() if not reply.delay_s]
FAULTS += [reply for name, (reply, *_) in STAYING.items() if name != "endless"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    script=st.lists(st.sampled_from([*FAULTS, GOOD, GOOD, GOOD, STREAM]), max_size=12),
    count=st.integers(1, 6),
    concurrency=st.integers(1, 4),
    candidates=st.integers(1, 3),
    retries=st.integers(0, 3),
    stream=st.booleans(),
    ignores_n=st.booleans(),
)
def test_whatever_happens_each_request_has_one_outcome(
    *,
    script: list[Reply],
    count: int,
    concurrency: int,
    candidates: int,
    retries: int,
    stream: bool,
    ignores_n: bool,
) -> None:
    with serving(*script) as server:
        server.ignores_n = ignores_n
        config = server.config(
            concurrency=concurrency, candidates=candidates, retries=retries, stream=stream
        )
        generator = EndpointGenerator(config, pacing=Naps().pacing())
        got = list(generator.generate([ASKED] * count))
    assert sorted(index for index, _ in got) == list(range(count))
    for _, outcome in got:
        if isinstance(outcome, Generated):
            assert 1 <= len(outcome.texts) == len(outcome.finished) <= candidates
            assert all(text.strip() for text in outcome.texts)
            assert outcome.retries <= retries + 1
            json.dumps([*outcome.texts], ensure_ascii=False).encode()
    assert server.most_at_once <= concurrency
