"""Agreement statistics with intervals: correlation, ranking, detection, pooled ratios."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.intervals import DEFAULT, Estimate, Resampling, estimate

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from eval.intervals import Kernel

__all__ = [
    "Detection",
    "Estimate",
    "Resampling",
    "detection",
    "kendall",
    "pearson",
    "ratio",
    "roc_auc",
    "spearman",
]

_SMALLEST = 3  # rows; two always lie on a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How well flags find the positive rows: counts, and measures in [0, 1] of the positives."""

    tp: int
    fp: int
    fn: int
    tn: int
    precision: Estimate
    recall: Estimate
    f1: Estimate
    balanced_accuracy: Estimate


def pearson(
    x: Sequence[float],
    y: Sequence[float],
    *,
    groups: Sequence[Hashable] | None = None,
    using: Resampling = DEFAULT,
) -> Estimate:
    """Return Pearson's r in [-1, 1].

    Args:
        x: one finite number per row.
        y: the same rows' other number.
        groups: what each row belongs to; rows of a group are drawn together. None: each its own.
        using: how the interval is made.

    Raises:
        ValueError: the arguments differ in length.

    >>> round(pearson([1, 2, 3, 4], [1, 3, 2, 4]).value, 3)
    0.8
    """
    from eval.weighted import pearson_of  # noqa: PLC0415 - numpy, 0.1 s

    return _correlation(pearson_of, x, y, groups, using)


def spearman(
    x: Sequence[float],
    y: Sequence[float],
    *,
    groups: Sequence[Hashable] | None = None,
    using: Resampling = DEFAULT,
) -> Estimate:
    """Return Spearman's rho in [-1, 1]: Pearson's r of mid-ranks. Arguments as for `pearson`.

    Ranks are taken anew in every resample.

    >>> round(spearman([1, 2, 3, 4], [1, 9, 4, 16]).value, 3)
    0.8
    """
    from eval.weighted import spearman_of  # noqa: PLC0415 - numpy, 0.1 s

    return _correlation(spearman_of, x, y, groups, using)


def kendall(
    x: Sequence[float],
    y: Sequence[float],
    *,
    groups: Sequence[Hashable] | None = None,
    using: Resampling = DEFAULT,
) -> Estimate:
    """Return Kendall's tau-b in [-1, 1] (Kendall 1945, with ties). Arguments as for `pearson`.

    >>> round(kendall([1, 2, 3, 4], [1, 3, 2, 4]).value, 3)
    0.667
    """
    from eval.weighted import kendall_of  # noqa: PLC0415 - numpy, 0.1 s

    return _correlation(kendall_of, x, y, groups, using)


def roc_auc(
    scores: Sequence[float],
    positive: Sequence[bool],
    *,
    groups: Sequence[Hashable] | None = None,
    using: Resampling = DEFAULT,
) -> Estimate:
    """Return the chance, in [0, 1], that a positive row scores above a negative one; a tie is half.

    The Mann-Whitney statistic over its maximum (Hanley and McNeil 1982).

    >>> roc_auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]).value
    0.75
    """
    from eval.weighted import auc_of  # noqa: PLC0415 - numpy, 0.1 s

    note = _unusable(scores, positive)
    if note is None and len(set(map(bool, positive))) < 2:
        note = "all rows have the same label"
    return estimate(auc_of, (scores, positive), groups, using, note)


def ratio(
    hits: Sequence[float],
    totals: Sequence[float],
    *,
    groups: Sequence[Hashable] | None = None,
    using: Resampling = DEFAULT,
) -> Estimate:
    """Return sum(hits) / sum(totals), computed anew for every resample: a pooled score.

    >>> ratio([1, 3], [2, 3]).value
    0.8
    """
    from eval.weighted import ratio_of  # noqa: PLC0415 - numpy, 0.1 s

    note = _bad_numbers(hits, totals)
    if note is None and not any(totals):
        note = "the totals are all 0"
    return estimate(ratio_of, (hits, totals), groups, using, note)


def detection(
    flagged: Sequence[bool],
    positive: Sequence[bool],
    *,
    groups: Sequence[Hashable] | None = None,
    using: Resampling = DEFAULT,
) -> Detection:
    """Return precision, recall, F1 and balanced accuracy of flags against labels.

    Balanced accuracy is the mean of the recall of the positives and that of the negatives
    (Brodersen et al. 2010). A measure whose denominator is 0 is None, not 0.

    >>> found = detection([True, True, False, False], [True, False, False, False])
    >>> found.precision.value, found.recall.value, round(found.balanced_accuracy.value, 3)
    (0.5, 1.0, 0.833)
    """
    from eval.weighted import MEASURES, counts_of  # noqa: PLC0415 - numpy, 0.1 s

    cells = [(bool(f), bool(p)) for f, p in zip(flagged, positive, strict=True)]
    note = None if cells else "no rows"
    measures = {
        name: estimate(counts_of(measure), (flagged, positive), groups, using, note)
        for name, measure in MEASURES.items()
    }
    return Detection(
        tp=cells.count((True, True)),
        fp=cells.count((True, False)),
        fn=cells.count((False, True)),
        tn=cells.count((False, False)),
        **measures,
    )


def _correlation(
    kernel: Kernel,
    x: Sequence[float],
    y: Sequence[float],
    groups: Sequence[Hashable] | None,
    using: Resampling,
) -> Estimate:
    note = _unusable(x, y)
    for name, values in (("first", x), ("second", y)):
        if note is None and len(set(values)) == 1:
            note = f"all {len(values)} values of the {name} variable are {values[0]:g}"
    return estimate(kernel, (x, y), groups, using, note)


def _unusable(x: Sequence[float], y: Sequence[float]) -> str | None:
    note = _bad_numbers(x, y)
    return note or (f"{len(x)} rows, {_SMALLEST} wanted" if len(x) < _SMALLEST else None)


def _bad_numbers(x: Sequence[float], y: Sequence[float]) -> str | None:
    if len(x) != len(y):
        raise ValueError(f"one value per row wanted on both sides, got {len(x)} and {len(y)}")
    bad = sum(not (math.isfinite(a) and math.isfinite(b)) for a, b in zip(x, y, strict=True))
    if bad:
        return f"{bad} of {len(x)} rows are not finite numbers"
    return None if x else "no rows"
