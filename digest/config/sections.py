"""The sections of a configuration, in the order of the stages."""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from pydantic import Field, field_validator

from digest.config.backends import BackendConfig, FusionConfig, LeadConfig
from digest.config.section import Section


class IngestConfig(Section):
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


class CleanConfig(Section):
    """What counts as an article after cleaning."""

    languages: tuple[str, ...] = Field(("en",), description="ISO 639-1 codes; others are dropped")
    min_words: int = Field(20, ge=1, description="a shorter text is dropped")


class DedupConfig(Section):
    """Three levels: exact, near duplicate, revision."""

    near_threshold: float = Field(0.7, gt=0, le=1, description="Jaccard of word 3-shingles")
    permutations: int = Field(128, ge=16, description="MinHash permutations")


class ClusterConfig(Section):
    """Which articles are one event."""

    threshold: float = Field(0.1, ge=0, le=1, description="mean similarity joining two groups")
    window_days: float = Field(
        7.0, gt=0, description="dated articles further apart never share one"
    )
    min_size: int = Field(1, ge=1, description="smaller clusters are not summarized")
    links: str | None = Field(None, description="YAML file with must_link and cannot_link id pairs")


class FactsConfig(Section):
    """When two sentences say the same."""

    threshold: float = Field(0.6, gt=0, le=1, description="TF-IDF cosine of two wordings")


class SummarizeConfig(Section):
    """Who writes, and how much."""

    backends: tuple[BackendConfig, ...] = Field(
        (FusionConfig(kind="fusion"), LeadConfig(kind="lead")),
        min_length=1,
        description="tried in order for each cluster; the last should be extractive",
    )
    max_words: int = Field(220, ge=20, description="per cluster; whole sentences, never exceeded")
    max_withheld: float = Field(
        0.5,
        ge=0,
        le=1,
        description="share of a text's sentences the guard may withhold before the next backend "
        "is asked; 1 never asks",
    )


class MergeConfig(Section):
    """How sections become one page."""

    max_words: int | None = Field(None, ge=20, description="for the whole briefing; None: no limit")
    max_similarity: float = Field(0.7, gt=0, le=1, description="cosine at which sections repeat")


class VerifyConfig(Section):
    """The guard."""

    mode: Literal["off", "shadow", "enforce"] = "enforce"

    @field_validator("mode", mode="before")
    @classmethod
    def _off_is_a_word(cls, value: object) -> object:
        """YAML 1.1 reads a bare `off` as false."""
        return "off" if value is False else value


class RenderConfig(Section):
    """What the reader sees."""

    title: str = "Briefing"


class Config(Section):
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
