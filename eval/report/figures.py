"""Comparison -> the figures of the overview, with what they show as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.render.words import plain
from eval.report.plots import Bar, Spot, differences, scatter, without_far
from eval.report.shown import FAITHFULNESS, NOVELTY, metric_of
from eval.report.svg import page_svg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.comparing.records import Comparison, Interval, Measured, MetricComparison
    from eval.report.shown import Metric

_BESIDE = ("coverage", "density")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """Faithfulness against copying: the figure, and its figures by system.

    `close_up` is the figure without the letters in `far`, None where no system lies far off.
    """

    title: str
    svg: str
    close_up: str | None
    far: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]


def copying(comparison: Comparison, letters: Mapping[str, str]) -> Scatter | None:
    """Return faithfulness against the share of copied trigrams; None where nothing has both.

    Copied trigrams are those that are not new; of the measures of copying it agrees best with what
    people say of consistency (Pearson .70 on QAGS-CNN/DM).
    """
    spots, rows = [], []
    for number, system in enumerate(comparison.systems):
        faithful, novel = system.measured(FAITHFULNESS), system.measured(NOVELTY)
        if faithful is None or novel is None or faithful.mean is None or novel.mean is None:
            continue
        letter = letters[system.name]
        more, less = _reach(novel.mean, novel.interval)
        below, above = _reach(faithful.mean, faithful.interval)
        spots.append(
            Spot(
                label=letter,
                number=number,
                x=100 * (1 - novel.mean),
                y=100 * faithful.mean,
                x_reach=(100 * less, 100 * more),
                y_reach=(100 * below, 100 * above),
            )
        )
        others = [_written(system.measured(name), metric_of(name)) for name in (NOVELTY, *_BESIDE)]
        row = (_written(faithful, metric_of(FAITHFULNESS)), *others)
        rows.append((letter, plain(system.name), row))
    if not spots:
        return None
    near = without_far(spots)
    far = tuple(spot.label for spot in spots if spot not in near)
    return Scatter(
        title="Entities supported by the sources against copied trigrams",
        svg=_scatter_svg(spots, "scatter"),
        close_up=_scatter_svg(near, "close-up") if far else None,
        far=far,
        columns=tuple(metric_of(name).heading for name in (FAITHFULNESS, NOVELTY, *_BESIDE)),
        rows=tuple(rows),
    )


def _scatter_svg(spots: Sequence[Spot], name: str) -> str:
    heading = metric_of(FAITHFULNESS).heading
    figure = scatter(spots, x_label="Copied trigrams, %", y_label=f"{heading}, %")
    return page_svg(figure, name=name, labelled_by=name)


def _reach(mean: float, interval: Interval | None) -> tuple[float, float]:
    """Return how far an interval reaches below and above a mean, 0 where there is none."""
    if interval is None or interval.low is None or interval.high is None:
        return 0.0, 0.0
    return max(0.0, mean - interval.low), max(0.0, interval.high - mean)


def _written(measured: Measured | None, metric: Metric) -> str:
    if measured is None:
        return metric.figure(None)
    return " ".join(filter(None, (metric.figure(measured.mean), metric.between(measured.interval))))


def from_baseline(
    comparison: Comparison, metrics: Sequence[Metric], letters: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """Return (name, title, svg) of the differences from the baseline, a figure per metric."""
    if comparison.baseline is None:
        return ()
    found = []
    for number, metric in enumerate(metrics):
        bars = [
            bar
            for position, system in enumerate(comparison.systems)
            if (pair := comparison.pair(comparison.baseline, system.name))
            and (bar := _bar(pair.metric(metric.name), metric, letters[system.name], position))
        ]
        if bars:
            name = f"difference-{number}"
            unit = "points" if metric.unit else "difference"
            svg = page_svg(differences(bars, unit), name=name, labelled_by=name)
            found.append((name, metric.heading, svg))
    return tuple(found)


def _bar(found: MetricComparison | None, metric: Metric, letter: str, position: int) -> Bar | None:
    if found is None or found.difference is None:
        return None
    between = found.interval

    def scaled(value: float | None) -> float | None:
        return None if value is None else value * metric.scale

    return Bar(
        label=letter,
        number=position,
        difference=found.difference * metric.scale,
        low=scaled(between.low if between else None),
        high=scaled(between.high if between else None),
        mde80=scaled(found.mde80),
    )
