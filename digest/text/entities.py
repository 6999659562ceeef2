"""The rule for "supported": when a source text backs a name, number, date or quotation.

It lives here once: the guard and the metrics both call it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.records import Entity, Label, Mention, Support
from digest.text.dates import DateMention, date_mentions
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.names import (
    country_code,
    demonym_code,
    fold,
    is_acronym_of,
    name_key,
    same_person,
    transliteration_key,
)
from digest.text.numbers import Quantity, approximates, quantities, same_quantity
from digest.text.quotes import quotation_key
from digest.text.words import WORD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_RANK = {level: rank for rank, level in enumerate(Support)}


def strongest(levels: Sequence[Support]) -> Support:
    """Return the strongest of some levels, NONE where there are none."""
    return min(levels, key=_RANK.__getitem__, default=Support.NONE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source text prepared for look-ups."""

    text: str
    folded: str
    keys: frozenset[str]
    numbers: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    quotable: str


@lru_cache(maxsize=20_000)
def evidence(text: str) -> Evidence:
    """Prepare a source text; equal texts are prepared once."""
    return Evidence(
        text=text,
        folded=f" {' '.join(fold(word) for word in WORD.findall(text))} ",
        keys=frozenset(name_key(m.text) for m in find_mentions(text) if m.label in NAME_LABELS),
        numbers=quantities(text),
        dates=date_mentions(text),
        quotable=quotation_key(text),
    )


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
    if _verbatim(mention.text, source.text):
        return Support.VERBATIM
    if mention.label is Label.DATE:
        return _date_support(mention.text, source)
    return _number_support(mention.text, source)


def _verbatim(needle: str, text: str) -> bool:
    """Tell whether `needle` stands in `text` at token boundaries, digits never inside a number."""
    pattern = rf"(?<![\w.,$€£]){re.escape(needle)}(?![\w%])(?![.,]\d)"
    if not needle[:1].isdigit():
        pattern = rf"(?<!\w){re.escape(needle)}(?!\w)"
    return re.search(pattern, text) is not None


def _name_support(name: str, source: Evidence, aliases: Aliases) -> Support:
    if _verbatim(name, source.text):
        return Support.VERBATIM
    if name not in {"US", "U.S."} and f" {fold(name)} " in source.folded:
        return Support.NORMALISED
    key = name_key(name)
    if key in source.keys:
        code = country_code(name)
        forms = {fold(m.text) for m in find_mentions(source.text) if name_key(m.text) == key}
        same = fold(name) in forms or (code is not None and any(map(country_code, forms)))
        return Support.NORMALISED if same else Support.ALIAS
    if any(f" {spelling} " in source.folded for spelling in aliases.of(name) if spelling != "us"):
        return Support.ALIAS
    return Support.NONE


def _quote_support(quote: str, source: Evidence) -> Support:
    if quote in source.text:
        return Support.VERBATIM
    return Support.NORMALISED if quotation_key(quote) in source.quotable else Support.NONE


def _date_support(text: str, source: Evidence) -> Support:
    wanted = [date.parts() for date in date_mentions(text)]
    given = [date.parts() for date in source.dates]
    found = wanted and all(any(want <= have for have in given) for want in wanted)
    return Support.NORMALISED if found else Support.NONE


def _number_support(text: str, source: Evidence) -> Support:
    levels = []
    for wanted in quantities(text):
        if any(same_quantity(wanted, given) for given in source.numbers):
            levels.append(Support.NORMALISED)
        elif any(approximates(wanted, given) for given in source.numbers):
            levels.append(Support.ALIAS)
        else:
            return Support.NONE
    return max(levels, key=_RANK.__getitem__, default=Support.NONE)


def link_entities(mentions: Mapping[str, Sequence[Mention]]) -> tuple[Entity, ...]:
    """Group the name mentions of several articles by what they name.

    Args:
        mentions: article id -> mentions of that article.

    Returns:
        Entities, most widely used first. The name is the fullest, then commonest spelling.
    """
    spellings: dict[str, Counter[Label]] = defaultdict(Counter)
    users: dict[str, set[str]] = defaultdict(set)
    for article_id, found in mentions.items():
        for mention in found:
            if mention.label in NAME_LABELS:
                spellings[mention.text][mention.label] += 1
                users[mention.text].add(article_id)
    groups: dict[str, list[str]] = defaultdict(list)
    for spelling in sorted(spellings):
        groups[name_key(spelling)].append(spelling)
    _merge_people(groups, spellings)
    _merge_acronyms(groups)
    entities = [_entity(group, spellings, users) for group in groups.values()]
    return tuple(sorted(entities, key=lambda e: (-len(e.article_ids), e.name)))


def _is_full_name(spelling: str, labels: Counter[Label]) -> bool:
    return " " in spelling and labels.most_common(1)[0][0] is Label.PERSON


def _merge_people(groups: dict[str, list[str]], spellings: dict[str, Counter[Label]]) -> None:
    """Join romanisations of one full name, then lone surnames that only one full name ends in."""
    by_surname: dict[str, list[str]] = defaultdict(list)
    for key in sorted(groups):
        if any(_is_full_name(spelling, spellings[spelling]) for spelling in groups[key]):
            surname = transliteration_key(key.split()[-1])
            match = next(
                (k for k in by_surname[surname] if same_person(groups[k][0], groups[key][0])), None
            )
            if match is None:
                by_surname[surname].append(key)
            else:
                groups[match] += groups.pop(key)
    for key in sorted(groups):
        if " " in key or key.startswith("@"):
            continue
        owners = [k for k in by_surname.get(transliteration_key(key), ()) if k != key]
        if len(owners) == 1 and same_person(key, groups[owners[0]][0]):
            groups[owners[0]] += groups.pop(key)


def _merge_acronyms(groups: dict[str, list[str]]) -> None:
    by_initials: dict[str, list[str]] = defaultdict(list)
    for key in sorted(groups):
        if " " in key:
            by_initials[key[0]].append(key)
    for key in sorted(groups):
        short = groups[key][0]
        owners = [
            k
            for k in by_initials.get(key[:1], ())
            if k in groups and k != key and is_acronym_of(short, groups[k][0])
        ]
        if len(owners) == 1:
            groups[owners[0]] += groups.pop(key)


def _entity(
    group: list[str], spellings: dict[str, Counter[Label]], users: dict[str, set[str]]
) -> Entity:
    labels: Counter[Label] = Counter()
    for spelling in group:
        labels.update(spellings[spelling])

    def rank(spelling: str) -> tuple[int, int, int, str]:
        full = spelling.count(" ") if labels[Label.PERSON] else 0
        people = demonym_code(spelling) is not None
        return (people, -full, -spellings[spelling].total(), spelling)

    label = max(labels, key=lambda one: (labels[one], one is Label.PERSON, one))
    has_full_name = any(_is_full_name(spelling, spellings[spelling]) for spelling in group)
    return Entity(
        name=min(group, key=rank),
        label=Label.PERSON if has_full_name else label,
        spellings=tuple(sorted(group)),
        article_ids=tuple(sorted(set().union(*(users[spelling] for spelling in group)))),
    )
