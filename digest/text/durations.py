"""Lengths of time and ages: a value and a unit, as numbers have them."""

from __future__ import annotations

import re
from dataclasses import replace

from digest.records import Label
from digest.text.memory import remember
from digest.text.numbers import Quantity, hedge_before, quantities

_UNITS = (
    "second minute hour day night week fortnight weekend month season year decade century".split()
)
_UNIT = rf"(?P<unit>{'|'.join(_UNITS[:-1])}|centur)(?:s|y|ies)?"
_AFTER = re.compile(rf"[\s-](?:consecutive\s)?{_UNIT}\b", re.IGNORECASE)
# "A year" and "one-day"; "an hour" behind a sum is its rate and no length of time.
_SINGLE = re.compile(rf"(?<!\w)(?:an?|one)[\s-]{_UNIT}\b", re.IGNORECASE)
_LONGEST_AGE = 120
# "aged 19", "the age of 83", "19-year-old", "19 years old", "Ada Brandt, 46, left", "(46)".
_NUMBER = r"(?P<n>\d{1,3}|[a-z]+(?:-[a-z]+)?)"
_AGES = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (rf"\b(?:aged|age\sof|turned|turning)\s{_NUMBER}\b", re.IGNORECASE),
        (rf"(?<![\w.,]){_NUMBER}[\s-]years?[\s-]olds?\b", re.IGNORECASE),
        (r"(?<=[a-z]),?\s\(?(?P<n>\d{1,3})(?=[,.;)])", 0),
    )
)


@remember(characters=2_000_000)
def durations(text: str) -> tuple[Quantity, ...]:
    """Return the lengths of time that a text states, in order; `unit` is singular.

    >>> [(d.value, d.unit) for d in durations("nearly ten weeks, a 12-month order, one day")]
    [(10.0, 'week'), (12.0, 'month'), (1.0, 'day')]
    """
    found = []
    for number in quantities(text):
        unit = _AFTER.match(text, number.end)
        if unit and number.unit is None:
            length = _duration(text, number.start, unit.end(), number.value, unit["unit"])
            found.append(replace(length, hedge=number.hedge))
    taken = {duration.end for duration in found}
    found += [
        _duration(text, match.start(), match.end(), 1.0, match["unit"])
        for match in _SINGLE.finditer(text)
        if match.end() not in taken
    ]
    return tuple(sorted(found, key=lambda duration: duration.start))


def _duration(text: str, start: int, end: int, value: float, unit: str) -> Quantity:
    return Quantity(
        text=text[start:end],
        start=start,
        end=end,
        value=value,
        label=Label.DATE,
        unit="century" if unit.lower() == "centur" else unit.lower(),
        hedge=hedge_before(text, start),
    )


@remember(characters=2_000_000)
def ages(text: str) -> frozenset[float]:
    """Return the ages in years that a text states.

    >>> sorted(ages("Ada Brandt, 46, and her five-year-old son met a man aged 83."))
    [5.0, 46.0, 83.0]
    """
    found = (match["n"] for pattern in _AGES for match in pattern.finditer(text))
    values = (value for number in found if (value := _small(number)) is not None)
    return frozenset(value for value in values if value <= _LONGEST_AGE)


def _small(number: str) -> float | None:
    if number.lower() == "one":
        return 1.0
    parsed = quantities(number)
    return parsed[0].value if parsed and parsed[0].unit is None else None
