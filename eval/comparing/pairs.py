"""Two systems' columns -> what each metric says of the pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from eval.comparing.catalogue import kind_of
from eval.comparing.paired import flip_p_values, flips_needed, holm, paired, pooled_intervals
from eval.comparing.records import Direction, MetricComparison, Pair, Pooled, Verdict
from eval.comparing.systems import counted
from eval.intervals import Resampling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.comparing.alignment import Aligned, Columns
    from eval.comparing.paired import Paired
    from eval.comparing.records import Counted
    from eval.comparing.settings import CompareConfig
    from eval.weighted import Floats

    Tests: TypeAlias = Mapping[str, "Test"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """The p value of one primary metric of one pair, as it is and corrected for the family."""

    __test__ = False  # pytest takes the name for a test case

    p: float | None
    adjusted: float | None


def family_tests(
    pairs: Sequence[tuple[Columns, Columns]], primary: Sequence[str], config: CompareConfig
) -> list[Tests]:
    """Return the tests of every pair by primary metric, corrected for all of them (Holm).

    Pairs with the same outputs are not tested: nothing changed.
    """
    keys = [
        (place, name)
        for place, (a, b) in enumerate(pairs)
        if a.hashes != b.hashes
        for name in primary
    ]
    found: list[Tests] = [{} for _ in pairs]
    if not keys:
        return found
    differences = np.stack([_difference(*pairs[place], name) for place, name in keys], axis=1)
    flips = flips_needed(len(keys), alpha=config.alpha, least=config.resamples)
    p_values = flip_p_values(differences, flips=flips, seed=config.seed)
    for (place, name), p, adjusted in zip(keys, p_values, holm(p_values), strict=True):
        found[place] = {**found[place], name: Test(p=p, adjusted=adjusted)}
    return found


def compare_pair(
    a: Columns, b: Columns, aligned: Aligned, *, tests: Tests, config: CompareConfig
) -> Pair:
    """Return what is to be said of candidate `b` beside baseline `a`."""
    differing = tuple(
        name
        for name, one, other in zip(aligned.cluster_ids, a.hashes, b.hashes, strict=True)
        if one != other
    )
    if not differing:
        return Pair(
            baseline=a.entrant.name,
            candidate=b.entrant.name,
            identical=True,
            differing=(),
            metrics=(),
            verdict=Verdict.NO_CHANGE,
            reasons=(f"all {len(aligned.cluster_ids)} outputs are the same, byte for byte",),
        )
    metrics = _metrics(a, b, aligned, tests, config)
    primary = [metric for metric in metrics if metric.primary]
    return Pair(
        baseline=a.entrant.name,
        candidate=b.entrant.name,
        identical=False,
        differing=differing,
        metrics=tuple(metrics),
        verdict=_overall({metric.verdict for metric in primary}),
        reasons=tuple(_reason(metric) for metric in primary),
    )


def _difference(a: Columns, b: Columns, metric: str) -> Floats:
    return b.values[metric] - a.values[metric]


def _metrics(
    a: Columns, b: Columns, aligned: Aligned, tests: Tests, config: CompareConfig
) -> list[MetricComparison]:
    using = Resampling(seed=config.seed, resamples=config.resamples)
    names = aligned.metrics
    found = paired(np.stack([_difference(a, b, name) for name in names], axis=1), using)
    pooled = _pooled(a, b, using)
    return [
        _metric(
            name,
            one,
            means=_means(a, b, name),
            without=_without(a, b, name),
            signature=aligned.signatures.get(kind_of(name).family or "", ""),
            pooled=pooled.get(name),
            test=tests.get(name),
            alpha=config.alpha,
        )
        for name, one in zip(names, found, strict=True)
    ]


def _metric(
    name: str,
    one: Paired,
    *,
    means: tuple[float | None, float | None],
    without: tuple[Counted, ...],
    signature: str,
    pooled: Pooled | None,
    test: Test | None,
    alpha: float,
) -> MetricComparison:
    way = kind_of(name).direction
    won, lost = (one.below, one.above) if way is Direction.LOWER else (one.above, one.below)
    return MetricComparison(
        metric=name,
        signature=signature,
        direction=way,
        primary=test is not None,
        n=one.n,
        baseline_mean=means[0],
        candidate_mean=means[1],
        difference=one.mean,
        interval=one.interval,
        p=test.p if test else None,
        p_adjusted=test.adjusted if test else None,
        effect=one.effect,
        mde80=one.mde80,
        wins=won,
        ties=one.ties,
        losses=lost,
        pooled=pooled,
        without=without,
        verdict=_verdict(one, way, test, alpha),
    )


def _verdict(one: Paired, way: Direction, test: Test | None, alpha: float) -> Verdict:
    """Return the verdict; a primary metric without a good way is judged as if more were better."""
    if one.mean is None:
        return Verdict.NOT_COMPARABLE
    if test is None or test.adjusted is None:
        return Verdict.INTERVAL_ONLY
    if test.adjusted > alpha:
        return Verdict.NO_DIFFERENCE
    up = one.mean > 0
    return Verdict.BETTER if up != (way is Direction.LOWER) else Verdict.WORSE


def _overall(found: set[Verdict]) -> Verdict:
    """Return what the verdicts of the primary metrics come to.

    >>> _overall({Verdict.BETTER, Verdict.NO_DIFFERENCE}).value
    'better'
    """
    if found >= {Verdict.BETTER, Verdict.WORSE}:
        return Verdict.MIXED
    for verdict in (Verdict.BETTER, Verdict.WORSE, Verdict.NO_DIFFERENCE):
        if verdict in found:
            return verdict
    return Verdict.NOT_COMPARABLE


def _reason(metric: MetricComparison) -> str:
    if metric.difference is None:
        return f"{metric.metric}: no cluster has a value on both sides"
    where = ""
    if metric.interval is not None and metric.interval.low is not None:
        where = f" [{metric.interval.low:+.4f}, {metric.interval.high:+.4f}]"
    p = "" if metric.p_adjusted is None else f", p {metric.p_adjusted:.3g} after Holm"
    return f"{metric.metric}: {metric.verdict.value}, {metric.difference:+.4f}{where}{p}"


def _means(a: Columns, b: Columns, metric: str) -> tuple[float | None, float | None]:
    """Return both means over the clusters for which both have a value."""
    both = np.isfinite(_difference(a, b, metric))
    if not both.any():
        return None, None
    return float(a.values[metric][both].mean()), float(b.values[metric][both].mean())


def _without(a: Columns, b: Columns, metric: str) -> tuple[Counted, ...]:
    """Count the clusters that are left out, by the reason on either side."""
    reasons: list[str] = []
    for one, other in zip(a.notes[metric], b.notes[metric], strict=True):
        if one is not None and other is not None:
            reasons.append(f"both: {one}" if one == other else f"both: {one}; {other}")
        elif one is not None or other is not None:
            reasons.append(f"baseline: {one}" if one is not None else f"candidate: {other}")
    return counted(reasons)


def _pooled(a: Columns, b: Columns, using: Resampling) -> dict[str, Pooled]:
    """Return the pooled ratios: counts are summed over clusters, and clusters are resampled."""
    names = [name for name in a.totals if name in b.totals]
    if not names:
        return {}
    sides = [
        (
            np.stack([side.hits[name] for name in names], axis=1),
            np.stack([side.totals[name] for name in names], axis=1),
        )
        for side in (a, b)
    ]
    intervals = pooled_intervals(sides[0], sides[1], using)
    ratios = [
        [
            float(h / t) if t else None
            for h, t in zip(hits.sum(axis=0), totals.sum(axis=0), strict=True)
        ]
        for hits, totals in sides
    ]
    return {
        name: Pooled(
            baseline=one,
            candidate=other,
            difference=None if one is None or other is None else other - one,
            interval=interval,
        )
        for name, one, other, interval in zip(names, *ratios, intervals, strict=True)
    }
