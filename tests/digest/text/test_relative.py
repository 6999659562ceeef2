"""Relative dates: what is found, what it means on a day, and what can be scored."""

from __future__ import annotations

from datetime import date

import pytest

from digest.records import Label, Mention, Support
from digest.text.entities import Aliases, evidence, support
from digest.text.relative import periods, relative_dates, resolve, scorable

# A Wednesday.
_DAY = "2024-05-08"


def _mention(text: str, label: Label = Label.DATE) -> Mention:
    return Mention(text=text, label=label, start=0, end=len(text))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("yesterday", "2024-05-07", "2024-05-07"),
        ("Today", "2024-05-08", "2024-05-08"),
        ("tomorrow", "2024-05-09", "2024-05-09"),
        ("last night", "2024-05-07", "2024-05-07"),
        ("last week", "2024-04-29", "2024-05-05"),
        ("this week", "2024-05-06", "2024-05-12"),
        ("next weekend", "2024-05-18", "2024-05-19"),
        ("last month", "2024-04-01", "2024-04-30"),
        ("next month", "2024-06-01", "2024-06-30"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("last Friday", "2024-05-03", "2024-05-03"),
        ("next Friday", "2024-05-10", "2024-05-10"),
        ("last Wednesday", "2024-05-01", "2024-05-01"),
        ("last May", "2023-05-01", "2023-05-31"),
        ("next January", "2025-01-01", "2025-01-31"),
        ("two weeks ago", "2024-04-22", "2024-04-28"),
        ("a year later", "2025-01-01", "2025-12-31"),
        ("three days earlier", "2024-05-05", "2024-05-05"),
    ],
)
def test_resolved_on_a_day(text: str, first: str, last: str) -> None:
    (found,) = relative_dates(text)
    period = resolve(found, f"{_DAY}T23:30:00+02:00")
    assert period is not None
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["this summer", "next season", "the coming weeks", "the past year"]
)
def test_what_no_calendar_tells_is_found_and_not_resolved(text: str) -> None:
    (found,) = relative_dates(text)
    assert resolve(found, _DAY) is None


@pytest.mark.parametrize("published", [None, "", "yesterday", "2024-13-45", "8 May 2024"])
def test_a_text_without_a_readable_date_resolves_nothing(published: str | None) -> None:
    assert resolve(relative_dates("last week")[0], published) is None
    assert periods("last week and on 4 May", published) == ()


def test_a_month_has_its_own_length() -> None:
    found = resolve(relative_dates("last month")[0], "2024-03-31")
    assert found is not None
    assert found.last == date(2024, 2, 29)


def test_before_the_calendar_nothing_is_resolved() -> None:
    assert resolve(relative_dates("10,000 years ago")[0], _DAY) is None


def test_a_date_without_its_year_is_the_nearest() -> None:
    (found,) = periods("on 30 December", "2024-01-02")
    assert found.first == date(2023, 12, 30)


def test_a_weekday_is_the_last_or_the_next() -> None:
    assert [p.first.day for p in periods("on Friday", _DAY)] == [3, 10]
    assert [p.first.day for p in periods("on Wednesday", _DAY)] == [1, 8]


def test_an_impossible_day_is_no_period() -> None:
    assert periods("on 31 February 2024", _DAY) == ()


@pytest.mark.parametrize(
    ("text", "label", "published", "expected"),
    [
        ("last week", Label.DATE, None, False),
        ("last week", Label.DATE, _DAY, True),
        ("last week", Label.DATE, "no date", False),
        ("this summer", Label.DATE, _DAY, False),
        ("Friday", Label.DATE, None, True),
        ("4 May 2024", Label.DATE, None, True),
        ("10 years", Label.DATE, None, True),
        ("10 years ago", Label.DATE, None, False),
        ("Last Week", Label.ORG, None, True),
    ],
)
def test_scorable(text: str, label: Label, published: str | None, *, expected: bool) -> None:
    assert scorable(_mention(text, label), published) is expected


@pytest.mark.parametrize(
    ("text", "published", "source", "source_published", "expected"),
    [
        ("yesterday", "2024-05-09", "It opened on Wednesday.", "2024-05-09", Support.ALIAS),
        ("yesterday", "2024-05-09", "It opened on Thursday.", "2024-05-09", Support.NONE),
        ("last week", "2024-05-08", "It opened on 1 May.", "2024-05-02", Support.ALIAS),
        ("last week", "2024-05-08", "It opened on 7 May.", "2024-05-08", Support.NONE),
        ("1 May", "2024-05-08", "It opened last week.", "2024-05-08", Support.NONE),
        ("May 2024", "2024-06-08", "It opened yesterday.", "2024-05-08", Support.ALIAS),
        ("last week", "2024-05-08", "It opened last week.", "2023-05-08", Support.VERBATIM),
        ("yesterday", "2024-05-09", "It opened on 8 May.", None, Support.NONE),
        ("yesterday", None, "It opened on 8 May.", "2024-05-09", Support.NONE),
    ],
)
def test_relative_and_absolute_dates_meet(
    text: str, published: str | None, source: str, source_published: str | None, expected: Support
) -> None:
    level = support(
        _mention(text),
        evidence(source),
        Aliases(),
        published=published,
        source_published=source_published,
    )
    assert level is expected
