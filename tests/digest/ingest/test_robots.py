from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from digest.ingest.items import UnusableError
from digest.ingest.web import Page, Web
from digest.records import DropReason

if TYPE_CHECKING:
    from digest.config import IngestConfig
    from tests.digest.ingest.conftest import Site


def _get(url: str, config: IngestConfig) -> Page:
    with Web(config) as web:
        return web.get(url)


def _refusal(url: str, config: IngestConfig) -> str:
    with pytest.raises(UnusableError) as caught:
        _get(url, config)
    assert caught.value.reason is DropReason.FETCH_REFUSED
    return caught.value.detail


def test_robots_are_heard(site: Site, online: IngestConfig) -> None:
    site.serve("/open", "x")
    site.serve("/closed/a", "x")
    site.serve("/robots.txt", "User-agent: digest\nDisallow: /closed/\n", "text/plain")
    site.answer("/door", status=302, headers={"Location": "/closed/a"})
    assert _get(site.url("/open"), online).status == 200
    for path in ("/closed/a", "/door"):
        assert "robots.txt does not allow" in _refusal(site.url(path), online)
    assert "/closed/a" not in site.paths()


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        ({"status": 404}, True),
        ({"status": 403}, True),
        ({"status": 500}, False),
        ({"status": 302, "headers": {"Location": "/rules"}}, False),
        ({"status": 302, "headers": {"Location": "/robots.txt"}}, False),
        ({"status": 302, "headers": {"Location": "ftp://e.org/"}}, False),
        ({"body": b"User-agent: *\nDisallow: //[\n"}, False),
        ({"body": b"\xff\xfe junk \x00"}, True),
        ({"body": b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /\n"}, True),
        ({"body": b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"}, False),
        ({"body": b"x" * 1000, "drip_s": 0.02}, False),
    ],
)
def test_unknown_rules_are_a_no_and_no_rules_a_yes(
    site: Site, online: IngestConfig, answer: dict[str, Any], *, allowed: bool
) -> None:
    site.answer("/robots.txt", **answer)
    site.answer("/rules", body=b"User-agent: *\nDisallow: /\n")
    url = site.serve("/a", "x")
    config = online.model_copy(update={"timeout_s": 0.5})
    if allowed:
        assert _get(url, config).body == b"x"
    else:
        assert "robots.txt" in _refusal(url, config)
        assert "/a" not in site.paths()
