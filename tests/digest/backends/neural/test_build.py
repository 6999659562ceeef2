"""From a configuration to a backend: what is said is built, and nothing is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from digest.backends import build_backend
from digest.backends.neural.generator import Generated
from digest.backends.neural.tally import Prices
from digest.backends.neural.writer import NeuralBackend
from digest.config import EndpointConfig, Seq2SeqConfig

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", ["seq2seq", "chat", "ctranslate2", "endpoint"])
def test_building_loads_nothing(kind: str, tmp_path: Path) -> None:
    """Neither a model nor torch, transformers or httpx: in a process of its own."""
    row: dict[str, object] = {"kind": kind, "model": str(tmp_path / "nothing here")}
    row |= {"base_url": "http://127.0.0.1:9/v1"} if kind == "endpoint" else {}
    code = f"""
import json, sys
from pydantic import TypeAdapter
from digest.backends import build_backend
from digest.config import BackendConfig
row = json.loads({json.dumps(json.dumps(row))})
backend = build_backend(TypeAdapter(BackendConfig).validate_python(row))
heavy = {{"torch", "transformers", "ctranslate2", "httpx"}} & set(sys.modules)
print(json.dumps([backend.name, sorted(heavy)]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [kind, []]


def test_what_a_configuration_says_is_built(tmp_path: Path) -> None:
    built = build_backend(
        Seq2SeqConfig(kind="seq2seq", model="m", candidates=3, cache_dir=str(tmp_path / "c"))
    )
    assert isinstance(built, NeuralBackend)
    assert (built.candidates, built.prices) == (3, None)
    assert built.cache is not None
    built.cache.put("ab" * 32, Generated(texts=(), finished=(), input_tokens=0, output_tokens=0))
    assert (tmp_path / "c" / "ab" / f"{'ab' * 32}.json").exists()
    url = "http://127.0.0.1:9/v1"
    priced = build_backend(
        EndpointConfig(
            kind="endpoint", base_url=url, model="m", price_input=1, price_output=2, cache=False
        )
    )
    assert isinstance(priced, NeuralBackend)
    assert (priced.cache, priced.prices) == (None, Prices(input=1, output=2))
    half = build_backend(EndpointConfig(kind="endpoint", base_url=url, model="m", price_input=1))
    assert isinstance(half, NeuralBackend)
    assert half.prices is None
