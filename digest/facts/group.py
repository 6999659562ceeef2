"""Sentences that say the same become one fact."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.records import Fact, Label
from digest.text.entities import evidence
from digest.text.linkage import average_linkage
from digest.text.names import fold
from digest.text.numbers import same_quantity
from digest.text.vectors import candidate_pairs, tfidf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.facts.context import Context, Line

# Below this cosine two news sentences of one cluster share a topic and nothing else.
RELATED = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two similar lines, by index, and their TF-IDF cosine in [0, 1]."""

    left: int
    right: int
    similarity: float


def related_pairs(lines: Sequence[Line]) -> list[Pair]:
    """Return the pairs of lines that share enough rare words to be about one thing."""
    found = candidate_pairs(tfidf([line.text for line in lines]), at_least=RELATED)
    return [Pair(left=i, right=j, similarity=value) for i, j, value in found]


def group_facts(context: Context, pairs: Sequence[Pair], *, threshold: float) -> tuple[Fact, ...]:
    """Group the current lines; pairs whose names or numbers disagree never meet.

    Returns:
        Every current line in exactly one fact, facts in order of their first line.
    """
    lines = context.current
    close = [
        (p.left, p.right, p.similarity if agree(context, lines[p.left], lines[p.right]) else -1.0)
        for p in pairs
        if max(p.left, p.right) < len(lines)
    ]
    labels = average_linkage(len(lines), close, threshold=threshold)
    members: dict[int, list[Line]] = defaultdict(list)
    for label, line in zip(labels, lines, strict=True):
        members[label].append(line)
    return tuple(
        Fact(
            id=f"{context.cluster.id}/f{number}",
            variants=tuple(line.variant for line in group),
            support=len({line.source for line in group}),
        )
        for number, group in enumerate(members.values(), 1)
    )


def agree(context: Context, left: Line, right: Line) -> bool:
    """Tell whether two lines can say the same: no number or person of one contradicts the other."""
    left_numbers, right_numbers = evidence(left.text).numbers, evidence(right.text).numbers
    if left_numbers and right_numbers:
        shared = any(same_quantity(a, b) for a in left_numbers for b in right_numbers)
        if not shared:
            return False
    left_people, right_people = (_people(context, line) for line in (left, right))
    return not left_people or not right_people or bool(left_people & right_people)


def _people(context: Context, line: Line) -> set[str]:
    return {fold(context.canonical(m.text)) for m in line.names(Label.PERSON)}
