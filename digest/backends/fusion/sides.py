"""Which sentences take a side that the sources, taken together, do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.records import Conflict, ConflictKind, Facts

if TYPE_CHECKING:
    from digest.records import Article, ConflictValue

# How far a sentence is trusted that gives another value than the one to go by. A losing or outdated
# value is used only where nothing else is left; a rounded or partial one is true in its way.
_FACTORS = {
    ConflictKind.UPDATE: 0.02,
    ConflictKind.DISPUTE: 0.05,
    ConflictKind.SCOPE: 0.5,
    ConflictKind.ROUNDING: 0.6,
}
_UNSETTLED = 0.3

Key = tuple[str, int]


def trust(facts: Facts) -> dict[Key, float]:
    """Return factors in [0, 1) for sentences, by article id and number, to be used with care."""
    factors: dict[Key, float] = {(v.article_id, v.sentence): 0.0 for v in facts.suspect}
    outdated = outdated_values(facts)
    for conflict in facts.conflicts:
        leading = set() if not conflict.settled else _keys(conflict.values[0])
        for index, value in enumerate(conflict.values):
            if (
                conflict.settled
                and index == 0
                and value.value not in outdated.get(conflict.slot, ())
            ):
                continue
            factor = _factor(conflict, outdated)
            for key in _keys(value) - leading:
                factors[key] = min(factor, factors.get(key, 1.0))
    return factors


# What cleaners take out of machine-translated or cut-up text; boilerplate and repeats say nothing.
_GARBLE = frozenset(
    (
        "drop_orphans drop_unfinished_attributions drop_unbalanced_quotes drop_first_person "
        "drop_spliced_sentences"
    ).split()
)


def reliability(article: Article, facts: Facts) -> float:
    """Return a factor in [0.3, 1] for a whole article: less where many sentences were faulty.

    One fault in ten sentences costs nearly a third: where some sentences had to be thrown away, the
    others were written by the same hand.
    """
    faults = sum(edit.cleaner in _GARBLE for edit in article.edits)
    faults += sum(variant.article_id == article.id for variant in facts.suspect)
    return max(0.3, 1.0 - 3.0 * faults / max(1, faults + len(article.sentences)))


def outdated_values(facts: Facts) -> dict[str, frozenset[str]]:
    """Return the values of each slot that a later one has replaced."""
    return {
        conflict.slot: frozenset(value.value for value in conflict.values[1:])
        for conflict in facts.conflicts
        if conflict.kind is ConflictKind.UPDATE
    }


def _factor(conflict: Conflict, outdated: dict[str, frozenset[str]]) -> float:
    """Return the factor for the losing values; a rounding of an outdated figure is outdated too."""
    if conflict.values[0].value in outdated.get(conflict.slot, ()):
        return _FACTORS[ConflictKind.UPDATE]
    return _FACTORS[conflict.kind] if conflict.settled else _UNSETTLED


def _keys(value: ConflictValue) -> set[Key]:
    return {(variant.article_id, variant.sentence) for variant in value.sentences}
