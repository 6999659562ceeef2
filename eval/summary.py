"""Scored rows -> the summary of each run: means, pooled ratios, counts."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(slots=True)
class _Column:
    """Running sums of one metric. Rows come in a fixed order, so the sums are always the same."""

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0
    hits: float = 0.0
    total: float = 0.0
    counted: bool = False
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, value: Mapping[str, Any]) -> None:
        if value["value"] is None:
            self.notes[value.get("note") or "nothing to measure"] += 1
        else:  # Welford 1962
            self.n += 1
            off = value["value"] - self.mean
            self.mean += off / self.n
            self.squares += off * (value["value"] - self.mean)
        if value.get("total") is not None:
            self.counted = True
            self.hits += value["hits"]
            self.total += value["total"]

    def summary(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "mean": self.mean if self.n else None,
            "n": self.n,
            "sd": math.sqrt(self.squares / (self.n - 1)) if self.n > 1 else None,
        }
        if self.counted:
            pooled = self.hits / self.total if self.total else None
            row |= {"pooled": pooled, "total": self.total}
        return row | ({"without": dict(sorted(self.notes.items()))} if self.notes else {})


def summarize_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one summary per run, in the order in which the runs appear.

    Each metric has `mean` (over outputs, "mean per digest"), `n`, `sd`, for ratios `pooled` over
    all outputs, and `without`: how many outputs had no value, by reason. `n` and `without` add up
    to the outputs of the run.
    """
    states: dict[str, Counter[str]] = {}
    errors: dict[str, Counter[str]] = {}
    columns: dict[str, dict[str, _Column]] = {}
    for row in rows:
        run = row["run"]
        states.setdefault(run, Counter())[row["state"]] += 1
        errors.setdefault(run, Counter()).update(row["errors"].keys())
        metrics = columns.setdefault(run, {})
        for name, value in row["metrics"].items():
            metrics.setdefault(name, _Column()).add(value)
    return [
        {
            "run": run,
            "n": states[run].total(),
            "states": dict(sorted(states[run].items())),
            "errors": dict(sorted(errors[run].items())),
            "metrics": {name: column.summary() for name, column in columns[run].items()},
        }
        for run in states
    ]
