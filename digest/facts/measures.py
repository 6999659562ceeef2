"""Percentages, amounts and counted things that several lines state of one subject."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from digest.facts.reading import Reading, names_other_year, with_hedge
from digest.facts.tolls import casualty_class
from digest.records import Label
from digest.text.names import fold
from digest.text.numbers import Quantity, quantities
from digest.text.words import STOPWORDS, WORD, stem, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.facts.context import Context, Line
    from digest.facts.group import Pair

# Two numbers measure one subject when their sentences are related and this many content words
# within eight words of both numbers are the same. On ten Wikinews clusters of ten articles shared
# words alone gave 20 false conflicts; with related sentences and one value an article, 3 are left.
_SHARED_STEMS = 2
_WINDOW = 8
_LOOSE_END = re.compile(r"(?:\s(?:the|a|an|of|at|in|on|and|to|for|by|that|with|from))+$")
_PLURAL = re.compile(r"\s([a-z]+s|people)\b")
_TIME_AND_AGE = frozenset({"year", "month", "week", "day", "minut", "old", "am", "pm", "time"})


@dataclass(frozen=True, slots=True)
class _Measure:
    number: int
    line: Line
    quantity: Quantity
    unit: str
    around: frozenset[str]
    places: frozenset[str]


def measures(context: Context, pairs: Sequence[Pair]) -> list[Reading]:
    """Return readings of percentages, amounts and counts, keyed by unit and subject.

    Args:
        context: the cluster.
        pairs: related lines, by index; only their numbers are compared.
    """
    found = [m for number, line in enumerate(context.lines) for m in _measures(number, line)]
    related = {(pair.left, pair.right) for pair in pairs}
    readings: list[Reading] = []
    for group in _subjects(found, related):
        if not _is_one_slot(group):
            continue
        subject, slot = _subject(group), _slot(group[-1])
        readings += [
            Reading(
                slot=slot,
                key=("measure", group[0].unit, subject),
                value=with_hedge(m.quantity),
                compare=f"{m.quantity.value:g}",
                line=m.line,
                quantity=m.quantity,
            )
            for m in group
        ]
    return readings


def _measures(number: int, line: Line) -> list[_Measure]:
    found = []
    for quantity in quantities(line.text):
        if quantity.label is Label.DATE:
            continue
        before, after = line.text[: quantity.start], line.text[quantity.end :]
        noun = _counted_noun(after)
        unit = quantity.unit or noun
        if unit is None or unit in _TIME_AND_AGE or before.rstrip().endswith("from"):
            continue
        if casualty_class(before, after):  # a toll, or no count of anything
            continue
        start, end = _window(line.text, quantity)
        if names_other_year(line, line.text[start:end]):
            continue
        near = [*words(line.text[start : quantity.start]), *words(line.text[quantity.end : end])]
        stems = {stem(word) for word in near if word.lower() not in STOPWORDS and word.isalpha()}
        around = frozenset(stems - {unit, "percent", "million", "billion"})
        places = frozenset(
            fold(m.text) for m in line.names(Label.PLACE) if start <= m.start and m.end <= end
        )
        found.append(_Measure(number, line, quantity, unit, around, places))
    return found


def _window(text: str, quantity: Quantity) -> tuple[int, int]:
    """Return where the words that say what a number measures begin and end."""
    left = [m.start() for m in WORD.finditer(text, 0, quantity.start)][-_WINDOW:]
    right = [m.end() for m in WORD.finditer(text, quantity.end)][:_WINDOW]
    return min([*left, quantity.start]), max([*right, quantity.end])


def _is_one_slot(group: list[_Measure]) -> bool:
    """Tell whether a group can be one figure: several articles, none giving it two values.

    Nor may two measures name a place each that the other leaves out: "23 inches in Morehead City,
    North Carolina" and "35 inches in Surf City, North Carolina" are of two places.
    """
    values: dict[str, set[float]] = defaultdict(set)
    for measure in group:
        values[measure.line.article.id].add(measure.quantity.value)
    single = len(values) > 1 and all(len(given) == 1 for given in values.values())
    places = sorted({measure.places for measure in group}, key=lambda named: (len(named), *named))
    return single and all(fewer <= more for fewer, more in pairwise(places))


def _counted_noun(after: str) -> str | None:
    """Return the stem of a plural noun right after a number, None where there is none."""
    match = _PLURAL.match(after)
    return stem(match.group(1)) if match and match.group(1) not in STOPWORDS else None


def _subjects(found: list[_Measure], related: set[tuple[int, int]]) -> list[list[_Measure]]:
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
        pair = tuple(sorted((found[left].number, found[right].number)))
        if count >= _SHARED_STEMS and pair in related:
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


def _slot(measure: _Measure) -> str:
    """Return the words around a number, by which a reader knows what it counts.

    "The reservoir stood at … percent of capacity on Tuesday"
    """
    text, quantity = measure.line.text, measure.quantity
    before = text[: quantity.start].rstrip()
    if quantity.hedge:
        before = before[: len(before) - len(quantity.hedge)].rstrip()
    opening = " ".join(re.split(r"[,;:]", before)[-1].split()[-4:])
    unit = "percent " if measure.quantity.label is Label.PERCENT else ""
    closing = " ".join(re.split(r"[,;:.](?:\s|$)", text[quantity.end :])[0].split()[:7])
    return _LOOSE_END.sub("", f"{opening} … {unit}{closing}".strip())
