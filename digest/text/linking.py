"""Group the names of several articles by what they name."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from digest.records import Entity, Label, Mention
from digest.text.mentions import NAME_LABELS
from digest.text.names import (
    demonym_code,
    is_acronym_of,
    name_key,
    same_person,
    transliteration_key,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
    _merge_bodies(groups, spellings)
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
    _merge_lone(groups, by_surname)


def _merge_lone(groups: dict[str, list[str]], by_surname: dict[str, list[str]]) -> None:
    """Join a single word to the one full name that ends in it, else to its own romanisations."""
    lone: dict[str, str] = {}
    for key in sorted(groups):
        if " " in key or key.startswith("@"):
            continue
        sound = transliteration_key(key)
        owners = [k for k in by_surname.get(sound, ()) if k != key]
        if len(owners) == 1 and same_person(key, groups[owners[0]][0]):
            groups[owners[0]] += groups.pop(key)
        elif not owners and sound in lone and same_person(key, lone[sound]):
            groups[lone[sound]] += groups.pop(key)
        else:
            lone.setdefault(sound, key)


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


def _merge_bodies(groups: dict[str, list[str]], spellings: dict[str, Counter[Label]]) -> None:
    """Join "Water Authority" to the one longer name that ends so: "Varenda Water Authority"."""
    owners: dict[str, list[str]] = defaultdict(list)
    for key in sorted(groups):
        words = key.split()
        for start in range(1, len(words) - 1):
            owners[" ".join(words[start:])].append(key)
    for key in sorted(owners, key=lambda k: (-k.count(" "), k)):
        people = any(_is_full_name(s, spellings[s]) for s in groups.get(key, ()))
        longer = [owner for owner in owners[key] if owner in groups]
        if key in groups and not people and len(longer) == 1:
            groups[longer[0]] += groups.pop(key)


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
