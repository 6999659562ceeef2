from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from digest.records import WithheldReason
from digest.render.words import (
    KIND_NOTES,
    REASON_WORDS,
    count,
    coverage_words,
    moment,
    plain,
    safe_url,
    status_words,
)

if TYPE_CHECKING:
    from digest.records import Briefing


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//post.example/a",
        "/a",
        "",
        "https://",
        "https://bank.example@evil.example/",
        "https://evil.example\\@bank.example/",
        "https://[::1",
        None,
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_url(url) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://post.example/a?b=c&d=%20e#f", "https://post.example/a?b=c&d=%20e#f"),
        ("HTTP://post.example/", "HTTP://post.example/"),
        ('https://post.example/"><script>', "https://post.example/%22%3E%3Cscript%3E"),
        ("https://post.example/a)](b", "https://post.example/a%29%5D%28b"),
        ("https://post.example/é", "https://post.example/%C3%A9"),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
    ],
)
def test_a_link_is_percent_encoded_once(url: str, shown: str) -> None:
    assert safe_url(url) == shown
    assert safe_url(shown) == shown


def test_what_would_reorder_or_hide_text_is_removed() -> None:
    assert plain("a\u202eb\u2066c\x00d\x7fe\r\n\tf\ud800") == "abcde f\ufffd"


def test_a_time_names_its_zone() -> None:
    shown = moment("2025-03-09T06:45:00+01:00")
    assert shown is not None
    assert shown.words == "9 March 2025, 06:45 UTC+01:00"
    naive = moment("2025-03-09T06:45")
    assert naive is not None
    assert naive.words == "9 March 2025, 06:45"


@pytest.mark.parametrize("text", [None, "", " \n", "\x00"])
def test_no_date_is_no_date(text: str | None) -> None:
    assert moment(text) is None


def test_coverage_counts_reasons_in_one_sentence(sample: Briefing) -> None:
    assert coverage_words(sample) == (
        "7 articles read, 1 dropped, 6 independent sources, 4 cited; "
        "2 sentences withheld (1 misquote, 1 instruction to a model)."
    )
    one = replace(sample, withheld=sample.withheld[:1])
    assert coverage_words(one).endswith("; 1 sentence withheld (1 misquote).")
    two = replace(sample, withheld=sample.withheld[:1] * 2)
    assert coverage_words(two).endswith("; 2 sentences withheld (2 misquotes).")
    assert coverage_words(replace(sample, withheld=())).endswith(", 4 cited; nothing withheld.")


def test_every_closed_list_has_words() -> None:
    assert set(REASON_WORDS) == set(WithheldReason)
    assert len(set(KIND_NOTES.values())) == 4


def test_statuses_are_said_only_where_the_guard_changed_something(sample: Briefing) -> None:
    assert status_words(sample) == (
        "1 sentence repaired to say what the cited source says; "
        "1 sentence taken word for word from a source."
    )
    assert status_words(replace(sample, sections=())) is None


def test_count_uses_the_given_plural() -> None:
    assert count(2, "leaked reasoning", "leaked reasoning") == "2 leaked reasoning"
    assert count(0, "article") == "0 articles"
