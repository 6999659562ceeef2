"""The first page: systems x metrics with intervals, verdicts, and what could be seen at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.render.words import plain
from eval.comparing.records import Direction, Verdict
from eval.report.shown import NOTHING, metric_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.comparing.records import Comparison, MetricComparison, Pair, System
    from eval.report.shown import Metric

# Verdict -> its sign and the name of its look. Shapes differ, so that no color has to be told.
SIGNS = {
    Verdict.BETTER: ("▲", "better"),
    Verdict.WORSE: ("▼", "worse"),
    Verdict.MIXED: ("▲▼", "mixed"),
    Verdict.NO_DIFFERENCE: ("≈", "unclear"),
    Verdict.NO_CHANGE: ("=", "same"),
    Verdict.INTERVAL_ONLY: ("", "untested"),
    Verdict.NOT_COMPARABLE: ("×", "apart"),
}
_MISSING = {
    "worst": "Outputs that are missing, failed or empty count as 0 where more is better, elsewhere "
    "as the worst value of any output",
    "as_scored": "Outputs that are missing, failed or empty count as what an empty text scores",
}
_TURNED = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
_WAYS = {
    Direction.HIGHER: ("higher is better", 1),
    Direction.LOWER: ("lower is better", -1),
    Direction.NONE: ("describes", 0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict as it is shown."""

    words: str
    sign: str
    look: str


def judged(verdict: Verdict) -> Judged:
    """Return the words, the sign and the look of a verdict."""
    sign, look = SIGNS[verdict]
    return Judged(words=verdict.value, sign=sign, look=look)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A metric of one system, and how it compares with the baseline, if it was compared."""

    mean: str
    interval: str | None
    without: str | None
    difference: str | None
    difference_interval: str | None
    mde: str | None
    judged: Judged | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRow:
    """A system: letter, name, what became of its outputs, and a cell per metric."""

    letter: str
    name: str
    baseline: bool
    states: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A metric with the way of it that is good: in words, and as 1, -1 or 0 for neither."""

    metric: Metric
    way: str
    good: int


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


def ranked(comparison: Comparison) -> Comparison:
    """Return the comparison with its systems in the order of the report.

    The baseline comes first and the others as they were named; without a baseline the best on the
    first primary metric comes first.
    """
    systems = comparison.systems
    if comparison.baseline is not None:
        return replace(
            comparison, systems=tuple(sorted(systems, key=lambda s: s.name != comparison.baseline))
        )
    metric = comparison.primary[0]
    found = (pair.metric(metric) for pair in comparison.pairs)
    down = any(one is not None and one.direction is Direction.LOWER for one in found)

    def rank(system: System) -> tuple[bool, float]:
        measured = system.measured(metric)
        if measured is None or measured.mean is None:
            return True, 0.0
        return False, measured.mean if down else -measured.mean

    return replace(comparison, systems=tuple(sorted(systems, key=rank)))


def columns(comparison: Comparison, metrics: Sequence[Metric]) -> tuple[Column, ...]:
    """Return the metrics with their good way, as the pairs say it."""
    ways = {found.metric: found.direction for pair in comparison.pairs for found in pair.metrics}
    found = [(metric, _WAYS[ways.get(metric.name, Direction.NONE)]) for metric in metrics]
    return tuple(Column(metric=metric, way=way, good=good) for metric, (way, good) in found)


def system_rows(
    comparison: Comparison, metrics: Sequence[Metric], letters: Mapping[str, str]
) -> tuple[SystemRow, ...]:
    """Return a row per system in the order of the comparison."""
    rows = []
    for system in comparison.systems:
        pair = comparison.pair(comparison.baseline or "", system.name)
        rows.append(
            SystemRow(
                letter=letters[system.name],
                name=plain(system.name),
                baseline=system.name == comparison.baseline,
                states=_states(system),
                cells=tuple(_cell(system, metric, pair) for metric in metrics),
            )
        )
    return tuple(rows)


def _states(system: System) -> str:
    others = [f"{state.count} {state.what}" for state in system.states if state.what != "written"]
    return ", ".join(others)


def _cell(system: System, metric: Metric, pair: Pair | None) -> Cell:
    measured = system.measured(metric.name)
    found = pair.metric(metric.name) if pair else None
    same = pair is not None and pair.identical
    without = sum(one.count for one in measured.without) if measured else 0
    return Cell(
        mean=metric.figure(measured.mean if measured else None),
        interval=metric.between(measured.interval) if measured else None,
        without=f"{without} without" if without else None,
        difference=metric.signed(found.difference) if found else None,
        difference_interval=metric.between(found.interval, signed=True) if found else None,
        mde=metric.figure(found.mde80) if found and found.mde80 is not None else None,
        judged=_tested(Verdict.NO_CHANGE if same else found.verdict if found else None),
    )


def _tested(verdict: Verdict | None) -> Judged | None:
    return None if verdict in {None, Verdict.INTERVAL_ONLY} else judged(verdict)


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
    for pair, turned in (
        (comparison.pair(column, row), False),
        (comparison.pair(row, column), True),
    ):
        if pair is not None:
            found = pair.metric(metric)
            verdict = Verdict.NO_CHANGE if pair.identical or found is None else found.verdict
            return judged(_TURNED.get(verdict, verdict) if turned else verdict)
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


def settings(comparison: Comparison) -> str:
    """Return what the statistics were made with, in one sentence each."""
    rule = _MISSING.get(comparison.missing) or plain(comparison.missing)
    return (
        f"Corpus sha256 {comparison.corpus_sha256[:12]}. {rule}. "
        f"{comparison.resamples} resamples, seed {comparison.seed}, α = {comparison.alpha:g}."
    )
