from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from digest.backends.neural.endpoint import EndpointGenerator
from digest.backends.neural.endpoint_probe import probe
from digest.backends.neural.generator import Request
from digest.config import EndpointConfig
from digest.errors import BackendError, ConfigError
from tests.digest.backends.neural.servers import (
    ASKED,
    KEY_VARIABLE,
    TEXT,
    Server,
    one,
    serving,
    text_of,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.backends.neural.generator import Generator


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def made(**changes: Any) -> EndpointGenerator:
    values: dict[str, Any] = {"kind": "endpoint", "base_url": "http://h/v1/", "model": "m"}
    return EndpointGenerator(EndpointConfig(**(values | changes)))


def test_the_settings_hold_what_decides_a_text_and_nothing_else() -> None:
    base = made().settings
    assert json.loads(json.dumps(base)) == base
    deciding: list[dict[str, Any]] = [
        {"temperature": 0.5},
        {"top_p": 0.5},
        {"instructions": "x"},
        {"max_output_tokens": 99},
        {"base_url": "http://other/v1"},
        {"candidates": 2},
    ]
    for change in deciding:
        assert made(**change).settings != base, change
    indifferent: list[dict[str, Any]] = [
        {"concurrency": 1},
        {"stream": True},
        {"retries": 0},
        {"timeout_s": 1.0},
        {"price_input": 1.0},
        {"api_key_env": KEY_VARIABLE},
        {"base_url": "http://h/v1"},
    ]
    for change in indifferent:
        assert made(**change).settings == base, change


def test_the_seed_counts_where_dice_are_thrown() -> None:
    def seeded(seed: int, temperature: float) -> EndpointGenerator:
        config = EndpointConfig(
            kind="endpoint", base_url="http://h/v1", model="m", temperature=temperature
        )
        return EndpointGenerator(config, seed=seed)

    assert seeded(1, 0.0).settings == seeded(2, 0.0).settings
    assert seeded(1, 0.5).settings != seeded(2, 0.5).settings


def test_the_seed_is_sent_where_dice_are_thrown(server: Server) -> None:
    server.ignores_n = True
    for temperature in (0.0, 0.5):
        config = server.config(temperature=temperature, candidates=2)
        list(EndpointGenerator(config, seed=7).generate([ASKED]))
    assert [payload.get("seed") for payload in server.asked] == [None, None, 7, 8]


def test_a_server_that_does_not_know_seeds_is_asked_without(server: Server) -> None:
    server.script.append(wrong(422, "Unexpected keys in the request: {'seed'}"))
    ((_, outcome),) = EndpointGenerator(server.config(temperature=0.5)).generate([ASKED])
    assert text_of(outcome) == TEXT
    assert ["seed" in payload for payload in server.asked] == [True, False]


def test_a_change_of_the_prompt_changes_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    before = made().settings
    monkeypatch.setattr(
        "digest.backends.neural.endpoint.messages", lambda *_: [{"role": "user", "content": "x"}]
    )
    assert made().settings != before


def test_room_is_what_the_prompt_leaves(server: Server) -> None:
    generator: Generator = EndpointGenerator(server.config(max_input_tokens=2000))
    room = generator.room(100)
    sentence = "Rain fell on the harbor of Lisk. "  # 33 bytes
    documents = (sentence * (room // 9),)
    while sum(generator.count([documents[0] + sentence])) <= room:
        documents = (documents[0] + sentence,)
    list(generator.generate([Request(documents=documents, max_words=100)]))
    sent = [message["content"] for message in server.asked[0]["messages"]]
    assert 1700 < sum(generator.count(sent)) <= 2000
    assert made(max_input_tokens=128, instructions="word " * 500).room(100) == 0


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("снег", 2), ("北京市", 3)]
)
def test_tokens_are_estimated_by_bytes(text: str, tokens: int) -> None:
    assert made().count([text]) == [tokens]


def test_a_generator_says_who_it_is() -> None:
    generator: Generator = made()
    assert (generator.model, generator.revision) == ("m", None)
    assert {"<|im_start|>", "[INST]", "</s>", "<|eot_id|>"} <= set(generator.special_tokens)


@pytest.mark.parametrize("url", ["http://me:word@h/v1", "https://token@h/v1"])
def test_a_password_in_the_address_is_refused_unprinted(url: str) -> None:
    with pytest.raises(ConfigError, match="api_key_env") as caught:
        made(base_url=url)
    assert "word@" not in str(caught.value)
    assert "token" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://", "http://h:port/v1", "https://[::1/v1", "http://h:0/v1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="base_url must be"):
        made(base_url=url)


def test_an_address_that_only_looks_like_one_is_an_outcome() -> None:
    ((_, outcome),) = made(base_url="http://h\x7f/v1").generate([ASKED])
    assert "base_url is no address" in str(outcome)


def test_no_proxy_is_asked_for_this_machine(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert text_of(one(server)) == TEXT


def test_a_probe_tells_whether_the_model_is_there(server: Server) -> None:
    assert probe(server.config()) == f"{server.url} has writer-1"
    with pytest.raises(
        BackendError, match=r"does not list it; the server offers writer-1, "
    ) as other:
        probe(server.config(model="writer"))
    assert "did you mean 'writer-" in str(other.value)
    assert server.gets == ["/v1/models"] * 2
    assert server.asked == []
    server.models = ["writer:latest"]  # as Ollama has it, where both names work
    assert probe(server.config(model="writer")) == f"{server.url} has writer"
    server.models = []  # `transformers serve` before 5.24
    assert "lists no model, so that it may have writer-1 or not" in probe(server.config())


def test_a_probe_that_fails_tells_why(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    with pytest.raises(BackendError, match=f"variable {KEY_VARIABLE} .* is not set"):
        probe(server.config(api_key_env=KEY_VARIABLE))
    server.models = None
    with pytest.raises(BackendError, match="404 Not Found"):
        probe(server.config())
    with pytest.raises(BackendError, match="no connection"):
        probe(server.config(base_url="http://127.0.0.1:9/v1"))


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "foo:bar"])
def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    config = EndpointConfig(kind="endpoint", base_url="http://models.invalid/v1", model="m")

    with pytest.raises(BackendError, match="HTTP_PROXY"):
        probe(config)
    with pytest.raises(BackendError, match="HTTP_PROXY"):
        list(EndpointGenerator(config).generate([Request(documents=("Rain.",), max_words=20)]))


def test_a_base_url_with_a_query_is_refused() -> None:
    config = EndpointConfig(kind="endpoint", base_url="http://127.0.0.1/v1?key=x", model="m")

    with pytest.raises(ConfigError, match="query"):
        EndpointGenerator(config)
