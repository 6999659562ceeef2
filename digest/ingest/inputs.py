"""The stage: inputs of every kind to articles and drops."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.ingest.datasets import PREFIX, read_dataset
from digest.ingest.feeds import Feed, feed_items
from digest.ingest.files import read_file
from digest.ingest.items import UnusableError, drop, to_item, with_unique_ids
from digest.ingest.pages import Kind, charset_of, found_in, kind_of
from digest.ingest.paths import SourceFile, find_files
from digest.ingest.web import Web
from digest.records import Dropped, DropReason, RawArticle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from digest.config import IngestConfig
    from digest.ingest.items import Item

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What came in: every file, row, feed entry and page is in one of the two."""

    articles: tuple[RawArticle, ...]
    dropped: tuple[Dropped, ...]

    @property
    def given(self) -> int:
        """The number of items that were given."""
        return len(self.articles) + len(self.dropped)


def ingest(inputs: Sequence[str], config: IngestConfig, *, base: Path | None = None) -> Ingested:
    """Read every input: a file, folder, glob, http(s) URL, or dataset `hf:name[:split]`.

    Args:
        inputs: read in sorted order, and what they hold in an order of its own, so that neither the
            order on the command line nor that of the file system shows in the result.
        config: what is read and what is refused.
        base: the folder that relative paths, that of `config.cache_dir` too, start from.

    Returns:
        Articles with unique ids, and one drop for whatever else was given. An input that leads to
        nothing is a drop, too.

    Raises:
        SourceError: no input led to anything at all.
    """
    if base is not None and config.cache_dir is not None:
        config = config.model_copy(update={"cache_dir": str(base / config.cache_dir)})
    items: list[Item] = []
    missing: list[Dropped] = []
    with Web(config) as web:
        for name in sorted(set(inputs)):
            found = _read_input(name, web, config, base=base)
            items += found
            if not found:
                detail = "no such file or folder, nothing in it, or no permission"
                missing.append(drop(name, DropReason.UNREADABLE, detail))
    if not items:
        tried = ", ".join(repr(item.article_id) for item in missing) or "no input given"
        where = "" if base is None else f" (relative to {base})"
        raise SourceError(f"nothing to read: {tried}{where}; check the paths with `ls`")
    items = with_unique_ids([*items, *missing])
    return Ingested(
        articles=tuple(item for item in items if isinstance(item, RawArticle)),
        dropped=tuple(item for item in items if isinstance(item, Dropped)),
    )


def _read_input(name: str, web: Web, config: IngestConfig, *, base: Path | None) -> list[Item]:
    try:
        if name.startswith(PREFIX):
            return read_dataset(name, config, base=base)
        if _SCHEME.match(name):
            return _read_url(name, web, config)
    except UnusableError as error:
        return [drop(name, error.reason, error.detail)]
    items: list[Item] = []
    for found in find_files(name, base=base):
        items += read_file(found, web, config) if isinstance(found, SourceFile) else [found]
    return items


def _read_url(url: str, web: Web, config: IngestConfig) -> list[Item]:
    page = web.get(url)
    if kind_of(page) is Kind.FEED:
        feed = Feed(body=page.body, source=url, url=page.url, charset=charset_of(page))
        return feed_items(feed, web, config)
    sha256 = hashlib.sha256(page.body).hexdigest()
    fallback_id = f"web-{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:12]}"
    found = replace(found_in(page), id=None)
    return [to_item(found, fallback_id=fallback_id, source=url, sha256=sha256)]
