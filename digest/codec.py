"""Records to JSON lines and back: what the files of a run hold."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from digest.errors import UsageError
from digest.records import CitedSentence, Cluster, Draft, Link, Section, Withheld

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from digest.records import Article, Facts

T = TypeVar("T")

_adapter: Callable[[type], TypeAdapter[Any]] = cache(TypeAdapter)


def encode(record: object) -> str:
    """Return one record as a line of JSON, keys in field order."""
    return str(_adapter(type(record)).dump_json(record).decode())


def decode(record: type[T], line: str) -> T:
    """Return the record that `encode` wrote."""
    found: T = _adapter(record).validate_json(line)
    return found


def dump_records(records: Iterable[object]) -> str:
    """Return records as JSON lines."""
    return "".join(f"{encode(record)}\n" for record in records)


def load_records(record: type[T], text: str) -> tuple[T, ...]:
    """Return the records of JSON lines.

    Raises:
        UsageError: a line is no such record; the message says which.
    """
    found: list[T] = []
    # Not splitlines: a text may hold U+2028, which JSON leaves as it is.
    for number, line in enumerate(filter(None, text.split("\n")), 1):
        try:
            found.append(decode(record, line))
        except ValidationError as error:
            raise UsageError(f"line {number} is no {record.__name__}: {error}") from error
    return tuple(found)


def dump_clusters(clusters: Sequence[Cluster]) -> str:
    """Return clusters as JSON lines in which articles are named by id."""
    return "\n".join(
        json.dumps(
            {
                "id": cluster.id,
                "given": cluster.given,
                "article_ids": [article.id for article in cluster.articles],
                "independent": cluster.independent,
                "superseded_ids": [article.id for article in cluster.superseded],
                "links": [json.loads(encode(link)) for link in cluster.links],
            },
            ensure_ascii=False,
        )
        for cluster in clusters
    )


def load_clusters(text: str, articles: Sequence[Article]) -> tuple[Cluster, ...]:
    """Return the clusters that `dump_clusters` wrote, their articles taken from `articles`."""
    by_id = {article.id: article for article in articles}
    return tuple(
        Cluster(
            id=row["id"],
            given=row["given"],
            articles=tuple(by_id[name] for name in row["article_ids"]),
            independent=tuple(row["independent"]),
            superseded=tuple(by_id[name] for name in row["superseded_ids"]),
            links=tuple(decode(Link, json.dumps(link)) for link in row["links"]),
        )
        for row in map(json.loads, filter(None, text.split("\n")))
    )


def dump_draft(draft: Draft) -> str:
    """Return a draft as JSON; clusters and facts are named by the section's id."""
    sections = [
        {
            "id": section.id,
            "backend": section.backend,
            "headline": section.headline,
            "sentences": [json.loads(encode(sentence)) for sentence in section.sentences],
        }
        for section in draft.sections
    ]
    withheld = [json.loads(encode(item)) for item in draft.withheld]
    return json.dumps({"sections": sections, "withheld": withheld}, indent=1, ensure_ascii=False)


def load_draft(text: str, clusters: Sequence[Cluster], facts: Sequence[Facts]) -> Draft:
    """Return the draft that `dump_draft` wrote."""
    data = json.loads(text)
    by_cluster = {cluster.id: cluster for cluster in clusters}
    by_facts = {found.cluster_id: found for found in facts}
    return Draft(
        sections=tuple(
            Section(
                id=row["id"],
                backend=row["backend"],
                headline=row["headline"],
                sentences=tuple(decode(CitedSentence, json.dumps(s)) for s in row["sentences"]),
                cluster=by_cluster[row["id"]],
                facts=by_facts[row["id"]],
            )
            for row in data["sections"]
        ),
        withheld=tuple(decode(Withheld, json.dumps(row)) for row in data["withheld"]),
    )
