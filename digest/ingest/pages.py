"""What a web page is: told by its content type, and by its first bytes where that says little."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from digest.ingest.decode import check_text, to_text
from digest.ingest.html import page_found
from digest.ingest.items import Found, UnusableError
from digest.records import DropReason

if TYPE_CHECKING:
    from digest.ingest.web import Page

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|article|p|div)[\s>/]", re.IGNORECASE)
_HEAD = 2048


class Kind(StrEnum):
    """How a body is read."""

    FEED = "feed"
    HTML = "html"
    TEXT = "text"


def kind_of(page: Page) -> Kind:
    """Return how `page` is to be read.

    Raises:
        UnusableError: EMPTY, BINARY, or UNSUPPORTED_TYPE with the content type.
    """
    media = page.content_type.partition(";")[0].strip().lower()
    head = page.body[:_HEAD].replace(b"\0", b"")  # UTF-16 without its zero bytes is ASCII enough
    is_html = _HTML.search(head) is not None
    if _FEED.search(head) and not is_html:
        return Kind.FEED
    if media in {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}:
        return Kind.FEED
    if "html" in media or (is_html and media in {"", "application/xml", "text/xml"}):
        return Kind.HTML
    check_text(page.body)
    if media in {"", "text/plain", "text/markdown"}:
        return Kind.TEXT
    raise UnusableError(DropReason.UNSUPPORTED_TYPE, f"content type {media}")


def found_in(page: Page) -> Found:
    """Return the article of an HTML or plain text page; its URL is the one it was read at.

    Raises:
        UnusableError: the page is no article: a feed, binary, empty, of another type.
    """
    kind = kind_of(page)
    if kind is Kind.FEED:
        raise UnusableError(DropReason.UNSUPPORTED_TYPE, "a feed where a page was expected")
    text = to_text(page.body, charset=charset_of(page), declared=kind is Kind.HTML)
    if kind is Kind.TEXT:
        return Found(text=text, url=page.url)
    found = page_found(text)
    return Found(
        text=found.text,
        title=found.title,
        publisher=found.publisher,
        published=found.published,
        url=page.url,
    )


def charset_of(page: Page) -> str | None:
    """Return the charset the server named, None where it named none."""
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", page.content_type, re.IGNORECASE)
    return match[1] if match else None
