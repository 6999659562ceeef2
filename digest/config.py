"""Configurations: one complete YAML file each, checked before anything runs."""

from __future__ import annotations

import hashlib
import json
import types
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from digest.errors import ConfigError


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IngestConfig(_Section):
    """What is read and what is refused."""

    inputs: tuple[str, ...] = Field((), description="used when the command line gives none")
    max_bytes: int = Field(
        5_000_000, gt=0, description="a larger file, page or row of a table is dropped"
    )
    max_table_bytes: int = Field(
        1_000_000_000, gt=0, description="a larger JSONL, CSV or Parquet file is dropped whole"
    )
    fetch: bool = Field(default=False, description="allow http(s) requests for feeds and pages")
    allow_private_addresses: bool = Field(
        default=False, description="allow loopback and private networks; for feeds of your own"
    )
    follow_feed_links: bool = Field(default=True, description="fetch the page behind a feed entry")
    timeout_s: float = Field(
        10.0, gt=0, description="for one page with its redirects and robots.txt, in all"
    )
    max_redirects: int = Field(5, ge=0)
    cache_dir: str | None = Field(None, description="where conditional GET keeps its answers")


class CleanConfig(_Section):
    """What counts as an article after cleaning."""

    languages: tuple[str, ...] = Field(("en",), description="ISO 639-1 codes; others are dropped")
    min_words: int = Field(20, ge=1, description="a shorter text is dropped")


class DedupConfig(_Section):
    """Three levels: exact, near duplicate, revision."""

    near_threshold: float = Field(0.7, gt=0, le=1, description="Jaccard of word 3-shingles")
    permutations: int = Field(128, ge=16, description="MinHash permutations")


class ClusterConfig(_Section):
    """Which articles are one event."""

    threshold: float = Field(0.1, ge=0, le=1, description="mean similarity joining two groups")
    window_days: float = Field(
        7.0, gt=0, description="dated articles further apart never share one"
    )
    min_size: int = Field(1, ge=1, description="smaller clusters are not summarized")
    links: str | None = Field(None, description="YAML file with must_link and cannot_link id pairs")


class FactsConfig(_Section):
    """When two sentences say the same."""

    threshold: float = Field(0.6, gt=0, le=1, description="TF-IDF cosine of two wordings")


class LeadConfig(_Section):
    """First sentences of each article in turn."""

    kind: Literal["lead"]


class LexRankConfig(_Section):
    """Graph centrality (Erkan and Radev 2004)."""

    kind: Literal["lexrank"]
    threshold: float = Field(
        0.1, ge=0, le=1, description="cosine below which two sentences are apart"
    )
    damping: float = Field(0.85, gt=0, lt=1)


class FusionConfig(_Section):
    """Choose facts, best wording, order, headline."""

    kind: Literal["fusion"]
    max_similarity: float = Field(
        0.5, gt=0, le=1, description="cosine at which two sentences repeat"
    )


class ScriptedConfig(_Section):
    """Prepared sentences per cluster id: the test double."""

    kind: Literal["scripted"]
    sentences: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    fail: bool = False


BackendConfig = Annotated[
    LeadConfig | LexRankConfig | FusionConfig | ScriptedConfig, Field(discriminator="kind")
]


class SummarizeConfig(_Section):
    """Who writes, and how much."""

    backends: tuple[BackendConfig, ...] = Field(
        (FusionConfig(kind="fusion"), LeadConfig(kind="lead")),
        min_length=1,
        description="tried in order for each cluster; the last should be extractive",
    )
    max_words: int = Field(220, ge=20, description="per cluster; whole sentences, never exceeded")


class MergeConfig(_Section):
    """How sections become one page."""

    max_words: int | None = Field(None, ge=20, description="for the whole briefing; None: no limit")
    max_similarity: float = Field(0.7, gt=0, le=1, description="cosine at which sections repeat")


class VerifyConfig(_Section):
    """The guard."""

    mode: Literal["off", "shadow", "enforce"] = "enforce"

    @field_validator("mode", mode="before")
    @classmethod
    def _off_is_a_word(cls, value: object) -> object:
        """YAML 1.1 reads a bare `off` as false."""
        return "off" if value is False else value


class RenderConfig(_Section):
    """What the reader sees."""

    title: str = "Briefing"


class Config(_Section):
    """Everything that decides what a run writes, clock and inputs apart."""

    schema_version: Literal[1]
    ingest: IngestConfig = IngestConfig()
    clean: CleanConfig = CleanConfig()
    dedup: DedupConfig = DedupConfig()
    cluster: ClusterConfig = ClusterConfig()
    facts: FactsConfig = FactsConfig()
    summarize: SummarizeConfig = SummarizeConfig()
    merge: MergeConfig = MergeConfig()
    verify: VerifyConfig = VerifyConfig()
    render: RenderConfig = RenderConfig()
    seed: int = 0

    @property
    def sha256(self) -> str:
        """Return the hash of the effective configuration, as 64 hex digits."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def load_config(path: Path | str, overrides: tuple[str, ...] = ()) -> Config:
    """Read and check a configuration file.

    Args:
        path: a YAML file.
        overrides: `section.key=value` pairs, the value read as YAML.

    Raises:
        ConfigError: the file cannot be read or parsed, a key is unknown (the nearest known key is
            named), or a value is out of range.
    """
    path = Path(path)
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"no configuration at {path}; `digest init {path}` writes a starter"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} cannot be read as YAML: {error}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path} must hold a mapping of sections, got {type(data).__name__}")
    for override in overrides:
        _apply_override(data, override)
    return parse_config(data, where=str(path))


def parse_config(data: dict[str, Any], *, where: str) -> Config:
    """Check configuration data that is already in memory; `where` names it in messages.

    Raises:
        ConfigError: as `load_config`.
    """
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        lines = [_explain(dict(item), where) for item in error.errors()]
        raise ConfigError("\n".join(lines)) from error


def _apply_override(data: dict[str, Any], override: str) -> None:
    key, separator, value = override.partition("=")
    if not separator or not key:
        raise ConfigError(f"--set takes section.key=value, got {override!r}")
    *parents, last = key.split(".")
    target: Any = data
    for parent in parents:
        target = _child(target, parent, override)
    try:
        parsed = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {override}: the value is not YAML: {error}") from error
    if isinstance(target, list):
        target[_index(target, last, override)] = parsed
    else:
        target[last] = parsed


def _child(target: Any, key: str, override: str) -> Any:  # noqa: ANN401 - YAML has any shape
    child = (
        target[_index(target, key, override)]
        if isinstance(target, list)
        else target.setdefault(key, {})
    )
    if not isinstance(child, dict | list):
        raise ConfigError(f"--set {override}: {key} is a value, not a section")
    return child


def _index(target: list[Any], key: str, override: str) -> int:
    if not key.isdigit() or int(key) >= len(target):
        raise ConfigError(f"--set {override}: {key} must be an index below {len(target)}")
    return int(key)


def _explain(item: dict[str, Any], where: str) -> str:
    location = [str(part) for part in item["loc"]]
    dotted = ".".join(location)
    if item["type"] != "extra_forbidden":
        given = "" if item["type"] == "missing" else f", got {item['input']!r}"
        return f"{where}: {dotted}: {item['msg']}{given}"
    known = _known_keys(item["loc"][:-1])
    near = get_close_matches(location[-1], known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(known))}"
    return f"{where}: unknown key {dotted!r}; {hint}"


def _known_keys(location: tuple[str | int, ...]) -> list[str]:
    """Return the field names of the model that `location` leads to."""
    candidates: list[type[BaseModel]] = [Config]
    for part in location:
        if isinstance(part, int):
            continue
        deeper = [
            model
            for candidate in candidates
            if part in candidate.model_fields
            for model in _models_in(candidate.model_fields[part].annotation)
        ]
        tagged = [m for m in candidates if _tag(m) == part]
        candidates = deeper or tagged or candidates
    return sorted({name for model in candidates for name in model.model_fields})


def _tag(model: type[BaseModel]) -> str | None:
    kind = model.model_fields.get("kind")
    return None if kind is None else str(get_args(kind.annotation)[0])


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in {Union, types.UnionType, Annotated, tuple}:
        return [model for inner in get_args(annotation) for model in _models_in(inner)]
    return []
