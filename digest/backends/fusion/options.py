"""A sentence in one wording, with what it is worth: what the search chooses among."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.backends.fusion.candidates import Candidate, Concept, Wording, echoes, merit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MIN_WORDS = 10  # shorter wordings are used only where nothing longer exists
DOUBTFUL = 0.06  # worse ones, an outdated toll for one, are used only where there is nothing else

Covered = dict[Concept, float]


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen sentence, by its place among the candidates, and the place of its wording."""

    candidate: int
    wording: int


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """A sentence in one wording.

    `quality` in [0, 1] is the sentence's times the wording's; `place` is where it comes in reading
    order; `weights` are the wording's concepts, sorted, so that sums do not depend on the hash
    seed, each with its weight.
    """

    pick: Pick
    wording: Wording
    quality: float
    doubtful: bool
    place: tuple[int, int, int, int]
    weights: tuple[tuple[Concept, float], ...]

    @property
    def words(self) -> int:
        """Words it takes of the budget."""
        return self.wording.words

    @property
    def density(self) -> float:
        """Return its value per word where nothing else is chosen."""
        return self.gain({}) / self.words

    def gain(self, covered: Covered) -> float:
        """Return what it adds where `covered` holds the best quality of each concept."""
        quality, total = self.quality, 0.0
        for concept, weight in self.weights:
            more = quality - covered.get(concept, 0.0)
            if more > 0:
                total += weight * more
        return total


def cover(chosen: Iterable[Option]) -> tuple[Covered, float]:
    """Return the best quality of each concept that the chosen ones hold, and their value."""
    covered: Covered = {}
    value = 0.0
    for option in chosen:
        value += option.gain(covered)
        for concept, _ in option.weights:
            covered[concept] = max(covered.get(concept, 0.0), option.quality)
    return covered, value


def options(candidates: Sequence[Candidate]) -> list[Option]:
    """Return every wording of every candidate.

    A pair of words that only a deletion made neighbours is no concept: no article holds it.
    """
    weights = concept_weights(candidates)
    return [
        Option(
            pick=Pick(number, index),
            wording=wording,
            quality=merit(candidate, echo) * wording.quality,
            doubtful=candidate.quality < DOUBTFUL,
            place=(candidate.position, candidate.article, number, index),
            weights=tuple((c, weights[c]) for c in sorted(wording.concepts) if c in weights),
        )
        for number, (candidate, echo) in enumerate(zip(candidates, echoes(candidates), strict=True))
        for index, wording in enumerate(candidate.wordings)
    ]


def concept_weights(candidates: Sequence[Candidate]) -> dict[Concept, float]:
    """Return the number of articles that hold each concept in a whole sentence."""
    holders: dict[Concept, set[int]] = {}
    for candidate in candidates:
        for concept in candidate.whole.concepts:
            holders.setdefault(concept, set()).add(candidate.article)
    return {concept: float(len(articles)) for concept, articles in holders.items()}


def printable(found: Sequence[Option], max_words: int | None) -> list[Option]:
    """Return the options that may be printed; doubtful and very short ones for want of others."""
    usable = [
        o
        for o in found
        if o.quality > 0 and o.words > 0 and (max_words is None or o.words <= max_words)
    ]
    usable = [o for o in usable if not o.doubtful] or usable
    return [o for o in usable if o.words >= MIN_WORDS] or usable
