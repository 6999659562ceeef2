"""Lasting changes in a history, and what changed on the machine that night.

Where identical re-runs gave identical means, generation is deterministic, and every change of a
mean is a step. Elsewhere a step is found by binary segmentation (Scott and Knott 1974; Vostrikova
1981): the split with the largest standardised difference of means, kept where it is larger than in
all but `alpha` of random orders of the nights (a permutation test, as in James and Matteson 2015),
then the same on both sides.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from eval.nights.facts import changes
from eval.nights.records import Cause, Change, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eval.nights.records import TrendPoint
    from eval.nights.settings import TrendConfig
    from eval.weighted import Floats

_EQUAL = 1e-9  # means further apart are different outputs, not rounding
_LEAST = 2  # nights on either side of a split


def find_steps(
    points: Iterable[TrendPoint], metrics: Sequence[str], config: TrendConfig
) -> tuple[Step, ...]:
    """Return the steps of every configuration on every corpus, by night.

    Args:
        points: of any nights, in any order.
        metrics: those to look at.
        config: how sure a step must be.
    """
    ordered = sorted(points, key=lambda p: (p.configuration, p.corpus, p.night))
    found: list[Step] = []
    for _, group in groupby(ordered, key=lambda p: (p.configuration, p.corpus)):
        series = list(group)
        for metric in metrics:
            found += _steps(series, metric, config)
    return tuple(sorted(found, key=lambda s: (s.night, s.configuration, s.corpus, s.metric)))


def _steps(points: Sequence[TrendPoint], metric: str, config: TrendConfig) -> list[Step]:
    series = [
        (point, level.mean)
        for point in points
        if (level := point.level(metric)) is not None and level.mean is not None
    ]
    values = np.array([mean for _, mean in series])
    kept = [point for point, _ in series]
    if _deterministic(kept, metric):
        return [
            _step(kept, metric, place, before=one, after=other, p=None)
            for place, (one, other) in enumerate(pairwise(values.tolist()), start=1)
            if abs(one - other) > _EQUAL
        ]
    splits = sorted(segment(values, alpha=config.alpha, permutations=config.permutations))
    edges = [0, *(place for place, _ in splits), len(values)]
    return [
        _step(
            kept,
            metric,
            _nearest_change(kept, place),
            before=float(values[edges[number] : place].mean()),
            after=float(values[place : edges[number + 2]].mean()),
            p=p,
        )
        for number, (place, p) in enumerate(splits)
    ]


def _deterministic(points: Sequence[TrendPoint], metric: str) -> bool:
    """Tell whether re-runs were made every night and none of them moved the mean."""
    noise = [[n for n in point.noise if n.metric == metric] for point in points]
    return all(noise) and all(n.difference <= _EQUAL for some in noise for n in some)


def segment(values: Floats, *, alpha: float, permutations: int) -> list[tuple[int, float]]:
    """Return where a series splits, as indices of the first value after it, each with its p.

    >>> segment(np.array([.1, .2] * 10 + [.5, .6] * 10), alpha=0.01, permutations=199)
    [(20, 0.005)]
    """
    if len(values) < 2 * _LEAST:
        return []
    rng = np.random.default_rng(len(values))  # the same history has the same steps
    scores = _scores(values[None])[0]
    place = int(scores.argmax()) + _LEAST
    orders = rng.permuted(np.tile(values, (permutations, 1)), axis=1)
    above = int((_scores(orders).max(axis=1) >= scores.max() - _EQUAL).sum())
    p = (1 + above) / (permutations + 1)
    if p > alpha:
        return []
    left = segment(values[:place], alpha=alpha, permutations=permutations)
    right = segment(values[place:], alpha=alpha, permutations=permutations)
    return [*left, (place, p), *((place + start, q) for start, q in right)]


def _scores(rows: Floats) -> Floats:
    """Return how far apart the means of every split are, shape (rows, splits).

    In standard errors, but for the common spread: |difference| * sqrt(k (n - k) / n).
    """
    n = rows.shape[1]
    k = np.arange(_LEAST, n - _LEAST + 1)
    sums = np.cumsum(rows, axis=1)[:, k - 1]
    total = rows.sum(axis=1, keepdims=True)
    scores: Floats = abs(sums / k - (total - sums) / (n - k)) * np.sqrt(k * (n - k) / n)
    return scores


def _nearest_change(points: Sequence[TrendPoint], place: int) -> int:
    """Return the night of a split, or the one beside it on which a recorded fact changed.

    Noise may move a split by a night.
    """
    for near in (place, place - 1, place + 1):
        if 0 < near < len(points) and changes(points[near - 1].facts, points[near].facts):
            return near
    return place


def _step(
    points: Sequence[TrendPoint],
    metric: str,
    place: int,
    *,
    before: float,
    after: float,
    p: float | None,
) -> Step:
    previous, point = points[place - 1], points[place]
    causes = changes(previous.facts, point.facts)
    unexplained = Change(cause=Cause.UNEXPLAINED, name="", before=None, after=None)
    return Step(
        configuration=point.configuration,
        corpus=point.corpus,
        metric=metric,
        night=point.night,
        previous_night=previous.night,
        before=before,
        after=after,
        p=p,
        causes=causes or (unexplained,),
    )
