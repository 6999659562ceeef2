"""Labelled files -> how well each metric agrees with people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from digest.errors import UsageError
from eval.meta.labels import (
    LabelledFile,
    RatedOutput,
    ScoreRow,
    Shape,
    SourceRow,
    SpanOutput,
    VotedOutput,
)
from eval.meta.mentions import measure_mentions
from eval.meta.outputs import Column, Judgment, by_system, columns, correlate, detect
from eval.meta.readers import discover, read_labels
from eval.meta.records import Agreement, MetaReport
from eval.meta.scorers import AGAINST_SOURCE, Scorer, Written, articles, build_scorers
from eval.metrics.anchoring import CLOSEST
from eval.signature import signature
from eval.stats import Resampling

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from eval.meta.labels import Row

Kind = TypeVar("Kind", bound="Row")
Found = tuple[list[Agreement], list[str]]

# Half of `eval.stats`'s, in half the time: the ends of intervals here are read to two digits.
_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Study:
    """What every part of a measurement is given."""

    metrics: Collection[str] | None
    files: tuple[LabelledFile, ...]
    k: int
    distractors: int
    using: Resampling

    def scorers(self, shape: Shape) -> tuple[Scorer, ...]:
        """Return the metrics to hold against the labels of a shape: those asked for, or all.

        ROUGE against the source is not among all but for votes, where it is published: it says what
        coverage and density say, at ten times the cost.
        """
        known = build_scorers(self.metrics, k=self.k)
        if self.metrics is not None or shape is Shape.VOTES:
            return known
        return tuple(one for one in known if one.names != AGAINST_SOURCE)

    def all(self, kind: type[Kind]) -> list[Kind]:
        """Return the rows of one kind in all files."""
        return [row for file in self.files for row in file.rows if isinstance(row, kind)]


def measure(
    paths: Sequence[Path],
    *,
    metrics: Collection[str] | None = None,
    rng_seed: int = 0,
    k: int = CLOSEST,
    distractors: int = 0,
) -> MetaReport:
    """Measure how well metrics agree with the labels in some files.

    A file's shape is recognised by its keys (`eval.meta.labels.WANTED`). Outputs with ratings need
    their documents: in the row, in another of the files, or in a file beside them. Scores by
    others (ROUGE, BERTScore) join the annotated outputs of the same systems.

    Args:
        paths: labelled files.
        metrics: names of `eval.meta.scorers`; None for all. Labelled mentions are always measured.
        rng_seed: of the intervals; the same seed gives the same report.
        k: how many articles a sentence is held against.
        distractors: for labelled mentions, also measure with so many other sources of the file put
            beside the own ones: what a cluster does to the look-up.

    Raises:
        UsageError: no file is given; one cannot be read, has no labels, or rows of another shape
            (the message names file and line, and the shape wanted); a metric is unknown; or the
            documents of rated outputs are nowhere.
    """
    files = tuple(read_labels(path) for path in paths)
    if not any(file.shape in _MEASURES for file in files):
        raise UsageError("no labelled outputs given: name files of labels, not of sources alone")
    build_scorers(metrics, k=k)  # an unknown metric is an error before anything is measured
    study = _Study(
        metrics=metrics,
        files=files,
        k=k,
        distractors=distractors,
        using=Resampling(seed=rng_seed, resamples=_RESAMPLES),
    )
    agreements: list[Agreement] = []
    notes: list[str] = []
    for file in files:
        if file.shape in _MEASURES:
            found, said = _MEASURES[file.shape](file, study)
            agreements += found
            notes += said
    return MetaReport(agreements=tuple(agreements), notes=tuple(notes), seed=rng_seed)


def _of_mentions(file: LabelledFile, study: _Study) -> Found:
    return measure_mentions(file, k=study.k, distractors=study.distractors, using=study.using)


def _of_votes(file: LabelledFile, study: _Study) -> Found:
    outputs = [row for row in file.rows if isinstance(row, VotedOutput)]
    written = [
        Written(prediction="\n".join(row.sentences), sources=articles(row.sources))
        for row in outputs
    ]
    judgment = Judgment(
        corpus=file.name,
        against="consistency",
        values=tuple(row.consistency for row in outputs),
        documents=_documents(written),
    )
    found: list[Agreement] = []
    for column in columns(written, study.scorers(file.shape)):
        found += correlate(column, judgment, statistics=("pearson", "spearman"), using=study.using)
    return found, []


def _of_spans(file: LabelledFile, study: _Study) -> Found:
    """Measure against the annotations of a file, and where others scored its systems, theirs."""
    outputs = [row for row in file.rows if isinstance(row, SpanOutput)]
    written = [Written(prediction=r.prediction, sources=articles(r.sources)) for r in outputs]
    documents = tuple(row.document for row in outputs)
    own = columns(written, study.scorers(file.shape))

    def judgment(against: str, values: Sequence[float | None]) -> Judgment:
        return Judgment(
            corpus=file.name, against=against, values=tuple(values), documents=documents
        )

    judgments = [judgment("faithful", [row.faithful for row in outputs])]
    if any(row.factual is not None for row in outputs):
        judgments.append(judgment("factual", [row.factual for row in outputs]))
    joined, published = _joined(outputs, study.all(ScoreRow))
    judgments += [judgment(f"published {name}", values) for name, values in joined.items()]
    found: list[Agreement] = []
    for one in judgments:
        others = published if one.against.startswith("published ") else []
        for column in [*others, *own]:
            found += correlate(column, one, statistics=("spearman",), using=study.using)
    marked = judgment("a hallucinated span", [float(row.hallucinated) for row in outputs])
    for column in own:
        found += detect(column, marked, using=study.using)
    matched = sum(value is not None for value in joined.get("Faithful", ()))
    notes = [f"{file.name}: {matched} of {len(outputs)} outputs have published scores"]
    return found, notes if joined else []


_LABELS = ("Faithful", "Factual")


def _joined(
    outputs: Sequence[SpanOutput], scores: Sequence[ScoreRow]
) -> tuple[dict[str, list[float | None]], list[Column]]:
    """Return published labels and metrics, one value per output, None where it was not scored."""
    rows = {(row.system, row.document): row for row in scores}
    matched = [rows.get((output.system, output.document)) for output in outputs]
    known = next((row for row in matched if row is not None), None)
    if known is None:
        return {}, []
    values = {
        name: [None if row is None else row.value(name) for row in matched]
        for name, _ in known.columns
    }
    published = [
        Column(
            metric=f"{name} (published)",
            signature=signature(name, by="Maynez et al. 2020", v=1),
            values=tuple(values[name]),
        )
        for name in values
        if name not in _LABELS
    ]
    return {name: values[name] for name in _LABELS if name in values}, published


def _of_ratings(file: LabelledFile, study: _Study) -> Found:
    outputs = [row for row in file.rows if isinstance(row, RatedOutput)]
    documents, notes = _found_documents(file, outputs, study)
    written = [
        Written(
            prediction=row.prediction,
            sources=articles(document.sources),
            references=document.references,
        )
        for row, document in zip(outputs, documents, strict=True)
    ]
    systems = [row.system for row in outputs]
    statistics = ("pearson", "spearman", "kendall")
    found: list[Agreement] = []
    for column in columns(written, study.scorers(file.shape)):
        for dimension in sorted({name for row in outputs for name, _ in row.ratings}):
            judgment = Judgment(
                corpus=file.name,
                against=dimension,
                values=tuple(dict(row.ratings).get(dimension) for row in outputs),
                documents=tuple(document.id for document in documents),
            )
            found += correlate(column, judgment, statistics=statistics, using=study.using)
            means = by_system(column, judgment, systems)
            if len(set(systems)) > 1:
                found += correlate(*means, statistics=statistics, using=study.using, level="system")
    return found, notes


def _found_documents(
    file: LabelledFile, outputs: Sequence[RatedOutput], study: _Study
) -> tuple[list[SourceRow], list[str]]:
    """Return the document of every output: its own, of a file given, or of a file beside it."""
    known = {row.id: row for row in study.all(SourceRow)}
    needed = {row.id for row in outputs if row.document is None}
    notes = []
    if needed - set(known):
        for path in discover(file.path.parent, deep=False):
            try:
                beside = read_labels(path)
            except UsageError:  # not asked for, and perhaps no file of ours
                continue
            rows = {row.id: row for row in beside.rows if isinstance(row, SourceRow)}
            if needed & set(rows) - set(known):
                notes.append(f"{file.name}: documents read from {path.name} beside it")
                known = rows | known
    missing = sorted(needed - set(known))
    if missing:
        raise UsageError(
            f"{file.path}: {len(missing)} documents are missing, the first {missing[0]!r}; "
            'give a file of rows {"id", "source", "references"?} with it'
        )
    return [row.document or known[row.id] for row in outputs], notes


def _documents(written: Sequence[Written]) -> tuple[str, ...]:
    """Return what each output is about, by its sources: outputs on one document err together."""
    return tuple("\n".join(row.text for row in one.sources) for one in written)


_MEASURES = {
    Shape.ENTITIES: _of_mentions,
    Shape.VOTES: _of_votes,
    Shape.SPANS: _of_spans,
    Shape.RATINGS: _of_ratings,
}
