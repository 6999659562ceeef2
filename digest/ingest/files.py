"""One file to its items, read by what its suffix says."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from digest.ingest.decode import read_bytes, to_text
from digest.ingest.feeds import Feed, feed_items
from digest.ingest.html import page_found
from digest.ingest.items import Found, UnusableError, drop, readable_id, to_item
from digest.ingest.rows import COLUMNS, Place
from digest.ingest.tables import read_table
from digest.records import DropReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.config import IngestConfig
    from digest.ingest.items import Item
    from digest.ingest.paths import SourceFile
    from digest.ingest.web import Web

_TEXT = frozenset({".txt", ".text"})
_MARKDOWN = frozenset({".md", ".markdown"})
_HTML = frozenset({".html", ".htm", ".xhtml"})
_FEED = frozenset({".xml", ".rss", ".atom"})
_TABLE = frozenset({".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"})
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def read_file(file: SourceFile, web: Web, config: IngestConfig) -> list[Item]:
    """Return the items of one file: one, or one for each row or feed entry."""
    try:
        return _items(file, web, config)
    except UnusableError as error:
        return [drop(file.source, error.reason, error.detail)]


def _items(file: SourceFile, web: Web, config: IngestConfig) -> list[Item]:
    suffix = file.path.suffix.lower()
    if suffix in _TABLE:
        place = Place(
            source=file.source,
            id=readable_id(file.id),
            cluster=file.cluster,
            max_bytes=config.max_bytes,
        )
        return read_table(file.path, place, config)
    if suffix not in _TEXT | _MARKDOWN | _HTML | _FEED:
        raise UnusableError(DropReason.UNSUPPORTED_TYPE, suffix or "no suffix")
    data = read_bytes(file.path, max_bytes=config.max_bytes)
    if suffix in _FEED:
        feed = Feed(body=data, source=file.source, cluster=file.cluster)
        return feed_items(feed, web, config)
    found = replace(_reader(suffix)(data), cluster=file.cluster)
    sha256 = hashlib.sha256(data).hexdigest()
    return [to_item(found, fallback_id=file.id, source=file.source, sha256=sha256)]


def _reader(suffix: str) -> Callable[[bytes], Found]:
    if suffix in _HTML:
        return lambda data: page_found(to_text(data, declared=True))
    if suffix in _MARKDOWN:
        return lambda data: markdown_found(to_text(data))
    return lambda data: Found(text=to_text(data))


def markdown_found(text: str) -> Found:
    r"""Return the text of a Markdown file and what its YAML front matter says.

    Front matter that is no YAML mapping stays part of the text.

    >>> found = markdown_found("---\ntitle: Dam\ndate: 2024-05-01\n---\nIt broke.")
    >>> (found.title, str(found.published), found.text)
    ('Dam', '2024-05-01', 'It broke.')
    """
    import yaml  # noqa: PLC0415 - 20 ms, and only Markdown needs it

    match = _FRONT_MATTER.match(text)
    if match is None:
        return Found(text=text)
    try:
        matter = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return Found(text=text)
    if not isinstance(matter, dict):
        return Found(text=text)
    fields = {str(key).lower(): value for key, value in matter.items()}
    values = {
        name: next((fields[column] for column in COLUMNS[name] if fields.get(column)), None)
        for name in ("title", "publisher", "url", "published")
    }
    strings = {
        name: str(value)
        for name, value in values.items()
        if name != "published" and isinstance(value, str | int | float)
    }
    return Found(text=text[match.end() :], published=values["published"], **strings)
