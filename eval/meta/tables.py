"""Meta-evaluations as tables of text: for a terminal, a page, a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.intervals import Estimate
    from eval.meta.records import Agreement, MetaReport, Reproduced

STATISTICS = {
    "pearson": "Pearson",
    "spearman": "Spearman",
    "kendall": "Kendall",
    "auc": "AUC",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "balanced_accuracy": "balanced acc.",
}
_LONG = ("corpus", "level", "metric", "against", "subset", "statistic", "value", "interval", "n")
_NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its title; every row has as many cells as the header."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def as_table(report: MetaReport) -> list[tuple[str, ...]]:
    """Return one row per statistic, the header first: the form to filter and to keep."""
    return [(*_LONG, "without", "method"), *map(_long, report.agreements)]


def as_tables(report: MetaReport) -> list[Table]:
    """Return one table per corpus and level for reading: one row per metric, label and subset.

    A cell is a value with its interval. "without" is the share of rows that the metric has no value
    for; they are not in n.
    """
    places = dict.fromkeys((one.corpus, one.level) for one in report.agreements)
    return [
        _table(
            corpus, level, [a for a in report.agreements if (a.corpus, a.level) == (corpus, level)]
        )
        for corpus, level in places
    ]


def reproduced_table(found: Sequence[Reproduced]) -> Table:
    """Return published numbers beside ours.

    "same" prints as the published number does, "yes" differs by 1 of its last digit at most, or by
    no more than what is stated with it; the rest is "no".
    """
    rows = tuple(
        (
            one.what,
            f"{one.published:.{one.decimals}f}",
            f"{one.ours:.{one.decimals + 1}f}",
            f"{one.difference:+.{one.decimals + 1}f}",
            "same" if one.same else "yes" if one.within else "no",
            str(one.n),
        )
        for one in found
    )
    within = sum(one.within for one in found)
    return Table(
        title=f"Published numbers: {within} of {len(rows)} reproduced",
        header=("what", "published", "ours", "difference", "within", "n"),
        rows=rows,
    )


def shown(estimate: Estimate) -> str:
    """Return a value with its interval, as "0.43 [0.38, 0.48]".

    >>> from eval.intervals import Estimate
    >>> shown(Estimate(value=.425, low=.296, high=.5, n=235, level=.95, method="BCa"))
    '0.425 [0.30, 0.50]'
    """
    if estimate.value is None:
        return _NOTHING
    interval = _interval(estimate)
    return f"{estimate.value:.3f} {interval}" if interval else f"{estimate.value:.3f}"


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f"[{estimate.low:.2f}, {estimate.high:.2f}]"


def _long(one: Agreement) -> tuple[str, ...]:
    value = one.estimate.value
    return (
        one.corpus,
        one.level,
        one.metric,
        one.against,
        one.subset,
        one.statistic,
        _NOTHING if value is None else f"{value:.4f}",
        _interval(one.estimate),
        str(one.estimate.n),
        f"{one.without:.1%}",
        one.estimate.note or one.estimate.method,
    )


def _table(corpus: str, level: str, agreements: Sequence[Agreement]) -> Table:
    present = {one.statistic for one in agreements}
    statistics = [name for name in STATISTICS if name in present]
    cells: dict[tuple[str, str, str], dict[str, Agreement]] = {}
    for one in agreements:
        cells.setdefault((one.metric, one.against, one.subset), {})[one.statistic] = one
    rows = []
    for (metric, against, subset), found in cells.items():
        first = next(iter(found.values()))
        name = f"{metric}, {subset}" if subset else metric
        values = (shown(found[s].estimate) if s in found else "" for s in statistics)
        rows.append((name, against, str(first.estimate.n), f"{first.without:.0%}", *values))
    return Table(
        title=f"{corpus}, per {level}",
        header=("metric", "against", "n", "without", *(STATISTICS[s] for s in statistics)),
        rows=tuple(rows),
    )
