"""What an output names against what people named, and against what several sources name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.records import Mention, Support
from digest.text.entities import evidence, support
from eval.metrics.entity_keys import Family, entity_keys, family_of
from eval.metrics.extractors import cased
from eval.records import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Entity
    from eval.metrics.entity_sources import SourceSet
    from eval.metrics.extractors import Extractor


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An output's names against a reference's (Nan et al. 2021).

    `precision` is the share of the output's names that the reference has, `recall` the share of the
    reference's that the output has: each found in the one text, looked up in the other. `f1` is
    their harmonic mean; 0 where one side names something and nothing is shared.
    """

    precision: Value
    recall: Value
    f1: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Against each reference, against the one with the best F1, and the mean over references.

    The counts of `mean` are sums over references.
    """

    each: tuple[Target, ...]
    best: Target
    mean: Target


def score_targets(
    prediction: str,
    mentions: Sequence[Mention],
    references: Sequence[str],
    known: SourceSet,
    *,
    extractor: Extractor,
) -> Targets:
    """Compare the names of an output with those of its references; blank references are left out.

    The sources serve for aliases: where they say that Smith is John Smith, either will do.

    >>> from eval.metrics.entity_sources import source_set
    >>> from eval.metrics.extractors import RULES
    >>> text, none = "Ada Brandt left Rome.", source_set(())
    >>> references = ["Brandt left Oslo."]
    >>> found = score_targets(text, RULES.mentions(text), references, none, extractor=RULES)
    >>> found.best.precision.value, found.best.recall.value
    (0.0, 0.5)
    """
    each = tuple(
        _target(prediction, mentions, reference, known, extractor)
        for reference in references
        if reference.strip()
    )
    if not each:
        none = _nothing("no reference")
        return Targets(each=(), best=none, mean=none)
    best = max(each, key=lambda one: -1.0 if one.f1.value is None else one.f1.value)
    mean = Target(
        precision=_mean([one.precision for one in each]),
        recall=_mean([one.recall for one in each]),
        f1=_mean([one.f1 for one in each]),
    )
    return Targets(each=each, best=best, mean=mean)


def _target(
    prediction: str,
    mentions: Sequence[Mention],
    reference: str,
    known: SourceSet,
    extractor: Extractor,
) -> Target:
    texts = known.texts
    precision = _share(_keyed(mentions), cased(reference, texts), known, "the output names nothing")
    theirs = _reference_names(reference, texts, extractor)  # type: ignore[arg-type]
    recall = _share(theirs, cased(prediction, texts), known, "the reference names nothing")
    return Target(precision=precision, recall=recall, f1=_f1(precision, recall))


_Named = tuple[tuple[str, Mention], ...]


@lru_cache(maxsize=64)  # all systems are scored against the same few references
def _reference_names(reference: str, texts: tuple[str, ...], extractor: Extractor) -> _Named:
    return _keyed(extractor.mentions(reference, sources=texts))


def _keyed(mentions: Sequence[Mention]) -> _Named:
    """Return the names among some mentions, each with the key of what it names."""
    names = [m for m in mentions if family_of(m.label) is Family.NAMES]
    return tuple(zip(entity_keys(names), names, strict=True))


def _share(names: _Named, text: str, known: SourceSet, note: str) -> Value:
    """Return the share of the distinct names that a text has, each by all its mentions."""
    looked_up = evidence(text)
    found: dict[str, bool] = {}
    for key, mention in names:
        here = support(mention, looked_up, known.aliases) is not Support.NONE
        found[key] = found.get(key, False) or here
    if not found:
        return Value(value=None, hits=0.0, total=0.0, note=note)
    hits = sum(found.values())
    return Value(value=hits / len(found), hits=float(hits), total=float(len(found)))


def _f1(precision: Value, recall: Value) -> Value:
    p, r = precision.value, recall.value
    if p is None and r is None:
        return Value(value=None, note="neither names anything")
    if not p or not r:
        return Value(value=0.0)
    return Value(value=2 * p * r / (p + r))


def _mean(values: Sequence[Value]) -> Value:
    given = [one.value for one in values if one.value is not None]
    counted = [one for one in values if one.total is not None]
    return Value(
        value=sum(given) / len(given) if given else None,
        hits=sum(one.hits or 0.0 for one in counted) if counted else None,
        total=sum(one.total or 0.0 for one in counted) if counted else None,
        note=None if given else values[0].note,
    )


def _nothing(note: str) -> Target:
    none = Value(value=None, note=note)
    return Target(precision=none, recall=none, f1=none)


def source_recall(prediction: str, known: SourceSet) -> Value:
    """Return the share of what the sources name that an output has, by how many articles name it.

    Each name of the sources weighs the number of articles that have it. Where there are two
    articles or more, only names of two or more count: one article's names are its own business.
    `hits` and `total` are sums of weights.

    >>> from eval.metrics.entity_sources import source_set
    >>> from eval.records import ArticleRow
    >>> texts = ["Ada Brandt left Rome.", "Ada Brandt rests in Rome.", "He saw Rome."]
    >>> rows = tuple(ArticleRow(id=text, text=text) for text in texts)
    >>> source_recall("The lights of Rome.", source_set(rows))
    Value(value=0.6, hits=3.0, total=5.0, note=None)
    """
    least = min(2, len(known.articles))
    counted = [entity for entity in known.entities if len(entity.article_ids) >= least]
    total = float(sum(len(entity.article_ids) for entity in counted))
    if not total:
        note = "no sources" if not known.articles else "no name in two articles"
        return Value(value=None, hits=0.0, total=0.0, note=note)
    text = cased(prediction, known.texts)
    hits = float(sum(len(e.article_ids) for e in counted if _named(e, text, known)))
    return Value(value=hits / total, hits=hits, total=total)


def _named(entity: Entity, text: str, known: SourceSet) -> bool:
    looked_up = evidence(text)
    return any(
        support(
            Mention(text=spelling, label=entity.label, start=0, end=len(spelling)),
            looked_up,
            known.aliases,
        )
        is not Support.NONE
        for spelling in entity.spellings
    )
