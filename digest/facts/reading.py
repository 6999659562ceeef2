"""One value of one slot, as one sentence gives it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.dates import date_mentions

if TYPE_CHECKING:
    from digest.facts.context import Line
    from digest.text.numbers import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value of one slot as one line gives it.

    `slot` is shown to readers; `key` decides which readings meet; `compare` which are equal;
    `scope` holds the places the line restricts itself to.
    """

    slot: str
    key: tuple[str, ...]
    value: str
    compare: str
    line: Line
    quantity: Quantity | None = None
    scope: frozenset[str] = frozenset()


# Where an article is undated, a year says "another event" only so: "the flood of 2003".
_PAST = re.compile(
    r"\b(?:last year|(?:years?|decades?) (?:ago|earlier)|(?:in|since|of|the|an?) (?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def names_other_year(line: Line, part: str) -> bool:
    """Tell whether a part of a line speaks of another year than the one it was published in."""
    published = line.article.published
    years = {date.year for date in date_mentions(part) if date.year}
    if published and years:
        return any(not published.startswith(str(year)) for year in years)
    return _PAST.search(part) is not None


def with_hedge(quantity: Quantity) -> str:
    """Return a quantity as it is shown: "nearly 20"."""
    return f"{quantity.hedge} {quantity.text}" if quantity.hedge else quantity.text
