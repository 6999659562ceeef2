"""Articles and clusters from plain text, through the same cleaning as a run."""

from __future__ import annotations

import hashlib

from digest.clean import clean
from digest.cluster.independence import independent_sources
from digest.config import CleanConfig
from digest.records import Article, Cluster, RawArticle


def article(
    id: str,  # noqa: A002 - the field of the record it fills
    text: str,
    *,
    title: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
    published: str | None = None,
    cluster: str | None = None,
    agency: str | None = None,
) -> Article:
    """Return the cleaned article; an agency is named by a dateline, as agencies do."""
    raw = RawArticle(
        id=id,
        source=f"{id}.txt",
        text=f"LISK ({agency}) - {text}" if agency else text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=title,
        publisher=publisher,
        url=url,
        published=published,
        cluster=cluster,
    )
    cleaned = clean(raw, CleanConfig(min_words=1))
    assert isinstance(cleaned, Article), cleaned
    return cleaned


def cluster_of(
    *articles: Article, name: str = "event", superseded: tuple[Article, ...] = ()
) -> Cluster:
    """Return the articles as one given cluster."""
    return Cluster(
        id=name,
        articles=articles,
        independent=independent_sources(articles),
        given=True,
        superseded=superseded,
    )
