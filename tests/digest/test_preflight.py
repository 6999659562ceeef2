from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from digest.cli import app
from digest.config import parse_config
from digest.preflight import needs
from tests.digest.backends.neural import tiny
from tests.digest.backends.neural.servers import serving

if TYPE_CHECKING:
    from pathlib import Path


def _chain(*backends: dict[str, Any]) -> dict[str, Any]:
    return {"schema_version": 1, "summarize": {"backends": list(backends)}}


def test_backends_without_a_model_need_nothing() -> None:
    config = parse_config(_chain({"kind": "fusion"}, {"kind": "lead"}), where="test")

    assert needs(config) == []


def test_an_empty_folder_is_no_model_and_says_what_it_lacks(tmp_path: Path) -> None:
    chain = _chain({"kind": "seq2seq", "model": str(tmp_path)}, {"kind": "lead"})

    (need,) = needs(parse_config(chain, where="test"))

    assert not need.met
    assert "cannot be had" in need.detail
    assert "config.json" in need.detail


# What a run would refuse, each with what it says.
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "chat", "model": "base"}, "has no chat template"),
    ({"kind": "chat", "model": "bart"}, "an encoder-decoder (bart): take kind: seq2seq"),
    ({"kind": "seq2seq", "model": "llama"}, "no encoder-decoder (llama): take kind: chat"),
    ({"kind": "ctranslate2", "model": "led"}, "take kind: seq2seq"),
    ({"kind": "ctranslate2", "model": "longt5"}, "take kind: seq2seq"),
    ({"kind": "ctranslate2", "model": "pegasus_x"}, "take kind: seq2seq"),
    ({"kind": "seq2seq", "model": "bart", "max_input_tokens": 999}, "more than the 256 positions"),
    (
        {"kind": "seq2seq", "model": "t5", "max_input_tokens": 32, "prefix": "rain " * 40},
        "leave none for documents",
    ),
    (
        {"kind": "ctranslate2", "model": "t5", "generation": {"do_sample": True}},
        "do_sample: true is not for kind: ctranslate2",
    ),
    ({"kind": "ctranslate2", "model": "t5", "compute_type": "int3"}, "int3 is not to be had"),
]


@pytest.mark.parametrize(("backend", "said"), REFUSED)
def test_what_a_run_would_refuse_is_refused_before(backend: dict[str, Any], said: str) -> None:
    chain = _chain({**backend, "model": str(tiny.folder(backend["model"]))}, {"kind": "lead"})

    (need,) = needs(parse_config(chain, where="test"))

    assert not need.met
    assert said in need.detail


@pytest.mark.parametrize(
    ("kind", "model"),
    [("seq2seq", "t5gemma"), ("seq2seq", "led"), ("chat", "llama"), ("ctranslate2", "bart")],
)
def test_what_a_run_can_use_is_fine(kind: str, model: str) -> None:
    chain = _chain({"kind": kind, "model": str(tiny.folder(model))}, {"kind": "lead"})

    (need,) = needs(parse_config(chain, where="test"))

    assert need.met
    assert "is on this machine" in need.detail


def test_a_model_that_the_server_does_not_list_is_told() -> None:
    with serving() as server:
        chain = _chain(server.config(model="writer-9").model_dump(mode="json"))
        (need,) = needs(parse_config(chain, where="test"))

    assert not need.met
    assert "the server does not list it; the server offers writer-1, writer-2" in need.detail


def test_a_server_that_is_not_there_is_told() -> None:
    chain = _chain({"kind": "endpoint", "base_url": "http://127.0.0.1:9/v1", "model": "m"})

    (need,) = needs(parse_config(chain, where="test"))

    assert not need.met
    assert "127.0.0.1:9" in need.detail


def test_check_tells_of_models_and_exits_3_without_them(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(
        f"schema_version: 1\nsummarize: {{backends: [{{kind: chat, model: {tmp_path}}}]}}\n"
    )

    result = CliRunner().invoke(app, ["check", "--config", str(config)])

    assert result.exit_code == 3
    assert "fine, sha256" in result.stdout
    assert f"chat: {tmp_path} cannot be had" in result.stdout
