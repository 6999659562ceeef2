"""What the page of clusters x systems shows: each value of each metric, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.render.words import plain
from eval.report.shown import page_name
from eval.report.support import UNSUPPORTED, shade

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.comparing.records import Comparison
    from eval.report.material import Output
    from eval.report.overview import Column

# Decimals of values in the page's data: one more than any figure is printed with.
_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """A value, the side of the baseline it is on, and how many mentions no source supports."""

    figure: str
    side: str | None
    unsupported: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A cluster: where its page is, a cell per system, and whether its outputs differ."""

    id: str
    title: str
    page: str
    cells: tuple[MatrixCell, ...]
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The rows, in the order of the corpus, and the values for the script."""

    rows: tuple[MatrixRow, ...]
    data: Mapping[str, Any]


def matrix_row(
    cluster_id: str, title: str, outputs: Mapping[str, Output], first: Column, *, baseline: str
) -> MatrixRow:
    """Return the row of one cluster; `first` is the metric that is shown without a script."""
    base = outputs[baseline].metrics.get(first.metric.name)
    return MatrixRow(
        id=plain(cluster_id),
        title=title,
        page=page_name(cluster_id),
        cells=tuple(_cell(output, first, base) for output in outputs.values()),
        differs=len({output.text for output in outputs.values()}) > 1,
    )


def _cell(output: Output, column: Column, base: float | None) -> MatrixCell:
    value = output.metrics.get(column.metric.name)
    side = None
    if column.good and value is not None and base is not None and value != base:
        side = "better" if (value - base) * column.good > 0 else "worse"
    return MatrixCell(
        figure=column.metric.figure(value), side=side, unsupported=_unsupported(output)
    )


def _unsupported(output: Output) -> int:
    return sum(shade(verdict) in UNSUPPORTED for verdict in output.verdicts)


def matrix_data(
    comparison: Comparison,
    columns: Sequence[Column],
    values: Sequence[Mapping[str, Output]],
) -> dict[str, Any]:
    """Return what the script needs to show another metric: rows of values per metric.

    `unsupported` counts, per cluster and system, the mentions that no source supports.
    """
    names = [system.name for system in comparison.systems]
    return {
        "systems": names,
        "baseline": names.index(comparison.baseline) if comparison.baseline in names else 0,
        "metrics": [
            {
                "name": column.metric.name,
                "scale": column.metric.scale,
                "decimals": column.metric.decimals,
                "good": column.good,
                "values": [
                    [_rounded(outputs[name].metrics.get(column.metric.name)) for name in names]
                    for outputs in values
                ],
            }
            for column in columns
        ],
        "unsupported": [[_unsupported(outputs[name]) for name in names] for outputs in values],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
