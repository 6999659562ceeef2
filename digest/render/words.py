"""How the page says things: text made safe to show, links, dates, counts and reasons in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from digest.records import ConflictKind, Status, WithheldReason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.records import Briefing

# Control characters, and the marks that reorder what stands after them: U+202E in a title makes
# the rest of the line read backwards (the "Trojan Source" trick).
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# What RFC 3986 lets stand in a URL, less the characters that would end a Markdown link.
_URL_SAFE = "%/:?#@!$&*+,;=~-._"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY_ONLY = re.compile(r"\d{4}-?\d{2}-?\d{2}")

KIND_NOTES = {
    ConflictKind.UPDATE: "updated, newest first",
    ConflictKind.ROUNDING: "rounded differently",
    ConflictKind.SCOPE: "not the same thing counted",
    ConflictKind.DISPUTE: "disputed",
}
REASON_WORDS = {
    WithheldReason.UNSUPPORTED_ENTITY: ("unsupported name", "unsupported names"),
    WithheldReason.UNSUPPORTED_NUMBER: ("unsupported number", "unsupported numbers"),
    WithheldReason.MISQUOTE: ("misquote", "misquotes"),
    WithheldReason.UNSUPPORTED_CLAIM: ("unsupported claim", "unsupported claims"),
    WithheldReason.FRAGMENT: ("fragment", "fragments"),
    WithheldReason.REPETITION: ("repetition", "repetitions"),
    WithheldReason.TOO_LONG: ("over the length limit", "over the length limit"),
    WithheldReason.INJECTION: ("instruction to a model", "instructions to a model"),
    WithheldReason.LEAKED_REASONING: ("leaked reasoning", "leaked reasoning"),
}


def storable(text: str) -> str:
    """Return the text with lone surrogates as U+FFFD: UTF-8 has no bytes for them."""
    return _SURROGATE.sub("\ufffd", text)


def plain(text: str) -> str:
    r"""Return one line that shows what it holds: no control or reordering characters.

    >>> plain("Two\n lines\x00 and \u202ea trick")
    'Two lines and a trick'
    """
    return " ".join(printable(text).split())


def printable(text: str) -> str:
    """Return the text without control and reordering characters; white space stays as it is."""
    return _UNSHOWABLE.sub("", storable(text))


def safe_url(url: str | None) -> str | None:
    """Return the URL where it may become a link: http(s), a host, no user name; else None.

    >>> safe_url("https://post.example/a (b)")
    'https://post.example/a%20%28b%29'
    >>> safe_url("javascript:alert(1)") is None
    True
    """
    if url is None:
        return None
    url = storable(url.strip())
    try:
        parts = urlsplit(url)
        wanted = parts.scheme in {"http", "https"} and parts.hostname
    except ValueError:  # an unclosed [ of an IPv6 address
        return None
    # `https://bank.example@evil.example` goes to evil.example: no reader expects that.
    if not wanted or "@" in parts.netloc or "\\" in url:
        return None
    return quote(url, safe=_URL_SAFE + "[]" if "[" in parts.netloc else _URL_SAFE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date or time for readers, and for machines where it could be parsed."""

    words: str
    iso: str | None


def moment(text: str | None) -> Moment | None:
    """Return an ISO 8601 date or time in words; what is no such thing is shown as it is.

    >>> moment("2025-03-09T14:05:00Z").words
    '9 March 2025, 14:05 UTC'
    >>> moment("20250309")
    Moment(words='9 March 2025', iso='2025-03-09')
    >>> moment("Sunday")
    Moment(words='Sunday', iso=None)
    """
    if text is None or not plain(text):
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return Moment(words=plain(text), iso=None)
    day = f"{parsed.day} {_MONTHS[parsed.month - 1]} {parsed.year}"
    if _DAY_ONLY.fullmatch(text):
        return Moment(words=day, iso=parsed.date().isoformat())
    zone = parsed.tzname() or ""
    return Moment(words=f"{day}, {parsed:%H:%M} {zone}".rstrip(), iso=parsed.isoformat())


def count(number: int, one: str, many: str | None = None) -> str:
    """Return the number and the noun in its right form.

    >>> count(1, "article"), count(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def coverage_words(briefing: Briefing) -> str:
    """Return the sentence that says what was read and what was held back."""
    numbers = briefing.coverage
    read = ", ".join(
        [
            f"{count(numbers.articles_read, 'article')} read",
            f"{numbers.articles_dropped:,} dropped",
            count(numbers.independent_sources, "independent source"),
            f"{numbers.articles_cited:,} cited",
        ]
    )
    if not briefing.withheld:
        return f"{read}; nothing withheld."
    withheld = f"{count(len(briefing.withheld), 'sentence')} withheld"
    return f"{read}; {withheld} ({_reasons(item.reason for item in briefing.withheld)})."


def status_words(briefing: Briefing) -> str | None:
    """Return what the guard had to change in published sentences; None where it changed nothing."""
    statuses = [s.status for section in briefing.sections for s in section.sentences]
    repaired = statuses.count(Status.REPAIRED)
    extractive = statuses.count(Status.EXTRACTIVE)
    said = []
    if repaired:
        said.append(f"{count(repaired, 'sentence')} repaired to say what the cited source says")
    if extractive:
        said.append(f"{count(extractive, 'sentence')} taken word for word from a source")
    return "; ".join(said) + "." if said else None


def _reasons(reasons: Iterable[WithheldReason]) -> str:
    """Count the reasons, in the order of the closed list."""
    given = list(reasons)
    return ", ".join(
        count(given.count(reason), *words)
        for reason, words in REASON_WORDS.items()
        if reason in given
    )
