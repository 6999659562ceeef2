"""The first page: systems x metrics with intervals, verdicts, and what could be seen at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.render.words import plain
from eval.comparing.records import Direction, Verdict
from eval.report.verdicts import Judged, judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.comparing.records import Comparison, Pair, System
    from eval.report.shown import Metric

_MISSING = {
    "worst": "Outputs that are missing, failed or empty count as 0 where more is better, elsewhere "
    "as the worst value of any output",
    "as_scored": "Outputs that are missing, failed or empty count as what an empty text scores",
}
_WAYS = {
    Direction.HIGHER: ("higher is better", 1),
    Direction.LOWER: ("lower is better", -1),
    Direction.NONE: ("describes", 0),
}


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


def settings(comparison: Comparison) -> str:
    """Return what the statistics were made with, in one sentence each."""
    rule = _MISSING.get(comparison.missing) or plain(comparison.missing)
    return (
        f"Corpus sha256 {comparison.corpus_sha256[:12]}. {rule}. "
        f"{comparison.resamples} resamples, seed {comparison.seed}, α = {comparison.alpha:g}."
    )
