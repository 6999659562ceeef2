from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from digest.cli import app
from digest.config import parse_config
from digest.preflight import needs

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
