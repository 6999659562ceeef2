"""Intervals: groups are drawn again and again, and the statistic is taken of every draw.

Rows of one group are never drawn apart: four systems that summarize one document err together. A
statistic is written once, as a function of group weights, which say how often each group was drawn
(`eval.weighted`): one matrix product scores hundreds of draws, and the point estimate is the same
code with all weights 1.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import TypeAlias

    from eval.weighted import Floats, Integers, Statistic

    Kernel: TypeAlias = Callable[[Floats, Floats, Integers, int], Statistic]

_CELLS = 2_000_000  # numbers per batch of draws: 16 MB
_SMALLEST = 3  # fewer groups cannot be resampled
_TRUSTED = 0.9  # share of draws that must have a value for the others to give an interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How intervals are made: the same data and settings give the same interval.

    `resamples` 0 asks for the value alone.
    """

    seed: int = 0
    level: float = 0.95
    resamples: int = 2_000


DEFAULT = Resampling()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A statistic of `n` rows with its interval at `level`.

    `value` is None where it is not defined, and `note` says why. `low` and `high` are None where
    there were too few groups, or too few resamples with a value. `method` names the interval.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    level: float
    method: str
    note: str | None = None


def estimate(
    kernel: Kernel,
    columns: tuple[Sequence[float], Sequence[float]],
    groups: Sequence[Hashable] | None,
    using: Resampling,
    note: str | None,
) -> Estimate:
    """Return a statistic of two columns with its interval, or None with `note`."""
    import numpy as np  # noqa: PLC0415 - 0.1 s

    n = len(columns[0])
    if note is not None:
        return _undefined(n, using, note)
    of_row, count = _numbered(groups, n)
    x, y = (np.asarray(column, dtype=float) for column in columns)
    statistic = kernel(x, y, of_row, count)
    value = float(statistic(np.ones((1, count)))[0])
    if not np.isfinite(value):
        return _undefined(n, using, "the denominator is 0")
    low, high, method = _interval(statistic, n=n, groups=count, using=using)
    return Estimate(value=value, low=low, high=high, n=n, level=using.level, method=method)


def _undefined(n: int, using: Resampling, note: str) -> Estimate:
    return Estimate(
        value=None, low=None, high=None, n=n, level=using.level, method="none", note=note
    )


def _numbered(groups: Sequence[Hashable] | None, n: int) -> tuple[Integers, int]:
    import numpy as np  # noqa: PLC0415 - 0.1 s

    if groups is None:
        return np.arange(n), n
    if len(groups) != n:
        raise ValueError(f"one group per row wanted, got {len(groups)} for {n} rows")
    number = {group: index for index, group in enumerate(dict.fromkeys(groups))}
    return np.array([number[group] for group in groups]), len(number)


def _interval(
    statistic: Statistic, *, n: int, groups: int, using: Resampling
) -> tuple[float | None, float | None, str]:
    bounds = bounds_of(lambda weights: statistic(weights)[None], n=n, groups=groups, using=using)
    return bounds[0]


def bounds_of(
    statistics: Statistic, *, n: int, groups: int, using: Resampling
) -> list[tuple[float | None, float | None, str]]:
    """Return low, high and method of several statistics of the same draws, BCa (Efron 1987).

    Where BCa has no value, the percentile interval stands in; None where too few groups or draws
    give none.

    Args:
        statistics: from weights, shape (draws, groups), to values, shape (statistics, draws).
        n: rows that one draw touches; keeps the memory in bounds.
        groups: how many there are to draw from.
        using: how.
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s
    from scipy.stats import bootstrap  # noqa: PLC0415 - 1 s

    if not using.resamples or groups < _SMALLEST:
        count = len(statistics(np.ones((1, groups))))
        why = f"no interval from {groups} groups" if using.resamples else "no interval asked for"
        return [(None, None, why)] * count

    def of_drawn(drawn: Floats, axis: int = -1) -> Floats:  # noqa: ARG001 - scipy passes it
        rows = drawn.reshape(-1, drawn.shape[-1]).astype(int)
        cells = rows + np.arange(len(rows))[:, None] * groups
        weights = np.bincount(cells.ravel(), minlength=len(rows) * groups)
        values = statistics(weights.reshape(len(rows), groups).astype(float))
        return values.reshape(len(values), *drawn.shape[:-1])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a degenerate distribution is handled below
        found = bootstrap(
            (np.arange(groups),),
            of_drawn,
            vectorized=True,
            n_resamples=using.resamples,
            batch=max(1, _CELLS // max(n, groups)),
            confidence_level=using.level,
            method="BCa",
            rng=np.random.default_rng(using.seed),
        )
    unit = f"{using.resamples} resamples of {groups} groups"
    interval = found.confidence_interval
    return [
        _bound(low, high, values, unit, using)
        for low, high, values in zip(
            interval.low, interval.high, found.bootstrap_distribution, strict=True
        )
    ]


def _bound(
    low: float, high: float, values: Floats, unit: str, using: Resampling
) -> tuple[float | None, float | None, str]:
    import numpy as np  # noqa: PLC0415 - 0.1 s

    if np.isfinite(low) and np.isfinite(high):
        return float(low), float(high), f"BCa, {unit}"
    finite = values[np.isfinite(values)]
    if len(finite) < _TRUSTED * using.resamples:
        return None, None, f"no interval: {len(finite)} of {unit} have a value"
    tail = (1 - using.level) / 2
    low, high = map(float, np.quantile(finite, [tail, 1 - tail]))
    return low, high, f"percentile, {unit}"
