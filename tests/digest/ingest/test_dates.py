from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.ingest.dates import iso_date

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T10:00:00", "2024-05-01T10:00:00"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"),
        ("2024-05-01T10:00:00.123+02:00", "2024-05-01T08:00:00Z"),
        ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01T10:00:00Z"),
        ("Wed, 01 May 2024 10:00:00 -0500", "2024-05-01T15:00:00Z"),
        ("May 1, 2024, 5 p.m. EDT", "2024-05-01T21:00:00Z"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("2024-05-01 10:00 XYZ", "2024-05-01T10:00:00"),
        (datetime(2024, 5, 1, 10, tzinfo=timezone(timedelta(hours=2))), "2024-05-01T08:00:00Z"),
        (date(2024, 5, 1), "2024-05-01"),
    ],
)
def test_full_dates_become_iso(given: object, expected: str) -> None:
    assert iso_date(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        " ",
        "12",
        "10:00",
        "May 2024",
        "yesterday",
        "2024-13-45",
        "1714521600",
        "9" * 30,
        "x" * 200,
        "0001-01-01T00:00:00+14:00",
        1714521600,
        ["2024-05-01"],
    ],
)
def test_what_is_no_full_date_is_none(given: object) -> None:
    assert iso_date(given) is None


@pytest.fixture
def abroad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "XYZ-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("abroad")
def test_the_time_zone_of_the_machine_does_not_show() -> None:
    assert iso_date("1 May 2024 10:00 XYZ") == "2024-05-01T10:00:00"


@given(st.text(max_size=40))
def test_any_text_gives_an_iso_date_or_none(text: str) -> None:
    printed = iso_date(text)
    assert printed is None or datetime.fromisoformat(printed)


@given(st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)))
def test_a_printed_date_reads_back(moment: datetime) -> None:
    printed = iso_date(moment)
    assert printed is not None
    assert datetime.fromisoformat(printed) == moment
    assert iso_date(printed) == printed
