"""What the page of nights shows: each metric over time, the steps in it, and what caused them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.render.words import plain
from eval.nights.records import Cause
from eval.report.plots import Line
from eval.report.shown import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.nights.records import Change, Step, Trend, TrendPoint
    from eval.report.shown import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step in words: who, when, from what to what, and what changed at that time."""

    letter: str
    configuration: str
    night: str
    before: str
    after: str
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One metric on one corpus: a line per configuration, and its figures as a table.

    `table` has a row per night, newest first: the night, then (figure, outcome) per configuration.
    """

    metric: Metric
    corpus: str
    nights: tuple[str, ...]
    lines: tuple[Line, ...]
    steps: tuple[StepLine, ...]
    step_positions: tuple[int, ...]
    table: tuple[tuple[str, tuple[tuple[str, str | None], ...]], ...]


def configurations(trend: Trend) -> tuple[str, ...]:
    """Return the configurations of a history, in the order in which they appear."""
    return tuple(dict.fromkeys(point.configuration for point in trend.points))


def histories(
    trend: Trend, metrics: Sequence[Metric], letters: dict[str, str]
) -> tuple[History, ...]:
    """Return the history of each metric on each corpus, those without any value left out."""
    found = []
    for corpus in dict.fromkeys(point.corpus for point in trend.points):
        points = [point for point in trend.points if point.corpus == corpus]
        for metric in metrics:
            steps = [s for s in trend.steps if (s.corpus, s.metric) == (corpus, metric.name)]
            if any(_value(point, metric) is not None for point in points):
                found.append(_history(metric, points, steps, letters))
    return tuple(found)


def _history(
    metric: Metric,
    points: Sequence[TrendPoint],
    steps: Sequence[Step],
    letters: dict[str, str],
) -> History:
    nights = sorted({point.night for point in points})
    at = {(point.night, point.configuration): point for point in points}
    known = [name for name in letters if any(point.configuration == name for point in points)]
    return History(
        metric=metric,
        corpus=plain(points[0].corpus),
        nights=tuple(map(plain, nights)),
        lines=tuple(
            Line(
                label=letters[name],
                number=list(letters).index(name),
                values=tuple(_scaled(at.get((night, name)), metric) for night in nights),
            )
            for name in known
        ),
        steps=tuple(_step(step, metric, letters) for step in steps),
        step_positions=tuple(sorted({nights.index(s.night) for s in steps if s.night in nights})),
        table=tuple(
            (plain(night), tuple(_figure(at.get((night, name)), metric) for name in known))
            for night in reversed(nights)
        ),
    )


def _value(point: TrendPoint, metric: Metric) -> float | None:
    level = point.level(metric.name)
    return level.mean if level else None


def _scaled(point: TrendPoint | None, metric: Metric) -> float | None:
    value = _value(point, metric) if point else None
    return None if value is None else value * metric.scale


def _figure(point: TrendPoint | None, metric: Metric) -> tuple[str, str | None]:
    if point is None:
        return NOTHING, None
    outcome = point.outcome.value
    return metric.figure(_value(point, metric)), None if outcome == "pass" else outcome


def _step(step: Step, metric: Metric, letters: dict[str, str]) -> StepLine:
    return StepLine(
        letter=letters[step.configuration],
        configuration=plain(step.configuration),
        night=plain(step.night),
        before=metric.figure(step.before),
        after=metric.figure(step.after),
        causes=tuple(map(_cause, step.causes)),
    )


def _cause(change: Change) -> str:
    if change.cause is Cause.UNEXPLAINED:
        return "nothing that is recorded changed"
    before, after = (plain(value or "nothing")[:40] for value in (change.before, change.after))
    return f"{change.cause.value} {plain(change.name)}: {before} → {after}"
