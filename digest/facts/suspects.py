"""Sentences that only a faulty source can have written: their names contradict everybody else."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from digest.records import Entity, Label
from digest.text import lexicon
from digest.text.labels import titled_before
from digest.text.names import fold

if TYPE_CHECKING:
    from digest.facts.context import Context, Line
    from digest.facts.reading import Reading
    from digest.records import Mention

# What "reported" is as often an agency or a station as a person: "Reuters reported".
_SPEAKS = re.compile(rf"\s(?!reported\b){lexicon.SAYING}\b")
# "Olaf Scholl" against "Olaf Scholz" is 83, "Donald Tuck" against "Donald Tusk" 75; two people who
# share a given name, "Donald Trump" and "Donald Tusk", are 44.
_NEAR_SURNAME = 70.0
# Of two or three sources each may quote somebody whom the others leave out: in 200 events with as
# many, all but one of 20 speakers whom nobody introduced were real.
_TELLING = 4


def suspects(context: Context, found: list[Reading]) -> frozenset[tuple[str, int]]:
    """Return (article id, sentence) of lines with a misspelt, misplaced or unintroduced name."""
    faulty = _misspelt(context) | _lone_office_holders(found) | _never_introduced(context)
    return frozenset(
        (line.article.id, line.index)
        for line in context.lines
        if any(fold(m.text) in faulty for m in line.names(Label.PERSON, Label.ORG, Label.PLACE))
    )


def _misspelt(context: Context) -> set[str]:
    """Return folded spellings of full names that differ little from a better supported one."""
    full = [e for e in context.entities if e.label is Label.PERSON and " " in e.name]
    blocks: dict[str, list[Entity]] = defaultdict(list)
    for entity in full:
        for part in fold(entity.name).split():
            blocks[part[:1]].append(entity)
    faulty: set[str] = set()
    for block in blocks.values():
        for rare in block:
            if any(_near(rare, other) for other in block):
                faulty.update(fold(spelling) for spelling in rare.spellings)
    return faulty


def _near(rare: Entity, other: Entity) -> bool:
    if len(rare.article_ids) > 1 or len(other.article_ids) < 2:
        return False
    (*rare_given, rare_surname), (*given, surname) = (
        fold(rare.name).split(),
        fold(other.name).split(),
    )
    if rare_surname.removesuffix("s") == surname.removesuffix("s"):  # "Native Americans"
        return False
    same_given = fuzz.ratio(" ".join(rare_given), " ".join(given)) >= _NEAR_SURNAME
    return same_given and fuzz.ratio(rare_surname, surname) >= _NEAR_SURNAME


def _lone_office_holders(found: list[Reading]) -> set[str]:
    """Return names that one article alone gives an office which two sources give another person.

    A name that other articles know, too, makes a dispute; one that nobody knows is a fault.
    """
    holders: dict[tuple[str, ...], dict[str, list[Reading]]] = defaultdict(dict)
    for reading in found:
        if reading.key[0] == "holder":
            holders[reading.key].setdefault(reading.compare, []).append(reading)
    faulty: set[str] = set()
    for values in holders.values():
        sources = {name: {r.line.source for r in group} for name, group in values.items()}
        for name, group in values.items():
            others = max((len(s) for n, s in sources.items() if n != name), default=0)
            if len(sources[name]) == 1 and others > 1 and _only_here(group):
                faulty.add(name)
    return faulty


def _only_here(group: list[Reading]) -> bool:
    return len({reading.line.article.id for reading in group}) == 1 and " " not in group[0].compare


def _never_introduced(context: Context) -> set[str]:
    """Return bare surnames that speak once and that no text introduces or mentions again."""
    if len({line.source for line in context.current}) < _TELLING:
        return set()
    uses: Counter[str] = Counter()
    speakers: set[str] = set()
    introduced: set[str] = set()
    for line in context.current:
        for mention in line.names(Label.PERSON, Label.ORG, Label.PLACE):
            # A longer name that ends in it introduces it, whatever the name was taken for.
            introduced.update(fold(mention.text).split()[1:])
            name = fold(context.canonical(mention.text))
            uses[name] += 1
            speaks = _SPEAKS.match(line.text[mention.end :])
            if " " not in name and speaks and not _titled(line, mention):
                speakers.add(name)
    return {name for name in speakers - introduced if uses[name] == 1}


def _titled(line: Line, mention: Mention) -> bool:
    """Tell whether a word belongs to the name: a title or an apposition before it; or initials."""
    if mention.text.isupper() or titled_before(line.text, mention.start):
        return True
    before = line.text[: mention.start]
    return before.endswith(" ") and before.rstrip()[-1:].isalpha()
