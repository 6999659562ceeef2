"""Nights and their history -> lines on the terminal."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from digest.errors import UsageError
from eval.comparing.table import number, p_value
from eval.nights.records import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eval.nights.records import Change, Night, Step, TrendPoint

_BARS = "▁▂▃▄▅▆▇█"
_SHOWN_NIGHTS = 60
_SHOWN_CHANGES = 4


def night_lines(night: Night) -> Iterator[str]:
    """Yield a line per cell, its reasons and changes below it, then steps and the outcome."""
    for cell in night.cells:
        beside = "" if cell.pinned in {None, night.night} else f", beside {cell.pinned}"
        yield f"{cell.configuration} on {cell.corpus}{beside}: {cell.outcome.value}"
        yield from (f"  {reason}" for reason in cell.reasons)
        if cell.changes:
            yield f"  changed: {_changes(cell.changes)}"
    yield from map(_step, night.steps)
    yield from night.notes
    yield f"night {night.night}: {night.outcome.value}"


def trend_lines(
    points: Sequence[TrendPoint], steps: Sequence[Step], metrics: Sequence[str]
) -> Iterator[str]:
    """Yield each series as bars, lowest to highest, with its first and last value, and its steps.

    Raises:
        UsageError: no night has any of the metrics.
    """
    known = sorted({level.metric for point in points for level in point.levels})
    if not set(metrics) & set(known):
        raise UsageError(f"no night has {', '.join(metrics)}; there are {', '.join(known)}")
    ordered = sorted(points, key=lambda p: (p.configuration, p.corpus, p.night))
    for (configuration, corpus), group in groupby(
        ordered, key=lambda p: (p.configuration, p.corpus)
    ):
        series = list(group)
        nights = f"{series[0].night} to {series[-1].night}" if len(series) > 1 else series[0].night
        yield f"{configuration} on {corpus}, {len(series)} nights, {nights}"
        for metric in metrics:
            values = [
                level.mean
                for point in series
                if (level := point.level(metric)) is not None and level.mean is not None
            ]
            if values:
                ends = f"{number(values[0])} … {number(values[-1])}"
                yield f"  {metric:<26} {bars(values[-_SHOWN_NIGHTS:])}  {ends}"
        here = [s for s in steps if (s.configuration, s.corpus) == (configuration, corpus)]
        yield from (f"  {_step(step)}" for step in here)
    yield "no step" if not steps else f"{len(steps)} steps"


def bars(values: Sequence[float]) -> str:
    """Return a series as bars between its lowest and highest value; level where all are equal.

    >>> bars([0.1, 0.1, 0.2, 0.3])
    '▁▁▅█'
    """
    low, high = min(values), max(values)
    top = len(_BARS) - 1
    if high - low < 1e-12:
        return _BARS[top // 2] * len(values)
    return "".join(_BARS[round((value - low) / (high - low) * top)] for value in values)


def _step(step: Step) -> str:
    sure = "outputs changed" if step.p is None else f"p {p_value(step.p)}"
    moved = f"{number(step.before)} → {number(step.after)}"
    return (
        f"step at {step.night}: {step.configuration} on {step.corpus}, {step.metric} {moved} "
        f"({sure}); {_changes(step.causes)}"
    )


def _changes(changes: Sequence[Change]) -> str:
    shown = [_change(change) for change in changes[:_SHOWN_CHANGES]]
    left = len(changes) - len(shown)
    return ", ".join([*shown, *([f"{left} more"] if left > 0 else [])])


def _change(change: Change) -> str:
    if change.cause is Cause.UNEXPLAINED:
        return "nothing that is recorded changed"
    before, after = (_brief(value) for value in (change.before, change.after))
    return f"{change.cause.value} {change.name}: {before} → {after}"


def _brief(value: str | None) -> str:
    if value is None:
        return "nothing"
    return f"{value[:12]}…" if len(value) > 40 else value
