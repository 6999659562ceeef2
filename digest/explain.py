"""Why a sentence is in a briefing, why articles share a cluster: from the run folder alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.codec import load_clusters, load_records
from digest.errors import DigestError, UsageError
from digest.records import Article, Dropped, Facts, Verdict
from digest.render import from_json
from digest.store import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

    from digest.records import Briefing, BriefingSentence, Citation, Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What a run folder holds."""

    briefing: Briefing
    articles: dict[str, Article]
    clusters: dict[str, Cluster]
    facts: dict[str, Facts]
    verdicts: tuple[Verdict, ...]
    dropped: tuple[Dropped, ...]
    manifest: dict[str, Any]


def open_run(folder: Path) -> RunRecord:
    """Read a finished run.

    Raises:
        UsageError: the folder holds no finished run, or a damaged one.
    """
    if not (folder / MANIFEST).exists():
        raise UsageError(f"{folder} is no finished run: it has no {MANIFEST}")
    try:
        return _read(folder)
    except (OSError, ValueError, KeyError, TypeError, DigestError) as error:
        raise UsageError(f"{folder} is damaged ({error}); make the run again") from error


def _read(folder: Path) -> RunRecord:
    def text(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    articles = load_records(Article, text("articles.jsonl"))
    clusters = {cluster.id: cluster for cluster in load_clusters(text("clusters.jsonl"), articles)}
    facts = {found.cluster_id: found for found in load_records(Facts, text("facts.jsonl"))}
    briefing = from_json(text("briefing.json"))
    manifest = json.loads(text(MANIFEST))
    missing = {section.id for section in briefing.sections} - (clusters.keys() & facts.keys())
    if missing or not isinstance(manifest["guard"], dict):
        raise ValueError(f"nothing is left of {', '.join(sorted(missing)) or MANIFEST}")
    return RunRecord(
        briefing=briefing,
        articles={article.id: article for article in articles},
        clusters=clusters,
        facts=facts,
        verdicts=load_records(Verdict, text("verdicts.jsonl")),
        dropped=load_records(Dropped, text("dropped.jsonl")),
        manifest=manifest,
    )


def explain_run(run: RunRecord) -> str:
    """Return an overview: each sentence with its number, then clusters, drops and guard counts."""
    lines: list[str] = []
    number = 0
    for section in run.briefing.sections:
        lines.append(f"## {section.headline} [{section.id}]")
        for sentence in section.sentences:
            number += 1
            cited = ", ".join(dict.fromkeys(c.article_id for c in sentence.citations))
            lines.append(f"{number:3}. [{sentence.status.value}] {sentence.text}  ({cited})")
        lines += ["", *_cluster_lines(run.clusters[section.id]), ""]
    if run.dropped:
        lines.append("Dropped:")
        lines += [
            f"  {d.article_id}: {d.stage.value}, {d.reason.value} {d.detail}" for d in run.dropped
        ]
    guard = run.manifest["guard"]
    counts = ", ".join(f"{count} {name}" for name, count in sorted(guard["actions"].items()))
    lines.append(f"Guard ({guard['mode']}): {counts or 'nothing checked'}")
    return "\n".join(lines)


def _cluster_lines(cluster: Cluster) -> list[str]:
    how = "given by folder or field" if cluster.given else "found"
    sources = len(set(cluster.independent))
    lines = [f"Cluster {cluster.id} ({how}): {len(cluster.articles)} articles, {sources} sources"]
    for link in cluster.links:
        shared = ", ".join((*link.entities, *link.terms))
        lines.append(f"  {link.left_id} ~ {link.right_id}: {link.similarity:.2f} ({shared})")
    return lines


def explain_sentence(run: RunRecord, number: int) -> str:
    """Return why sentence `number`, counted from 1 through the briefing, is there.

    Raises:
        UsageError: there is no such sentence.
    """
    numbered = [(section, s) for section in run.briefing.sections for s in section.sentences]
    if not 1 <= number <= len(numbered):
        raise UsageError(f"--sentence must be 1 to {len(numbered)}, got {number}")
    section, sentence = numbered[number - 1]
    lines = [sentence.text, f"status: {sentence.status.value}"]
    verdict = next((v for v in run.verdicts if v.published == sentence.text), None)
    if verdict is not None and verdict.sentence != sentence.text:
        lines.append(f"the draft said: {verdict.sentence}")
    if verdict is not None and verdict.unsupported:
        lines.append(f"not supported as written: {', '.join(verdict.unsupported)}")
    for citation in sentence.citations:
        lines += _citation_lines(run, citation)
    lines += _support_lines(run, section.id, sentence)
    return "\n".join(lines)


def _citation_lines(run: RunRecord, citation: Citation) -> list[str]:
    article = run.articles[citation.article_id]
    where = article.publisher or article.source
    original = article.original_text[citation.original.start : citation.original.end]
    lines = [
        f"cites {article.id} ({where}), characters {citation.start}-{citation.end}:",
        f"    {citation.quote}",
    ]
    if original != citation.quote:
        lines.append(f"    in the original: {original}")
    return lines


def _support_lines(run: RunRecord, section_id: str, sentence: BriefingSentence) -> list[str]:
    lines = [f"{e.label.value} {e.text}: {e.support.value}" for e in sentence.entities]
    cluster, quotes = run.clusters[section_id], {c.quote for c in sentence.citations}
    source_of = dict(zip((a.id for a in cluster.articles), cluster.independent, strict=True))
    for fact in run.facts[section_id].facts:
        if any(variant.text in quotes for variant in fact.variants) and len(fact.variants) > 1:
            sources = {source_of[v.article_id] for v in fact.variants}
            lines.append(f"said alike by {len(sources)} independent sources:")
            lines += [f"    {v.article_id}: {v.text}" for v in fact.variants]
    return lines
