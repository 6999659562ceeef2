"""The rule for "supported": when a source text backs a name, number, date or quotation.

It lives here once: the guard and the metrics both call it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.records import Entity, Label, Mention, Support
from digest.text.dates import DateMention, date_mentions
from digest.text.lexicon import PEOPLE
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.names import (
    country_code,
    fold,
    name_key,
    same_transliteration,
)
from digest.text.numbers import Quantity, approximates, hedge_start, quantities, same_quantity
from digest.text.quotes import quotation_key
from digest.text.words import STOPWORDS, WORD, common_words, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

_COUNTED = frozenset({Label.NUMBER, Label.MONEY, Label.PERCENT})
_RANK = {level: rank for rank, level in enumerate(Support)}


def strongest(levels: Sequence[Support]) -> Support:
    """Return the strongest of some levels, NONE where there are none."""
    return min(levels, key=_RANK.__getitem__, default=Support.NONE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source text prepared for look-ups.

    `names` are its name mentions as written, `keys` what they name. `capitals` are the folded words
    that it begins with a capital, `acronyms` those that it writes in capitals only. `counts`
    are the `numbers` without the figures that belong to `dates`.
    """

    text: str
    folded: str
    names: frozenset[str]
    keys: frozenset[str]
    capitals: frozenset[str]
    acronyms: frozenset[str]
    numbers: tuple[Quantity, ...]
    counts: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    quotable: str


@lru_cache(maxsize=20_000)
def evidence(text: str) -> Evidence:
    """Prepare a source text; equal texts are prepared once."""
    tokens = WORD.findall(text)
    mentions = find_mentions(text)
    names = frozenset(m.text for m in mentions if m.label in NAME_LABELS)
    numbers = quantities(text)
    ends = {m.end for m in mentions if m.label in _COUNTED}
    return Evidence(
        text=text,
        folded=f" {' '.join(fold(word) for word in tokens)} ",
        names=names,
        keys=frozenset(map(name_key, names)),
        capitals=frozenset(fold(word) for word in tokens if word[0].isupper()),
        acronyms=frozenset(fold(word) for word in tokens if _is_acronym(word)),
        numbers=numbers,
        counts=tuple(number for number in numbers if number.end in ends),
        dates=date_mentions(text),
        quotable=f" {quotation_key(text)} ",
    )


# A plural noun after a number, one adjective between allowed.
_COUNTED_THING = re.compile(r"\s(?:[A-Za-z]+\s)?([a-z]+s|people|men|women|children)\b")


class Aliases:
    """The spellings that name one thing in one cluster."""

    def __init__(self, entities: Sequence[Entity] = ()) -> None:
        """Index the spellings of some entities."""
        self._groups: dict[str, frozenset[str]] = {}
        for entity in entities:
            group = frozenset(fold(spelling) for spelling in entity.spellings)
            self._groups.update(dict.fromkeys(group, group))

    def of(self, name: str) -> frozenset[str]:
        """Return the folded spellings of what `name` names, itself included."""
        folded = fold(name)
        return self._groups.get(folded, frozenset({folded}))


def support(mention: Mention, source: Evidence, aliases: Aliases) -> Support:
    """Return how a source text supports a mention: the strongest level that holds.

    >>> m = Mention(text="U.S.", label=Label.PLACE, start=0, end=4)
    >>> [support(m, evidence(t), Aliases()).value for t in ("the US said", "the bus", "Americans")]
    ['normalised', 'none', 'alias']
    """
    if mention.label in NAME_LABELS:
        return _name_support(mention.text, source, aliases)
    if mention.label is Label.QUOTE:
        return _quote_support(mention.text, source)
    if mention.label is Label.DATE:
        return _date_support(mention.text, source)
    return _number_support(mention.text, source)


def _stands_in(needle: str, text: str) -> bool:
    """Tell whether `needle` stands in `text` with no letter or digit right before or after it."""
    return re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", text) is not None


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _name_support(name: str, source: Evidence, aliases: Aliases) -> Support:
    if name in source.names or _stands_in(name, source.text):
        return Support.VERBATIM
    if _normalised(name, source):
        return Support.NORMALISED
    key = name_key(name)
    if key in source.keys:
        code = country_code(name)
        given = [other for other in source.names if name_key(other) == key]
        same = code is not None and any(country_code(other) == code for other in given)
        return Support.NORMALISED if same else Support.ALIAS
    if _alias_used(name, source, aliases) or any(_romanised(name, n) for n in source.names):
        return Support.ALIAS
    return Support.NONE


def _normalised(name: str, source: Evidence) -> bool:
    """Tell whether a source has a name but for case, accents, points, hyphens and possessives.

    Case counts where it tells a name from a word: "WHO" and "who", "Polish" and "polish".
    """
    folded = fold(name)
    if any(fold(other) == folded for other in source.names):
        return True
    if not folded or f" {folded} " not in source.folded:
        return False
    if _is_acronym(name):
        return folded in source.acronyms
    return " " in folded or folded in source.capitals or name.lower() in common_words()


def _alias_used(name: str, source: Evidence, aliases: Aliases) -> bool:
    """Tell whether a source uses another spelling of a name, and not inside some other name.

    Where "Smith" is John Smith, "Jane Smith" is no mention of him.
    """
    group = aliases.of(name)
    names = {fold(other) for other in source.names}
    if group & names:
        return True
    others = "".join(f" {other} " for other in names)
    return any(
        f" {spelling} " in source.folded
        and f" {spelling} " not in others
        and (" " in spelling or spelling in source.capitals)
        for spelling in group - STOPWORDS
    )


def _romanised(left: str, right: str) -> bool:
    """Tell whether two names can be romanisations of one name, word by word."""
    left_words, right_words = left.split(), right.split()
    return len(left_words) == len(right_words) and all(
        map(same_transliteration, left_words, right_words)
    )


def _quote_support(quote: str, source: Evidence) -> Support:
    if _stands_in(quote, source.text):
        return Support.VERBATIM
    wanted = quotation_key(quote)
    return Support.NORMALISED if wanted and _stands_in(wanted, source.quotable) else Support.NONE


def _date_support(text: str, source: Evidence) -> Support:
    if any(date.text == text for date in source.dates):
        return Support.VERBATIM
    wanted = [date.parts() for date in date_mentions(text)]
    given = [date.parts() for date in source.dates]
    found = wanted and all(any(want <= have for have in given) for want in wanted)
    return Support.NORMALISED if found else Support.NONE


def _number_support(text: str, source: Evidence) -> Support:
    if any(_as_written(text, given, source.text) for given in source.counts):
        return Support.VERBATIM
    levels = []
    if not quantities(text):  # "hundreds", "half": nothing to compare but the word
        return Support.VERBATIM if _stands_in(text.lower(), source.text.lower()) else Support.NONE
    for wanted in quantities(text):
        if any(same_quantity(wanted, given) for given in source.counts):
            levels.append(Support.NORMALISED)
        elif any(approximates(wanted, given) for given in source.counts):
            levels.append(Support.ALIAS)
        else:
            return Support.NONE
    return max(levels, key=_RANK.__getitem__, default=Support.NONE)


def counts_the_same(text: str, mention: Mention, source: Evidence) -> bool:
    """Tell whether a source that has a number counts the same things with it.

    "Three hours" is not backed by "the three agreed": what is counted must stand there, too.

    >>> text = "It lasted three hours."
    >>> three = Mention(text="three", label=Label.NUMBER, start=10, end=15)
    >>> [counts_the_same(text, three, evidence(t)) for t in ("after three hours", "the three met")]
    [True, False]
    """
    match = _COUNTED_THING.match(text[mention.end :])
    if mention.label is not Label.NUMBER or match is None or match.group(1) in STOPWORDS:
        return True
    noun = match.group(1)
    held = {word.lower() for word in WORD.findall(source.text)}
    if noun in PEOPLE:
        return bool(held & PEOPLE)
    return stem(noun) in {stem(word) for word in held}


def _as_written(text: str, given: Quantity, source: str) -> bool:
    return text in {given.text, source[hedge_start(source, given) : given.end]}
