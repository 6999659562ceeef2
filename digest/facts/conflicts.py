"""Readings of one slot that disagree become typed conflicts."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from digest.records import Conflict, ConflictKind, ConflictValue
from digest.text.numbers import approximates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digest.facts.reading import Reading

    Groups = dict[str, list[Reading]]


def find_conflicts(found: Sequence[Reading]) -> tuple[Conflict, ...]:
    """Return the conflicts of all slots, in a stable order.

    A rounded figure and a figure of smaller scope are set against the one they differ from, each
    in a conflict of its own; what remains is an update, when time explains it, or a dispute.
    """
    slots: dict[tuple[str, ...], list[Reading]] = defaultdict(list)
    for reading in found:
        slots[reading.key].append(reading)
    return tuple(conflict for _, group in sorted(slots.items()) for conflict in _conflicts(group))


def _conflicts(group: list[Reading]) -> list[Conflict]:
    values: Groups = defaultdict(list)
    for reading in group:
        values[reading.compare].append(reading)
    found = _set_aside(values, ConflictKind.ROUNDING, _is_rounded)
    found += _set_aside(values, ConflictKind.SCOPE, _is_part)
    rivals = {value: values[value] for value in _rivals(values)}
    if len(rivals) > 1:
        updated = all(_later(rivals, a, b) for a, b in combinations(rivals, 2))
        if not updated and _counts_apart(rivals):
            return found
        kind = ConflictKind.UPDATE if updated else ConflictKind.DISPUTE
        ordered = _by_time(rivals) if updated else _by_support(rivals)
        found.append(_conflict(kind, [rivals[value] for value in ordered]))
    return found


def _set_aside(
    values: Groups,
    kind: ConflictKind,
    differs: Callable[[list[Reading], list[Reading]], bool],
) -> list[Conflict]:
    """Take values that stand beside another one out of `values`, one conflict for each."""
    found: list[Conflict] = []
    for minor in sorted(values):
        majors = [
            v
            for v in sorted(values)
            if _articles(values[v]) - _articles(values[minor]) and differs(values[minor], values[v])
        ]
        if majors:
            major = max(majors, key=lambda v: (len(values[v]), v))
            found.append(_conflict(kind, [values[major], values[minor]]))
            del values[minor]
    return found


def _is_rounded(minor: list[Reading], major: list[Reading]) -> bool:
    """Tell whether `minor` is a rough form of `major`; of another day it is an older count."""
    a, b = minor[0].quantity, major[0].quantity
    if a is None or b is None or not approximates(a, b):
        return False
    days, others = ({date[:10] for date in _dates(group)} for group in (minor, major))
    return not (days and others) or bool(days & others)


def _is_part(minor: list[Reading], major: list[Reading]) -> bool:
    """Tell whether `minor` counts for a place only, beside a larger count of the same day."""
    if minor[0].quantity is None or major[0].quantity is None:
        return False
    narrow = frozenset[str]().union(*(r.scope for r in minor))
    wide = frozenset[str]().union(*(r.scope for r in major))
    smaller = minor[0].quantity.value < major[0].quantity.value
    days = {date[:10] for date in _dates(minor)} & {date[:10] for date in _dates(major)}
    return smaller and bool(days) and all(r.scope for r in minor) and not narrow & wide


def _rivals(values: Groups) -> list[str]:
    """Return the values that some article gives without also giving the rival one."""
    articles = {value: _articles(group) for value, group in values.items()}
    rivals: set[str] = set()
    for left, right in combinations(sorted(values), 2):
        if _says_less(left, right):
            continue
        if articles[left] - articles[right] and articles[right] - articles[left]:
            rivals |= {left, right}
    return sorted(rivals)


def _counts_apart(rivals: Groups) -> bool:
    """Tell whether one article gives two of the figures: it counts two things under one name.

    Of seven disputes about tolls in 200 events of the news, four were arrests of several nights or
    the dead of several attacks; each had such an article.
    """
    first = {value: group[0].quantity for value, group in rivals.items()}
    for left, right in combinations(rivals, 2):
        a, b = first[left], first[right]
        if a is None or b is None or approximates(a, b) or approximates(b, a):
            continue
        if _articles(rivals[left]) & _articles(rivals[right]):
            return True
    return False


def _says_less(left: str, right: str) -> bool:
    """Tell whether one value only leaves out words: "minister" and "foreign minister"."""
    left_words, right_words = set(left.split()), set(right.split())
    return left_words <= right_words or right_words <= left_words


def _later(rivals: Groups, left: str, right: str) -> bool:
    """Tell whether time explains the difference: a revision, or counts of other days."""
    if _old(rivals[left]) != _old(rivals[right]):
        return True
    if rivals[left][0].quantity is None:
        return False
    a, b = _own_dates(rivals, left), _own_dates(rivals, right)
    return bool(a) and bool(b) and (max(a) < min(b) or max(b) < min(a))


def _old(group: list[Reading]) -> bool:
    return all(reading.line.superseded for reading in group)


def _articles(group: list[Reading]) -> set[str]:
    return {reading.line.article.id for reading in group}


def _dates(group: list[Reading]) -> list[str]:
    return [r.line.article.published for r in group if r.line.article.published]


def _own_dates(rivals: Groups, value: str) -> list[str]:
    """Return the dates of the articles that give only this value: others report the change."""
    shared = {r.line.article.id for other, group in rivals.items() if other != value for r in group}
    return _dates([r for r in rivals[value] if r.line.article.id not in shared])


def _by_time(rivals: Groups) -> list[str]:
    """Return values newest first."""
    return sorted(
        rivals,
        key=lambda v: (not _old(rivals[v]), max(_own_dates(rivals, v), default=""), v),
        reverse=True,
    )


def _by_support(rivals: Groups) -> list[str]:
    return sorted(rivals, key=lambda v: (-_sources(rivals[v]), v))


def _sources(group: list[Reading]) -> int:
    return len({reading.line.source for reading in group})


def _conflict(kind: ConflictKind, groups: list[list[Reading]]) -> Conflict:
    first, second = groups[0], groups[1]
    return Conflict(
        kind=kind,
        slot=first[0].slot,
        values=tuple(_value(group) for group in groups),
        settled=kind is not ConflictKind.DISPUTE or _sources(first) > _sources(second),
    )


def _value(group: list[Reading]) -> ConflictValue:
    return ConflictValue(
        value=min((r.value for r in group), key=lambda v: (len(v), v)),
        article_ids=tuple(dict.fromkeys(r.line.article.id for r in group)),
        sentences=tuple(r.line.variant for r in group),
    )
