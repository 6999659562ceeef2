from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats as scipy_stats
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score

from eval import stats
from eval.stats import Estimate, Resampling
from eval.thresholds import balanced_accuracy_by_halves, best_threshold

if TYPE_CHECKING:
    from collections.abc import Callable

_FAST = Resampling(resamples=200)


def _tied(n: int = 120) -> tuple[list[float], list[float], list[int]]:
    rng = np.random.default_rng(7)
    documents = np.repeat(np.arange(n // 4), 4)
    x = np.round(rng.normal(size=n), 1)
    y = np.round(0.5 * x + rng.normal(size=n // 4)[documents] + rng.normal(size=n), 1)
    return x.tolist(), y.tolist(), documents.tolist()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (stats.pearson, scipy_stats.pearsonr),
        (stats.spearman, scipy_stats.spearmanr),
        (stats.kendall, scipy_stats.kendalltau),
    ],
)
@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_correlations_are_scipys(
    ours: Callable[..., Estimate], theirs: Callable[..., Any], shift: float
) -> None:
    x, y, documents = _tied()
    x = [value + shift for value in x]
    found = ours(x, y, groups=documents, using=_FAST)
    assert found.value == pytest.approx(theirs(x, y)[0], abs=1e-9)
    assert found.low is not None
    assert found.value is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    assert (found.n, found.level, found.note) == (120, 0.95, None)
    assert found.method == "BCa, 200 resamples of 30 groups"


@pytest.mark.parametrize("name", ["pearson", "spearman", "kendall"])
def test_intervals_are_scipys_bca_of_the_plain_statistic(name: str) -> None:
    x, y, _ = _tied(40)
    named: dict[str, Callable[..., Any]] = {
        "pearson": scipy_stats.pearsonr,
        "spearman": scipy_stats.spearmanr,
        "kendall": scipy_stats.kendalltau,
    }
    plain = named[name]
    theirs = scipy_stats.bootstrap(
        (np.arange(40),),
        lambda drawn: plain(np.array(x)[drawn], np.array(y)[drawn])[0],
        vectorized=False,
        n_resamples=200,
        rng=np.random.default_rng(3),
    ).confidence_interval
    ours = getattr(stats, name)(x, y, using=Resampling(seed=3, resamples=200))
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs), abs=1e-9)


def test_rows_of_a_group_are_drawn_together() -> None:
    """Each row four times over is no more evidence than once."""
    x, y, _ = _tied(40)
    once = stats.spearman(x, y, using=_FAST)
    rows = [i for i in range(40) for _ in range(4)]
    four = stats.spearman([x[i] for i in rows], [y[i] for i in rows], groups=rows, using=_FAST)
    assert four.value == pytest.approx(once.value)
    assert (four.low, four.high) == pytest.approx((once.low, once.high), abs=1e-9)
    apart = stats.spearman([x[i] for i in rows], [y[i] for i in rows], using=_FAST)
    assert apart.low is not None
    assert apart.high is not None
    assert once.low is not None
    assert once.high is not None
    assert apart.high - apart.low < 0.7 * (once.high - once.low)


def test_the_interval_covers_as_often_as_it_says() -> None:
    """Of 200 samples of 60 pairs with rho .5; a binomial of .95 stays within 180..199."""
    rng = np.random.default_rng(11)
    true, hits = 0.5, 0
    for _ in range(200):
        pairs = rng.multivariate_normal([0, 0], [[1, true], [true, 1]], size=60)
        found = stats.pearson(pairs[:, 0].tolist(), pairs[:, 1].tolist(), using=_FAST)
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= true <= found.high
    assert 180 <= hits <= 199


def test_auc_is_sklearns_and_a_tie_counts_half() -> None:
    x, y, documents = _tied()
    positive = [value > 0.4 for value in y]
    found = stats.roc_auc(x, positive, groups=documents, using=_FAST)
    assert found.value == pytest.approx(roc_auc_score(positive, x))
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low < found.high <= 1
    assert stats.roc_auc([1, 1, 1, 1], [True, False, True, False], using=_FAST).value == 0.5


def test_detection_is_sklearns() -> None:
    x, y, documents = _tied()
    flagged, positive = [value > 0 for value in x], [value > 0.4 for value in y]
    found = stats.detection(flagged, positive, groups=documents, using=_FAST)
    assert found.tp + found.fp + found.fn + found.tn == 120
    assert found.precision.value == pytest.approx(found.tp / (found.tp + found.fp))
    assert found.recall.value == pytest.approx(found.tp / (found.tp + found.fn))
    assert found.f1.value == pytest.approx(f1_score(positive, flagged))
    assert found.balanced_accuracy.value == pytest.approx(
        balanced_accuracy_score(positive, flagged)
    )


def test_what_is_not_defined_is_none_with_a_reason() -> None:
    assert stats.pearson([1, 1, 1], [1, 2, 3]).value is None
    assert stats.spearman([1, 2, 3], [4, 4, 4]).note == "all 3 values of the second variable are 4"
    assert stats.kendall([1, math.nan, 3], [1, 2, 3]).note == "1 of 3 rows are not finite numbers"
    assert stats.pearson([1, 2], [1, 2]).note == "2 rows, 3 wanted"
    assert stats.pearson([], []).note == "no rows"
    assert stats.roc_auc([1, 2, 3], [True, True, True]).note == "all rows have the same label"
    assert stats.ratio([0, 0], [0, 0]).note == "the totals are all 0"
    nothing = stats.detection([False, False], [False, False])
    assert nothing.precision.value is None
    assert nothing.f1.note == "the denominator is 0"
    assert nothing.tn == 2
    assert stats.detection([], []).recall.note == "no rows"


def test_columns_of_different_length_are_a_bug() -> None:
    with pytest.raises(ValueError, match="got 3 and 2"):
        stats.pearson([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="got 2 for 3 rows"):
        stats.pearson([1, 2, 3], [1, 3, 2], groups=["a", "b"])


def test_too_few_groups_have_a_value_but_no_interval() -> None:
    found = stats.pearson([1, 2, 3, 4], [1, 3, 2, 4], groups=["a", "a", "b", "b"])
    assert found.value == pytest.approx(0.8)
    assert (found.low, found.high) == (None, None)
    assert found.method == "no interval from 2 groups"


def test_where_bca_has_no_value_the_percentile_interval_stands() -> None:
    found = stats.spearman([1, 2, 3, 4, 5, 6], [2, 4, 6, 8, 10, 12], using=_FAST)
    assert (found.value, found.low, found.high) == pytest.approx((1, 1, 1))
    assert found.method.startswith("percentile")


def test_draws_without_a_value_take_the_interval_away() -> None:
    """One positive in six: a third of the draws have none, and no recall."""
    found = stats.detection([True] + [False] * 5, [True] + [False] * 5, using=_FAST).recall
    assert found.value == 1
    assert found.low is None
    assert "have a value" in found.method


def test_no_interval_is_made_where_none_is_asked_for() -> None:
    found = stats.pearson([1, 2, 3, 4], [1, 3, 2, 4], using=Resampling(resamples=0))
    assert (found.low, found.high, found.method) == (None, None, "no interval asked for")


def test_the_same_seed_gives_the_same_interval() -> None:
    x, y, documents = _tied()
    one, two = (stats.spearman(x, y, groups=documents, using=_FAST) for _ in range(2))
    assert one == two
    other = stats.spearman(x, y, groups=documents, using=Resampling(seed=1, resamples=200))
    assert other.value == one.value
    assert other.low != one.low


def test_a_pooled_ratio_is_recomputed_from_its_counts() -> None:
    hits, totals = [3.0, 0.0, 5.0, 2.0, 4.0], [4.0, 2.0, 5.0, 6.0, 4.0]
    found = stats.ratio(hits, totals, using=_FAST)
    assert found.value == pytest.approx(14 / 21)
    theirs = scipy_stats.bootstrap(
        (np.arange(5),),
        lambda i: np.array(hits)[i].sum() / np.array(totals)[i].sum(),
        vectorized=False,
        n_resamples=200,
        rng=np.random.default_rng(0),
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx(tuple(theirs))


@pytest.mark.parametrize(
    ("scores", "positive", "expected"),
    [
        ([1, 2, 3, 4], [False, False, True, True], 3),
        ([1, 2, 2, 4], [False, True, False, True], 2),
        ([1, 2, 3], [True, True, True], None),
        ([], [], None),
        ([1, 2, 3], [True, False, True], 3),
        # From 3 on and from 1 on are equally good: the lowest is taken.
        ([1, 2, 3, 4], [True, False, False, True], 4),
        ([1, 2, 3, 4], [True, False, True, False], 1),
    ],
)
def test_best_threshold(scores: list[float], positive: list[bool], expected: float | None) -> None:
    assert best_threshold(scores, positive) == expected


def test_no_row_sees_a_threshold_chosen_on_itself() -> None:
    """Labels of a coin's toss: chosen on the same rows a threshold looks better than chance."""
    rng = np.random.default_rng(5)
    scores, positive = rng.normal(size=400).tolist(), (rng.random(400) < 0.5).tolist()
    cut = best_threshold(scores, positive)
    assert cut is not None
    same = stats.detection([s >= cut for s in scores], positive, using=_FAST).balanced_accuracy
    unseen = balanced_accuracy_by_halves(scores, positive, using=_FAST)
    assert same.value is not None
    assert unseen.value is not None
    assert unseen.value < same.value
    assert "chosen on the other half" in unseen.method


def test_halves_with_one_label_have_no_balanced_accuracy() -> None:
    found = balanced_accuracy_by_halves([1, 2, 3], [True, False, True], using=_FAST)
    assert found.value is None
    assert found.note == "a half of the groups has only one label"
    assert found.n == 3
