"""Articles -> Clusters: one event each, given or found."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from digest.cluster.channels import Channels, vectorize
from digest.cluster.grouping import partition
from digest.cluster.independence import independent_sources
from digest.cluster.links import read_links
from digest.records import Article, Cluster, Dropped, DropReason, Link, Stage
from digest.text.names import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.config import ClusterConfig

__all__ = ["Clustered", "cluster"]

_SHOWN_LINKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustered:
    """The clusters, by id, and the articles of clusters that are too small.

    Each article given is in exactly one cluster or among the dropped.
    """

    clusters: tuple[Cluster, ...]
    dropped: tuple[Dropped, ...]


def cluster(
    articles: Sequence[Article],
    config: ClusterConfig,
    *,
    superseded: Sequence[tuple[str, Article]] = (),
) -> Clustered:
    """Group articles by event.

    Articles with a given cluster keep it; the others are grouped by what they say and when. The
    result does not depend on the order of the articles.

    Args:
        articles: de-duplicated articles.
        config: threshold, time window, smallest size, links file.
        superseded: (id of a kept article, an older version of it), as from `dedup`.

    Raises:
        ConfigError: the links file cannot be used.
    """
    ordered = sorted(articles, key=lambda a: (a.published or "", a.id))
    given: dict[str, list[Article]] = defaultdict(list)
    free: list[Article] = []
    for article in ordered:
        (free if article.given_cluster is None else given[article.given_cluster]).append(article)
    older: dict[str, list[Article]] = defaultdict(list)
    for kept_id, article in superseded:
        older[kept_id].append(article)
    clusters = [_cluster(name, group, older, given=True) for name, group in given.items()]
    clusters += _found(free, older, config)
    clusters.sort(key=lambda one: one.id)
    return Clustered(
        clusters=tuple(one for one in clusters if len(one.articles) >= config.min_size),
        dropped=tuple(
            _small(article, one, config.min_size)
            for one in clusters
            if len(one.articles) < config.min_size
            for article in one.articles
        ),
    )


def _small(article: Article, home: Cluster, wanted: int) -> Dropped:
    return Dropped(
        article_id=article.id,
        stage=Stage.CLUSTER,
        reason=DropReason.SMALL_CLUSTER,
        detail=f"{len(home.articles)} of the {wanted} articles that cluster.min_size asks for",
    )


def _found(
    articles: list[Article], older: dict[str, list[Article]], config: ClusterConfig
) -> list[Cluster]:
    if not articles:
        return []
    # Ties in the linkage are broken by content, never by position in the input.
    articles = sorted(articles, key=lambda a: (a.text, a.id))
    channels = vectorize([f"{article.title}\n{article.text}" for article in articles])
    must, cannot = read_links(config.links, {a.id: n for n, a in enumerate(articles)})
    window = timedelta(days=config.window_days)
    dates = [_date(article) for article in articles]

    def outside(i: int, j: int) -> bool:
        first, second = dates[i], dates[j]
        return first is not None and second is not None and abs(first - second) > window

    labels = partition(
        channels.rows,
        threshold=config.threshold,
        outside=outside,
        must_link=must,
        cannot_link=cannot,
    )
    groups: dict[int, list[int]] = defaultdict(list)
    for number, label in enumerate(labels):
        groups[label].append(number)
    found: list[Cluster] = []
    for numbers in groups.values():
        members = sorted((articles[n] for n in numbers), key=lambda a: (a.published or "", a.id))
        links = _explain(articles, channels, numbers)
        found.append(_cluster(_name(members), members, older, links=links))
    return found


def _cluster(
    name: str,
    members: list[Article],
    older: dict[str, list[Article]],
    *,
    links: tuple[Link, ...] = (),
    given: bool = False,
) -> Cluster:
    return Cluster(
        id=name,
        articles=tuple(members),
        independent=independent_sources(members),
        links=links,
        given=given,
        superseded=tuple(old for article in members for old in older.get(article.id, ())),
    )


def _name(members: list[Article]) -> str:
    """Return an id that depends on the member ids alone: words of the first title and a hash."""
    digest = hashlib.sha256("\n".join(sorted(a.id for a in members)).encode()).hexdigest()[:6]
    words = fold(members[0].title).split()[:5]
    return "-".join([*words, digest])


def _date(article: Article) -> datetime | None:
    if article.published is None:
        return None
    try:
        parsed = datetime.fromisoformat(article.published)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _explain(articles: list[Article], channels: Channels, numbers: list[int]) -> tuple[Link, ...]:
    """Return for each article its closest partners in the group, with the terms that link them."""
    pairs: dict[tuple[int, int], float] = {}
    rows = channels.rows[numbers]
    likeness = (rows @ rows.T).toarray()
    for a in range(len(numbers)):
        partners = sorted((b for b in range(len(numbers)) if b != a), key=lambda b: -likeness[a, b])
        for b in partners[:_SHOWN_LINKS]:
            pairs[min(a, b), max(a, b)] = float(likeness[a, b])
    return tuple(
        _link(articles, channels, numbers[a], numbers[b], value)
        for (a, b), value in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    )


def _link(articles: list[Article], channels: Channels, i: int, j: int, value: float) -> Link:
    both = channels.rows[i].multiply(channels.rows[j]).tocoo()
    ranked = sorted(zip(both.col, both.data, strict=True), key=lambda item: (-item[1], item[0]))
    terms = [channels.columns[column] for column, _ in ranked]
    return Link(
        left_id=articles[i].id,
        right_id=articles[j].id,
        similarity=round(value, 4),
        terms=tuple(dict.fromkeys(t for channel, t in terms if channel in {"words", "lead"}))[:5],
        entities=tuple(t for channel, t in terms if channel == "names")[:5],
    )
