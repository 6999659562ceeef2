"""A threshold that nobody gave: chosen on one half of the groups, used on the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eval.intervals import DEFAULT, Estimate, Resampling
from eval.stats import detection

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


def best_threshold(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Return the score from which on to flag so that balanced accuracy is highest.

    Of equal ones the lowest; None where all labels are the same.

    >>> best_threshold([0.1, 0.4, 0.5, 0.8], [False, False, True, True])
    0.5
    """
    total = sum(positive)
    negatives = len(positive) - total
    if not total or not negatives:
        return None
    best, threshold = -1.0, None
    hits = alarms = 0
    ranked = sorted(zip(scores, positive, strict=True), reverse=True)
    for place, (score, label) in enumerate(ranked):
        hits += label
        alarms += not label
        last = place + 1 == len(ranked) or ranked[place + 1][0] < score
        accuracy = hits / total + 1 - alarms / negatives
        if last and accuracy >= best:
            best, threshold = accuracy, score
    return threshold


def balanced_accuracy_by_halves(
    scores: Sequence[float],
    positive: Sequence[bool],
    *,
    groups: Sequence[Hashable] | None = None,
    using: Resampling = DEFAULT,
) -> Estimate:
    """Return the balanced accuracy of flagging high scores, every row by a threshold unseen.

    Groups in order of first appearance are dealt to two halves in turn. The threshold of each half
    is the best one of the other, and `method` states both. The interval takes them as given, so it
    leaves out what choosing them again would add.

    >>> found = balanced_accuracy_by_halves([1, 1, 8, 8] * 3, [False, False, True, True] * 3)
    >>> found.value, found.method
    (1.0, 'percentile, 2000 resamples of 12 groups; flagged from 8 or 8, chosen on the other half')
    """
    rows = range(len(scores))
    of_row = list(rows) if groups is None else list(groups)
    half = {group: number % 2 for number, group in enumerate(dict.fromkeys(of_row))}
    chosen = [
        best_threshold(
            [scores[i] for i in rows if half[of_row[i]] != side],
            [bool(positive[i]) for i in rows if half[of_row[i]] != side],
        )
        for side in (0, 1)
    ]
    if None in chosen:
        found = detection([], [], using=using).balanced_accuracy
        return replace(found, n=len(rows), note="a half of the groups has only one label")
    cuts = [cut for cut in chosen if cut is not None]
    flagged = [scores[i] >= cuts[half[of_row[i]]] for i in rows]
    found = detection(flagged, positive, groups=of_row, using=using).balanced_accuracy
    stated = f"flagged from {cuts[0]:.3g} or {cuts[1]:.3g}, chosen on the other half"
    return replace(found, method=f"{found.method}; {stated}")
