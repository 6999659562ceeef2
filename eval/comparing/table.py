"""A comparison -> what the terminal shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.comparing.records import Verdict
from eval.table import COLUMNS, fitted_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from eval.comparing.records import Comparison, Interval, MetricComparison, Pair, System

_MANY_PAIRS = 12  # more are summed up by system
_SHORT = {column.metric: column.heading for column in COLUMNS}
_VERDICTS = {Verdict.NO_DIFFERENCE: "not shown", Verdict.INTERVAL_ONLY: ""}
_LEGEND = (
    "d: mean over standard deviation; MDE80: the difference that so many clusters show four times "
    "in five"
)
# What goes first where a line is too short.
_SPARE = ("n", "d", "w/t/l", "baseline", "candidate", "MDE80", "p")


def as_tables(comparison: Comparison, *, width: int) -> list[Table]:
    """Return the tables of a comparison: systems, then pairs, for a terminal of some width.

    More than a dozen pairs are summed up: for each system, those it cannot be told apart from.
    """
    tables = [_systems(comparison, width)]
    if len(comparison.pairs) > _MANY_PAIRS:
        return tables + [_apart(comparison, metric, width) for metric in comparison.primary]
    alone = len(comparison.pairs) == 1
    return tables + [
        _pair(pair, width, others=alone) for pair in comparison.pairs if not pair.identical
    ]


def lines(comparison: Comparison) -> list[str]:
    """Return what stands under the tables: unchanged pairs, verdicts, notes, signatures."""
    same = [pair for pair in comparison.pairs if pair.identical]
    found = [f"{pair.candidate} and {pair.baseline}: no change, {pair.reasons[0]}" for pair in same]
    if len(comparison.pairs) <= _MANY_PAIRS:
        found += [
            f"{pair.candidate} beside {pair.baseline}: {pair.verdict.value}"
            for pair in comparison.pairs
            if not pair.identical
        ]
    tests = sum(m.p is not None for pair in comparison.pairs for m in pair.metrics)
    clusters = f"{comparison.corpus}: {len(comparison.cluster_ids)} clusters"
    found.append(f"{clusters}, sha256 {comparison.corpus_sha256[:12]}")
    found.append(f"p: sign flips, after Holm for {tests} tests; 95 %: BCa; {_LEGEND}")
    found += [*comparison.notes, *comparison.signatures]
    return found


def ranked(comparison: Comparison) -> list[System]:
    """Return the systems by the mean of the first primary metric, those without one last."""
    wanted = comparison.primary[0] if comparison.primary else ""

    def rank(system: System) -> tuple[bool, float, str]:
        found = system.measured(wanted)
        mean = found.mean if found else None
        return mean is None, -(mean or 0.0), system.name

    return sorted(comparison.systems, key=rank)


def _systems(comparison: Comparison, width: int) -> Table:
    systems = ranked(comparison)
    columns = [("system", [system.name for system in systems])]
    for metric in comparison.primary:
        found = [system.measured(metric) for system in systems]
        heading = _SHORT.get(metric, metric)
        columns.append((heading, [number(m.mean if m else None) for m in found]))
        columns.append(("95 %", [spread(m.interval if m else None) for m in found]))
    lost = [s.n - sum(c.count for c in s.states if c.what == "written") for s in systems]
    if any(lost):
        columns.append(("lost", [str(count) for count in lost]))
    return fitted_table("", columns, spare=("95 %",), width=width)


def _pair(pair: Pair, width: int, *, others: bool) -> Table:
    shown = [metric for metric in pair.metrics if metric.primary]
    if others:
        known = {column.metric for column in COLUMNS}
        shown += [m for m in pair.metrics if not m.primary and m.metric in known and m.n > 0]
    beside = f"{pair.candidate} beside {pair.baseline} (baseline)"
    title = f"\n{beside}, {len(pair.differing)} outputs differ"
    return fitted_table(title, _columns(shown), spare=_SPARE, width=width)


def _columns(metrics: Sequence[MetricComparison]) -> list[tuple[str, list[str]]]:
    return [
        ("metric", [_SHORT.get(m.metric, m.metric) for m in metrics]),
        ("baseline", [number(m.baseline_mean) for m in metrics]),
        ("candidate", [number(m.candidate_mean) for m in metrics]),
        ("difference", [number(m.difference, signed=True) for m in metrics]),
        ("95 %", [spread(m.interval, signed=True) for m in metrics]),
        ("p", [p_value(m.p_adjusted) for m in metrics]),
        ("d", ["" if m.effect is None else f"{m.effect:+.2f}" for m in metrics]),
        ("w/t/l", [f"{m.wins}/{m.ties}/{m.losses}" for m in metrics]),
        ("MDE80", [number(m.mde80) for m in metrics]),
        ("n", [str(m.n) for m in metrics]),
        ("verdict", [_VERDICTS.get(m.verdict, m.verdict.value) for m in metrics]),
    ]


def _apart(comparison: Comparison, metric: str, width: int) -> Table:
    """Return for each system, best first, those that one metric cannot tell it from."""
    alike: dict[str, set[str]] = {system.name: set() for system in comparison.systems}
    for pair in comparison.pairs:
        found = pair.metric(metric)
        if found is None or found.verdict not in {Verdict.BETTER, Verdict.WORSE}:
            alike[pair.baseline].add(pair.candidate)
            alike[pair.candidate].add(pair.baseline)
    means = {s.name: m.mean for s in comparison.systems if (m := s.measured(metric))}
    order = sorted(alike, key=lambda name: (-(means.get(name) or 0.0), name))
    names = [", ".join(other for other in order if other in alike[name]) for name in order]
    columns = [
        (_SHORT.get(metric, metric), [number(means.get(name)) for name in order]),
        ("system", order),
        ("cannot be told from", [text or "nobody: it differs from all" for text in names]),
    ]
    return fitted_table("\n" + metric, columns, spare=(), width=width, wrap="cannot be told from")


def number(value: float | None, *, signed: bool = False) -> str:
    """Return a figure with three decimals, or one above 10.

    >>> number(0.04567), number(-0.0004, signed=True), number(218.33), number(None)
    ('0.046', '-0.000', '218.3', '–')
    """
    if value is None:
        return "–"
    decimals = 1 if abs(value) >= 10 else 3
    return f"{value:{'+' if signed else ''}.{decimals}f}"


def spread(interval: Interval | None, *, signed: bool = False) -> str:
    """Return an interval in brackets, a dash where there is none."""
    if interval is None or interval.low is None:
        return "–"
    return f"[{number(interval.low, signed=signed)}, {number(interval.high, signed=signed)}]"


def p_value(p: float | None) -> str:
    """Return a p value with three decimals.

    >>> p_value(0.0002), p_value(0.0312), p_value(None)
    ('<.001', '.031', '')
    """
    if p is None:
        return ""
    return "<.001" if p < 0.001 else f"{p:.3f}".removeprefix("0")
