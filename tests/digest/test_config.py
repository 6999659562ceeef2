from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from digest.config import Config, load_config
from digest.errors import ConfigError

# That of nights is of another shape; tests/test_deploy.py reads it.
CONFIGS = sorted(set(Path("configs").glob("*.yaml")) - {Path("configs/nightly.yaml")})


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_a_shipped_configuration_is_valid_and_complete(path: Path) -> None:
    config = load_config(path)
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert config.model_dump(mode="json") == written, "every key is written, nothing inherited"


def test_shipped_configurations_differ_in_their_backends_alone() -> None:
    dumps = [load_config(path).model_dump(mode="json") for path in CONFIGS]
    for dump in dumps:
        del dump["summarize"]["backends"]
    assert all(dump == dumps[0] for dump in dumps)


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema_version: 1\nsumarize: {}", "unknown key 'sumarize'; did you mean 'summarize'?"),
        (
            "schema_version: 1\ndedup: {near_treshold: 0.5}",
            "unknown key 'dedup.near_treshold'; did you mean 'near_threshold'?",
        ),
        (
            "schema_version: 1\nsummarize: {backends: [{kind: lexrank, damp: 1}]}",
            "did you mean 'damping'?",
        ),
        ("schema_version: 1\nrender: {zzz: 1}", "known keys: title"),
        ("schema_version: 1\ndedup: {near_threshold: 7}", "less than or equal to 1, got 7"),
        ("schema_version: 2", "schema_version"),
        ("{}", "schema_version: Field required"),
        ("- a", "must hold a mapping of sections, got list"),
        ("a: [", "cannot be read as YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_the_way_out(tmp_path: Path, text: str, message: str) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="digest init"):
        load_config(tmp_path / "none.yaml")


def test_a_file_of_nights_is_told_apart_with_the_command_for_it() -> None:
    with pytest.raises(ConfigError) as caught:
        load_config("configs/nightly.yaml")
    assert "digest eval nightly --config configs/nightly.yaml --list" in str(caught.value)
    assert "unknown key" not in str(caught.value)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("summarize.max_words=99", lambda c: c.summarize.max_words == 99),
        ("clean.languages=[en, de]", lambda c: c.clean.languages == ("en", "de")),
        ("summarize.backends.0.kind=lead", lambda c: c.summarize.backends[0].kind == "lead"),
        ("verify.mode=off", lambda c: c.verify.mode == "off"),
        ("merge.max_words=null", lambda c: c.merge.max_words is None),
    ],
)
def test_set_overrides_one_value(tmp_path: Path, override: str, expected: object) -> None:
    path = _written(tmp_path, "schema_version: 1\nsummarize: {backends: [{kind: fusion}]}")
    assert callable(expected)
    assert expected(load_config(path, (override,)))


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("summarize.max_words", "section.key=value"),
        ("=3", "section.key=value"),
        ("seed.a=3", "seed is a value, not a section"),
        ("summarize.backends.9=x", "index below 1"),
        ("seed=[", "not YAML"),
        ("summarize.max_wrods=3", "did you mean 'max_words'?"),
    ],
)
def test_a_wrong_override_is_refused(tmp_path: Path, override: str, message: str) -> None:
    path = _written(tmp_path, "schema_version: 1\nseed: 1\nsummarize: {backends: [{kind: lead}]}")
    with pytest.raises(ConfigError) as caught:
        load_config(path, (override,))
    assert message in str(caught.value)


def test_the_hash_follows_the_values_and_nothing_else(tmp_path: Path) -> None:
    path = _written(tmp_path, "schema_version: 1")
    assert load_config(path).sha256 == Config(schema_version=1).sha256
    assert load_config(path, ("seed=1",)).sha256 != load_config(path).sha256
