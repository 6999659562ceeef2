from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import replace
from types import GeneratorType
from typing import TYPE_CHECKING, Any

import pytest

from digest.backends.neural.endpoint import EndpointGenerator
from digest.backends.neural.generator import Generated
from tests.digest.backends.neural.servers import (
    ASKED,
    TEXT,
    Reply,
    Server,
    choice,
    completion,
    events,
    one,
    part,
    raw,
    serving,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

STREAM = events(*(part(f"{w} ") for w in "One two three four five.".split()), part(reason="stop"))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("stream", [False, True])
def test_a_request_is_answered(server: Server, stream: bool) -> None:  # noqa: FBT001 - both ways
    outcome = one(server, stream=stream)
    assert outcome == Generated(
        texts=(TEXT,), finished=(True,), input_tokens=100, output_tokens=10, retries=0
    )
    (payload,) = server.asked
    assert payload["model"] == "writer-1"
    assert [message["role"] for message in payload["messages"]] == ["system", "user"]
    assert all(document in payload["messages"][1]["content"] for document in ASKED.documents)
    assert (payload["temperature"], payload["top_p"]) == (0.0, 1.0)
    assert payload["max_tokens"] == 2 * 60 + 64
    assert "n" not in payload
    assert payload.get("stream_options") == ({"include_usage": True} if stream else None)


def test_instructions_and_output_tokens_come_from_the_configuration(server: Server) -> None:
    one(server, instructions="Be brief.", max_output_tokens=512)
    assert server.asked[0]["messages"][0] == {"role": "system", "content": "Be brief."}
    assert server.asked[0]["max_tokens"] == 512


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([{"type": "text", "text": "One. "}, {"type": "text", "text": "Two."}], "One. Two."),
        ([{"type": "text", "text": "One."}, {"type": "image"}, "x", None], "One."),
        ("  Padded.\n", "Padded."),
        ("A 🍵 in São Tomé.", "A 🍵 in São Tomé."),
        ("Half of a pair \ud83c.", "Half of a pair �."),
    ],
)
def test_content_is_text(server: Server, content: Any, expected: str) -> None:
    server.script.append(completion(choice(content)))
    assert text_of(one(server)) == expected


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_reasoning_is_no_part_of_a_text(server: Server, name: str) -> None:
    server.script.append(completion(choice(TEXT, **{name: "Hm, the user wants …"})))
    assert text_of(one(server)) == TEXT
    delta = {"choices": [{"delta": {name: "Hm"}, "index": 0}]}
    server.script.append(events(delta, part(TEXT), part(reason="stop")))
    assert text_of(one(server, stream=True)) == TEXT


@pytest.mark.parametrize(
    ("reason", "finished"),
    [("stop", True), ("eos", True), (None, True), ("length", False), ("max_tokens", False)],
)
def test_a_text_that_the_limit_ended_is_not_finished(
    server: Server, reason: str | None, *, finished: bool
) -> None:
    server.script.append(completion(choice(TEXT, reason)))
    outcome = one(server)
    assert isinstance(outcome, Generated)
    assert outcome.finished == (finished,)
    server.script.append(events(part(TEXT), part(reason=reason)))
    streamed = one(server, stream=True)
    assert isinstance(streamed, Generated)
    assert streamed.finished == (finished,)


def test_a_stream_is_read_by_its_own_line_ends(server: Server) -> None:
    # U+2028 and U+0085 may stand raw in JSON; httpx takes them for line ends.
    odd = json.dumps(part("One\u2028two\x85three."), ensure_ascii=False)
    server.script = [events(odd, part(reason="stop"), end="\r\n")]
    assert text_of(one(server, stream=True)) == "One\u2028two\x85three."


def test_a_stream_may_have_comments_and_need_no_done(server: Server) -> None:
    body = events(part("A "), part("b."), part(reason="stop"), done=False).body
    assert body is not None
    commented = f": keep-alive\n\nevent: message\nid: 1\n{body.decode()}"
    server.script.append(raw(commented, "text/event-stream"))
    assert text_of(one(server, stream=True)) == "A b."


def test_a_stream_may_take_long_as_long_as_it_goes_on(server: Server) -> None:
    server.script.append(replace(STREAM, drip_s=0.1))
    outcome = one(server, stream=True, timeout_s=0.6, retries=0)
    assert text_of(outcome) == "One two three four five."


def test_a_stream_that_stalls_is_asked_for_again(server: Server) -> None:
    server.script.append(replace(STREAM, drip_s=5.0))
    outcome = one(server, stream=True, timeout_s=0.3)
    assert isinstance(outcome, Generated)
    assert (outcome.texts, outcome.retries) == ((TEXT,), 1)


def test_a_server_that_does_not_stream_is_understood(server: Server) -> None:
    server.script.append(completion(choice(TEXT)))
    assert text_of(one(server, stream=True)) == TEXT


@pytest.mark.parametrize("stream", [False, True])
def test_tokens_are_estimated_where_the_server_counts_none(
    server: Server,
    stream: bool,  # noqa: FBT001 - both ways
) -> None:
    counted = EndpointGenerator(server.config(stream=stream))
    ((_, first),) = counted.generate([ASKED])
    assert isinstance(first, Generated)
    assert not first.estimated
    uncounted = events(part(TEXT, "stop")) if stream else completion(choice(TEXT))
    server.script.append(uncounted)
    generator = EndpointGenerator(server.config(stream=stream))
    ((_, outcome),) = generator.generate([ASKED])
    assert isinstance(outcome, Generated)
    assert outcome.output_tokens == -(-len(TEXT) // 4)
    sent = sum(len(message["content"]) for message in server.asked[-1]["messages"])
    assert sent / 4 <= outcome.input_tokens <= sent / 4 + 20
    assert outcome.estimated


def test_candidates_are_asked_for_at_once(server: Server) -> None:
    outcome = one(server, candidates=3, temperature=0.7)
    assert isinstance(outcome, Generated)
    assert outcome.texts == (TEXT,) * 3
    assert (outcome.input_tokens, outcome.output_tokens) == (100, 30)
    assert [payload.get("n") for payload in server.asked] == [3]


def test_candidates_come_one_by_one_from_a_server_that_gives_one(server: Server) -> None:
    server.ignores_n = True
    numbers = iter("abc")
    server.text = lambda _: next(numbers)
    outcome = one(server, candidates=3)
    assert isinstance(outcome, Generated)
    assert outcome.texts == ("a", "b", "c")
    assert (outcome.input_tokens, outcome.output_tokens) == (300, 30)
    assert [payload.get("n") for payload in server.asked] == [3, 2, None]


def test_candidates_are_in_the_order_of_their_index_and_never_too_many(server: Server) -> None:
    texts = ["c", "a", "b", "d"]
    choices = [choice(text) | {"index": "abcd".index(text)} for text in texts]
    server.script.append(completion(*choices))
    outcome = one(server, candidates=3)
    assert isinstance(outcome, Generated)
    assert outcome.texts == ("a", "b", "c")


def test_streamed_candidates_are_told_apart(server: Server) -> None:
    mixed = [part("a", index=0), part("x", index=1), part("b", index=0), part("y", index=1)]
    ends = [part(reason="length", index=1), part(reason="stop", index=0)]
    server.script.append(events(*mixed, *ends))
    outcome = one(server, stream=True, candidates=2)
    assert isinstance(outcome, Generated)
    assert (outcome.texts, outcome.finished) == (("ab", "xy"), (True, False))


def test_an_unusable_candidate_costs_the_others_nothing(server: Server) -> None:
    server.script.append(completion(choice(""), choice("x", "content_filter"), choice("a")))
    server.script += [completion(choice("", "content_filter"))]
    outcome = one(server, candidates=3)
    assert isinstance(outcome, Generated)
    assert outcome.texts == ("a",)


def test_requests_go_out_together_but_no_more_than_allowed(server: Server) -> None:
    server.fallback = Reply(delay_s=0.05)
    generator = EndpointGenerator(server.config(concurrency=3))
    indexes = sorted(index for index, _ in generator.generate([ASKED] * 10))
    assert indexes == list(range(10))
    assert server.most_at_once == 3


def test_outcomes_come_as_soon_as_they_are_known(server: Server) -> None:
    server.script.append(Reply(delay_s=0.3))
    generator = EndpointGenerator(server.config(concurrency=2))
    order = [index for index, _ in generator.generate([ASKED] * 4)]
    assert sorted(order) == [0, 1, 2, 3]
    assert order[-1] in {0, 1}, "one of the first two was slow, and no other waited for it"


def test_nothing_asked_is_nothing_sent(server: Server) -> None:
    assert list(EndpointGenerator(server.config()).generate([])) == []
    assert server.headers == []


def test_a_caller_that_stops_early_leaves_nothing_behind(server: Server) -> None:
    server.fallback = Reply(delay_s=60)
    server.script.append(Reply())
    config = server.config(concurrency=2, timeout_s=60.0)
    outcomes = EndpointGenerator(config).generate([ASKED] * 5)
    next(outcomes)
    assert isinstance(outcomes, GeneratorType)
    outcomes.close()
    assert len(server.asked) <= 3  # the first, and two at a time: nobody waited for the others
    assert not [t for t in threading.enumerate() if t.name == "digest-endpoint"]


def test_a_busy_event_loop_is_no_hindrance(server: Server) -> None:
    async def notebook() -> list[str]:
        return [
            text_of(outcome) for _, outcome in EndpointGenerator(server.config()).generate([ASKED])
        ]

    assert asyncio.run(notebook()) == [TEXT]


def test_a_bug_is_raised_and_not_swallowed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[dict[str, str]]:
        raise ZeroDivisionError

    monkeypatch.setattr("digest.backends.neural.endpoint.messages", broken)
    with pytest.raises(ExceptionGroup) as caught:
        list(EndpointGenerator(server.config()).generate([ASKED]))
    assert caught.group_contains(ZeroDivisionError)
