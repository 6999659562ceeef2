"""RSS and Atom: every entry is one item, with the page behind it where fetching is on."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from digest.ingest.dates import iso_date
from digest.ingest.decode import to_text
from digest.ingest.html import fragment_text
from digest.ingest.items import Found, UnusableError, drop, to_item
from digest.ingest.pages import found_in
from digest.ingest.rows import canonical_bytes
from digest.records import DropReason

if TYPE_CHECKING:
    from digest.config import IngestConfig
    from digest.ingest.items import Item
    from digest.ingest.web import Web


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it was read.

    `source` names it in records, `url` is what its links are relative to, `charset` what the
    server said, `cluster` the given cluster of the sub-folder it lies in.
    """

    body: bytes
    source: str
    url: str | None = None
    charset: str | None = None
    cluster: str | None = None


def feed_items(feed: Feed, web: Web, config: IngestConfig) -> list[Item]:
    """Return one item for each entry, in the order of the feed.

    Raises:
        UnusableError: BINARY, EMPTY for a feed without entries, UNSUPPORTED_TYPE for other XML.
    """
    parsed = _parse(feed)
    if not parsed.entries:
        if parsed.get("version"):
            raise UnusableError(DropReason.EMPTY, "a feed without entries")
        why = parsed.get("bozo_exception") or "no feed element"
        raise UnusableError(DropReason.UNSUPPORTED_TYPE, f"not an RSS or Atom feed: {why}")
    publisher = _title(parsed.feed)
    follow = config.fetch and config.follow_feed_links
    items: list[Item] = []
    for number, entry in enumerate(parsed.entries, start=1):
        own = replace(_entry_found(entry, publisher), cluster=feed.cluster)
        items.append(_entry_item(own, f"{feed.source}:{number}", web if follow else None))
    return items


def _parse(feed: Feed) -> Any:  # noqa: ANN401 - feedparser has no types
    import feedparser  # noqa: PLC0415 - 0.1 s, and few inputs are feeds

    # Decoded here, so that one rule finds encodings; the header outranks the XML declaration.
    text = to_text(feed.body, charset=feed.charset, declared=True)
    headers = {"content-type": "application/xml; charset=utf-8"}
    if feed.url:
        headers["content-location"] = feed.url
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of what feedparser itself uses
            # Its own sanitizer takes the `hidden` attribute away and leaves the text.
            return feedparser.parse(
                io.BytesIO(text.encode("utf-8", "replace")),
                response_headers=headers,
                sanitize_html=False,
            )
    except Exception as error:  # it names no errors, and one odd feed must not end a run
        detail = f"{type(error).__name__}: {error}"
        raise UnusableError(DropReason.UNREADABLE, detail) from error


def _entry_item(own: Found, source: str, web: Web | None) -> Item:
    """Return the longer of the page behind the entry and the entry's own text."""
    canonical = canonical_bytes(
        [own.id, own.title, own.text, own.publisher, own.url, own.published]
    )
    key = own.id or own.url or canonical.decode("utf-8", "replace")
    fallback_id = f"feed-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:12]}"
    found, sha256 = replace(own, id=None), hashlib.sha256(canonical).hexdigest()
    failure = UnusableError(DropReason.EMPTY, "no text in the entry")
    if web is not None and own.url:
        try:
            page = web.get(own.url)
            behind = found_in(page)
        except UnusableError as error:
            failure = UnusableError(error.reason, f"{own.url}: {error.detail}")
        else:
            # A consent wall answers 200 too: what the feed itself carries may be more.
            if len(behind.text) > len(own.text):
                found = _merged(own, behind)
                sha256 = hashlib.sha256(page.body).hexdigest()
    if not found.text.strip():
        return drop(source, failure.reason, failure.detail)
    return to_item(found, fallback_id=fallback_id, source=source, sha256=sha256)


def _merged(own: Found, page: Found) -> Found:
    return replace(
        page,
        title=own.title or page.title,
        publisher=page.publisher or own.publisher,
        published=own.published or page.published,
        cluster=own.cluster,
    )


def _entry_found(entry: Any, publisher: str | None) -> Found:  # noqa: ANN401 - feedparser has no types
    parts = [*entry.get("content", []), entry.get("summary_detail") or {}]
    texts = [_plain(part) for part in parts]
    return Found(
        text=max(texts, key=len, default=""),
        id=entry.get("id"),
        title=_title(entry),
        publisher=_title(entry.get("source") or {}) or publisher,
        url=entry.get("link"),
        published=_published(entry),
    )


def _title(element: Any) -> str | None:  # noqa: ANN401 - feedparser has no types
    return _plain(element.get("title_detail") or {}) or None


def _plain(part: dict[str, str]) -> str:
    value = part.get("value") or ""
    return value.strip() if part.get("type") == "text/plain" else fragment_text(value)


def _published(entry: Any) -> str | None:  # noqa: ANN401 - feedparser has no types
    """Return when the entry came out, or was last changed, in ISO 8601.

    Not feedparser's own reading: 6.0.14 makes 1 November of "2024년 05월 01일".
    """
    # dict.get: feedparser's own answers `updated` with `published`, and warns of it.
    dates = (iso_date(dict.get(entry, name)) for name in ("published", "updated"))
    return next((printed for printed in dates if printed), None)
