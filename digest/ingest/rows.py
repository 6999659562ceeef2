"""Rows to articles: one mapping for JSONL, CSV, Parquet and datasets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from digest.ingest.items import Found, UnusableError, drop, to_item
from digest.records import DropReason

if TYPE_CHECKING:
    from digest.ingest.items import Item

# Field: the column names it is read from, the first one that holds something wins. A `cluster`
# column goes by that name alone.
COLUMNS = {
    "id": ("id",),
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "article"),
    "publisher": ("publisher", "source"),
    "url": ("url", "link"),
    "published": ("published", "date", "published_at"),
}

Row: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row stood.

    `source` names it in records, `id` is the article's where the row has none, `cluster` that of
    the sub-folder the file is in; `max_bytes` is the size a row may have.
    """

    source: str
    id: str
    cluster: str | None
    max_bytes: int


def row_items(row: object, place: Place) -> list[Item]:
    """Return the article of a row, or all articles of a corpus row `{"id", "articles": [...]}`.

    The id of a corpus row is the given cluster of its articles. What cannot be read is a drop: one
    for the row, or one for each article of a corpus row.
    """
    try:
        fields = _fields(row)
        inner = fields.get("articles")
        if not isinstance(inner, list | tuple):
            return [_article(fields, place, cluster=_string(fields.get("cluster")))]
        if not inner:
            return [drop(place.source, DropReason.EMPTY, "a corpus row without articles")]
    except UnusableError as error:
        return [drop(place.source, error.reason, error.detail)]
    cluster = _string(fields.get("id")) or place.id
    return [
        _inner_item(
            article, replace(place, source=f"{place.source}.{n}", id=f"{cluster}-{n}"), cluster
        )
        for n, article in enumerate(inner, start=1)
    ]


def canonical_bytes(row: object) -> bytes:
    """Return the JSON of a row with sorted keys and no white space: what its hash is taken of.

    Raises:
        UnusableError: MALFORMED_ROW for a row nested too deeply to be written.
    """
    try:
        text = json.dumps(
            row, sort_keys=True, separators=(",", ":"), default=_plain, ensure_ascii=False
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise UnusableError(DropReason.MALFORMED_ROW, f"{type(error).__name__}: {error}") from error
    return text.encode("utf-8", "surrogatepass")


def _inner_item(article: object, place: Place, cluster: str) -> Item:
    try:
        return _article(_fields(article), place, cluster=cluster)
    except UnusableError as error:
        return drop(place.source, error.reason, error.detail)


def _article(fields: Row, place: Place, *, cluster: str | None) -> Item:
    canonical = canonical_bytes(fields)
    if len(canonical) > place.max_bytes:
        raise UnusableError(
            DropReason.TOO_LARGE, f"{len(canonical)} bytes, the limit is {place.max_bytes}"
        )
    values = {name: _first(fields, columns) for name, columns in COLUMNS.items()}
    text = values["text"]
    if not isinstance(text, str):
        wanted = ", ".join(COLUMNS["text"])
        got = "nothing" if text is None else type(text).__name__
        raise UnusableError(DropReason.MALFORMED_ROW, f"text in one of {wanted} wanted, got {got}")
    found = Found(
        text=text,
        id=_string(values["id"]),
        title=_string(values["title"]),
        publisher=_string(values["publisher"]),
        url=_string(values["url"]),
        published=values["published"],
        cluster=cluster or place.cluster,
    )
    digest = hashlib.sha256(canonical).hexdigest()
    return to_item(found, fallback_id=place.id, source=place.source, sha256=digest)


def _fields(row: object) -> dict[str, object]:
    if not isinstance(row, Mapping):
        raise UnusableError(
            DropReason.MALFORMED_ROW, f"a row must be an object, got {type(row).__name__}"
        )
    return {str(key).strip().lower(): value for key, value in row.items()}


def _first(fields: Row, columns: tuple[str, ...]) -> object:
    """Return the first column that holds something; a blank one only where no other does."""
    held = [fields[name] for name in columns if fields.get(name) is not None]
    return next((value for value in held if value != ""), held[0] if held else None)


def _string(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return None if value != value else str(value).strip() or None  # noqa: PLR0124 - NaN is a gap


def _plain(value: object) -> str:
    """Return what stands for a value that JSON has not: never an address in memory."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return type(value).__name__
