"""The first half of a run: sources -> articles -> clusters, each input kept or dropped."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.clean import clean
from digest.cluster import Clustered, cluster
from digest.codec import dump_clusters, dump_records, load_clusters, load_records
from digest.dedup import dedup
from digest.errors import NothingToPublishError, SourceError
from digest.ingest import ingest
from digest.manifest import SilentProgress, Tally
from digest.records import Article, Dropped, DropReason, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.config import Config
    from digest.protocols import Desk, Progress
    from digest.records import Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """De-duplicated articles, and older versions of some. `given == articles + dropped`."""

    articles: tuple[Article, ...]
    superseded: tuple[tuple[str, Article], ...]
    dropped: tuple[Dropped, ...]


def preview(config: Config, inputs: Sequence[str], *, progress: Progress | None = None) -> str:
    """Return what a run would read and how it would cluster it; nothing is written.

    Raises:
        SourceError: nothing could be read.
    """
    tally = Tally(progress or SilentProgress())
    material = read_material(config, inputs, tally)
    found = find_clusters(config, material, tally)
    dropped = (*material.dropped, *found.dropped)
    kept = len(material.articles) - len(found.dropped)
    lines = [f"{kept} articles kept, {len(dropped)} dropped"]
    lines += [f"  {d.article_id}: {d.reason.value} {d.detail}" for d in dropped]
    lines += [f"{one.id}: {', '.join(a.id for a in one.articles)}" for one in found.clusters]
    return "\n".join(lines)


def cluster_rows(
    config: Config, inputs: Sequence[str], *, progress: Progress | None = None
) -> list[str]:
    """Return a JSON line `{"id", "cluster_id"}` per article that was not unreadable or unfit.

    A dropped near duplicate or older version has the cluster of the article that stands for it;
    where the cluster is smaller than `cluster.min_size`, `cluster_id` is null.
    """
    tally = Tally(progress or SilentProgress())
    material = read_material(config, inputs, tally)
    found = find_clusters(config, material, tally)
    home: dict[str, str | None] = {lost.article_id: None for lost in found.dropped}
    home |= {article.id: one.id for one in found.clusters for article in one.articles}
    for lost in material.dropped:
        if lost.duplicate_of in home:
            home[lost.article_id] = home[lost.duplicate_of]
    return [json.dumps({"id": name, "cluster_id": home[name]}) for name in sorted(home)]


def read_material(config: Config, inputs: Sequence[str], tally: Tally) -> Material:
    """Ingest, clean and de-duplicate: every input ends up kept or dropped with a reason.

    Raises:
        SourceError: not one article is left.
    """
    with tally.stage("ingest", len(inputs)) as step:
        taken = ingest(inputs, config.ingest)
        step.note(f"{len(taken.articles)} read, {len(taken.dropped)} dropped")
    with tally.stage("clean", len(taken.articles)) as step:
        cleaned = [step.done(clean(raw, config.clean)) for raw in taken.articles]
        articles = [item for item in cleaned if isinstance(item, Article)]
        unfit = [item for item in cleaned if isinstance(item, Dropped)]
        step.note(f"{len(articles)} kept, {len(unfit)} dropped")
    with tally.stage("dedup", len(articles)) as step:
        deduped = dedup(articles, config.dedup)
        step.note(f"{len(deduped.kept)} kept, {len(deduped.dropped)} repeated")
    dropped = (*taken.dropped, *unfit, *deduped.dropped)
    if not deduped.kept:
        reasons = "; ".join(f"{d.article_id}: {d.reason} {d.detail}".strip() for d in dropped[:5])
        raise SourceError(f"no article could be used ({reasons or 'the inputs are empty'})")
    return Material(articles=deduped.kept, superseded=deduped.superseded, dropped=dropped)


def find_clusters(config: Config, material: Material, tally: Tally) -> Clustered:
    """Group the articles by event."""
    with tally.stage("cluster", len(material.articles)) as step:
        found = cluster(material.articles, config.cluster, superseded=material.superseded)
        step.note(f"{len(found.clusters)} events, {len(found.dropped)} articles in smaller ones")
    return found


def gather(
    config: Config, inputs: Sequence[str], desk: Desk, tally: Tally
) -> tuple[Material, tuple[Cluster, ...]]:
    """Return the clusters to be summarized and the material in them, kept on the desk.

    Raises:
        SourceError: nothing could be read.
        NothingToPublishError: every cluster is smaller than `cluster.min_size`.
    """
    return _kept_clusters(config, _kept_material(config, inputs, desk, tally), desk, tally)


def _kept_material(config: Config, inputs: Sequence[str], desk: Desk, tally: Tally) -> Material:
    """Return the material, from the desk where a resumed run has it already.

    The dropped inputs are written after the articles: where they are, both are.
    """
    dropped = desk.find("dropped.jsonl")
    articles = desk.find("articles.jsonl")
    if dropped is None or articles is None:
        material = read_material(config, inputs, tally)
        older = [article for _, article in material.superseded]
        desk.put("articles.jsonl", dump_records([*material.articles, *older]))
        desk.put("dropped.jsonl", dump_records(material.dropped))
        return material
    found = load_records(Article, articles)
    lost = load_records(Dropped, dropped)
    revised = {d.article_id: d.duplicate_of or "" for d in lost}
    older_ids = {d.article_id for d in lost if d.reason is DropReason.OLDER_REVISION}
    return Material(
        articles=tuple(a for a in found if a.id not in older_ids),
        superseded=tuple((revised[a.id], a) for a in found if a.id in older_ids),
        dropped=lost,
    )


def _kept_clusters(
    config: Config, material: Material, desk: Desk, tally: Tally
) -> tuple[Material, tuple[Cluster, ...]]:
    """Return the clusters and the material in them, from the desk where they are there already.

    What clustering drops joins the dropped inputs before the clusters are written: where they are,
    both are.
    """
    dropped = material.dropped

    def compute() -> tuple[Cluster, ...]:
        nonlocal dropped
        found = find_clusters(config, material, tally)
        earlier = (lost for lost in material.dropped if lost.stage is not Stage.CLUSTER)
        dropped = (*earlier, *found.dropped)
        desk.put("dropped.jsonl", dump_records(dropped))
        return found.clusters

    everything = [*material.articles, *(old for _, old in material.superseded)]
    clusters = desk.keep(
        "clusters.jsonl", compute, dump_clusters, lambda text: load_clusters(text, everything)
    )
    if not clusters:
        raise NothingToPublishError(
            f"no cluster has cluster.min_size = {config.cluster.min_size} articles; lower it"
        )
    small = {lost.article_id for lost in dropped if lost.stage is Stage.CLUSTER}
    kept = tuple(article for article in material.articles if article.id not in small)
    return replace(material, articles=kept, dropped=dropped), clusters
