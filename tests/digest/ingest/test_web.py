from __future__ import annotations

import gzip
import socket
from typing import TYPE_CHECKING

import pytest

from digest.config import IngestConfig
from digest.ingest import guard
from digest.ingest.items import UnusableError
from digest.ingest.web import Page, Web
from digest.records import DropReason

if TYPE_CHECKING:
    from pathlib import Path

    from tests.digest.ingest.conftest import Site

_REFUSED = DropReason.FETCH_REFUSED
_FAILED = DropReason.FETCH_FAILED
_GZIP = {"Content-Encoding": "gzip"}
_MAY = "Wed, 01 May 2024 10:00:00 GMT"


def _get(url: str, config: IngestConfig) -> Page:
    with Web(config) as web:
        return web.get(url)


def _failure(url: str, config: IngestConfig) -> UnusableError:
    with pytest.raises(UnusableError) as caught:
        _get(url, config)
    return caught.value


def test_a_page_is_read_by_an_honest_name(site: Site, online: IngestConfig) -> None:
    url = site.serve("/a", "<p>Text.</p>")
    page = _get(url + "#part", online)
    assert (page.url, page.body, page.content_type) == (url, b"<p>Text.</p>", "text/html")
    assert site.paths() == ["/robots.txt", "/a"]
    assert all(headers["user-agent"].startswith("digest/") for _, headers in site.asked)


def test_a_compressed_page_is_unpacked(site: Site, online: IngestConfig) -> None:
    body = gzip.compress(b"<p>Text.</p>")
    assert _get(site.answer("/a", body=body, headers=_GZIP), online).body == b"<p>Text.</p>"
    broken = site.answer("/b", body=b"not gzip", headers=_GZIP)
    assert _failure(broken, online).reason is _FAILED


def test_fetching_is_off_unless_asked_for(site: Site) -> None:
    url = site.serve("/a", "x")
    error = _failure(url, IngestConfig(allow_private_addresses=True))
    assert error.reason is _REFUSED
    assert site.asked == []


@pytest.mark.parametrize(
    ("url", "reason", "detail"),
    [
        ("file:///etc/hosts", _REFUSED, "only http and https"),
        ("ftp://example.org/a", _REFUSED, "got ftp"),
        ("//example.org/a", _REFUSED, "got no scheme"),
        ("http://name:secret@127.0.0.1/", _REFUSED, "must not hold a name or password"),
        ("http://", _REFUSED, "no host"),
        ("http://[::1", _FAILED, "Invalid IPv6 URL"),
        ("http://127.0.0.1:99999/", _REFUSED, "robots.txt: "),
        ("http://127.0.0.1:1/", _REFUSED, "robots.txt: ConnectError"),
        ("http://" + "x" * 70 + ".invalid/", _REFUSED, "robots.txt: "),
        ("http://a\udcffb/", _REFUSED, "robots.txt: "),
    ],
)
def test_a_bad_url_is_a_reason(
    url: str, reason: DropReason, detail: str, online: IngestConfig
) -> None:
    error = _failure(url, online)
    assert error.reason is reason
    assert detail in error.detail


def test_private_addresses_are_refused(site: Site, online: IngestConfig) -> None:
    guarded = online.model_copy(update={"allow_private_addresses": False})
    for host in ("127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"):
        error = _failure(site.url("/a", host=host), guarded)
        assert error.reason is _REFUSED
        assert "not a public address" in error.detail
    assert site.asked == []


def test_a_redirect_to_a_private_address_is_refused(
    site: Site, online: IngestConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 127.0.0.1 plays the public server, 127.0.0.2 is the private one: both reach this site.
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    guarded = online.model_copy(update={"allow_private_addresses": False})
    inside = site.url("/secret", host="127.0.0.2")
    site.serve("/secret", "secret")
    site.answer("/a", status=302, headers={"Location": inside})
    error = _failure(site.url("/a"), guarded)
    assert error.reason is _REFUSED
    assert "127.0.0.2" in error.detail
    assert site.paths() == ["/robots.txt", "/a"]
    assert _get(site.serve("/b", "open"), guarded).body == b"open"


def test_the_address_that_was_checked_is_the_one_used(
    site: Site, online: IngestConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *others: int, **named: int) -> object:
        asked.extend([host] if host == "news.test" else [])
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return real(address if host == "news.test" else host, *others, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    guarded = online.model_copy(update={"allow_private_addresses": False})
    site.serve("/a", "public")
    site.answer("/robots.txt", headers={"Connection": "keep-alive"})
    # http.server speaks HTTP/1.0, so the second request connects, and resolves, again.
    error = _failure(site.url("/a", host="news.test"), guarded)
    assert error.reason is _REFUSED
    assert [headers["host"] for _, headers in site.asked] == [f"news.test:{site.port}"]
    assert len(asked) == 2


def _name(monkeypatch: pytest.MonkeyPatch, host: str, *addresses: str) -> None:
    """Let `host` have these addresses."""
    real = socket.getaddrinfo

    def resolve(name: str, port: int, *others: int, **named: int) -> object:
        if name != host:
            return real(name, port, *others, **named)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_one_private_address_among_several_is_enough(
    online: IngestConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    _name(monkeypatch, "news.test", "9.9.9.9", "10.0.0.1")
    guarded = online.model_copy(update={"allow_private_addresses": False})
    assert "10.0.0.1" in _failure("http://news.test/", guarded).detail


def test_the_next_address_is_tried(
    site: Site, online: IngestConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    _name(monkeypatch, "news.test", "127.0.0.9", "127.0.0.1")
    site.serve("/a", "here")
    assert _get(site.url("/a", host="news.test"), online).body == b"here"
    _name(monkeypatch, "none.test")
    assert "has no address" in _failure(site.url("/a", host="none.test"), online).detail


def test_redirects_are_followed_to_a_limit(site: Site, online: IngestConfig) -> None:
    for n in range(4):
        site.answer(f"/{n}", status=301, headers={"Location": f"{n + 1}#x"})
    end = site.serve("/4", "end")
    assert _get(site.url("/0"), online).url == end
    short = online.model_copy(update={"max_redirects": 3})
    assert "more than 3 redirects" in _failure(site.url("/0"), short).detail
    site.answer("/file", status=302, headers={"Location": "file:///etc/passwd"})
    assert _failure(site.url("/file"), online).reason is _REFUSED


@pytest.mark.parametrize("status", [304, 404, 500])
def test_a_status_is_a_failure(site: Site, online: IngestConfig, status: int) -> None:
    site.answer("/a", status=status)
    error = _failure(site.url("/a"), online)
    assert (error.reason, error.detail) == (_FAILED, f"status {status}")


def test_a_large_body_is_not_read(site: Site, online: IngestConfig) -> None:
    small = online.model_copy(update={"max_bytes": 1000})
    assert "more than 1000 bytes" in _failure(site.serve("/a", "x" * 1001), small).detail
    packed = gzip.compress(b"x" * 1_000_000)  # the announced length is below the limit
    assert len(packed) > 900
    bomb = site.answer("/b", body=packed, headers=_GZIP)
    larger = online.model_copy(update={"max_bytes": 100_000})
    assert "more than 100000 bytes" in _failure(bomb, larger).detail
    assert len(_get(site.serve("/c", "x" * 1000), small).body) == 1000


def test_a_body_that_drips_ends_at_the_deadline(site: Site, online: IngestConfig) -> None:
    # Every byte comes well within the time-out of one read: only the total is exceeded.
    body = b"x" * 100_000
    site.answer("/a", body=body, drip_s=0.02)
    error = _failure(site.url("/a"), online.model_copy(update={"timeout_s": 0.3}))
    assert error.reason is _FAILED
    assert "Timeout" in error.detail
    assert site.sent("/a") < len(body)  # the server could not send the rest


def test_every_page_has_its_own_time(site: Site, online: IngestConfig) -> None:
    site.answer("/slow", body=b"x" * 1000, drip_s=0.02)
    site.serve("/fast", "fast")
    site.serve("/ok", "ok")
    with Web(online.model_copy(update={"timeout_s": 0.4})) as web:
        assert web.get(site.url("/ok")).body == b"ok"
        with pytest.raises(UnusableError):
            web.get(site.url("/slow"))
        assert web.get(site.url("/fast")).body == b"fast"
    assert site.paths().count("/robots.txt") == 1


def test_an_unchanged_page_comes_from_the_cache(
    site: Site, online: IngestConfig, tmp_path: Path
) -> None:
    config = online.model_copy(update={"cache_dir": str(tmp_path / "pages")})
    url = site.answer("/a", body="one", headers={"ETag": '"1"', "Last-Modified": _MAY})
    first, second = _get(url, config), _get(url, config)
    assert first == second
    asked = [headers for path, headers in site.asked if path == "/a"]
    assert "if-none-match" not in asked[0]
    assert asked[1]["if-none-match"] == '"1"'
    assert asked[1]["if-modified-since"] == _MAY
    site.answer("/a", body="two", headers={"ETag": '"2"'})
    assert _get(url, config).body == b"two"
    small = config.model_copy(update={"max_bytes": 2})
    assert _failure(url, small).reason is _FAILED


def test_without_a_cache_nothing_is_conditional(site: Site, online: IngestConfig) -> None:
    url = site.answer("/a", body="one", headers={"ETag": '"1"'})
    _get(url, online)
    _get(url, online)
    assert all("if-none-match" not in headers for _, headers in site.asked)


def test_a_server_without_tls_fails_over_https(site: Site, online: IngestConfig) -> None:
    error = _failure(site.url("/a").replace("http:", "https:"), online)
    assert error.reason is _REFUSED
    assert "SSL" in error.detail
