"""Columns of one system -> what the comparison says of it alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from eval.comparing.paired import ratio_intervals
from eval.comparing.records import Counted, Interval, Measured, System
from eval.intervals import Resampling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eval.comparing.alignment import Aligned, Columns
    from eval.comparing.settings import CompareConfig


def system_of(columns: Columns, aligned: Aligned, config: CompareConfig) -> System:
    """Return a system with the mean of every metric and its interval."""
    using = Resampling(seed=config.seed, resamples=config.resamples)
    matrix = np.stack([columns.values[name] for name in aligned.metrics], axis=1)
    known = np.isfinite(matrix)
    intervals = ratio_intervals(np.where(known, matrix, 0.0), known.astype(float), using)
    return System(
        name=columns.entrant.name,
        source=columns.entrant.source,
        run=columns.entrant.run,
        n=len(aligned.cluster_ids),
        states=counted(columns.states.elements()),
        outputs_sha256=columns.entrant.outputs_sha256,
        metrics=tuple(
            _measured(name, columns, interval)
            for name, interval in zip(aligned.metrics, intervals, strict=True)
        ),
    )


def _measured(name: str, columns: Columns, interval: Interval) -> Measured:
    values = columns.values[name]
    known = values[np.isfinite(values)]
    total = columns.totals[name].sum() if name in columns.totals else 0.0
    return Measured(
        metric=name,
        mean=float(known.mean()) if len(known) else None,
        sd=float(known.std(ddof=1)) if len(known) > 1 else None,
        n=len(known),
        interval=interval if len(known) else None,
        pooled=float(columns.hits[name].sum() / total) if total else None,
        without=counted(note for note in columns.notes[name] if note is not None),
    )


def counted(things: Iterable[str]) -> tuple[Counted, ...]:
    """Return how often each of some things is there, by name.

    >>> [(c.what, c.count) for c in counted(["b", "a", "b"])]
    [('a', 1), ('b', 2)]
    """
    return tuple(Counted(what=what, count=count) for what, count in sorted(Counter(things).items()))
