"""Entity-level faithfulness: what of what an output names its sources have.

After Nan et al. (EACL 2021), with another rule for "supported" (`digest.text.entities`, the one the
guard uses), distinct entities as the unit, and an anchored variant for clusters of many articles.
Strings see about one in ten intrinsic errors, a right name in a wrong role. An entity without
support is "unsupported by the sources", never "false": about half of them are true in the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.metrics.anchoring import CLOSEST, anchoring_signature, closest
from eval.metrics.entity_coverage import Targets, score_targets, source_recall
from eval.metrics.entity_judging import judge
from eval.metrics.entity_keys import Family, family_of
from eval.metrics.entity_sources import source_set
from eval.metrics.extractors import RULES
from eval.records import EntityVerdict, Level, Value
from eval.signature import signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.metrics.entity_judging import Anchor
    from eval.metrics.extractors import Extractor
    from eval.records import ArticleRow

__all__ = [
    "EntityScores",
    "Family",
    "FamilyScores",
    "Precision",
    "Targets",
    "entity_scores",
    "entity_signature",
    "family_scores",
    "judge",
]

_VERSION = 1
# Weakest last: an entity has the weakest level of its mentions.
_ORDER = (Level.UNSCORABLE, Level.VERBATIM, Level.NORMALISED, Level.ALIAS, Level.NONE)
_RANK = {level: rank for rank, level in enumerate((*_ORDER, Level.CONFLICT))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """Shares of the entities that the sources support, in [0, 1]; each includes those before it.

    `verbatim` counts exact spellings only; `normalised` also case, accents, number formats; `alias`
    also other names of the same, and is the precision where none is named.
    """

    verbatim: Value
    normalised: Value
    alias: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyScores:
    """The precision of one family of entities.

    `anchored` asks the k articles closest to the output sentence, `union` all of them.
    `conflicts` counts people whose surname the sources give to others only; they are unsupported
    in both precisions. `unscorable` entities are in no total.
    """

    anchored: Precision
    union: Precision
    conflicts: Value
    unscorable: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityScores:
    """The scores of one output; see `entity_scores`."""

    names: FamilyScores
    numbers: FamilyScores
    dates: FamilyScores
    quotes: FamilyScores
    all: FamilyScores
    targets: Targets
    source_recall: Value
    verdicts: tuple[EntityVerdict, ...]
    articles: int
    references: int
    k: int
    extractor: str

    def family(self, family: Family) -> FamilyScores:
        """Return the scores of one family."""
        found: FamilyScores = getattr(self, family.value)
        return found

    @property
    def signature(self) -> str:
        """Every choice behind these numbers."""
        return entity_signature(self.extractor, k=self.k)


def entity_signature(extractor: str, *, k: int = CLOSEST) -> str:
    """Return the signature of scores by an extractor's name and k, anchored by `closest`.

    >>> entity_signature("rules")[:70]
    'entities|ner:rules|unit:distinct-weakest|levels:verbatim>normalised>al'
    """
    return signature(
        "entities",
        ner=extractor,
        unit="distinct-weakest",
        levels="verbatim>normalised>alias",
        anchor=anchoring_signature(k=k).partition("|")[2].replace("|", ","),
        target="names",
        recall="names-min2",
        none="null",
        v=_VERSION,
    )


def entity_scores(
    prediction: str,
    sources: Sequence[ArticleRow],
    references: Sequence[str] = (),
    *,
    extractor: Extractor = RULES,
    k: int = CLOSEST,
    anchor: Anchor = closest,
) -> EntityScores:
    """Return how faithful an output's entities are to its sources, and how many it covers.

    The unit is the distinct entity: "Rory McIlroy … McIlroy" is one. It has the weakest level of
    its mentions, since one unsupported mention is enough to mislead: where the sources have just
    "Smith", a "John Smith" is not saved by a "Smith" in the next sentence.

    Args:
        prediction: the output; "" names nothing.
        sources: the articles it was written from.
        references: texts by people, for the target side (names only).
        extractor: finds the mentions of output and references.
        k: how many articles may support a sentence in the anchored scores.
        anchor: finds the articles closest to a sentence.

    Returns:
        Values with the counts behind them; None, with a note, where nothing is named.

    Raises:
        ValueError: k is below 1.

    >>> from eval.records import ArticleRow
    >>> rows = [ArticleRow(id="a", text="Ada Brandt left Rome with 20 men.")]
    >>> found = entity_scores("Brandt left Oslo with twenty men.", rows)
    >>> [(v.text, v.anchored.value) for v in found.verdicts]
    [('Brandt', 'verbatim'), ('Oslo', 'none'), ('twenty', 'normalised')]
    >>> found.names.anchored.alias.value, found.numbers.anchored.verbatim.value
    (0.5, 0.0)
    """
    rows = tuple(sources)
    known = source_set(rows)
    mentions = extractor.mentions(prediction, sources=known.texts)
    verdicts = judge(prediction, mentions, rows, k=k, anchor=anchor)
    families = {
        family.value: family_scores(verdicts, family, sources=len(rows)) for family in Family
    }
    return EntityScores(
        **families,
        targets=score_targets(prediction, mentions, references, known, extractor=extractor),
        source_recall=source_recall(prediction, known),
        verdicts=verdicts,
        articles=len(rows),
        references=len(references),
        k=k,
        extractor=extractor.name,
    )


def family_scores(
    verdicts: Sequence[EntityVerdict], family: Family, *, sources: int = 1
) -> FamilyScores:
    """Return the precision of one family, from the verdicts of one output.

    Args:
        verdicts: what `judge` said.
        family: which of them are counted.
        sources: the number of articles; without any, there is nothing to be faithful to.

    >>> family_scores((), Family.NAMES).union.alias
    Value(value=None, hits=0.0, total=0.0, note='no entity named')
    """
    mine = [v for v in verdicts if family in (Family.ALL, family_of(v.label))]
    union = _weakest([((family_of(v.label), v.key), v.union) for v in mine])
    anchored = _weakest([((family_of(v.label), v.key), v.anchored) for v in mine])
    unscorable = float(sum(level is Level.UNSCORABLE for level in union))
    total = float(len(union)) - unscorable
    note = None
    if not sources:
        note = "no sources"
    elif not total:
        note = "no scorable entity" if union else "no entity named"
    conflicts = float(sum(level is Level.CONFLICT for level in union))
    return FamilyScores(
        anchored=_precision(anchored, note),
        union=_precision(union, note),
        conflicts=Value(value=None if note else conflicts, hits=conflicts, total=total, note=note),
        unscorable=Value(value=unscorable, hits=unscorable, total=float(len(union))),
    )


def _weakest(levels: Sequence[tuple[tuple[Family, str], Level]]) -> list[Level]:
    """Return the weakest level of each entity; unscorable only where all its mentions are."""
    found: dict[tuple[Family, str], Level] = {}
    for key, level in levels:
        found[key] = max(found.get(key, Level.UNSCORABLE), level, key=_RANK.__getitem__)
    return list(found.values())


def _precision(levels: Sequence[Level], note: str | None) -> Precision:
    scored = [level for level in levels if level is not Level.UNSCORABLE]

    def share(weakest: Level) -> Value:
        if note is not None:
            return Value(value=None, hits=0.0, total=0.0, note=note)
        hits = sum(_RANK[level] <= _RANK[weakest] for level in scored)
        return Value(value=hits / len(scored), hits=float(hits), total=float(len(scored)))

    return Precision(
        verbatim=share(Level.VERBATIM),
        normalised=share(Level.NORMALISED),
        alias=share(Level.ALIAS),
    )
