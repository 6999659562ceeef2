"""How well the sources support a mention, as a reader is told: one word, one sign, one look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from eval.records import Level

if TYPE_CHECKING:
    from eval.records import EntityVerdict


class Shade(StrEnum):
    """The levels of `eval.records.Level`, and `ELSEWHERE`.

    A mention is ELSEWHERE where only articles have it that its sentence is not about: supported by
    all sources together, unsupported where it is anchored.
    """

    VERBATIM = "verbatim"
    NORMALISED = "normalised"
    ALIAS = "alias"
    ELSEWHERE = "elsewhere"
    CONFLICT = "conflict"
    NONE = "none"
    UNSCORABLE = "unscorable"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a shade is called, what it means, and the sign behind a mention; "" for no sign."""

    name: str
    meaning: str
    sign: str


WORDINGS = {
    Shade.VERBATIM: Wording("verbatim", "a source has these very words", ""),
    Shade.NORMALISED: Wording("respelled", "a source has it, written differently", ""),
    Shade.ALIAS: Wording("alias", "a source has it under another name", ""),
    Shade.ELSEWHERE: Wording(
        "elsewhere", "only sources have it that this sentence is not about", "↗"
    ),
    Shade.CONFLICT: Wording("conflict", "the sources give this surname to somebody else", "≠"),
    Shade.NONE: Wording("unsupported", "no source has it, which does not make it false", "?"),
    Shade.UNSCORABLE: Wording("undated", "a date that counts from a day nobody knows", "·"),
}

UNSUPPORTED = frozenset({Shade.CONFLICT, Shade.NONE})
# Weakest last, as `eval.metrics.entities` ranks them: an entity is as good as its weakest mention.
_RANK = {
    shade: rank
    for rank, shade in enumerate(
        (
            Shade.UNSCORABLE,
            Shade.VERBATIM,
            Shade.NORMALISED,
            Shade.ALIAS,
            Shade.ELSEWHERE,
            Shade.NONE,
            Shade.CONFLICT,
        )
    )
}


def shade(verdict: EntityVerdict) -> Shade:
    """Return how a mention is shown: by its anchored level, or ELSEWHERE."""
    if verdict.anchored is Level.NONE and verdict.union is not Level.NONE:
        return Shade.ELSEWHERE
    return Shade(verdict.anchored.value)


def weakest(shades: list[Shade]) -> Shade:
    """Return the weakest of some shades.

    >>> weakest([Shade.VERBATIM, Shade.NONE, Shade.ALIAS]).value
    'none'
    """
    return max(shades, key=_RANK.__getitem__)
