"""The one place that knows the stages, their order and their backends."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digest.backends import build_backend
from digest.cite import cite
from digest.clean import clean
from digest.cluster import Clustered, cluster
from digest.dedup import dedup
from digest.errors import NothingToPublishError, SourceError, UsageError
from digest.facts import find_facts
from digest.ingest import ingest
from digest.manifest import Tally, build_manifest
from digest.merge import merge
from digest.records import Article, Dropped, DropReason, Facts, Stage, Summarized
from digest.render import to_html, to_json, to_markdown
from digest.store import (
    MemoryDesk,
    RunFolder,
    dump_clusters,
    dump_draft,
    dump_records,
    load_clusters,
    load_draft,
    load_records,
)
from digest.summarize import summarize
from digest.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from digest.config import Config
    from digest.protocols import Desk, Progress
    from digest.records import Briefing, Cluster, Draft, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """A finished run: what is published, what was decided, what was lost on the way."""

    briefing: Briefing
    verdicts: tuple[Verdict, ...]
    dropped: tuple[Dropped, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """De-duplicated articles, and older versions of some. `given == articles + dropped`."""

    articles: tuple[Article, ...]
    superseded: tuple[tuple[str, Article], ...]
    dropped: tuple[Dropped, ...]


class SilentProgress:
    """Tells nobody."""

    def start(self, stage: str, total: int) -> None:
        """Ignore the start of a stage."""

    def advance(self, stage: str) -> None:
        """Ignore a step."""

    def finish(self, stage: str, note: str) -> None:
        """Ignore the end of a stage."""


def run(
    config: Config,
    inputs: Sequence[str],
    *,
    output: Path | None = None,
    now: datetime | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> RunResult:
    """Read, summarize, check and, given an output folder, write one briefing.

    Args:
        config: the effective configuration.
        inputs: files, folders, globs, feeds, URLs or data set names.
        output: the run folder; it is replaced only when a briefing was made.
        now: the time to stamp the briefing with; the present by default.
        resume: go on with an unfinished run of the same configuration and inputs.
        progress: told what happens.

    Raises:
        SourceError: nothing could be read.
        BackendError: no backend could write.
        NothingToPublishError: no sentence was fit to print.
        UsageError: the output folder cannot be used, or there is no input.
    """
    if not inputs:
        raise UsageError("no input: give --input, or inputs in the section ingest of the config")
    created = (now or datetime.now(tz=UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    key = hashlib.sha256(json.dumps([config.sha256, list(inputs)]).encode()).hexdigest()
    header = {"key": key, "created": created, "run_id": f"{created}-{key[:8]}"}
    folder = None if output is None else RunFolder(output)
    if folder is not None:
        header = folder.open(header, resume=resume)
    desk: Desk = folder or MemoryDesk()
    tally = Tally(progress or SilentProgress())
    result = _write(config, inputs, desk, tally, created=header["created"])
    if folder is not None:
        folder.write("verdicts.jsonl", dump_records(result.verdicts))
        folder.write("briefing.json", to_json(result.briefing))
        folder.write("briefing.md", to_markdown(result.briefing))
        folder.write("briefing.html", to_html(result.briefing))
        articles = load_records(Article, folder.read("articles.jsonl"))
        folder.publish(build_manifest(config, header, result.verdicts, articles, tally))
    return result


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


def _write(
    config: Config, inputs: Sequence[str], desk: Desk, tally: Tally, *, created: str
) -> RunResult:
    material, clusters = _kept_clusters(
        config, _kept_material(config, inputs, desk, tally), desk, tally
    )
    facts = desk.keep(
        "facts.jsonl",
        lambda: tuple(_facts(config, clusters, tally)),
        dump_records,
        lambda text: load_records(Facts, text),
    )
    written = tuple(_summaries(config, clusters, facts, desk, tally))
    draft = desk.keep(
        "draft.json",
        lambda: _draft(config, clusters, facts, written, tally),
        dump_draft,
        lambda text: load_draft(text, clusters, facts),
    )
    with tally.stage("verify", len(draft.sections)) as step:
        verified = verify(
            draft,
            config.verify,
            title=config.render.title,
            created=created,
            articles_read=len(material.articles) + len(material.dropped),
            articles_dropped=len(material.dropped),
        )
        step.note(f"{len(verified.verdicts)} sentences, {len(verified.briefing.withheld)} withheld")
    if not verified.briefing.sections:
        reasons = sorted({item.reason.value for item in verified.briefing.withheld})
        raise NothingToPublishError(
            f"no sentence of {len(verified.verdicts)} was fit to print ({', '.join(reasons)}); "
            "the last good briefing stays in place"
        )
    return RunResult(
        briefing=verified.briefing,
        verdicts=verified.verdicts,
        dropped=material.dropped,
        failures=tuple(failure for item in written for failure in item.failures),
    )


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


def _facts(config: Config, clusters: Sequence[Cluster], tally: Tally) -> Iterator[Facts]:
    with tally.stage("facts", len(clusters)) as step:
        conflicts = 0
        for one in clusters:
            found = step.done(find_facts(one, config.facts))
            conflicts += len(found.conflicts)
            yield found
        step.note(f"{conflicts} conflicts")


def _summaries(
    config: Config, clusters: Sequence[Cluster], facts: Sequence[Facts], desk: Desk, tally: Tally
) -> Iterator[Summarized]:
    """Yield a summary per cluster; each is on the desk before the next is begun."""
    backends = [build_backend(backend) for backend in config.summarize.backends]
    done = {item.summary.cluster_id: item for item in desk.appended("summaries.jsonl", Summarized)}
    with tally.stage("summarize", len(clusters)) as step:
        for one, found in zip(clusters, facts, strict=True):
            if one.id not in done:
                item = summarize(one, found, backends, max_words=config.summarize.max_words)
                desk.append("summaries.jsonl", item)
                done[one.id] = item
            yield step.done(done[one.id])
        step.note(f"{len(clusters)} written")


def _draft(
    config: Config,
    clusters: Sequence[Cluster],
    facts: Sequence[Facts],
    written: Sequence[Summarized],
    tally: Tally,
) -> Draft:
    with tally.stage("cite", len(clusters)) as step:
        sections = [
            step.done(cite(item.summary, one, found))
            for item, one, found in zip(written, clusters, facts, strict=True)
        ]
        step.note(f"{sum(len(s.citations) for x in sections for s in x.sentences)} citations")
    with tally.stage("merge", len(sections)) as step:
        draft = merge(sections, config.merge)
        step.note(f"{len(draft.sections)} sections")
    return draft
