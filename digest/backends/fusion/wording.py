"""The best wording of a chosen sentence: no loose ends, one spelling, names introduced once."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from digest.backends.fusion.titles import COURTESY, start_of_title, with_article
from digest.records import Entity, Facts, Label, Mention
from digest.text import lexicon
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.names import country_code, demonym_code, fold
from digest.text.quotes import quotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.fusion.material import Line

_PRONOUN = re.compile(r"^(He|She|His|Her)\b(?!\sof\b)")
# Before a verb: "The flight data recorder" is no flight.
_THE_BODY = re.compile(
    r"^The ([a-z]+)\b(?=\s(?:has|have|had|is|are|was|were|will|would|can|could|may|might|must|also"
    r"|then|told|put|set|made|gave|took|met|won|held|[a-z]+(?:ed|s))\b)"
)


def stand_alone(text: str, before: Sequence[str], lower_case: frozenset[str]) -> str:
    """Return a sentence without what ties it to its neighbours.

    An opening connective goes; an opening "He" or "She" becomes the one person of the sentence
    before; "The authority" becomes the name that ends in that word. Where that is not certain the
    text stays as it is.

    Args:
        text: the sentence.
        before: the sentences before it in its article, the nearest last.
        lower_case: words that related texts write in lower case.
    """
    plain = lexicon.CONNECTIVE.sub("", text, count=1)
    if plain != text:
        plain = plain[:1].upper() + plain[1:]
    if not before:
        return plain
    return _name_the_body(_resolve_pronoun(plain, before[-1], lower_case), before, lower_case)


def _resolve_pronoun(text: str, before: str, lower_case: frozenset[str]) -> str:
    match = _PRONOUN.match(text)
    people = {m.text for m in find_mentions(before, lower_case) if m.label is Label.PERSON}
    if match is None or len(people) != 1:
        return text
    name = people.pop()
    if match.group(1) in {"His", "Her"}:
        if re.match(r"\s(?:and|or|said|told)\b", text[match.end() :]):
            return text
        name += "’" if name.endswith("s") else "’s"
    return name + text[match.end() :]


def _name_the_body(text: str, before: Sequence[str], lower_case: frozenset[str]) -> str:
    match = _THE_BODY.match(text)
    if match is None:
        return text
    for sentence in reversed(before):
        found = {
            m.text
            for m in find_mentions(sentence, lower_case)
            if m.label in {Label.ORG, Label.PLACE} and m.text.lower().endswith(f" {match.group(1)}")
        }
        if found:
            return f"The {found.pop()}{text[match.end() :]}" if len(found) == 1 else text
    return text


class HouseStyle:
    """One spelling for each name of a cluster, full at first mention and short after."""

    def __init__(self, facts: Facts, lines: Sequence[Line], lower_case: frozenset[str]) -> None:
        """Learn the cluster's spellings and how its sources introduce people."""
        self._lower_case = lower_case
        usable = [line for line in lines if line.quality > 0]
        uses = Counter(m.text for line in usable for m in line.mentions)
        self._disputed = frozenset(
            conflict.slot.removeprefix("office of ") for conflict in facts.conflicts
        )
        self._spelling: dict[str, str] = {}
        self._person: dict[str, Entity] = {}
        for entity in facts.entities:
            if entity.label is Label.PERSON:
                self._person.update({fold(spelling): entity for spelling in entity.spellings})
            self._spelling.update(_spellings(entity, uses))
        self._introduction = _introductions(usable, self._person)

    def apply(self, sentences: Sequence[str]) -> list[str]:
        """Return the sentences in one spelling; quotations stay as their speakers said them."""
        introduced: set[str] = set()
        return [self._styled(sentence, introduced) for sentence in sentences]

    def spell(self, headline: str) -> str:
        """Return a headline with each name in the text's spelling and of its own length."""
        found = [m for m in find_mentions(headline, self._lower_case) if m.label in NAME_LABELS]
        for mention in reversed(found):
            spelled = self._spelling.get(mention.text, mention.text)
            headline = headline[: mention.start] + spelled + headline[mention.end :]
        return headline

    def _styled(self, text: str, introduced: set[str]) -> str:
        quoted = quotations(text)
        styled = text
        mentions = [m for m in find_mentions(text, self._lower_case) if m.label is not Label.QUOTE]
        seen_here: set[str] = set()
        changes: list[tuple[int, int, str]] = []
        for mention in mentions:
            if any(q.start <= mention.start < q.end for q in quoted):
                continue
            entity = self._person.get(fold(mention.text))
            if entity and entity.name in seen_here and " " in mention.text:
                continue  # "Biden came with Jill Biden": somebody else of that name
            start, new = self._replacement(text, mention, introduced | seen_here)
            if new != text[start : mention.end]:
                changes.append((start, mention.end, new))
            if entity:
                seen_here.add(entity.name)
        for start, end, new in reversed(changes):
            styled = styled[:start] + new + styled[end:]
        introduced |= seen_here
        return styled

    def _replacement(self, text: str, mention: Mention, known: set[str]) -> tuple[int, str]:
        """Return where the replaced stretch starts and what stands there afterwards."""
        entity = self._person.get(fold(mention.text))
        spelled = self._spelling.get(mention.text, mention.text)
        if (
            entity is None
            or mention.label is not Label.PERSON
            or _part_of_a_compound(text, mention)
        ):
            return mention.start, spelled
        start = start_of_title(text, mention)
        if entity.name in known and self._has_surname(entity):
            titled = start < mention.start
            return with_article(text, start) if titled else start, self._surname(entity)
        if " " in mention.text:
            return (start if entity.name in self._disputed else mention.start), spelled
        title = text[start : mention.start].strip()
        if title and title not in COURTESY:
            return mention.start, self._spelling.get(entity.name, entity.name)
        return start, self._introduction.get(entity.name, entity.name)

    def _has_surname(self, entity: Entity) -> bool:
        """Tell whether a last name may stand alone: the sources use it so, or give it a title.

        Neither holds for a ship that passes for a person: "Sea Lantern".
        """
        alone = any(" " not in spelling for spelling in entity.spellings)
        return alone or entity.name in self._introduction

    def _surname(self, entity: Entity) -> str:
        full = self._spelling.get(entity.name, entity.name)
        return full.split()[-1]


def _part_of_a_compound(text: str, mention: Mention) -> bool:
    """Tell whether a name is half of "Rubio-Lavrov" or an attribute: "Trump administration"."""
    around = text[mention.start - 1 : mention.start] + text[mention.end : mention.end + 1]
    if set(around) & set("-–/"):
        return True
    following = re.match(r"\s([a-z]+)", text[mention.end :])
    return bool(following) and following.group(1) in _HEADS if following else False


_HEADS = frozenset({"administration", "government", "team", "advisor", "adviser", "aide", "camp"})


def _spellings(entity: Entity, uses: Counter[str]) -> dict[str, str]:
    """Map each spelling of an entity to the commonest of its kind: of one length, no demonyms."""
    kinds: dict[tuple[int, bool], list[str]] = {}
    for spelling in entity.spellings:
        if demonym_code(spelling) and not country_code(spelling):
            continue
        kind = (spelling.count(" "), spelling.replace(".", "").isupper())
        kinds.setdefault(kind, []).append(spelling)
    chosen: dict[str, str] = {}
    for group in kinds.values():
        best = max(group, key=lambda s: (uses[s], s))
        chosen.update(dict.fromkeys(group, best))
    if entity.label is Label.PERSON:
        full = chosen.get(entity.name, entity.name).split()[-1]
        chosen.update({s: full for s in entity.spellings if " " not in s})
    return chosen


def _introductions(lines: Sequence[Line], people: dict[str, Entity]) -> dict[str, str]:
    """Return how the sources introduce each person: "German Chancellor Olaf Scholz"."""
    found: dict[str, Counter[str]] = {}
    for line in lines:
        for mention in line.mentions:
            entity = people.get(fold(mention.text))
            if entity is None or " " not in mention.text or mention.label is not Label.PERSON:
                continue
            start = start_of_title(line.text, mention)
            titled = line.text[start : mention.end]
            if start < mention.start and titled[:1].isupper() and "’" not in titled:
                found.setdefault(entity.name, Counter())[titled] += 1
    return {
        name: min(counts, key=lambda form: (-counts[form], len(form), form))
        for name, counts in found.items()
        if len({_office(form) for form in counts}) == 1
    }


def _office(introduction: str) -> str:
    """Return the last word of the title: people with two different offices get none."""
    words = introduction.split()
    titles = [word for word in words if lexicon.title_at([word])]
    return titles[-1].lower() if titles else ""
