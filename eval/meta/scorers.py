"""The metrics as numbers of one output, by name: what is held against what people said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import UsageError
from eval.metrics.anchoring import CLOSEST
from eval.metrics.entities import entity_scores, entity_signature
from eval.metrics.extractiveness import extractiveness, extractiveness_signature
from eval.metrics.extractors import RULES
from eval.metrics.rouge import rouge, rouge_signature
from eval.records import ArticleRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from eval.metrics.rouge_tokens import Stem

    Values = dict[str, float | None]

# The figures to reproduce were made with `use_stemmer=True`, which is NLTK's Porter.
STEM: Stem = "porter-nltk"
_SOURCE_KINDS = ("rouge1", "rouge2", "rougeL")
AGAINST_SOURCE = tuple(f"{kind}_precision_source" for kind in _SOURCE_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An output with what it was written from and what people wrote instead."""

    prediction: str
    sources: tuple[ArticleRow, ...]
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """A family of metrics: one computation, several names; a value is None, never 0 in disguise."""

    names: tuple[str, ...]
    signature: str
    score: Callable[[Written], Values]
    needs_references: bool = False


def articles(sources: Sequence[str], *, prefix: str = "") -> tuple[ArticleRow, ...]:
    """Return texts as articles, numbered.

    >>> [row.id for row in articles(["One.", "Two."])]
    ['1', '2']
    """
    return tuple(
        ArticleRow(id=f"{prefix}{number}", text=text) for number, text in enumerate(sources, 1)
    )


def build_scorers(metrics: Collection[str] | None, *, k: int = CLOSEST) -> tuple[Scorer, ...]:
    """Return the families that have one of `metrics`, each cut down to those; None for all.

    Raises:
        UsageError: a metric is unknown.
    """
    families = (_against_source(), _against_references(), _copying(), _entities(k))
    known = {name for family in families for name in family.names}
    if metrics is None:
        return families
    unknown = sorted(set(metrics) - known)
    if unknown:
        raise UsageError(
            f"no metric is called {unknown[0]!r}; there are {', '.join(sorted(known))}"
        )
    kept = [(family, tuple(n for n in family.names if n in metrics)) for family in families]
    return tuple(
        Scorer(
            names=names,
            signature=family.signature,
            score=family.score,
            needs_references=family.needs_references,
        )
        for family, names in kept
        if names
    )


def _against_source() -> Scorer:
    def score(written: Written) -> Values:
        whole = "\n".join(row.text for row in written.sources)
        found = rouge(written.prediction, [whole], stem=STEM)
        scores = [found.score(kind) for kind in _SOURCE_KINDS]
        return {
            name: None if one is None else one.precision
            for name, one in zip(AGAINST_SOURCE, scores, strict=True)
        }

    return Scorer(names=AGAINST_SOURCE, signature=_rouge_signature("source"), score=score)


def _rouge_signature(against: str) -> str:
    choices = rouge_signature("rouge1", nrefs="all", mref="best", stem=STEM, tok="rouge155")
    return f"{choices}|against:{against}"


def _against_references() -> Scorer:
    kinds = ("rouge1", "rouge2", "rougeLsum")

    def score(written: Written) -> Values:
        found = rouge(written.prediction, written.references, mref="best", stem=STEM)
        scores = {kind: found.score(kind) for kind in kinds}
        return {f"{kind}_f": None if one is None else one.fmeasure for kind, one in scores.items()}

    return Scorer(
        names=tuple(f"{kind}_f" for kind in kinds),
        signature=_rouge_signature("references"),
        score=score,
        needs_references=True,
    )


def _copying() -> Scorer:
    def score(written: Written) -> Values:
        found = extractiveness(written.prediction, [row.text for row in written.sources])
        return {
            "coverage": found.coverage,
            "density": found.density,
            "novel_3grams": found.novel(3),
        }

    return Scorer(
        names=("coverage", "density", "novel_3grams"),
        signature=extractiveness_signature(),
        score=score,
    )


def _entities(k: int) -> Scorer:
    def score(written: Written) -> Values:
        found = entity_scores(written.prediction, written.sources, k=k)
        return {
            "entity_precision": found.all.anchored.alias.value,
            "name_precision": found.names.anchored.alias.value,
        }

    return Scorer(
        names=("entity_precision", "name_precision"),
        signature=entity_signature(RULES.name, k=k),
        score=score,
    )
