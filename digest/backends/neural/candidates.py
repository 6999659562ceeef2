"""Which of several texts is kept: the best supported, then the one that tells most.

Every mention and every sentence is a claim. A mention is supported as the guard has it, by one of
the source sentences closest to its sentence; a sentence is, when they hold enough of its content.
So is "Officials met." worth no more than what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.records import Support, Variant
from digest.text.entities import counts_the_same, evidence, support
from digest.text.mentions import find_mentions
from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from digest.records import Facts
    from digest.sourcing import Sources
    from digest.text.alignment import Match

# As in digest.cite and digest.verify.guard: a source sentence that holds less is about something
# else, and so is a text of which its sources together hold less.
_RELATED = 0.2
_HOLDS = 0.45
_LOOKED_AT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """A written sentence and the source sentences closest to it, by index, best first.

    `claims` are its mentions and itself, `missing` how many of them the sources do not support.
    """

    places: tuple[int, ...]
    claims: int
    missing: int


def anchor(text: str, sources: Sources, within: Collection[int] | None = None) -> Anchored:
    """Return where a sentence may come from, and how much of it stands there.

    Args:
        text: one sentence.
        sources: the sentences of the cluster.
        within: the source sentences that were given to the model, by index; None for all.
    """
    places = _closest(text, sources, within)
    texts = [sources.places[place].sentence.text for place in places]
    near = [evidence(other) for other in texts]
    mentions = find_mentions(text, sources.lower_case)
    missing = sum(
        all(
            support(m, source, sources.aliases) is Support.NONE
            or not counts_the_same(text, m, source)
            for source in near
        )
        for m in mentions
    )
    wanted = set(content_stems(text))
    found = {stem for other in texts for stem in content_stems(other)}
    unheld = len(wanted & found) < _HOLDS * len(wanted) or not texts
    return Anchored(places=places, claims=len(mentions) + 1, missing=missing + unheld)


def _closest(text: str, sources: Sources, within: Collection[int] | None) -> tuple[int, ...]:
    limit = _LOOKED_AT if within is None else len(sources.places)
    matches: list[Match] = sources.matches(text, limit=limit)
    near = [m.index for m in matches if m.score >= _RELATED]
    return tuple([i for i in near if within is None or i in within][:_LOOKED_AT])


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How good a text is, both in [0, 1]: `faithful` decides, `coverage` among equals."""

    faithful: float
    coverage: float

    @property
    def rank(self) -> tuple[float, float]:
        """What is compared."""
        return self.faithful, self.coverage


def score(sentences: Sequence[str], sources: Sources, facts: Facts) -> Score:
    """Return the share of claims that are supported, and of corroborated facts that are told.

    A fact counts that two independent sources or more support; it is told by a sentence without
    fault whose closest source sentence is one of its wordings.
    """
    corroborated = {
        (variant.article_id, variant.sentence): number
        for number, fact in enumerate(facts.facts)
        if fact.support > 1
        for variant in fact.variants
    }
    of_place = [corroborated.get((v.article_id, v.sentence)) for v in variants(sources)]
    found = [anchor(text, sources) for text in sentences]
    claims = sum(one.claims for one in found)
    missing = sum(one.missing for one in found)
    told = {of_place[one.places[0]] for one in found if one.places and not one.missing}
    facts_in_all = len(set(corroborated.values()))
    return Score(
        faithful=round(1 - missing / claims, 6) if claims else 0.0,
        coverage=round(len(told - {None}) / facts_in_all, 6) if facts_in_all else 0.0,
    )


def variants(sources: Sources) -> list[Variant]:
    """Return every source sentence as the origin of what is written from it."""
    found: list[Variant] = []
    for place in sources.places:
        name = place.article.id
        again = found and found[-1].article_id == name
        number = found[-1].sentence + 1 if again else 0
        found.append(Variant(article_id=name, sentence=number, text=place.sentence.text))
    return found


def best(candidates: Sequence[Sequence[str]], sources: Sources, facts: Facts) -> int | None:
    """Return which candidate is kept, by index, None where no one has a sentence.

    Args:
        candidates: the sentences of each text, the likeliest first; among equals it wins.
        sources: the sentences of the cluster.
        facts: what the sources say.
    """
    usable = [number for number, sentences in enumerate(candidates) if sentences]
    if len(usable) < 2:
        return usable[0] if usable else None
    scores = {number: score(candidates[number], sources, facts).rank for number in usable}
    return max(usable, key=lambda number: (*scores[number], -number))
