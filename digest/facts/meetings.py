"""Where and when a meeting is, and who leads at it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.facts.reading import Reading
from digest.records import Label
from digest.text import lexicon
from digest.text.dates import WEEKDAYS, DateMention, date_mentions
from digest.text.names import country_code, demonym_code, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.facts.context import Context, Line
    from digest.records import Mention


def _meeting_place(context: Context, number: int, day: DateMention) -> str | None:
    """Return where the meeting of that day is held, looked for up to two lines back."""
    line = context.lines[number]
    for earlier in range(number, max(-1, number - 3), -1):
        candidate = context.lines[earlier]
        if candidate.article.id != line.article.id:
            return None
        places = [m for m in candidate.names(Label.PLACE, Label.ORG) if _is_venue(candidate, m)]
        if places:
            anchor = day.start if candidate is line else _meeting_position(candidate.text)
            nearest = min(places, key=lambda m: (abs(m.start - anchor), m.start))
            return context.canonical(nearest.text)
    return None


def talks_place(context: Context, number: int) -> str | None:
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


# "told CBS News on Sunday", "told reporters Friday"; but "said the talks on Friday would" is a day.
_SAID_ON = re.compile(
    rf"\b{lexicon.SAYING}\s(?:(?:(?!{lexicon.MEETING.pattern})\S+\s){{0,3}}on|\S+)?\s?$",
    re.IGNORECASE,
)
# Characters from the meeting to its day; further on, the day is mostly that of something else.
_NEAR = 60


def meeting_days(context: Context, number: int) -> Iterator[Reading]:
    """Yield the weekdays on which a line has a meeting; the day of a remark is none."""
    line = context.lines[number]
    words = [match.span() for match in lexicon.MEETING.finditer(line.text)]
    for day in date_mentions(line.text):
        if day.weekday not in WEEKDAYS or _SAID_ON.search(line.text[: day.start]):
            continue
        if not any(start - _NEAR <= day.end and day.start <= end + _NEAR for start, end in words):
            continue
        place = _meeting_place(context, number, day)
        if place is not None:
            yield Reading(
                slot=f"day of the meeting in {place}",
                key=("day", fold(place)),
                value=day.text,
                compare=day.weekday,
                line=line,
            )


_LED_BY = re.compile(r"\b(?:led|headed|represented) by\s(?:[\w.-]+\s){0,5}$")
_SITS_WITH = re.compile(
    r"^\s(?:\w+\s)?(?:sits|meets|met|meet|sit down|sat down|holds talks)\s(?:\w+\s)?with\b"
)
_TEAM = re.compile(r"\b(?:delegation|negotiating team|envoys)\b", re.IGNORECASE)
_LEADS = re.compile(
    r"^\s(?:(?:is|was)\s(?:to\s)?|will\s)?(?:lead(?:s|ing)?|led|heads?|heading)\s(?:\S+\s){1,4}"
    r"(?:team|delegation|side|negotiators|talks|officials)\b"
)
_PAIR = re.compile(r"^(?:[-–\s]|\sand\s(?:[\w’']+\s){0,4})$")
_MEET = re.compile(
    r"^\s(?:meeting|talks|(?:(?:will|are to|were to)\s)?"
    r"(?:meet|met|sit down|sat down|hold talks))\b"
)


def delegation_leaders(context: Context, line: Line, place: str | None) -> Iterator[Reading]:
    """Yield who speaks for a country at talks: "led by X", "X sits with Y", "X-Y meeting"."""
    if place is None or not (lexicon.MEETING.search(line.text) or _TEAM.search(line.text)):
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
        country = _country_led(after) or context.affiliations.get(name)
        if speaks and country:
            side = _with_article(context.country_name(country))
            yield Reading(
                slot=f"who leads for {side} at the talks in {place}",
                key=("leader", country, fold(place)),
                value=name,
                compare=fold(name),
                line=line,
            )


_TAKES_ARTICLE = re.compile(r"^(?:US|U\.S\.|UK|U\.K\.|EU|UN|UAE|United|Netherlands|Philippines)\b")


def _with_article(country: str) -> str:
    """Return "the US", but "Russia".

    >>> _with_article("US"), _with_article("Russia")
    ('the US', 'Russia')
    """
    return f"the {country}" if _TAKES_ARTICLE.match(country) else country


def _country_led(after: str) -> str | None:
    """Return the country whose team a person leads: "is leading the US team"."""
    match = _LEADS.match(after)
    words = match.group().split() if match else []
    codes = (country_code(re.sub(r"['’]s$", "", word)) or demonym_code(word) for word in words)
    return next(filter(None, codes), None)
