"""Whole runs over loopback: against `transformers serve` with a tiny model, and against faults."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from digest.backends.neural.endpoint import EndpointGenerator
from digest.backends.neural.endpoint_probe import probe
from digest.backends.neural.generator import Generated, Request
from digest.config import EndpointConfig, parse_config
from digest.console import console_progress
from digest.errors import BackendError
from digest.pipeline import run
from tests.digest.backends.neural.servers import (
    KEY,
    KEY_VARIABLE,
    Naps,
    Reply,
    choice,
    completion,
    raw,
    serving,
    wrong,
)
from tests.digest.backends.neural.tiny import folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from digest.pipeline import RunResult

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
READY_S = 180.0  # 9 s of one core's work, of which a busy machine makes minutes
ASKED = Request(documents=("It rained in Lisk.", "The ferry stayed in port."), max_words=40)
ARTICLES = {
    "storm-a": "A storm closed the harbor of Port Elim on Tuesday and sank three fishing boats, "
    "the port authority said. Nobody was hurt, but forty ferry passengers spent the night in a "
    "school gymnasium.\n\nMayor Adaeze Holm said that repairs would cost $2.5 million.",
    "storm-b": "Three fishing boats sank when a storm hit Port Elim on Tuesday, and the harbor was "
    "closed. The port authority said that nobody was hurt.\n\nForty passengers of a ferry had to "
    "sleep in a school, according to Mayor Adaeze Holm.",
    "trial": "A court in Vasteras acquitted former transport minister Ilka Brandt of fraud on "
    "Monday after a trial of seven months. Judge Oren Mbeki said the evidence was thin. "
    "Prosecutors will appeal the verdict.",
}
STORM = (
    "A storm sank three fishing boats and closed the harbor of Port Elim on Tuesday. Nobody was "
    "hurt, the port authority said."
)
TRIAL = (
    "A court in Vasteras acquitted former transport minister Ilka Brandt of fraud on Monday. Judge "
    "Oren Mbeki said the evidence was thin."
)


@dataclass(frozen=True, slots=True)
class Served:
    """A model behind a server."""

    url: str
    model: str

    def config(self, **changes: Any) -> EndpointConfig:
        values: dict[str, Any] = {"kind": "endpoint", "base_url": self.url, "model": self.model}
        return EndpointConfig(**(values | {"max_output_tokens": 24, "cache": False} | changes))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run `transformers serve` with a tiny chat model, offline, until the tests are done."""
    model, port = str(folder("llama")), _free_port()
    made = tmp_path_factory.mktemp("serve")
    offline = {"HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(made), "OMP_NUM_THREADS": "1"}
    start = "from transformers.cli.transformers import main; main()"
    command = [sys.executable, "-c", start, "serve", model, "--host", "127.0.0.1"]
    with _started(
        [*command, "--port", str(port), "--device", "cpu"], offline, made / "log"
    ) as told:
        _wait_for(f"http://127.0.0.1:{port}/health", told)
        yield Served(f"http://127.0.0.1:{port}/v1", model)


@contextmanager
def _started(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            yield process, log
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, told: tuple[subprocess.Popen[bytes], Path]) -> None:
    process, log = told
    deadline = time.monotonic() + READY_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5) as answer:  # noqa: S310 - the loopback server above
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"transformers serve did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.mark.parametrize("stream", [False, True])
def test_a_real_server_answers(served: Served, *, stream: bool) -> None:
    generator = EndpointGenerator(served.config(stream=stream, concurrency=2))
    got = dict(generator.generate([ASKED] * 3))
    assert sorted(got) == [0, 1, 2]
    for outcome in got.values():
        assert isinstance(outcome, Generated), outcome
        assert outcome == got[0], "greedy, so all are the same"
        assert outcome.texts[0]
        assert 0 < outcome.output_tokens <= 24
        assert outcome.finished == (outcome.output_tokens < 24,), "the limit ended it, or it did"
        assert outcome.input_tokens > 100
        assert not outcome.estimated


def test_a_real_server_streams_what_it_also_sends_whole(served: Served) -> None:
    texts = []
    for stream in (False, True):
        ((_, outcome),) = EndpointGenerator(served.config(stream=stream)).generate([ASKED])
        assert isinstance(outcome, Generated)
        # The streamer holds back bytes that are no character yet, and never sends the last of them.
        texts.append(outcome.texts[0].rstrip("\N{REPLACEMENT CHARACTER}"))
    assert texts[0] == texts[1] != ""


def test_a_real_server_that_ignores_n_is_asked_again(served: Served) -> None:
    generator = EndpointGenerator(served.config(candidates=2, temperature=1.0))
    ((_, outcome),) = generator.generate([ASKED])
    assert isinstance(outcome, Generated)
    assert len(outcome.texts) == 2
    assert 0 < outcome.output_tokens <= 48
    assert outcome.input_tokens > 200, "two calls"


def test_a_real_server_refuses_another_model(served: Served) -> None:
    generator = EndpointGenerator(served.config(model="another"))
    got = dict(generator.generate([ASKED] * 2))
    assert all("Server is pinned to" in str(outcome) for outcome in got.values())
    assert "the server offers " in str(got[0])
    try:  # transformers 5.24 lists the folder it serves, 5.23 the hub's cache only
        said = probe(served.config(model="another"))
    except BackendError as error:
        said = str(error)
    assert "does not list it; the server offers" in said or "lists no model" in said
    assert served.model in probe(served.config())


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    for name, text in ARTICLES.items():
        path = made / name.partition("-")[0] / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")
    return made


def _run(endpoint: EndpointConfig, articles: Path, out: Path) -> tuple[RunResult, dict[str, Any]]:
    """Run endpoint → fusion → lead; return the result, and what the manifest says of writing."""
    chain = [endpoint.model_dump(mode="json"), {"kind": "fusion"}, {"kind": "lead"}]
    config = parse_config({"schema_version": 1, "summarize": {"backends": chain}}, where="test")
    result = run(config, [str(articles)], output=out, now=NOW)
    return result, json.loads((out / "manifest.json").read_text(encoding="utf-8"))["writing"]


def _sentences(result: RunResult) -> list[str]:
    return [s.text for section in result.briefing.sections for s in section.sentences]


def test_random_words_are_no_briefing(served: Served, articles: Path, tmp_path: Path) -> None:
    result, writing = _run(served.config(max_output_tokens=60), articles, tmp_path / "out")
    assert writing["backends"] == {"fusion": 2}
    assert len(result.failures) == 2
    assert all(failure.startswith("endpoint: ") for failure in result.failures)
    assert [cluster["failures"] for cluster in writing["clusters"]] == [
        [failure] for failure in result.failures
    ]
    assert any("three fishing boats" in text for text in _sentences(result))


def _good(payload: dict[str, Any]) -> str:
    return STORM if "Port Elim" in payload["messages"][1]["content"] else TRIAL


FAULTS = [
    wrong(429, "slow down", Retry_After="1"),
    wrong(500, "boom"),
    Reply(cut=60),
    raw("{garbage"),
    raw('{"choices": []}'),
    Reply(delay_s=3.0),
]


@pytest.mark.parametrize("stream", [False, True])
def test_a_briefing_comes_out_of_a_failing_server(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stream: bool
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    naps = Naps()
    monkeypatch.setattr("digest.backends.neural.endpoint.Pacing", naps.pacing)
    with serving(*FAULTS) as server:
        server.text = _good
        config = server.config(
            api_key_env=KEY_VARIABLE,
            stream=stream,
            retries=6,
            timeout_s=0.5,
            concurrency=1,
            price_input=2.0,
            price_output=8.0,
            cache_dir=str(tmp_path / "cache"),
        )
        result, writing = _run(config, articles, tmp_path / "out")
        assert len(server.asked) == len(FAULTS) + 2
    assert result.failures == ()
    assert len(naps.taken) == len(FAULTS)
    assert naps.taken[0] >= 1
    assert writing["backends"] == {"endpoint": 2}
    assert (writing["calls"], writing["retries"], writing["cached"]) == (2, len(FAULTS), 0)
    assert (writing["input_tokens"], writing["output_tokens"]) == (200, 20)
    ((name, generation),) = writing["generation"].items()
    assert generation["api"] == f"{server.url}/chat/completions"
    assert [c["report"]["generation_sha256"] for c in writing["clusters"]] == [name, name]
    assert writing["warnings"] == []
    assert writing["cost"] == pytest.approx((200 * 2.0 + 20 * 8.0) / 1e6)
    assert " ".join(_sentences(result)) == f"{STORM} {TRIAL}"
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes(), path


def test_what_was_written_is_not_paid_twice(articles: Path, tmp_path: Path) -> None:
    with serving() as server:
        server.text = _good
        config = server.config(cache_dir=str(tmp_path / "cache"))
        first, _ = _run(config, articles, tmp_path / "one")
        second, writing = _run(config, articles, tmp_path / "two")
        assert len(server.asked) == 2
    assert (writing["calls"], writing["cached"]) == (2, 2)
    assert (writing["input_tokens"], writing["output_tokens"]) == (0, 0)
    assert (writing["cached_input_tokens"], writing["cached_output_tokens"]) == (200, 20)
    assert _sentences(first) == _sentences(second)


def test_what_failed_is_counted_too(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.backends.neural.endpoint.Pacing", Naps().pacing)
    spent = {"prompt_tokens": 50, "completion_tokens": 7}
    with serving() as server:
        server.fallback = completion(choice("", "stop"), usage=spent)
        config = server.config(
            concurrency=1, cache=False, retries=2, price_input=2.0, price_output=8.0
        )
        _, writing = _run(config, articles, tmp_path / "out")
        asked = len(server.asked)
    assert asked == 6
    assert writing["backends"] == {"fusion": 2}
    assert (writing["calls"], writing["failed"], writing["retries"]) == (2, 2, 4)
    assert (writing["input_tokens"], writing["output_tokens"]) == (50 * asked, 7 * asked)
    assert writing["cost"] == pytest.approx((50 * 2.0 + 7 * 8.0) * asked / 1e6)
    assert [len(cluster["refused"]) for cluster in writing["clusters"]] == [1, 1]
    assert len(writing["generation"]) == 1


def test_a_cache_that_keeps_nothing_is_told(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    with serving() as server, console_progress() as progress:
        server.text = _good
        chain = [server.config(cache_dir=str(tmp_path / "file")).model_dump(mode="json")]
        config = parse_config({"schema_version": 1, "summarize": {"backends": chain}}, where="test")
        run(config, [str(articles)], output=tmp_path / "out", now=NOW, progress=progress)
    writing = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["writing"]
    (warning,) = writing["warnings"]
    assert f"the cache {tmp_path / 'file'} cannot be used" in warning
    assert writing["backends"] == {"endpoint": 2}
    assert warning in capsys.readouterr().err


def test_one_refused_request_costs_the_others_nothing(articles: Path, tmp_path: Path) -> None:
    with serving(wrong(400, "Input flagged.")) as server:
        server.text = _good
        config = server.config(concurrency=1, cache=False)
        result, writing = _run(config, articles, tmp_path / "out")
    assert writing["backends"] == {"fusion": 1, "endpoint": 1}
    (failure,) = result.failures
    assert failure == f"endpoint: writer-1 at {server.url}: 400 Input flagged."
    assert len(result.briefing.sections) == 2


def test_without_a_server_the_next_backend_writes(articles: Path, tmp_path: Path) -> None:
    config = Served(f"http://127.0.0.1:{_free_port()}/v1", "m").config(retries=0)
    result, writing = _run(config, articles, tmp_path / "out")
    assert writing["backends"] == {"fusion": 2}
    assert len(result.failures) == 2
    assert all("no connection" in failure for failure in result.failures)
    with pytest.raises(BackendError, match="no connection"):
        probe(config)
