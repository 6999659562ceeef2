"""Fetching, when asked for: one page at a time, checked, capped, timed, and as robots.txt says."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from digest.ingest.cache import Kept, PageCache
from digest.ingest.items import UnusableError
from digest.records import DropReason

if TYPE_CHECKING:
    import httpx

    from digest.config import IngestConfig
    from digest.ingest.guard import Deadline

_AGENT = "digest"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 512_000  # RFC 9309 asks for 500 KiB at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a URL answered: `url` is where the last redirect led, `content_type` as sent."""

    url: str
    status: int
    body: bytes
    content_type: str
    location: str | None = None


class Web:
    """Reads pages for one run. Use it as a context manager; it connects only when asked to."""

    def __init__(self, config: IngestConfig) -> None:
        self._config = config
        self._cache = PageCache(Path(config.cache_dir)) if config.cache_dir else None
        self._client: httpx.Client | None = None
        self._deadline: Deadline | None = None
        self._robots: dict[str, RobotFileParser | UnusableError] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()

    def get(self, url: str) -> Page:
        """Return the page at `url`, with status 2xx.

        Raises:
            UnusableError: FETCH_REFUSED where it must not be asked for (fetching is off, not
                http(s), not a public address, robots.txt), FETCH_FAILED where asking was in vain
                (time, status, size, network).
        """
        if not self._config.fetch:
            raise UnusableError(DropReason.FETCH_REFUSED, "ingest.fetch is off")
        from digest.ingest.guard import NETWORK_ERRORS  # noqa: PLC0415 - httpx costs 0.1 s

        self._start()
        try:
            page = self._follow(url, ask_robots=True)
        except NETWORK_ERRORS as error:
            detail = f"{type(error).__name__}: {error}"
            raise UnusableError(DropReason.FETCH_FAILED, detail) from error
        if not 200 <= page.status < 300:
            raise UnusableError(DropReason.FETCH_FAILED, f"status {page.status}")
        return page

    def _start(self) -> None:
        """Open the client with the first page, and give every page its own time."""
        import httpx  # noqa: PLC0415 - as above

        from digest.ingest.guard import Deadline, GuardedTransport  # noqa: PLC0415 - as above

        if self._client is None or self._deadline is None:
            self._deadline = Deadline()
            transport = GuardedTransport(
                allow_private=self._config.allow_private_addresses, deadline=self._deadline
            )
            # trust_env: a proxy from the environment would resolve names itself, past the guard.
            self._client = httpx.Client(
                transport=transport, trust_env=False, headers={"User-Agent": _user_agent()}
            )
        self._client.cookies.clear()
        self._deadline.start(self._config.timeout_s)

    def _follow(self, url: str, *, ask_robots: bool) -> Page:
        for _ in range(self._config.max_redirects + 1):
            url = _checked(url)
            if ask_robots:
                self._check_robots(url)
            page = self._hop(url, robots_file=not ask_robots)
            if page.location is None:
                return page
            url = urljoin(url, page.location)
        limit = self._config.max_redirects
        raise UnusableError(DropReason.FETCH_FAILED, f"more than {limit} redirects")

    def _hop(self, url: str, *, robots_file: bool) -> Page:
        """Ask one server once. A redirect comes back with its `location`, its body unread."""
        assert self._client is not None  # noqa: S101 - `get` opened it
        kept = self._cache.get(url) if self._cache and not robots_file else None
        with self._client.stream("GET", url, headers=_conditions(kept)) as response:
            if response.status_code == 304 and kept is not None:
                return _kept_page(url, kept, self._config.max_bytes)
            headers = response.headers
            redirected = response.status_code in _REDIRECTS and "location" in headers
            body = b""
            if response.is_success:
                body = self._body(response, cut_at=_ROBOTS_BYTES if robots_file else None)
            page = Page(
                url=url,
                status=response.status_code,
                body=body,
                content_type=headers.get("content-type", ""),
                location=headers["location"] if redirected else None,
            )
            if self._cache and response.status_code == 200 and not robots_file:
                self._cache.put(url, _to_keep(page, headers))
            return page

    def _body(self, response: httpx.Response, *, cut_at: int | None) -> bytes:
        limit = self._config.max_bytes if cut_at is None else cut_at
        announced = response.headers.get("content-length", "")
        if cut_at is None and announced.isdecimal() and int(announced) > limit:
            raise _too_big(limit)
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > limit:
                if cut_at is None:
                    raise _too_big(limit)
                break
        return bytes(body[:limit])

    def _check_robots(self, url: str) -> None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            try:
                self._robots[origin] = self._rules(origin)
            except UnusableError as error:
                self._robots[origin] = error
        rules = self._robots[origin]
        if isinstance(rules, UnusableError):
            raise UnusableError(DropReason.FETCH_REFUSED, f"{origin}/robots.txt: {rules.detail}")
        if not rules.can_fetch(_AGENT, url):
            raise UnusableError(DropReason.FETCH_REFUSED, f"robots.txt does not allow {url}")

    def _rules(self, origin: str) -> RobotFileParser:
        """Return the rules of a site.

        Raises:
            UnusableError: they cannot be known, so that nothing may be read.
        """
        from digest.ingest.guard import NETWORK_ERRORS  # noqa: PLC0415 - as above

        rules = RobotFileParser()
        try:
            page = self._follow(f"{origin}/robots.txt", ask_robots=False)
            # RFC 9309, 2.3.1.3: with 4xx there are no rules, with 5xx they are unknown.
            if not 200 <= page.status < 300 and not 400 <= page.status < 500:
                raise UnusableError(DropReason.FETCH_FAILED, f"status {page.status}")
            rules.parse(page.body.decode("utf-8-sig", "replace").splitlines())
        except NETWORK_ERRORS as error:  # or a path like `//[`, which is no URL to urllib
            detail = f"{type(error).__name__}: {error}"
            raise UnusableError(DropReason.FETCH_FAILED, detail) from error
        return rules


def _checked(url: str) -> str:
    """Return `url` without its fragment if it may be asked for at all."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        detail = f"only http and https are fetched, got {parts.scheme or 'no scheme'}"
        raise UnusableError(DropReason.FETCH_REFUSED, detail)
    if not parts.hostname:
        raise UnusableError(DropReason.FETCH_REFUSED, "no host in the URL")
    if "@" in parts.netloc:
        raise UnusableError(DropReason.FETCH_REFUSED, "a URL must not hold a name or password")
    return urldefrag(url).url


def _conditions(kept: Kept | None) -> dict[str, str]:
    if kept is None:
        return {}
    headers = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
    return {name: value for name, value in headers.items() if value}


def _kept_page(url: str, kept: Kept, limit: int) -> Page:
    if len(kept.body) > limit:
        raise _too_big(limit)
    return Page(url=url, status=200, body=kept.body, content_type=kept.content_type)


def _to_keep(page: Page, headers: httpx.Headers) -> Kept:
    return Kept(
        body=page.body,
        content_type=page.content_type,
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
    )


def _too_big(limit: int) -> UnusableError:
    return UnusableError(DropReason.FETCH_FAILED, f"more than {limit} bytes")


def _user_agent() -> str:
    try:
        return f"{_AGENT}/{version('digest')}"
    except PackageNotFoundError:  # run from a checkout
        return f"{_AGENT}/0"
