"""How many people are dead, injured, missing, evacuated, arrested or rescued."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.facts.reading import Reading, names_other_year, with_hedge
from digest.records import Label
from digest.text import lexicon
from digest.text.dates import date_mentions
from digest.text.names import fold
from digest.text.numbers import Quantity, quantities
from digest.text.words import WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.facts.context import Context, Line

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
_RANGE = re.compile(r"^\s?[-–]\s?\d")
_RANGE_END = re.compile(r"\d\s?[-–]\s?$")
_AGE = re.compile(r"\b(?:aged|ages?)\s(?:of\s)?$", re.IGNORECASE)
_AS_MANY = re.compile(r"\bas (?:many|much|few) as\s$", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.!?;:”\"](?=\s|$)")


def tolls(context: Context, line: Line) -> Iterator[Reading]:
    """Yield how many people the line says are dead, injured, missing, evacuated and so on."""
    if names_other_year(line, line.text):  # "the flood of 2003 killed 40": another event
        return
    days = [(date.start, date.end) for date in date_mentions(line.text)]
    for quantity in quantities(line.text):
        if quantity.label is not Label.NUMBER or quantity.unit is not None:
            continue
        if any(start <= quantity.start < end for start, end in days):  # "January 12, killing"
            continue
        before, after = line.text[: quantity.start], line.text[quantity.end :]
        if _counts_nobody(before, after):
            continue
        kind = casualty_class(before, after)
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


def _counts_nobody(before: str, after: str) -> bool:
    """Tell whether a number is part of a count, end of a range, an age, a time, half of a word."""
    ranged = _RANGE.match(after) or _RANGE_END.search(before)
    aged = _AGE.search(before) or (before.endswith(", ") and after.startswith(","))
    changed = _FROM.search(before) and re.match(r"\s(?:\w+\s)?to\b", after)
    compound = re.match(r"-[a-z]|:\d\d|\s?[ap]\.?m\b", after)
    part = _NO_COUNT.match(after) or _PART_OF.search(before)
    return any((ranged, aged, changed, compound, part))


def casualty_class(before: str, after: str) -> str | None:
    """Return the class of the count: "19 dead", "killed 19", "death toll rose to 19"."""
    before = before[max((m.end() for m in _CLAUSE_END.finditer(before)), default=0) :]
    before = _AS_MANY.sub("", before)
    end = _CLAUSE_END.search(after)
    right_end = end.end() if end else len(after)
    following = [word.lower() for word in WORD.findall(after[:right_end])[:3]]
    counted = bool(following) and any(word in lexicon.PEOPLE for word in following[:2])
    right = " ".join(WORD.findall(after[:right_end])[:7])
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
