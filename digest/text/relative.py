"""Dates that only an article's own date makes definite: "yesterday", "last week", "on Friday"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.parser import isoparse
from dateutil.relativedelta import relativedelta

from digest.records import Label, Mention
from digest.text.dates import MONTHS, WEEKDAYS, DateMention, date_mentions
from digest.text.durations import durations
from digest.text.memory import remember

_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_STEPS = {"last": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_STEPS |= {"following": 1}
_PERIODS = "day night week weekend fortnight month quarter year decade century season".split()
_SEASONS = "spring summer autumn fall winter".split()
_NAMED = [*_PERIODS, *_SEASONS, *WEEKDAYS, *MONTHS, "christmas", "easter"]
_RELATIVE = re.compile(
    rf"""
    \b(?P<day>{"|".join(_DAYS)})\b
    |\b(?P<step>{"|".join(_STEPS)})\s(?P<unit>{"|".join(_NAMED)})(?:['’]s)?\b
    |\bpast\s(?P<past>{"|".join(_PERIODS)})\b
    |\b(?P<span>past|{"|".join(_STEPS)})\s(?:(?:few|several|couple\sof)\s)?
      (?P<units>{"|".join(_PERIODS)})s\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AGO = re.compile(r"\s(?P<way>ago|earlier|later)\b", re.IGNORECASE)
_ONE_UNIT = {"day", "week", "month", "year"}
_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeDate:
    """An expression that counts from the day a text was published.

    `unit` is what it counts, or the weekday, month or season it names; `steps` how many of them lie
    between, negative for the past, None where it names a stretch: "the coming weeks".
    """

    text: str
    start: int
    end: int
    unit: str
    steps: int | None

    def key(self) -> tuple[str, int | None]:
        """Return what it says apart from its wording."""
        return self.unit, self.steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Some days, both ends included."""

    first: date
    last: date

    def holds(self, other: Period) -> bool:
        """Tell whether another period lies inside this one."""
        return self.first <= other.first and other.last <= self.last


@remember(characters=2_000_000)
def relative_dates(text: str) -> tuple[RelativeDate, ...]:
    """Return the expressions of a text that count from its publication, in order.

    Weekdays alone ("on Friday") are calendar words and found by `date_mentions`.

    >>> [(r.text, r.unit, r.steps) for r in relative_dates("Yesterday, last week, two years ago")]
    [('Yesterday', 'day', -1), ('last week', 'week', -1), ('two years ago', 'year', -2)]
    """
    found = [_relative(match) for match in _RELATIVE.finditer(text)]
    for duration in durations(text):
        ago = _AGO.match(text, duration.end)
        if ago and duration.value == int(duration.value):
            sign = 1 if ago["way"].lower() == "later" else -1
            start, end = duration.start, ago.end()
            found.append(
                RelativeDate(
                    text=text[start:end],
                    start=start,
                    end=end,
                    unit=str(duration.unit),
                    steps=sign * int(duration.value),
                )
            )
    return tuple(sorted(found, key=lambda relative: relative.start))


def _relative(match: re.Match[str]) -> RelativeDate:
    steps: int | None
    if match["day"]:
        unit, steps = "day", _DAYS[match["day"].lower()]
    elif match["step"]:
        unit, steps = match["unit"].lower(), _STEPS[match["step"].lower()]
    elif match["past"]:  # "the past year" ends today, "last year" in December
        unit, steps = f"past {match['past'].lower()}", None
    else:
        unit, steps = f"{match['units'].lower()}s", None
    return RelativeDate(
        text=match.group(), start=match.start(), end=match.end(), unit=unit, steps=steps
    )


def resolve(relative: RelativeDate, published: str | None) -> Period | None:
    """Return the days that a relative date means in a text published on an ISO 8601 date.

    Days, weeks (Monday to Sunday), weekends, months and years are resolved, named weekdays and
    months too; seasons, stretches ("the coming weeks") and texts without a readable date give None.

    >>> str(resolve(relative_dates("last month")[0], "2024-03-31T10:00:00Z").first)
    '2024-02-01'
    """
    day = published_day(published)
    if day is None or relative.steps is None:
        return None
    if relative.unit in WEEKDAYS:
        return _weekday(day, relative)
    if relative.unit in MONTHS:
        return _month(day, relative)
    try:
        return _stepped(day, relative.unit, relative.steps)
    except (OverflowError, ValueError):  # "10,000 years ago": before the calendar
        return None


def published_day(published: str | None) -> date | None:
    """Return the day of an ISO 8601 date or time, None where there is none to read."""
    if not published:
        return None
    try:
        return isoparse(published.strip()).date()
    except ValueError:
        return None


def _stepped(day: date, unit: str, steps: int) -> Period | None:
    if unit in {"day", "night"}:
        there = day + timedelta(days=steps)
        return Period(first=there, last=there)
    if unit in {"week", "weekend"}:
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=steps)
        first = monday + timedelta(days=5) if unit == "weekend" else monday
        return Period(first=first, last=monday + _WEEK)
    if unit == "month":
        first = day.replace(day=1) + relativedelta(months=steps)
        return Period(first=first, last=first + relativedelta(months=1, days=-1))
    if unit == "year":
        year = day.year + steps
        return Period(first=date(year, 1, 1), last=date(year, 12, 31))
    return None


def _weekday(day: date, relative: RelativeDate) -> Period:
    """Return "last Friday", the one before the text, or "next" and "this Friday", the one after."""
    ahead = (WEEKDAYS.index(relative.unit) - day.weekday()) % 7
    back = relative.steps is not None and relative.steps < 0
    there = day + timedelta(days=(ahead - 7 if back else ahead))
    return Period(first=there, last=there)


def _month(day: date, relative: RelativeDate) -> Period:
    """Return "last May", the one before the text's month, or "next" and "this May"."""
    month, steps = MONTHS.index(relative.unit) + 1, relative.steps or 0
    year = day.year + (
        -1 if steps < 0 and month >= day.month else int(steps > 0 and month <= day.month)
    )
    first = date(year, month, 1)
    return Period(first=first, last=first + relativedelta(months=1, days=-1))


def periods(text: str, published: str | None) -> tuple[Period, ...]:
    """Return the days that the dates of a text may mean, absolute and relative ones.

    A bare weekday may be the last or the next one; a date without its year is the one nearest to
    the publication.

    >>> [str(p.first) for p in periods("yesterday, and on 24 February", "2022-03-01")]
    ['2022-02-28', '2022-02-24']
    """
    day = published_day(published)
    found = [resolve(relative, published) for relative in relative_dates(text)]
    taken = [(relative.start, relative.end) for relative in relative_dates(text)]
    for mention in date_mentions(text):
        if not any(start <= mention.start < end for start, end in taken):
            found += _absolute(mention, day)
    return tuple(period for period in found if period is not None)


def _absolute(mention: DateMention, day: date | None) -> list[Period | None]:
    if mention.weekday is not None:
        if day is None:
            return []
        ahead = (WEEKDAYS.index(mention.weekday) - day.weekday()) % 7
        days = {day + timedelta(days=ahead), day + timedelta(days=ahead - 7)}
        return [Period(first=one, last=one) for one in sorted(days)]
    if mention.year is not None:
        return [_calendar(mention, mention.year)]
    if day is None:
        return []
    near = [_calendar(mention, day.year + step) for step in (-1, 0, 1)]
    return [min(near, key=lambda p: abs(p.first - day) if p else timedelta.max)]


def _calendar(mention: DateMention, year: int) -> Period | None:
    month, number = mention.month, mention.day
    try:
        first = date(year, month or 1, number or 1)
    except ValueError:  # 31 February
        return None
    if number is not None:
        return Period(first=first, last=first)
    length = relativedelta(months=1, days=-1) if month else relativedelta(years=1, days=-1)
    return Period(first=first, last=first + length)


def scorable(mention: Mention, published: str | None) -> bool:
    """Tell whether a mention can be held against sources that do not have its very words.

    A relative date cannot, unless the text that has it is dated and the date can be worked out. A
    bare weekday can: reports of one event name it alike.

    >>> last = Mention(text="last week", label=Label.DATE, start=0, end=9)
    >>> scorable(last, None), scorable(last, "2024-05-01")
    (False, True)
    """
    if mention.label is not Label.DATE:
        return True
    return all(resolve(one, published) is not None for one in relative_dates(mention.text))
