from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import huggingface_hub
import pytest

from digest.backends.neural import availability as module
from digest.backends.neural.availability import availability
from digest.config import ChatConfig, CTranslate2Config, Seq2SeqConfig
from tests.digest.backends.neural import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def seq2seq(model: Path | str, **options: Any) -> Seq2SeqConfig:
    return Seq2SeqConfig(kind="seq2seq", model=str(model), **options)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a hub whose port nobody listens on."""
    made = tmp_path / "hub"
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(made))
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    return made


@contextmanager
def hub(
    monkeypatch: pytest.MonkeyPatch, status: int, body: object, **headers: str
) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held = json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(held)))
            self.end_headers()
            self.wfile.write(held)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", address)
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def listing(**sizes: int) -> dict[str, Any]:
    files = [{"rfilename": name.replace("__", "."), "size": n} for name, n in sizes.items()]
    return {"id": "news/model", "sha": COMMIT, "siblings": files, "gated": False}


@pytest.mark.parametrize("name", ["bart", "pegasus", "t5", "led", "llama", "t5gemma"])
def test_a_complete_folder_is_local(name: str) -> None:
    found = availability(seq2seq(tiny.folder(name)))
    assert (found.state, found.detail) == ("local", str(tiny.folder(name)))
    assert found.bytes == sum(path.stat().st_size for path in tiny.folder(name).iterdir())


@pytest.mark.parametrize("lost", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_folder_that_lacks_something_is_of_no_use(tmp_path: Path, lost: str) -> None:
    source = tiny.copied("bart", tmp_path)
    (source / lost).unlink()
    found = availability(seq2seq(source))
    assert found.state == "missing"
    assert lost in found.detail


def test_every_shard_must_be_there(tmp_path: Path) -> None:
    source = tiny.copied("bart", tmp_path)
    (source / "model.safetensors").rename(source / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (source / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    found = availability(seq2seq(source))
    assert found.detail.endswith("lacks model-00002-of-00002.safetensors")
    (source / "model.safetensors.index.json").write_text("no JSON")
    assert availability(seq2seq(source)).state == "missing"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    for model in (str(tmp_path / "none"), "./none"):
        found = availability(seq2seq(model))
        assert found.state == "missing"
        assert "there is no folder" in found.detail


def test_a_model_in_the_cache_is_local(cache: Path) -> None:
    held = cache / "models--news--model"
    (held / "refs").mkdir(parents=True)
    (held / "refs" / "main").write_text(COMMIT)
    (held / "snapshots").mkdir()
    copied = tiny.copied("bart", held / "snapshots")
    copied.rename(held / "snapshots" / COMMIT)
    for options in ({}, {"download": False}, {"revision": COMMIT}):
        found = availability(seq2seq("news/model", **options))
        assert (found.state, found.detail) == ("local", f"in the cache, commit {COMMIT}")
        assert found.bytes
    (held / "snapshots" / COMMIT / "model.safetensors").unlink()
    found = availability(seq2seq("news/model", download=False))
    assert found.state == "missing"
    assert "the cache lacks weights (model.safetensors); allow download: true" in found.detail


def test_a_hub_that_cannot_be_reached() -> None:
    found = availability(seq2seq("news/model"))
    assert found.state == "missing"
    assert "not on this machine, and the hub did not answer" in found.detail
    found = availability(ChatConfig(kind="chat", model="news/model", download=False))
    assert "download: false, and the cache lacks everything" in found.detail


def test_what_would_be_downloaded_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    files = listing(
        config__json=10, model__safetensors=5000, pytorch_model__bin=5100, tokenizer__json=300
    )
    with hub(monkeypatch, 200, files):
        found = availability(seq2seq("news/model"))
    assert (found.state, found.bytes) == ("download", 5310)
    assert found.detail == f"commit {COMMIT}"


def test_terms_are_mentioned(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**listing(config__json=10, model__safetensors=50), "gated": "manual"}
    with hub(monkeypatch, 200, files):
        assert "terms must be accepted" in availability(seq2seq("news/model")).detail


FITS = [
    ("seq2seq", {"model_type": "led"}, None),
    ("seq2seq", {"model_type": "t5gemma"}, None),
    ("seq2seq", {"model_type": "llama"}, "no encoder-decoder (llama): take kind: chat"),
    ("seq2seq", {"model_type": "whisper"}, "no class for its type (whisper) that writes text"),
    ("seq2seq", {"model_type": "homemade"}, "does not know its type (homemade)"),
    ("seq2seq", {}, None),
    ("ctranslate2", {"model_type": "pegasus"}, None),
    ("ctranslate2", {"model_type": "led"}, "of type led, and kind: ctranslate2 takes bart"),
    ("ctranslate2", {"model_type": "longt5"}, "take kind: seq2seq"),
    ("ctranslate2", {"model_type": "pegasus_x"}, "take kind: seq2seq"),
    ("chat", {"model_type": "bart"}, "an encoder-decoder (bart): take kind: seq2seq"),
    ("chat", {"model_type": "qwen3", "tokenizer_config": {}}, "no chat template"),
    ("chat", {"model_type": "qwen3", "tokenizer_config": {"chat_template": "{{ x }}"}}, None),
    ("chat", {"model_type": "qwen3"}, None),
]


@pytest.mark.parametrize(("kind", "told", "fault"), FITS)
def test_what_a_kind_cannot_run_is_not_downloaded(
    monkeypatch: pytest.MonkeyPatch, kind: str, told: dict[str, Any], fault: str | None
) -> None:
    files = {**listing(config__json=10, model__safetensors=50), "config": told}
    section: Any = {"seq2seq": Seq2SeqConfig, "chat": ChatConfig, "ctranslate2": CTranslate2Config}
    with hub(monkeypatch, 200, files):
        found = availability(section[kind](kind=kind, model="news/model"))
    assert found.state == ("missing" if fault else "download")
    assert (fault or "commit") in found.detail


def test_a_chat_template_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    files = listing(config__json=10, model__safetensors=50, chat_template__jinja=5)
    files["config"] = {"model_type": "qwen3", "tokenizer_config": {}}
    with hub(monkeypatch, 200, files):
        found = availability(ChatConfig(kind="chat", model="news/model"))
    assert found.state == "download"


def test_a_repository_without_weights_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    with hub(monkeypatch, 200, listing(config__json=10, model__gguf=50)):
        found = availability(seq2seq("news/model"))
    assert found.state == "missing"
    assert "no weights for transformers" in found.detail


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("RepoNotFound", "the hub has no such model or it is private"),
        ("RevisionNotFound", "the hub has no revision v9 of it"),
        ("GatedRepo", "wants its terms accepted"),
    ],
)
def test_what_the_hub_refuses(monkeypatch: pytest.MonkeyPatch, code: str, words: str) -> None:
    status = 403 if code == "GatedRepo" else 404
    with hub(monkeypatch, status, {"error": code}, X_Error_Code=code):
        found = availability(seq2seq("news/model", revision="v9"))
    assert found.state == "missing"
    assert words in found.detail


@pytest.mark.parametrize("model", ["a/b/c", "no such name!", "..", "x" * 300])
def test_nothing_raises(model: str) -> None:
    assert availability(seq2seq(model)).state == "missing"


def test_converted_folders_and_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = CTranslate2Config(kind="ctranslate2", model=str(tmp_path))
    for name in ("model.bin", "config.json", "tokenizer.json"):
        assert availability(config).state == "missing"
        (tmp_path / name).write_text("{}")
    assert availability(config).state == "local"
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    assert "pip install" in availability(config).detail
