"""The seed clusters, read and cleaned once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from digest.clean import clean
from digest.cluster.independence import independent_sources
from digest.config import CleanConfig, DedupConfig, FactsConfig, IngestConfig
from digest.dedup import dedup
from digest.facts import find_facts
from digest.ingest import ingest
from digest.records import Article, Cluster, Facts

SEEDS = Path(__file__).parents[3] / "seeds" / "articles"
CLUSTERS = ("dam-flood", "paris-talks", "port-news")


@cache
def seed_cluster(name: str) -> tuple[Cluster, Facts]:
    """Return all articles of one seed folder or file as one cluster, with its facts."""
    found = SEEDS / name if (SEEDS / name).is_dir() else SEEDS / f"{name}.jsonl"
    raws = ingest([str(found)], IngestConfig()).articles
    cleaned = [clean(raw, CleanConfig()) for raw in raws]
    kept = dedup([a for a in cleaned if isinstance(a, Article)], DedupConfig()).kept
    cluster = Cluster(id=name, articles=kept, independent=independent_sources(kept), given=True)
    return cluster, find_facts(cluster, FactsConfig())
