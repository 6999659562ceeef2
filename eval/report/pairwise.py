"""What is said of pairs: in one line, in a square of all of them, in every figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.render.words import plain
from eval.comparing.records import Verdict
from eval.report.shown import NOTHING, metric_of
from eval.report.verdicts import Judged, judged, turned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.comparing.records import Comparison, MetricComparison
    from eval.report.shown import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """What is said of a pair as a whole, with reasons."""

    baseline: str
    candidate: str
    judged: Judged
    reasons: tuple[str, ...]
    differing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """All pairs on one metric: what is said of the row's system beside the column's."""

    metric: Metric
    rows: tuple[tuple[str, tuple[Judged | None, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Every figure of one metric of one pair."""

    pair: str
    metric: str
    figures: tuple[str, ...]
    judged: Judged


def pair_lines(comparison: Comparison) -> tuple[PairLine, ...]:
    """Return what is said of each pair."""
    return tuple(
        PairLine(
            baseline=plain(pair.baseline),
            candidate=plain(pair.candidate),
            judged=judged(pair.verdict),
            reasons=tuple(map(plain, pair.reasons)),
            differing=len(pair.differing),
        )
        for pair in comparison.pairs
    )


def squares(
    comparison: Comparison, metrics: Sequence[Metric], letters: Mapping[str, str]
) -> tuple[Square, ...]:
    """Return one table of all pairs per metric; none where all are held against one baseline."""
    if comparison.baseline is not None:
        return ()
    names = [system.name for system in comparison.systems]
    return tuple(
        Square(
            metric=metric,
            rows=tuple(
                (
                    letters[row],
                    tuple(_between(comparison, row, column, metric.name) for column in names),
                )
                for row in names
            ),
        )
        for metric in metrics
    )


def _between(comparison: Comparison, row: str, column: str, metric: str) -> Judged | None:
    """Return what is said of `row` beside `column`, whichever of them was the baseline."""
    for pair, backwards in (
        (comparison.pair(column, row), False),
        (comparison.pair(row, column), True),
    ):
        if pair is not None:
            found = pair.metric(metric)
            verdict = Verdict.NO_CHANGE if pair.identical or found is None else found.verdict
            return judged(turned(verdict) if backwards else verdict)
    return None


DETAILS = (
    *("Clusters", "Baseline", "Candidate", "Difference", "95 % interval", "p", "p, Holm"),
    *("Effect d", "MDE 80 %", "Better/same/worse", "Pooled difference"),
)


def details(comparison: Comparison, metrics: Sequence[Metric]) -> tuple[Detail, ...]:
    """Return every figure of the shown metrics of every pair; see `DETAILS` for the order."""
    wanted = {metric.name for metric in metrics}
    return tuple(
        Detail(
            pair=f"{plain(pair.candidate)} against {plain(pair.baseline)}",
            metric=metric_of(found.metric).heading,
            figures=_figures(found),
            judged=judged(found.verdict),
        )
        for pair in comparison.pairs
        for found in pair.metrics
        if found.metric in wanted
    )


def _figures(found: MetricComparison) -> tuple[str, ...]:
    metric = metric_of(found.metric)
    pooled = found.pooled
    together = NOTHING
    if pooled is not None:
        spread = metric.between(pooled.interval, signed=True)
        together = " ".join(filter(None, (metric.signed(pooled.difference), spread)))
    return (
        str(found.n),
        metric.figure(found.baseline_mean),
        metric.figure(found.candidate_mean),
        metric.signed(found.difference),
        metric.between(found.interval, signed=True) or NOTHING,
        _p(found.p),
        _p(found.p_adjusted),
        NOTHING if found.effect is None else f"{found.effect:+.2f}".replace("-", "−"),
        metric.figure(found.mde80),
        f"{found.wins}/{found.ties}/{found.losses}",
        together,
    )


def _p(value: float | None) -> str:
    if value is None:
        return NOTHING
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")
