"""What one sentence says about a slot: a toll, a day, who leads, who holds an office."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.records import Label
from digest.text import lexicon
from digest.text.dates import WEEKDAYS, date_mentions
from digest.text.names import country_code, demonym_code, fold
from digest.text.numbers import Quantity, quantities
from digest.text.words import WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.facts.context import Context, Line
    from digest.records import Mention


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


def readings(context: Context) -> list[Reading]:
    """Return every reading of every line of the cluster."""
    found: list[Reading] = []
    for number, line in enumerate(context.lines):
        found += tolls(context, line)
        place = _meeting_place(context, number)
        if place:
            found += meeting_days(line, place)
        found += delegation_leaders(context, line, _talks_place(context, number))
        found += offices(context, line)
    return found


# "Another 22 are missing" is the whole count of the missing; "another 3 died" is not the toll.
_INCREMENT = re.compile(r"\b(?:another|additional|further|other)\s$", re.IGNORECASE)
_ADDS_UP = frozenset({"dead", "injured", "arrested", "rescued"})
_FROM = re.compile(r"\bfrom\s$")
_NO_COUNT = re.compile(r"^\s*(?:more|others?)\b")
_COUNTING = re.compile(r"\b(?:toll|number|figure|count|total)\b", re.IGNORECASE)
_UP_TO_END = re.compile(r"^\s*(?:[.,;:)”]|$|and\b|with\b|by\b|on\b|after\b|as\b|in\b|from\b|of\b)")
_MOVED = re.compile(r"\b(?:to|at|is|was|stood at|reached|of|as)\s(?:\w+\s){0,3}$")
_COUNTED_IN = re.compile(
    r"\s[a-z]+\s(?:[a-z]+\s){0,2}?(?:from|in|at)\s(?:the\s)?(?:(?:village|town|city|district)\sof\s)?"
)
_PART_OF = re.compile(r"\bof\s(?:the|those|them|these)\s$")
_PAST_EVENT = re.compile(r"\b(?:in|since|of) (?:19|20)\d\d\b")


def tolls(context: Context, line: Line) -> Iterator[Reading]:
    """Yield how many people the line says are dead, injured, missing, evacuated and so on."""
    if _PAST_EVENT.search(line.text):  # "the flood of 2003 killed 40": another event
        return
    for quantity in quantities(line.text):
        if quantity.label is not Label.NUMBER or quantity.unit is not None:
            continue
        before, after = line.text[: quantity.start], line.text[quantity.end :]
        if _NO_COUNT.match(after) or _PART_OF.search(before):
            continue
        if _FROM.search(before) and re.match(r"\s(?:\w+\s)?to\b", after):
            continue
        kind = _casualty_class(before, after)
        if kind and not (kind in _ADDS_UP and _INCREMENT.search(before)):
            group = _counted_group(after)
            yield Reading(
                slot=group if group == "bodies" else f"{group} {kind}",
                key=("toll", kind, group),
                value=with_hedge(quantity),
                compare=f"{quantity.value:g}",
                line=line,
                quantity=quantity,
                scope=_scope(context, line, quantity),
            )


def _casualty_class(before: str, after: str) -> str | None:
    """Return the class of the count: "19 dead", "killed 19", "death toll rose to 19"."""
    following = [word.lower() for word in WORD.findall(after)[:3]]
    counted = bool(following) and any(word in lexicon.PEOPLE for word in following[:2])
    right = " ".join(WORD.findall(after)[:7])
    left = " ".join(WORD.findall(before)[-16:])
    best: tuple[int, str] | None = None
    for kind, pattern in lexicon.CASUALTY_CLASSES.items():
        for match in pattern.finditer(right):
            distance = right[: match.start()].count(" ")
            if counted or distance <= 1:
                best = min(filter(None, (best, (distance, kind))))
        for match in pattern.finditer(left):
            distance = left[match.end() :].count(" ")
            close = distance <= 2 and counted
            moved = _MOVED.search(before) and _UP_TO_END.match(after)
            if close or (moved and _COUNTING.search(left)) or (moved and distance <= 3):
                best = min(filter(None, (best, (distance, kind))))
    return best[1] if best else None


def _counted_group(after: str) -> str:
    """Return who is counted: "soldiers" are a part of the "people" of a toll."""
    match = re.match(r"\s(?:[a-z]+\s)?([a-z]+)\b", after)
    first = re.match(r"\s([a-z]+)\b", after)
    for found in (first, match):
        if found and found.group(1) in lexicon.PART_OF_PEOPLE:
            return found.group(1)
    return "people"


def with_hedge(quantity: Quantity) -> str:
    """Return a quantity as it is shown: "nearly 20"."""
    return f"{quantity.hedge} {quantity.text}" if quantity.hedge else quantity.text


def _scope(context: Context, line: Line, quantity: Quantity) -> frozenset[str]:
    """Return the place a count is for: "six people from Beldan", "ten dead in the village of X"."""
    near = line.text[quantity.end : quantity.end + 45]
    match = _COUNTED_IN.match(near)
    if match is None:
        return frozenset()
    start = quantity.end + match.end()
    return frozenset(
        fold(context.canonical(mention.text))
        for mention in line.names(Label.PLACE, Label.ORG, Label.PERSON)
        if mention.start == start
    )


def _meeting_place(context: Context, number: int) -> str | None:
    """Return where the meeting of a line is held, looked for up to two lines back."""
    line = context.lines[number]
    if not lexicon.MEETING.search(line.text):
        return None
    for earlier in range(number, max(-1, number - 3), -1):
        candidate = context.lines[earlier]
        if candidate.article.id != line.article.id:
            return None
        places = [m for m in candidate.names(Label.PLACE, Label.ORG) if _is_venue(candidate, m)]
        if places:
            anchor = _meeting_position(candidate.text)
            nearest = min(places, key=lambda m: (abs(m.start - anchor), m.start))
            return context.canonical(nearest.text)
    return None


def _talks_place(context: Context, number: int) -> str | None:
    """Return the place named last before or in a line: "those talks" are where one just heard."""
    line = context.lines[number]
    for earlier in range(number, max(-1, number - 2), -1):
        candidate = context.lines[earlier]
        if candidate.article.id != line.article.id:
            return None
        places = [m for m in candidate.names(Label.PLACE) if _is_venue(candidate, m)]
        if places:
            return context.canonical(places[-1].text)
    return None


def _is_venue(line: Line, mention: Mention) -> bool:
    before, after = line.text[: mention.start], line.text[mention.end :]
    if re.match(r"\s(?:\w+\s)?(?:talks|summit|meeting|conference|session)\b", after, re.IGNORECASE):
        return mention.label is Label.PLACE and country_code(mention.text) is None
    return (
        mention.label is Label.PLACE and re.search(r"\b(?:in|at)\s(?:the\s)?$", before) is not None
    )


def _meeting_position(text: str) -> int:
    """Return where the day, or else the meeting word, of a line stands."""
    days = [d.start for d in date_mentions(text) if d.weekday]
    match = lexicon.MEETING.search(text)
    return days[0] if days else match.start() if match else 0


_SAID_ON = re.compile(rf"\b{lexicon.SAYING}\s(?:\S+\s){{0,3}}on\s$")


def meeting_days(line: Line, place: str) -> Iterator[Reading]:
    """Yield the weekday on which the line has a meeting at `place`; the day of a remark is none."""
    for date in date_mentions(line.text):
        if date.weekday not in WEEKDAYS or _SAID_ON.search(line.text[: date.start]):
            continue
        yield Reading(
            slot=f"day of the meeting in {place}",
            key=("day", fold(place)),
            value=date.text,
            compare=date.weekday,
            line=line,
        )


_LED_BY = re.compile(r"\b(?:led|headed|represented) by\s(?:[\w.-]+\s){0,5}$")
_SITS_WITH = re.compile(
    r"^\s(?:\w+\s)?(?:sits|meets|met|meet|sit down|sat down|holds talks)\s(?:\w+\s)?with\b"
)
_LEADS = re.compile(
    r"^\s(?:is\s|was\s|will\s)?(?:lead(?:s|ing)?|led|heads?|heading)\s(?:\S+\s){1,4}"
    r"(?:team|delegation|side|negotiators|talks|officials)\b"
)
_PAIR = re.compile(r"^(?:[-–\s]|\sand\s(?:[\w’']+\s){0,4})$")
_MEET = re.compile(
    r"^\s(?:meeting|talks|(?:(?:will|are to|were to)\s)?"
    r"(?:meet|met|sit down|sat down|hold talks))\b"
)


def delegation_leaders(context: Context, line: Line, place: str | None) -> Iterator[Reading]:
    """Yield who speaks for a country at talks: "led by X", "X sits with Y", "X-Y meeting"."""
    if place is None or not lexicon.MEETING.search(line.text):
        return
    people = line.names(Label.PERSON)
    for index, person in enumerate(people):
        before, after = line.text[: person.start], line.text[person.end :]
        following = people[index + 1] if index + 1 < len(people) else None
        speaks = any((_LED_BY.search(before), _LEADS.match(after), _SITS_WITH.match(after)))
        if following is not None and not speaks:
            between = line.text[person.end : following.start]
            paired = _PAIR.match(between) is not None
            word = _MEET.match(line.text[following.end :])
            speaks = paired and word is not None
        name = context.canonical(person.text)
        country = context.affiliations.get(name)
        if speaks and country:
            yield Reading(
                slot=f"who leads for {_country_name(context, country)} at the talks in {place}",
                key=("leader", country, fold(place)),
                value=name,
                compare=fold(name),
                line=line,
            )


def _country_name(context: Context, code: str) -> str:
    names = (e.name for e in context.entities if country_code(e.name) == code)
    return next(names, code)


# Words that several people share or that say nothing of an office.
_VAGUE = frozenset(
    (
        "leader chief head mr mrs ms miss dr sir lord lady analyst resident engineer "
        "negotiator candidate speaker spokesman spokeswoman spokesperson chair envoy director "
        "doctor captain colonel col general gen major lieutenant lt sergeant sgt capt admiral "
        "professor prof"
    ).split()
) | {"top diplomat", "special envoy", "major general", "lieutenant general", "regional governor"}
_EXCLUSIVE = frozenset({"president", "prime minister", "chancellor", "king", "queen", "mayor"})
_EXCLUSIVE |= {"foreign minister", "vice president", "secretary of state", "governor"}


def offices(context: Context, line: Line) -> Iterator[Reading]:
    """Yield the office a line gives a person, and the person it gives an exclusive office."""
    for person in line.names(Label.PERSON):
        before = line.text[: person.start].rstrip()
        words = re.split(r"\s+", before)[-8:]
        size = next((n for n in range(1, 5) if _is_title(words[-n:])), 0)
        size = max((n for n in range(size, 5) if _is_title(words[-n:])), default=0)
        if not size:
            continue
        title = " ".join(words[-size:]).lower().replace("-", " ").replace(".", "")
        if title in _VAGUE:
            continue
        owner = words[:-size][-1] if words[:-size] else ""
        code = country_code(re.sub(r"['’]s$", "", owner)) or demonym_code(owner)
        former = any(word.lower() in {"former", "ex"} for word in words[:-size][-2:])
        name = context.canonical(person.text)
        shown = f"{'former ' if former else ''}{title.title().replace(' Of ', ' of ')}"
        yield Reading(
            slot=f"office of {name}",
            key=("office", fold(name)),
            value=shown,
            compare=shown.lower(),
            line=line,
        )
        if code and not former and title in _EXCLUSIVE:
            yield Reading(
                slot=f"{title.title()} ({_country_name(context, code)})",
                key=("holder", code, title),
                value=name,
                compare=fold(name),
                line=line,
            )


def _is_title(words: list[str]) -> bool:
    return len(words) > 0 and lexicon.title_at(words) == len(words)
