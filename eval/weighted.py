"""Statistics of two columns as functions of group weights: what `eval.stats` resamples.

Each kernel takes `(x, y, of_row, groups)`, the columns, the group number of each row and how many
groups there are, and returns a function from weights, shape (draws, groups), to values, shape
(draws,). A weight is how often a group was drawn. nan stands where a draw has no value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Statistic: TypeAlias = Callable[[Floats], Floats]
Measure: TypeAlias = Callable[[Floats, Floats, Floats, Floats], Floats]


def pearson_of(x: Floats, y: Floats, of_row: Integers, groups: int) -> Statistic:
    """Return Pearson's r from the sums of moments per group."""
    a, b = x - x.mean(), y - y.mean()  # keeps the differences of large numbers exact
    sums = _per_group([np.ones_like(a), a, b, a * a, b * b, a * b], of_row, groups)

    def value(weights: Floats) -> Floats:
        n, sa, sb, saa, sbb, sab = (weights @ sums).T
        covariance = n * sab - sa * sb
        return _divided(covariance, np.sqrt(_spread(n, sa, saa) * _spread(n, sb, sbb)))

    return value


def spearman_of(x: Floats, y: Floats, of_row: Integers, groups: int) -> Statistic:  # noqa: ARG001 - one shape for all kernels
    """Return Spearman's rho: Pearson's r of the mid-ranks of the rows drawn."""
    rank_x, rank_y = _ranker(x), _ranker(y)

    def value(weights: Floats) -> Floats:
        rows = weights[:, of_row]
        a, b = rank_x(rows), rank_y(rows)
        n = rows.sum(axis=1)
        middle = ((n + 1) / 2)[:, None]  # the mean of all mid-ranks
        a -= middle
        b -= middle
        weighted = rows * a
        saa = np.einsum("ij,ij->i", weighted, a)
        sab = np.einsum("ij,ij->i", weighted, b)
        sbb = np.einsum("ij,ij,ij->i", rows, b, b)
        return _divided(sab, np.sqrt(saa * sbb))

    return value


def kendall_of(x: Floats, y: Floats, of_row: Integers, groups: int) -> Statistic:
    """Return tau-b as three quadratic forms: concordance, and untied pairs on either side.

    Two draws of one row are a tie on both sides, as in the resample written out.
    """
    order = np.argsort(of_row, kind="stable")
    starts = np.searchsorted(of_row[order], np.arange(groups))
    sign_x = np.sign(x[order][:, None] - x[order])
    sign_y = np.sign(y[order][:, None] - y[order])

    def form(pairs: Floats) -> Floats:
        return np.add.reduceat(np.add.reduceat(pairs, starts, axis=0), starts, axis=1)

    agree, untied_x, untied_y = form(sign_x * sign_y), form(abs(sign_x)), form(abs(sign_y))

    def value(weights: Floats) -> Floats:
        def pairs(matrix: Floats) -> Floats:
            return np.asarray(np.einsum("ij,ij->i", weights @ matrix, weights))

        return _divided(pairs(agree), np.sqrt(pairs(untied_x) * pairs(untied_y)))

    return value


def auc_of(scores: Floats, positive: Floats, of_row: Integers, groups: int) -> Statistic:  # noqa: ARG001 - one shape for all kernels
    """Return the Mann-Whitney statistic of the positives over its maximum."""
    rank = _ranker(scores)

    def value(weights: Floats) -> Floats:
        rows = weights[:, of_row]
        above = rows @ positive
        ranks = np.einsum("ij,ij,j->i", rows, rank(rows), positive)
        return _divided(ranks - above * (above + 1) / 2, above * (rows.sum(axis=1) - above))

    return value


def ratio_of(hits: Floats, totals: Floats, of_row: Integers, groups: int) -> Statistic:
    """Return sum(hits) / sum(totals)."""
    sums = _per_group([hits, totals], of_row, groups)

    def value(weights: Floats) -> Floats:
        top, bottom = (weights @ sums).T
        return _divided(top, bottom)

    return value


def counts_of(measure: Measure) -> Callable[[Floats, Floats, Integers, int], Statistic]:
    """Return the kernel of a measure of the four counts tp, fp, fn, tn."""

    def kernel(flagged: Floats, positive: Floats, of_row: Integers, groups: int) -> Statistic:
        cells = [
            flagged * positive,
            flagged * (1 - positive),
            (1 - flagged) * positive,
            (1 - flagged) * (1 - positive),
        ]
        sums = _per_group(cells, of_row, groups)
        return lambda weights: measure(*(weights @ sums).T)

    return kernel


def _precision(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:  # noqa: ARG001 - a measure takes the four counts
    return _divided(tp, tp + fp)


def _recall(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:  # noqa: ARG001 - as above
    return _divided(tp, tp + fn)


def _f1(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:  # noqa: ARG001 - as above
    return _divided(2 * tp, 2 * tp + fp + fn)


def _balanced(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:
    return (_divided(tp, tp + fn) + _divided(tn, tn + fp)) / 2


MEASURES: dict[str, Measure] = {
    "precision": _precision,
    "recall": _recall,
    "f1": _f1,
    "balanced_accuracy": _balanced,
}


def _per_group(columns: list[Floats], of_row: Integers, groups: int) -> Floats:
    """Return the sums of columns per group, shape (groups, len(columns))."""
    return np.stack([np.bincount(of_row, weights=c, minlength=groups) for c in columns], axis=1)


def _ranker(values: Floats) -> Callable[[Floats], Floats]:
    """Return a function from row weights to the mid-ranks of rows, both (draws, rows)."""
    unique, inverse = np.unique(values, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    starts = np.searchsorted(inverse[order], np.arange(len(unique)))

    def ranks(rows: Floats) -> Floats:
        tied: Any = np.add.reduceat(rows[:, order], starts, axis=1)
        upto = np.cumsum(tied, axis=1)
        middle: Floats = upto - (tied - 1) / 2
        return middle[:, inverse]

    return ranks


def _spread(n: Floats, total: Floats, squares: Floats) -> Floats:
    """Return n times the sum of squared deviations, 0 where only rounding keeps it from 0."""
    spread = n * squares - total * total
    return np.where(spread > 1e-12 * n * squares, spread, 0.0)


def _divided(top: Floats, bottom: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)
