from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from digest.ingest import ingest
from digest.ingest.items import UnusableError
from digest.ingest.pages import Kind, found_in, kind_of
from digest.ingest.web import Page
from digest.records import DropReason

if TYPE_CHECKING:
    from pathlib import Path

    from digest.config import IngestConfig
    from tests.digest.ingest.conftest import Site


def _page(body: str | bytes, content_type: str = "") -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(url="https://e.org/a", status=200, body=data, content_type=content_type)


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        ("<p>Text.</p>", "text/html; charset=utf-8", Kind.HTML),
        ("<p>Text.</p>", "", Kind.HTML),
        ("<html><p>Text.", "application/xhtml+xml", Kind.HTML),
        ("<?xml version='1.0'?><html>", "text/xml", Kind.HTML),
        ("<?xml version='1.0'?><rss version='2.0'>", "text/html", Kind.FEED),
        ("<feed xmlns='x'>", "text/plain", Kind.FEED),
        ("<feed xmlns='x'>".encode("utf-16"), "", Kind.FEED),
        ("broken", "application/rss+xml", Kind.FEED),
        ("<html><p>about the <rss> element", "text/html", Kind.HTML),
        ("Text.", "text/plain", Kind.TEXT),
        ("Text.", "", Kind.TEXT),
    ],
)
def test_kinds_are_told_apart(body: str | bytes, content_type: str, kind: Kind) -> None:
    assert kind_of(_page(body, content_type)) is kind


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF-1.7", "application/pdf", DropReason.BINARY),
        (b"\x89PNG", "", DropReason.BINARY),
        (b"{}", "application/json", DropReason.UNSUPPORTED_TYPE),
        (b"<note/>", "application/xml", DropReason.UNSUPPORTED_TYPE),
        (b"", "text/html", DropReason.EMPTY),
        (b"<rss version='2.0'>", "", DropReason.UNSUPPORTED_TYPE),
        (b"a\x00b", "text/plain", DropReason.BINARY),
    ],
)
def test_what_is_no_page_is_a_reason(body: bytes, content_type: str, reason: DropReason) -> None:
    with pytest.raises(UnusableError) as caught:
        found_in(_page(body, content_type))
    assert caught.value.reason is reason


def test_the_charset_of_the_server_is_heard() -> None:
    text = "Новости дня: плотина прорвалась"
    page = _page(text.encode("koi8-r"), 'text/plain; Charset="koi8-r"')
    assert found_in(page).text == text


def test_a_url_is_one_article(site: Site, online: IngestConfig) -> None:
    body = "<title>Dam</title><link rel=canonical href=https://other.org/><p>The dam broke.</p>"
    url = site.serve("/a", body)
    (article,) = ingest([url], online).articles
    assert (article.text, article.title) == ("The dam broke.", "Dam")
    # Where it was read, whatever the page claims: a citation must lead there.
    assert (article.url, article.source) == (url, url)
    assert article.id == f"web-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
    assert article.sha256 == hashlib.sha256(body.encode()).hexdigest()


def test_one_bad_page_is_one_drop(site: Site, online: IngestConfig) -> None:
    good = site.serve("/a", "Plain text.", "text/plain")
    bad = [site.url("/gone"), site.serve("/p", b"%PDF-1", "application/pdf"), "gopher://e.org/"]
    result = ingest([*bad, good], online)
    assert [article.text for article in result.articles] == ["Plain text."]
    assert {d.article_id: d.reason for d in result.dropped} == {
        bad[0]: DropReason.FETCH_FAILED,
        bad[1]: DropReason.BINARY,
        bad[2]: DropReason.FETCH_REFUSED,
    }


def test_the_cache_lies_below_the_base(site: Site, online: IngestConfig, tmp_path: Path) -> None:
    url = site.answer("/a", body="Plain text.", headers={"ETag": '"1"'})
    config = online.model_copy(update={"cache_dir": "pages"})
    first = ingest([url], config, base=tmp_path)
    assert len(list((tmp_path / "pages").iterdir())) == 1
    assert ingest([url], config, base=tmp_path) == first
    assert site.asked[-1][1]["if-none-match"] == '"1"'
