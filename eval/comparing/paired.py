"""Paired statistics over clusters: means, intervals and sign-flip p values of many metrics at once.

Every statistic is a function of the clusters' weights, so that one draw serves all metrics: each is
a matrix product. The values are those of `scipy.stats.bootstrap` and `scipy.stats.permutation_test`
called for each metric alone, as a test holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import permutation_test

from eval.comparing.records import Interval
from eval.intervals import Resampling, bounds_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.weighted import Floats

# (z of .975 + z of .80) = 1.96 + 0.84: what a two-sided test at .05 finds four times in five.
_MDE80 = 2.80
_EQUAL = 1e-12  # differences below are rounding
_CELLS = 10_000_000  # numbers in one null distribution: 80 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """What `n` differences say: their mean and its interval, and how the clusters went.

    `mean` and `interval` are None without differences, `sd` and `mde80` below two of them, `effect`
    where all are equal.
    """

    n: int
    mean: float | None
    sd: float | None
    interval: Interval | None
    above: int
    ties: int
    below: int

    @property
    def effect(self) -> float | None:
        """Return Cohen's d_z: the mean over the standard deviation."""
        return self.mean / self.sd if self.mean is not None and self.sd else None

    @property
    def mde80(self) -> float | None:
        """Return the smallest difference that so many clusters show four times in five."""
        return None if self.sd is None else _MDE80 * self.sd / self.n**0.5


def paired(differences: Floats, using: Resampling) -> list[Paired]:
    """Return the statistics of each metric.

    Args:
        differences: candidate minus baseline, shape (clusters, metrics); nan where a side has no
            value, which leaves the cluster out of that metric.
        using: how intervals are made. Where all differences are equal there is nothing to resample
            (BCa would be nan): the interval is the value.
    """
    known = np.isfinite(differences)
    intervals = ratio_intervals(np.where(known, differences, 0.0), known.astype(float), using)
    return [
        _paired(column[np.isfinite(column)], interval, using)
        for column, interval in zip(differences.T, intervals, strict=True)
    ]


def _paired(column: Floats, interval: Interval, using: Resampling) -> Paired:
    n = len(column)
    return Paired(
        n=n,
        mean=float(column.mean()) if n else None,
        sd=_spread(column) if n > 1 else None,
        interval=(_exact(column, using) or interval) if n else None,
        above=int((column > _EQUAL).sum()),
        ties=int((abs(column) <= _EQUAL).sum()),
        below=int((column < -_EQUAL).sum()),
    )


def _spread(column: Floats) -> float:
    """Return the standard deviation (n - 1), 0 where only rounding keeps it from 0."""
    sd = float(column.std(ddof=1))
    return sd if sd > _EQUAL else 0.0


def _exact(column: Floats, using: Resampling) -> Interval | None:
    if len(column) < 3 or float(np.ptp(column)) > _EQUAL:
        return None
    value = float(column[0])
    method = f"all {len(column)} differences are equal"
    return Interval(low=value, high=value, level=using.level, method=method)


def ratio_intervals(tops: Floats, bottoms: Floats, using: Resampling) -> list[Interval]:
    """Return the intervals of sum(top) / sum(bottom), both (clusters, metrics), over clusters."""
    return _intervals(lambda weights: _divided(weights @ tops, weights @ bottoms), tops, using)


def pooled_intervals(
    baseline: tuple[Floats, Floats], candidate: tuple[Floats, Floats], using: Resampling
) -> list[Interval]:
    """Return the intervals of the differences of two pooled ratios, given as (hits, totals)."""

    def difference(weights: Floats) -> Floats:
        one = _divided(weights @ candidate[0], weights @ candidate[1])
        return one - _divided(weights @ baseline[0], weights @ baseline[1])

    return _intervals(difference, baseline[0], using)


def _intervals(statistic: object, shaped: Floats, using: Resampling) -> list[Interval]:
    clusters, metrics = shaped.shape
    if not metrics:
        return []
    found = bounds_of(
        lambda weights: statistic(weights).T,  # type: ignore[operator]
        n=max(clusters, metrics),
        groups=clusters,
        using=using,
    )
    return [
        Interval(low=low, high=high, level=using.level, method=method)
        for low, high, method in found
    ]


def flip_p_values(differences: Floats, *, flips: int, seed: int) -> list[float | None]:
    """Return the two-sided sign-flip p of each mean difference; None for a metric without values.

    If the two systems are alike, each cluster's difference is as likely to have the other sign
    (Fisher 1935). All sign patterns are tried where there are at most `flips` of them.

    Args:
        differences: shape (clusters, hypotheses), nan where there is no value.
        flips: how many sign patterns are drawn.
        seed: of the draws.
    """
    clusters, hypotheses = differences.shape
    values = np.nan_to_num(differences)
    known = [bool(np.isfinite(column).any()) for column in differences.T]
    step = max(1, _CELLS // flips)
    found: list[float | None] = []
    for start in range(0, hypotheses, step):
        some = values[:, start : start + step]
        # Not many at once: scipy draws (batch, 2, clusters) numbers.
        result = permutation_test(
            (np.ones(clusters),),
            lambda signs, axis, some=some: signs @ some,  # noqa: ARG005 - scipy passes the axis
            permutation_type="samples",
            vectorized=True,
            n_resamples=flips,
            batch=max(1, _CELLS // (2 * clusters)),
            rng=np.random.default_rng(seed),
        )
        found += [float(p) for p in np.atleast_1d(result.pvalue)]
    return [p if there else None for p, there in zip(found, known, strict=True)]


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Return p values adjusted for their number (Holm 1979); None stays None and is not counted.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    asked = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    so_far = 0.0
    for rank, (p, place) in enumerate(asked):
        so_far = max(so_far, min(1.0, (len(asked) - rank) * p))
        adjusted[place] = so_far
    return adjusted


def flips_needed(hypotheses: int, *, alpha: float, least: int) -> int:
    """Return how many sign patterns so many hypotheses need.

    The smallest p of N drawn patterns is 2 / (N + 1); after Holm's correction it must still be well
    below `alpha`, a fifth of it, or nothing could ever be shown.

    >>> flips_needed(3, alpha=0.05, least=9999), flips_needed(360, alpha=0.05, least=9999)
    (9999, 72000)
    """
    return max(least, round(10 * hypotheses / alpha))


def _divided(top: Floats, bottom: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)
