from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.config import IngestConfig
from digest.ingest import ingest
from digest.records import DropReason

if TYPE_CHECKING:
    from pathlib import Path

    from tests.digest.ingest.conftest import Site

_ATOM = """<?xml version="1.0" encoding="iso-8859-1"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>The Café</title>
<entry><id>tag:1</id><title type="html">Dam &amp;amp; flood</title><link href="https://e.org/1"/>
<updated>2024-05-01T10:00:00+02:00</updated><summary>Short.</summary>
<content type="html">&lt;p>One.&lt;/p>&lt;p hidden>Obey.&lt;/p>&lt;p>Two.&lt;/p></content></entry>
<entry><id>tag:2</id><title>x &lt; y</title><summary type="text">Peña &lt;b> said.</summary>
<source><title>Agency</title></source></entry>
<entry><id>tag:3</id><title>No text</title><link href="https://e.org/3"/></entry></feed>"""


def _rss(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>The Feed</title>{''.join(items)}</channel></rss>"


def _item(link: str, text: str = "", extra: str = "") -> str:
    return (
        f"<item><link>{escape(link)}</link><description>{escape(text)}</description>{extra}</item>"
    )


def test_entries_of_a_file_are_articles(tmp_path: Path) -> None:
    (tmp_path / "f.atom").write_bytes(_ATOM.encode("latin-1"))
    result = ingest(["f.atom"], IngestConfig(), base=tmp_path)
    one, two = result.articles
    assert (one.title, one.text, one.publisher) == ("Dam & flood", "One.\nTwo.", "The Café")
    assert (one.url, one.published) == ("https://e.org/1", "2024-05-01T08:00:00Z")
    assert one.id == f"feed-{hashlib.sha256(b'tag:1').hexdigest()[:12]}"
    assert one.source == "f.atom:1"
    assert (two.title, two.text, two.publisher) == ("x < y", "Peña <b> said.", "Agency")
    assert [(d.article_id, d.reason) for d in result.dropped] == [("f.atom:3", DropReason.EMPTY)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_rss(), DropReason.EMPTY),
        ("", DropReason.EMPTY),
        ("<note>no feed</note>", DropReason.UNSUPPORTED_TYPE),
        ("no XML at all", DropReason.UNSUPPORTED_TYPE),
        ("\x00\x01", DropReason.BINARY),
    ],
)
def test_what_is_no_feed_is_one_drop(tmp_path: Path, data: str, reason: DropReason) -> None:
    (tmp_path / "f.xml").write_text(data)
    result = ingest(["f.xml"], IngestConfig(), base=tmp_path)
    assert [(d.article_id, d.reason) for d in result.dropped] == [("f.xml", reason)]


def test_a_feed_that_breaks_off_keeps_its_entries(tmp_path: Path) -> None:
    whole = _rss(_item("https://e.org/1", "One."), _item("https://e.org/2", "Two."))
    (tmp_path / "f.rss").write_text(whole[: whole.index("</channel>")])
    result = ingest(["f.rss"], IngestConfig(), base=tmp_path)
    assert [article.text for article in result.articles] == ["One.", "Two."]
    (tmp_path / "f.rss").write_text(whole[: whole.index("Two.") + 2])
    cut = ingest(["f.rss"], IngestConfig(), base=tmp_path)
    assert [article.text for article in cut.articles] == ["One."]
    assert [(d.article_id, d.reason) for d in cut.dropped] == [("f.rss:2", DropReason.EMPTY)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<pubDate>Wed, 01 May 2024 10:00:00 EST</pubDate>", "2024-05-01T15:00:00Z"),
        ("<pubDate>soon</pubDate>", None),
        ("<pubDate>2024년 05월 01일 10:00:00</pubDate>", None),
        ("", None),
    ],
)
def test_dates_are_read(tmp_path: Path, written: str, read: str | None) -> None:
    (tmp_path / "f.rss").write_text(_rss(_item("https://e.org/1", "One.", written)))
    (article,) = ingest(["f.rss"], IngestConfig(), base=tmp_path).articles
    assert article.published == read


def test_entities_do_not_expand(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    secret = tmp_path / "secret"
    secret.write_text("hush")
    head = f'<!DOCTYPE r [<!ENTITY e0 "xxxxxxxxxx">{bomb}<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    (tmp_path / "f.rss").write_text(
        head + _rss("<item><description>&e9; &s; end</description></item>")
    )
    result = ingest(["f.rss"], IngestConfig(), base=tmp_path)
    assert result.given == 1
    assert all(len(a.text) < 1000 and "hush" not in a.text for a in result.articles)


def test_pages_behind_entries_are_read(site: Site, online: IngestConfig) -> None:
    long = "The dam near Ardel broke on Monday, killing 12 people and flooding two villages."
    page = site.serve("/one", f"<title>Other</title><article><p>{long}</p></article>")
    site.serve("/wall", "<p>Agree to cookies.</p>")
    site.answer("/broken", status=500)
    feed = _rss(
        _item("/one", "Teaser.", "<title>Dam</title>"),
        _item("/wall", "All of the text of the second entry, longer than the wall."),
        _item("/broken", "Own text."),
        _item("/broken"),
        _item("", "No link."),
    )
    url = site.serve("/feed", feed, "application/rss+xml")
    result = ingest([url], online)
    one, wall, broken, unlinked = result.articles
    assert (one.text, one.title, one.url, one.publisher) == (long, "Dam", page, "The Feed")
    assert one.sha256 == hashlib.sha256(site.answers["/one"].body).hexdigest()
    assert wall.text.startswith("All of the text")
    assert (broken.text, broken.url) == ("Own text.", site.url("/broken"))
    assert (unlinked.text, unlinked.source) == ("No link.", f"{url}:5")
    (lost,) = result.dropped
    assert (lost.article_id, lost.reason) == (f"{url}:4", DropReason.FETCH_FAILED)
    assert "status 500" in lost.detail


def test_links_are_left_alone_when_so_configured(site: Site, online: IngestConfig) -> None:
    url = site.serve("/feed", _rss(_item(site.url("/one"), "Teaser.")), "text/xml; charset=utf-8")
    config = online.model_copy(update={"follow_feed_links": False})
    assert [article.text for article in ingest([url], config).articles] == ["Teaser."]
    assert site.paths() == ["/robots.txt", "/feed"]


def test_a_feed_file_follows_links_only_when_fetching(
    site: Site, online: IngestConfig, tmp_path: Path
) -> None:
    link = site.serve("/one", "<p>The whole of the article behind it.</p>")
    (tmp_path / "f.rss").write_text(_rss(_item(link, "Teaser.")))
    offline = ingest(["f.rss"], IngestConfig(), base=tmp_path)
    assert [article.text for article in offline.articles] == ["Teaser."]
    assert site.asked == []
    (article,) = ingest(["f.rss"], online, base=tmp_path).articles
    assert article.text == "The whole of the article behind it."
    assert article.id == offline.articles[0].id


def test_a_feed_the_parser_fails_on_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(*_: object, **__: object) -> None:
        raise AssertionError("we should not get here!")

    monkeypatch.setattr(feedparser, "parse", parse)
    (tmp_path / "f.rss").write_text(_rss(_item("https://e.org/1", "One.")))
    (dropped,) = ingest(["f.rss"], IngestConfig(), base=tmp_path).dropped
    assert (dropped.reason, dropped.detail) == (
        DropReason.UNREADABLE,
        "AssertionError: we should not get here!",
    )


_PIECES = st.sampled_from(
    [
        "<item>",
        "</item>",
        "<title>",
        "<description>",
        "<link>http://[</link>",
        "<pubDate>1</pubDate>",
        "&x;",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE x [",
        "<content:encoded>",
    ]
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(_PIECES | st.text(max_size=5), max_size=12).map("".join))
def test_any_feed_is_read_or_recorded(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "f.rss"
    path.write_bytes(_rss(inside).encode("utf-8", "replace"))
    result = ingest([str(path)], IngestConfig())
    assert result.given >= 1
