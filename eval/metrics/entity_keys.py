"""When two mentions of one output are one entity."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from digest.records import Label
from digest.text.dates import date_mentions
from digest.text.linking import link_entities
from digest.text.mentions import NAME_LABELS
from digest.text.names import fold, name_key
from digest.text.numbers import quantities
from digest.text.quotes import quotation_key
from digest.text.relative import relative_dates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Mention


class Family(StrEnum):
    """The kinds of entities that are scored apart; `ALL` is all of them together."""

    NAMES = "names"
    NUMBERS = "numbers"
    DATES = "dates"
    QUOTES = "quotes"
    ALL = "all"


def family_of(label: Label) -> Family:
    """Return the family of a label.

    >>> family_of(Label.MONEY).value, family_of(Label.NORP).value
    ('numbers', 'names')
    """
    if label in NAME_LABELS:
        return Family.NAMES
    if label is Label.DATE:
        return Family.DATES
    return Family.QUOTES if label is Label.QUOTE else Family.NUMBERS


def entity_keys(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Return one key per mention; mentions of one entity, within one text, share it.

    Names: all that `link_entities` groups, a lone surname with the one full name that ends in it.
    Numbers: value and unit. Dates: their parts. Quotations: their words.

    >>> from digest.text.mentions import find_mentions
    >>> text = "Rory McIlroy won $2.5m. In 2015, McIlroy had won 2.5 million dollars."
    >>> entity_keys(find_mentions(text))
    ('rory mcilroy', '2500000 USD', 'year=2015', 'rory mcilroy', '2500000 USD')
    """
    linked = link_entities({"": [m for m in mentions if m.label in NAME_LABELS]})
    names = {spelling: name_key(entity.name) for entity in linked for spelling in entity.spellings}
    return tuple(names.get(m.text, "") or _key(m) for m in mentions)


def _key(mention: Mention) -> str:
    if mention.label is Label.QUOTE:
        return quotation_key(mention.text)
    if mention.label is Label.DATE:
        return _date_key(mention.text)
    if mention.label in NAME_LABELS:
        return name_key(mention.text)
    parts = [f"{q.value:.12g} {q.unit or ''}".strip() for q in quantities(mention.text)]
    return " / ".join(parts) or fold(mention.text)


def _date_key(text: str) -> str:
    relative = [f"{one.unit}{one.steps or 0:+d}" for one in relative_dates(text)]
    fixed = [
        ", ".join(f"{name}={value}" for name, value in sorted(date.parts()))
        for date in date_mentions(text)
    ]
    return " / ".join(relative or fixed) or fold(text)
