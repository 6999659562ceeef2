"""Percentages, amounts and counted things that several lines state of one subject."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from digest.facts.readings import Reading, with_hedge
from digest.records import Label
from digest.text.numbers import Quantity, quantities
from digest.text.words import STOPWORDS, WORD, stem, words

if TYPE_CHECKING:
    from digest.facts.context import Context, Line

# Two numbers measure one subject when this many content words around both are the same. With two,
# "two hours of talks in Paris" and "20 minutes of talks by telephone" would still stay apart.
_SHARED_STEMS = 2
_WINDOW = 8
_TIME_AND_AGE = frozenset({"year", "month", "week", "day", "minut", "old", "am", "pm", "time"})


@dataclass(frozen=True, slots=True)
class _Measure:
    line: Line
    quantity: Quantity
    unit: str
    around: frozenset[str]


def measures(context: Context) -> list[Reading]:
    """Return readings of percentages, amounts and counts, keyed by unit and subject."""
    found = [m for line in context.lines for m in _measures(line)]
    readings: list[Reading] = []
    for group in _subjects(found):
        if len({m.line.article.id for m in group}) < 2:
            continue
        subject = _subject(group)
        readings += [
            Reading(
                slot=f"{_shown_unit(group[0])} ({subject})",
                key=("measure", group[0].unit, subject),
                value=with_hedge(m.quantity),
                compare=f"{m.quantity.value:g}",
                line=m.line,
                quantity=m.quantity,
            )
            for m in group
        ]
    return readings


def _measures(line: Line) -> list[_Measure]:
    found = []
    for quantity in quantities(line.text):
        if quantity.label is Label.DATE:
            continue
        before, after = line.text[: quantity.start], line.text[quantity.end :]
        noun = _counted_noun(after)
        unit = quantity.unit or noun
        if unit is None or unit in _TIME_AND_AGE or before.rstrip().endswith("from"):
            continue
        near = [*words(before)[-_WINDOW:], *words(after)[:_WINDOW]]
        stems = {stem(word) for word in near if word.lower() not in STOPWORDS and word.isalpha()}
        around = frozenset(stems - {unit, "percent", "million", "billion"})
        found.append(_Measure(line, quantity, unit, around))
    return found


def _counted_noun(after: str) -> str | None:
    match = WORD.match(after.lstrip())
    if match is None or after[:1] != " " or match.group().lower() in STOPWORDS:
        return None
    return stem(match.group()) if match.group().isalpha() else None


def _subjects(found: list[_Measure]) -> list[list[_Measure]]:
    """Group measures of one unit whose surroundings share words, by connected components."""
    by_term: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, measure in enumerate(found):
        for term in measure.around:
            by_term[measure.unit, term].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for holders in by_term.values():
        shared.update(combinations(holders, 2))
    parent = list(range(len(found)))

    def root(item: int) -> int:
        while parent[item] != item:
            item = parent[item]
        return item

    for (left, right), count in sorted(shared.items()):
        same_line = found[left].line is found[right].line
        if count >= _SHARED_STEMS and not same_line:
            parent[max(root(left), root(right))] = min(root(left), root(right))
    groups: dict[int, list[_Measure]] = defaultdict(list)
    for index, measure in enumerate(found):
        groups[root(index)].append(measure)
    return list(groups.values())


def _subject(group: list[_Measure]) -> str:
    """Return the words that most lines of a group have around their number, as written."""
    counts: Counter[str] = Counter(term for measure in group for term in measure.around)
    top = [term for term, n in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])) if n > 1][:3]
    written: dict[str, str] = {}
    for measure in group:
        for word in words(measure.line.text):
            written.setdefault(stem(word), word if word.isupper() else word.lower())
    return ", ".join(written.get(term, term) for term in top)


def _shown_unit(measure: _Measure) -> str:
    if measure.quantity.label is Label.PERCENT:
        return "percent"
    if measure.quantity.label is Label.MONEY:
        return "amount"
    following = WORD.search(measure.line.text[measure.quantity.end :])
    return following.group().lower() if following else measure.unit
