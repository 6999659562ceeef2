"""Calendar expressions: weekdays, dates, months and years."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.text.memory import remember

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
MONTHS = _MONTH_NAMES.split()
_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?"
_MONTH += r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"""
    (?P<iso>\b\d{{4}}-\d\d-\d\d\b)
    |\b(?P<weekday>{"|".join(day.title() for day in WEEKDAYS)})\b
    |\b(?P<dm>{_DAY})\s(?:of\s)?(?P<m1>{_MONTH})(?:,?\s(?P<y1>\d{{4}}))?(?!\w)
    |\b(?P<m2>{_MONTH})\s(?P<md>{_DAY})(?!\d)(?:,?\s(?P<y2>\d{{4}}))?
    |\b(?P<m3>{_MONTH})\s(?P<y3>\d{{4}})\b
    |\b(?P<m4>January|February|March|April|June|July|August|September|October|November|December)\b
    |(?<![\w.,$€£])(?P<y4>(?:19|20)\d\d)(?![\w%]|[.,]\d|\s(?:people|drones|troops|jobs)\b)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A calendar expression; each part is None where the text does not give it."""

    text: str
    start: int
    end: int
    weekday: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def parts(self) -> frozenset[tuple[str, str | int]]:
        """Return the parts that are given, as comparable pairs."""
        named = {"weekday": self.weekday, "year": self.year, "month": self.month, "day": self.day}
        return frozenset((key, value) for key, value in named.items() if value is not None)


@remember(characters=2_000_000)
def date_mentions(text: str) -> tuple[DateMention, ...]:
    """Return the calendar expressions of a text, in order.

    >>> [sorted(d.parts()) for d in date_mentions("On Monday, 24 Feb. 2022, and in 2021")]
    [[('weekday', 'monday')], [('day', 24), ('month', 2), ('year', 2022)], [('year', 2021)]]
    """
    return tuple(_mention(match) for match in _DATE.finditer(text))


def _mention(match: re.Match[str]) -> DateMention:
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return _at(match, year=year, month=month, day=day)
    if match["weekday"]:
        return _at(match, weekday=match["weekday"].lower())
    month_name = match["m1"] or match["m2"] or match["m3"] or match["m4"]
    day_text = match["dm"] or match["md"]
    year_text = match["y1"] or match["y2"] or match["y3"] or match["y4"]
    return _at(
        match,
        year=int(year_text) if year_text else None,
        month=_month_number(month_name) if month_name else None,
        day=int(re.sub(r"\D", "", day_text)) if day_text else None,
    )


def _at(
    match: re.Match[str],
    *,
    weekday: str | None = None,
    year: int | None = None,
    month: int | None = None,
    day: int | None = None,
) -> DateMention:
    return DateMention(
        text=match.group(),
        start=match.start(),
        end=match.end(),
        weekday=weekday,
        year=year,
        month=month,
        day=day,
    )


def _month_number(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))
