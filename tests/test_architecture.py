"""Promises about the house that no single module can keep."""

from __future__ import annotations

import ast
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import digest.records

SOURCES = [*Path("digest").rglob("*.py"), *Path("eval").rglob("*.py")]


def _calls(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


@pytest.mark.parametrize(
    ("record", "makers"),
    [
        ("Article", {"digest/clean"}),
        # The record module reads a briefing back that the guard made.
        ("Briefing", {"digest/verify", "digest/render/record.py"}),
        ("Verdict", {"digest/verify"}),
        ("RawArticle", {"digest/ingest", "eval"}),
    ],
)
def test_a_type_is_a_promise(record: str, makers: set[str]) -> None:
    found = {str(path) for path in SOURCES if record in _calls(path)}
    strangers = [path for path in found if not any(path.startswith(maker) for maker in makers)]
    assert strangers == []


def test_records_are_frozen_and_slotted() -> None:
    records = [r for r in vars(digest.records).values() if is_dataclass(r)]
    assert len(records) > 20
    for record in records:
        assert isinstance(record, type)
        assert record.__dataclass_params__.frozen, record  # type: ignore[attr-defined]
        assert "__slots__" in vars(record), record
        assert all(f.kw_only for f in fields(record)), record


def test_library_code_never_prints_and_never_exits() -> None:
    for path in SOURCES:
        if path.name == "cli.py":
            continue
        text = path.read_text(encoding="utf-8")
        assert not {"print", "exit", "quit"} & _calls(path), path
        assert "sys.exit" not in text, path


def test_clock_and_dice_are_passed_in() -> None:
    asks = re.compile(r"datetime\.now\(|time\.time\(|random\.random\(|os\.environ")
    found = {str(p) for p in SOURCES if asks.search(p.read_text(encoding="utf-8"))}
    # The entry points read the clock once; the fetcher stamps nothing. What keeps secrets and the
    # user's cache folder out of configurations asks the environment for them.
    neural = {"build.py", "ctranslate2.py", "endpoint_key.py"}
    assert found <= {
        "digest/cli.py",
        "digest/pipeline.py",
        "eval/nights/cli.py",
        *(f"digest/backends/neural/{name}" for name in neural),
    }


def test_every_module_and_public_function_says_what_it_is() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path


def test_nothing_is_called_utils() -> None:
    assert not [path for path in SOURCES if path.stem in {"utils", "helpers", "common", "misc"}]


def test_readme_shows_the_real_help() -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    for command in ("run", "clusters", "explain", "init", "check", "train", "eval"):
        assert f"`digest {command}" in readme
