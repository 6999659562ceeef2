from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from digest.backends.embedded.weights import embedded_weights
from digest.config import parse_config

if TYPE_CHECKING:
    from pathlib import Path

    from digest.config import Config


def _config(*backends: dict[str, object]) -> Config:
    return parse_config({"schema_version": 1, "summarize": {"backends": list(backends)}}, where="x")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in ("compress/model.onnx", "compress/model.safetensors", "fuse/model.safetensors"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "embeddings.safetensors").write_text("shared")
    return tmp_path


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_files_of_each_model_are_named_with_their_hashes(models: Path) -> None:
    assert embedded_weights(_config({"kind": "fusion"}, {"kind": "lead"}), models=models) == {
        "compress": {
            "model.onnx": _sha256("compress/model.onnx"),
            "model.safetensors": _sha256("compress/model.safetensors"),
            "embeddings.safetensors": _sha256("shared"),
        },
        "fuse": {
            "model.safetensors": _sha256("fuse/model.safetensors"),
            "embeddings.safetensors": _sha256("shared"),
        },
    }


def test_changed_weights_have_another_hash(models: Path) -> None:
    config = _config({"kind": "fusion"})
    before = embedded_weights(config, models=models)
    path = models / "fuse" / "model.safetensors"
    path.write_text("trained again")
    os.utime(path, ns=(1, 1))
    after = embedded_weights(config, models=models)
    assert after["fuse"]["model.safetensors"] == _sha256("trained again")
    assert after["compress"] == before["compress"]


@pytest.mark.parametrize("backend", [{"kind": "fusion", "rewrite": False}, {"kind": "lead"}])
def test_where_nothing_is_rewritten_no_model_is_named(
    backend: dict[str, object], models: Path
) -> None:
    assert embedded_weights(_config(backend), models=models) == {}


def test_what_ships_has_graph_weights_and_embeddings() -> None:
    for files in embedded_weights(_config({"kind": "fusion"})).values():
        assert set(files) == {"model.onnx", "model.safetensors", "embeddings.safetensors"}
