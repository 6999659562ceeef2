"""Families that hold an output against its sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eval.families.style import source_text
from eval.metrics.citations import CitedText, RuleSupport, citation_scores, citations_signature
from eval.metrics.entities import entity_scores, entity_signature
from eval.metrics.entity_keys import Family as Kind
from eval.metrics.entity_sources import source_set
from eval.metrics.extractors import extractor
from eval.metrics.nli import NliScorer
from eval.records import Value
from eval.suite import Options, Scored

if TYPE_CHECKING:
    from eval.metrics.entities import EntityScores, FamilyScores
    from eval.records import Case

_LEVELS = ("verbatim", "normalised", "alias")


@dataclass(frozen=True, slots=True)
class EntityFamily:
    """Entity-level faithfulness, by family, level, anchored and union, and against references."""

    options: Options
    name: str = "entities"

    @property
    def signature(self) -> str:
        """The choices behind the numbers; `mref` is that of the target side."""
        found = entity_signature(extractor(self.options.extractor).name)
        return f"{found}|mref:{self.options.mref}"

    def score(self, case: Case) -> Scored:
        """Return precision against the sources, the target side and the recall of the sources.

        Verdicts come with their evidence as `entities`.
        """
        found = entity_scores(
            case.text,
            case.example.articles,
            case.example.references,
            extractor=extractor(self.options.extractor),
        )
        values: dict[str, Value] = {}
        for kind in Kind:
            values |= _precisions(found.family(kind), kind)
        values |= {
            "entity_conflicts": found.all.conflicts,
            "entity_unscorable": found.all.unscorable,
            "entity_recall_source": found.source_recall,
        }
        return Scored(
            values=values | self._target(found), details={"entities": list(found.verdicts)}
        )

    def _target(self, found: EntityScores) -> dict[str, Value]:
        target = found.targets.best if self.options.mref == "best" else found.targets.mean
        return {
            "entity_precision_target": target.precision,
            "entity_recall_target": target.recall,
            "entity_f1_target": target.f1,
        }


def _precisions(found: FamilyScores, kind: Kind) -> dict[str, Value]:
    """Return the precisions of a family: anchored without a word for it, at level alias as well."""
    of = "" if kind is Kind.ALL else f"_{kind.value}"
    values: dict[str, Value] = {}
    for scope, precision in (("", found.anchored), ("_union", found.union)):
        name = f"entity_precision_source{scope}{of}"
        values[name] = precision.alias
        values |= {f"{name}_{level}": getattr(precision, level) for level in _LEVELS[:2]}
    return values


@dataclass(frozen=True, slots=True)
class NliFamily:
    """Whether the sources entail what an output says, by a model."""

    options: Options
    name: str = "nli"

    @property
    def signature(self) -> str:
        """The model, by hash, and how premises are chosen."""
        return nli_scorer(self.options.nli or "").signature

    def score(self, case: Case) -> Scored:
        """Return the mean over sentences of the best source sentence's entailment."""
        texts = [source_text(article) for article in case.example.articles]
        found = nli_scorer(self.options.nli or "").score(case.text, texts)
        note = None if found.entailment is not None else "no sentence, or no sources"
        return Scored(values={"entailment": Value(value=found.entailment, note=note)})


@cache
def nli_scorer(model: str) -> NliScorer:
    """Return the scorer of a model; it is loaded once per process."""
    return NliScorer(model)


@dataclass(frozen=True, slots=True)
class CitationFamily:
    """Whether cited spans support the sentences that cite them."""

    options: Options
    name: str = "citations"
    signature: str = citations_signature()

    def score(self, case: Case) -> Scored:
        """Return citation precision, recall and F1, and how many quotes are not in the article."""
        prediction = case.prediction
        cited = prediction.citations if prediction else None
        if prediction is None or cited is None:
            names = ("citation_precision", "citation_recall", "citation_f1", "citations_misquoted")
            return Scored(values={n: Value(value=None, note="it does not cite") for n in names})
        lines = prediction.prediction.split("\n")
        if any(line.strip() for line in lines[len(cited) :]):
            raise ValueError(f"{len(lines)} lines, but citations for {len(cited)} of them")
        known = source_set(tuple(case.example.articles))
        found = citation_scores(
            [
                CitedText(sentence=line, citations=spans)
                for line, spans in zip(lines, cited, strict=False)
                if line.strip()
            ],
            case.example.articles,
            supports=RuleSupport(known.aliases),
        )
        none = "it cites nothing" if found.sentences else "nothing was written"
        return Scored(
            values={
                "citation_precision": Value(
                    value=found.precision,
                    hits=found.precise,
                    total=found.citations,
                    note=none if found.precision is None else None,
                ),
                "citation_recall": Value(
                    value=found.recall,
                    hits=found.supported,
                    total=found.sentences,
                    note=none if found.recall is None else None,
                ),
                "citation_f1": Value(value=found.f1, note=none if found.f1 is None else None),
                "citations_misquoted": Value(value=found.misquoted, total=None),
            }
        )
