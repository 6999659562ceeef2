"""A source text prepared once for every look-up that asks what it supports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.records import Label
from digest.text.dates import DateMention, date_mentions
from digest.text.durations import ages, durations
from digest.text.memory import remember
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.names import fold, name_key
from digest.text.numbers import Quantity, quantities
from digest.text.quotes import quotation_key
from digest.text.words import WORD

if TYPE_CHECKING:
    from collections.abc import Iterable

_COUNTED = frozenset({Label.NUMBER, Label.MONEY, Label.PERCENT})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source text prepared for look-ups.

    `folded` are its words as they are compared, between spaces. `names` are its name mentions as
    written, `spellings` the same folded, `keys` what they name. `capitals` are the folded words
    that it begins with a capital, `acronyms` those that it writes in capitals only. `counts` are
    the `numbers` without the figures that belong to `dates`; `ages` are in years.
    """

    text: str
    folded: str
    names: frozenset[str]
    spellings: frozenset[str]
    keys: frozenset[str]
    capitals: frozenset[str]
    acronyms: frozenset[str]
    numbers: tuple[Quantity, ...]
    counts: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    durations: tuple[Quantity, ...]
    ages: frozenset[float]
    quotable: str


@remember(characters=1_000_000)
def evidence(text: str) -> Evidence:
    """Prepare a source text; equal texts are prepared once."""
    tokens = WORD.findall(text)
    mentions = find_mentions(text)
    names = frozenset(m.text for m in mentions if m.label in NAME_LABELS)
    numbers = quantities(text)
    ends = {m.end for m in mentions if m.label in _COUNTED}
    return Evidence(
        text=text,
        folded=padded(tokens),
        names=names,
        spellings=frozenset(map(fold, names)),
        keys=frozenset(map(name_key, names)),
        capitals=frozenset(fold(word) for word in tokens if word[0].isupper()),
        acronyms=frozenset(fold(word) for word in tokens if is_acronym(word)),
        numbers=numbers,
        counts=tuple(number for number in numbers if number.end in ends),
        dates=date_mentions(text),
        durations=durations(text),
        ages=ages(text),
        quotable=f" {quotation_key(text)} ",
    )


def padded(words: Iterable[str]) -> str:
    """Return words folded and between spaces, so that a look-up ends at word boundaries.

    >>> padded(["The", "U.S.", "half-way"])
    ' the us half way '
    """
    return f" {' '.join(fold(word) for word in words)} "


def is_acronym(word: str) -> bool:
    """Tell whether a word is written in capitals only, two or more."""
    return len(word) > 1 and word.isupper()
