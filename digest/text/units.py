"""What a number counts: the unit of measure right behind it, however it is spelled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.text.numbers import quantities

if TYPE_CHECKING:
    from digest.records import Mention
    from digest.text.evidence import Evidence

# Spellings of one unit; those of different lines are never one measure.
_SPELLINGS = """
second seconds sec secs|minute minutes min mins|hour hours hr hrs|day days|week weeks|month months|
year years yr yrs|decade decades|century centuries|g gram grams gramme grammes|
kg kilo kilos kilogram kilograms|mg milligram milligrams|tonne tonnes ton tons|lb lbs|
oz ounce ounces|stone|mm millimetre millimetres millimeter millimeters|
cm centimetre centimetres centimeter|
m metre metres meter meters|km kilometre kilometres kilometer kilometers|mile miles|inch inches|
ft foot feet|yard yards|acre acres|hectare hectares ha|litre litres liter liters|gallon gallons|
barrel barrels|mph|kph|degree degrees|kw kilowatt kilowatts|mw megawatt megawatts|
gw gigawatt gigawatts|kwh|mwh
"""
_UNITS = {
    spelling: line.split()[0]
    for line in _SPELLINGS.replace("\n", "").split("|")
    for spelling in line.split()
}
_FUSED = re.compile(r"-([a-zA-Z]+)")
_BEHIND = re.compile(r"\s?([a-zA-Z]+)\b")


def unit_behind(text: str, end: int) -> str | None:
    """Return what a number that ends at `end` is a number of, None where no unit is named.

    A word fused to it by a hyphen is a unit whatever it is, a word apart where it is listed.

    >>> [unit_behind(text, 4) for text in ("five-year", "five years", "five under", "five-under")]
    ['year', 'year', None, 'under']
    """
    fused = _FUSED.match(text, end)
    if fused:
        return _UNITS.get(fused[1].lower(), fused[1].lower())
    behind = _BEHIND.match(text, end)
    return _UNITS.get(behind[1].lower()) if behind else None


def measured_otherwise(mention: Mention, context: str, source: Evidence) -> bool:
    """Tell whether a source has a number only of other units than its context gives it.

    >>> from digest.records import Label, Mention
    >>> from digest.text.evidence import evidence
    >>> three = Mention(text="three", label=Label.NUMBER, start=0, end=5)
    >>> others = ("three months", "three-month talks", "three to five years", "three-year talks")
    >>> [measured_otherwise(three, "three years", evidence(other)) for other in others]
    [True, True, False, False]
    """
    own = unit_behind(context, mention.end)
    values = {number.value for number in quantities(mention.text)}
    if own is None or len(values) != 1:
        return False
    units = [_unit(source, n.end, n.unit) for n in source.numbers if n.value in values]
    return bool(units) and all(unit not in {None, own} for unit in units)


def measured_alike(mention: Mention, context: str, source: Evidence) -> bool:
    """Tell whether a source has a number with the unit of its context, both spelled in any way.

    >>> from digest.records import Label, Mention
    >>> from digest.text.evidence import evidence
    >>> grams = Mention(text="455", label=Label.NUMBER, start=0, end=3)
    >>> [measured_alike(grams, "455 grams", evidence(t)) for t in ("of 455g", "455 people", "455")]
    [True, False, False]
    """
    figures = quantities(mention.text)
    if len(figures) != 1 or figures[0].hedge:
        return False
    own = _UNITS.get((figures[0].unit or "").lower()) or unit_behind(context, mention.end)
    return own is not None and any(
        n.value == figures[0].value and _unit(source, n.end, n.unit) == own for n in source.numbers
    )


def _unit(source: Evidence, end: int, attached: str | None) -> str | None:
    return _UNITS.get((attached or "").lower(), attached) or unit_behind(source.text, end)
