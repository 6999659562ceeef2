"""What a reader found, and how it becomes a record: an article, or a drop with its reason."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from digest.ingest.dates import iso_date
from digest.records import Dropped, DropReason, RawArticle, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

Item: TypeAlias = RawArticle | Dropped


class UnusableError(Exception):
    """A source that cannot become an article. Never leaves `digest.ingest`: it becomes a drop."""

    def __init__(self, reason: DropReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The fields a reader got out of one source, as they stood there."""

    text: str
    id: str | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: object = None
    cluster: str | None = None


def drop(name: str, reason: DropReason, detail: str = "") -> Dropped:
    """Return the drop of the source called `name`."""
    return Dropped(
        article_id=well_formed(name),
        stage=Stage.INGEST,
        reason=reason,
        detail=well_formed(detail),
    )


def to_item(found: Found, *, fallback_id: str, source: str, sha256: str) -> Item:
    """Return the article made of `found`, or a drop of `source` where there is no text.

    Titles and publishers become one line, `published` ISO 8601 or None, and a `url` that is not
    http(s) None: it would be printed as a link.
    """
    if not found.text.strip():
        return drop(source, DropReason.EMPTY, "no text")
    return RawArticle(
        id=readable_id(found.id or "") or readable_id(fallback_id) or "article",
        source=well_formed(source),
        text=well_formed(found.text),
        sha256=sha256,
        title=_one_line(found.title),
        publisher=_one_line(found.publisher),
        url=_web_url(found.url),
        published=iso_date(found.published),
        cluster=readable_id(found.cluster or "") or None,
    )


def well_formed(text: str) -> str:
    r"""Return `text` without lone surrogates, which cannot be written to a file.

    They come from JSON escapes and from file names that are not UTF-8.

    >>> well_formed("a\ud800b")
    'a\ufffdb'
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def readable_id(name: str) -> str:
    r"""Return `name` as one NFC line: a Mac gives file names decomposed, Linux as written.

    >>> readable_id("cafe\u0301 1")
    'café 1'
    """
    return unicodedata.normalize("NFC", " ".join(well_formed(name).split()))


def with_unique_ids(items: Iterable[Item]) -> list[Item]:
    """Return the items in order, repeated article ids numbered: `a`, `a`, `a` → `a`, `a-2`, `a-3`.

    An id that some article came with is never given to another one.
    """
    listed = list(items)
    taken = {item.id for item in listed if isinstance(item, RawArticle)}
    seen: set[str] = set()
    counts: dict[str, int] = {}
    unique: list[Item] = []
    for item in listed:
        if isinstance(item, RawArticle) and item.id in seen:
            number = counts.get(item.id, 1) + 1
            while f"{item.id}-{number}" in taken:
                number += 1
            counts[item.id] = number
            taken.add(f"{item.id}-{number}")
            unique.append(replace(item, id=f"{item.id}-{number}"))
            continue
        if isinstance(item, RawArticle):
            seen.add(item.id)
        unique.append(item)
    return unique


def _one_line(text: str | None) -> str | None:
    return " ".join(well_formed(text).split()) or None if text else None


def _web_url(url: str | None) -> str | None:
    url = well_formed(url or "").strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    unprintable = any(character.isspace() or not character.isprintable() for character in url)
    return url if parts.scheme in {"http", "https"} and parts.netloc and not unprintable else None
