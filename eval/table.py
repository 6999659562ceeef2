"""Summaries -> the table on the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the metric's mean it shows, and how: "%" or decimals."""

    heading: str
    metric: str
    shown: str


COLUMNS = (
    Column("R1", "rouge1_fmeasure", "%"),
    Column("R2", "rouge2_fmeasure", "%"),
    Column("Lsum", "rougeLsum_fmeasure", "%"),
    Column("entities", "entity_precision_source", "%"),
    Column("union", "entity_precision_source_union", "%"),
    Column("conflicts", "entity_conflicts", "2"),
    Column("target F", "entity_f1_target", "%"),
    Column("recall", "entity_recall_source", "%"),
    Column("cited", "citation_precision", "%"),
    Column("density", "density", "1"),
    Column("novel 3", "novel_3grams", "%"),
    Column("sources", "source_coverage", "%"),
    Column("max sim.", "max_similarity", "2"),
    Column("words", "words", "0"),
)


def ranked(runs: Sequence[Mapping[str, Any]], metric: str | None) -> list[Mapping[str, Any]]:
    """Return the runs by the mean of a metric, highest first, those without it last.

    Args:
        runs: summaries of `eval.summary.summarize_rows`.
        metric: its name; None for the first column that has values.

    Raises:
        UsageError: no run has such a metric.
    """
    known = {name for run in runs for name in run["metrics"]}
    wanted = metric or next((c.metric for c in COLUMNS if _has(runs, c.metric)), None)
    if metric is not None and metric not in known:
        raise UsageError(
            f"no metric is called {metric!r}: the scores are written, but not ranked; there are "
            f"{', '.join(sorted(known))}"
        )

    def rank(run: Mapping[str, Any]) -> tuple[bool, float, str]:
        mean = run["metrics"].get(wanted, {}).get("mean")
        return mean is None, -(mean or 0.0), run["run"]

    return sorted(runs, key=rank)


def as_table(runs: Sequence[Mapping[str, Any]], *, width: int) -> tuple[Table, list[str]]:
    """Return the table of some runs, in their order, and the headings that `width` has no room for.

    Columns without values are left out. Percentages are of the mean over outputs; "n" counts the
    outputs, those that are missing, failed or empty after a slash.

    Args:
        runs: summaries, best first.
        width: characters of a line.
    """
    shown = [column for column in COLUMNS if _has(runs, column.metric)]
    cut: list[str] = []
    while True:
        table = _table(runs, shown)
        if not shown or _width(table) <= width:
            return table, cut
        cut.insert(0, shown.pop().heading)


def _table(runs: Sequence[Mapping[str, Any]], shown: Sequence[Column]) -> Table:
    cells = [
        (
            str(place),
            run["run"],
            _count(run),
            *(_cell(run["metrics"].get(column.metric), column.shown) for column in shown),
        )
        for place, run in enumerate(runs, start=1)
    ]
    table = plain_table("", ("", "run", "n", *(column.heading for column in shown)), cells)
    table.title = None
    table.columns[0].justify, table.columns[1].justify = "right", "left"
    return table


def plain_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table of text, the first column to the left and the others to the right."""
    from rich.table import Table as RichTable  # noqa: PLC0415 - --help must answer at once
    from rich.text import Text  # noqa: PLC0415 - as above

    table = RichTable(
        title=title, title_justify="left", box=None, pad_edge=False, header_style="bold"
    )
    for place, heading in enumerate(header):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))  # a run may be called "[/v2]" or "a:100:b"
    return table


def fitted_table(
    title: str,
    columns: Sequence[tuple[str, Sequence[str]]],
    *,
    spare: Sequence[str],
    width: int,
    wrap: str | None = None,
) -> Table:
    """Return a table of columns, without as many of the spare ones as have no room.

    Args:
        title: stands above, "" for none.
        columns: headings and cells.
        spare: headings that may go, the first one first.
        width: characters of a line.
        wrap: the heading of a column whose text may run over several lines.
    """
    left = list(spare)
    shown = list(columns)
    while True:
        rows = list(zip(*(cells for _, cells in shown), strict=True))
        table = plain_table(title, [heading for heading, _ in shown], rows)
        table.title = title or None
        for column in table.columns:
            if column.header == wrap:
                column.no_wrap, column.overflow, column.justify = False, "fold", "left"
        if not left or wrap or _width(table) <= width:
            return table
        gone = left.pop(0)
        shown = [column for column in shown if column[0] != gone]


def _width(table: Table) -> int:
    from rich.console import Console  # noqa: PLC0415 - --help must answer at once
    from rich.measure import Measurement  # noqa: PLC0415 - as above

    endless = Console(width=10_000)
    return Measurement.get(endless, endless.options, table).maximum


def _has(runs: Sequence[Mapping[str, Any]], metric: str) -> bool:
    return any(run["metrics"].get(metric, {}).get("mean") is not None for run in runs)


def _count(run: Mapping[str, Any]) -> str:
    lost = run["n"] - run["states"].get("written", 0)
    return f"{run['n']} / {lost}" if lost else str(run["n"])


def _cell(value: Mapping[str, Any] | None, shown: str) -> str:
    if value is None or value["mean"] is None:
        return "–"
    return f"{100 * value['mean']:.1f}" if shown == "%" else f"{value['mean']:.{shown}f}"


def notes(summary: Mapping[str, Any]) -> list[str]:
    """Return what stands under the table: the signatures, and the corpora with their hashes."""
    lines = [
        f"{corpus['name']}: {corpus['examples']} examples, sha256 {corpus['sha256'][:12]}"
        for corpus in summary["corpora"]
    ]
    return [*lines, *summary["signatures"].values()]
