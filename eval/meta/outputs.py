"""Labels of whole outputs: votes, marked spans, ratings. Each metric is held against each label."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.meta.records import Agreement
from eval.stats import Estimate, Resampling, kendall, pearson, roc_auc, spearman
from eval.thresholds import balanced_accuracy_by_halves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eval.meta.scorers import Scorer, Written

Correlation = Callable[..., Estimate]
CORRELATIONS: dict[str, Correlation] = {
    "pearson": pearson,
    "spearman": spearman,
    "kendall": kendall,
}


# The higher these are, the less is taken from the source.
_RISING = frozenset({"novel_3grams"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A metric's value for every output of a corpus, None where it has none."""

    metric: str
    signature: str
    values: tuple[float | None, ...]


def columns(outputs: Sequence[Written], scorers: Sequence[Scorer]) -> list[Column]:
    """Return every metric of some outputs; outputs of one source are scored one after another.

    Prepared sources are remembered, and files are often sorted by system.
    """
    order = sorted(range(len(outputs)), key=lambda i: (outputs[i].sources[0].text, i))
    found = []
    for scorer in scorers:
        if scorer.needs_references and not any(output.references for output in outputs):
            continue
        scores: list[Mapping[str, float | None]] = [{}] * len(outputs)
        for index in order:
            scores[index] = scorer.score(outputs[index])
        found += [
            Column(
                metric=name,
                signature=scorer.signature,
                values=tuple(score[name] for score in scores),
            )
            for name in scorer.names
        ]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """What people said of every output of a corpus, and which document each is about."""

    corpus: str
    against: str
    values: tuple[float | None, ...]
    documents: tuple[str, ...]


def correlate(
    column: Column,
    judgment: Judgment,
    *,
    statistics: Sequence[str],
    using: Resampling,
    level: str = "output",
) -> Iterator[Agreement]:
    """Yield the correlations of a metric with a judgment, over the rows that have both."""
    labelled = [i for i, value in enumerate(judgment.values) if value is not None]
    rows = [i for i in labelled if column.values[i] is not None]
    for statistic in statistics:
        yield Agreement(
            corpus=judgment.corpus,
            level=level,
            metric=column.metric,
            against=judgment.against,
            statistic=statistic,
            estimate=CORRELATIONS[statistic](
                [column.values[i] for i in rows],
                [judgment.values[i] for i in rows],
                groups=[judgment.documents[i] for i in rows],
                using=using,
            ),
            signature=column.signature,
            without=_missing(rows, labelled),
        )


def detect(column: Column, judgment: Judgment, *, using: Resampling) -> Iterator[Agreement]:
    """Yield how well 1 less a metric finds the outputs that people reject (1, else 0).

    Novelty, which is high where the others are low, is taken as it is.
    """
    labelled = [i for i, value in enumerate(judgment.values) if value is not None]
    rows = [i for i in labelled if column.values[i] is not None]
    known = [value for i in rows if (value := column.values[i]) is not None]
    scores = known if column.metric in _RISING else [1 - value for value in known]
    positive = [judgment.values[i] == 1 for i in rows]
    documents = [judgment.documents[i] for i in rows]
    measured = {
        "auc": roc_auc(scores, positive, groups=documents, using=using),
        "balanced_accuracy": balanced_accuracy_by_halves(
            scores, positive, groups=documents, using=using
        ),
    }
    for statistic, estimate in measured.items():
        yield Agreement(
            corpus=judgment.corpus,
            level="output",
            metric=column.metric,
            against=judgment.against,
            statistic=statistic,
            estimate=estimate,
            signature=column.signature,
            without=_missing(rows, labelled),
        )


def by_system(
    column: Column, judgment: Judgment, systems: Sequence[str]
) -> tuple[Column, Judgment]:
    """Return the means per system of a metric and of a judgment; a system is its own document.

    A metric's mean is over the outputs for which it has a value.
    """
    names = sorted(set(systems))

    def means(values: Sequence[float | None]) -> tuple[float | None, ...]:
        of_system = [
            [
                v
                for v, system in zip(values, systems, strict=True)
                if system == name and v is not None
            ]
            for name in names
        ]
        return tuple(sum(known) / len(known) if known else None for known in of_system)

    return (
        Column(metric=column.metric, signature=column.signature, values=means(column.values)),
        Judgment(
            corpus=judgment.corpus,
            against=judgment.against,
            values=means(judgment.values),
            documents=tuple(names),
        ),
    )


def _missing(rows: Sequence[int], labelled: Sequence[int]) -> float:
    return 1 - len(rows) / len(labelled) if labelled else 0.0
