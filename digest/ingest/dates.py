"""Publication times as ISO 8601, whatever a source wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

# Names that newspapers and RFC 822 print. Given here because dateutil reads an unknown name as the
# time zone of the machine it runs on, where the names happen to match.
_ZONE_HOURS = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
}
# What a source leaves out is filled from the default: a field on which two different defaults show
# up was not in the source.
_DEFAULTS = (datetime(2000, 1, 1), datetime(2001, 2, 2, 23, 59, 59))  # noqa: DTZ001 - naive on purpose
_MAX_LENGTH = 100


def iso_date(value: object) -> str | None:
    """Return `value` as ISO 8601, or None where it is no full date.

    A time with a known zone is given in UTC, one without stays as it is, a bare day stays a day.
    Ambiguous numeric days are read month first.

    >>> iso_date("Wed, 01 May 2024 10:00:00 EST")
    '2024-05-01T15:00:00Z'
    >>> iso_date("May 1, 2024")
    '2024-05-01'
    >>> iso_date("May 2024") is None
    True
    """
    if isinstance(value, datetime):
        return _printed(value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or not 0 < len(value.strip()) <= _MAX_LENGTH:
        return None
    text = value.strip()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    try:
        return _printed(datetime.fromisoformat(text))
    except ValueError:
        return _parsed(text)


def _parsed(text: str) -> str | None:
    from dateutil import parser  # noqa: PLC0415 - 30 ms, and only runs read dates

    try:
        first, second = (
            parser.parse(text, default=default, tzinfos=_zone, fuzzy=False) for default in _DEFAULTS
        )
    except (ValueError, OverflowError, TypeError, AttributeError, ArithmeticError):
        return None
    if first.date() != second.date():
        return None
    return first.date().isoformat() if first.hour != second.hour else _printed(first)


def _zone(name: str | None, offset: int | None) -> timezone | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    hours = _ZONE_HOURS.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def _printed(moment: datetime) -> str | None:
    if moment.tzinfo is None:
        return moment.replace(microsecond=0).isoformat()
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
