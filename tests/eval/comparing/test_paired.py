from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap, permutation_test

from eval.comparing.paired import (
    flip_p_values,
    flips_needed,
    holm,
    paired,
    pooled_intervals,
)
from eval.intervals import Resampling

USING = Resampling(resamples=999)


def _some(
    clusters: int = 40, metrics: int = 3
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.random.default_rng(1).normal(0.02, 0.1, (clusters, metrics))


def test_intervals_are_those_of_scipy_for_each_metric_alone() -> None:
    differences = _some()
    for place, found in enumerate(paired(differences, USING)):
        alone = bootstrap(
            (differences[:, place],),
            np.mean,
            n_resamples=999,
            method="BCa",
            rng=np.random.default_rng(0),
        ).confidence_interval
        assert found.interval is not None
        assert (found.interval.low, found.interval.high) == pytest.approx(tuple(alone), abs=1e-12)
        assert found.interval.method.startswith("BCa")


def test_p_values_are_those_of_scipy_for_each_metric_alone() -> None:
    differences = _some()
    for place, p in enumerate(flip_p_values(differences, flips=999, seed=3)):
        alone = permutation_test(
            (differences[:, place],),
            lambda x, axis: x.mean(axis=axis),
            permutation_type="samples",
            vectorized=True,
            n_resamples=999,
            rng=np.random.default_rng(3),
        )
        assert p == alone.pvalue


def test_few_clusters_are_tested_exactly() -> None:
    # 2 of the 16 sign patterns of four equal signs are as extreme.
    assert flip_p_values(np.array([[0.1], [0.2], [0.1], [0.4]]), flips=999, seed=0) == [2 / 16]


def test_many_hypotheses_are_tested_in_parts_with_the_same_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    differences = _some(metrics=7)
    whole = flip_p_values(differences, flips=999, seed=0)
    monkeypatch.setattr("eval.comparing.paired._CELLS", 3_000)
    assert flip_p_values(differences, flips=999, seed=0) == whole


def test_equal_differences_are_a_special_case() -> None:
    same, none = paired(np.array([[0.25, 0.0]] * 5), USING)
    assert same.interval is not None
    assert (same.interval.low, same.interval.high) == (0.25, 0.25)
    assert "equal" in same.interval.method
    assert (same.sd, same.effect, same.mde80) == (0.0, None, 0.0)
    assert (none.mean, none.ties) == (0.0, 5)


def test_clusters_without_a_value_are_left_out() -> None:
    nan = float("nan")
    (found,) = paired(np.array([[0.1], [nan], [0.3], [-0.1], [0.0]]), USING)
    assert (found.n, found.above, found.ties, found.below) == (4, 2, 1, 1)
    assert found.mean == pytest.approx(0.075)
    (empty,) = paired(np.array([[nan], [nan]]), USING)
    assert (empty.n, empty.mean, empty.interval, empty.sd) == (0, None, None, None)
    assert flip_p_values(np.array([[nan], [nan]]), flips=999, seed=0) == [None]


def test_two_clusters_have_no_interval() -> None:
    (found,) = paired(np.array([[0.1], [0.2]]), USING)
    assert found.interval is not None
    assert found.interval.low is None
    assert "2 groups" in found.interval.method


def test_the_mde_is_what_a_normal_test_finds_four_times_in_five() -> None:
    (found,) = paired(_some(100, 1), USING)
    assert found.sd is not None
    assert found.mde80 == pytest.approx(2.80 * found.sd / 10)


def test_pooled_ratios_are_taken_anew_of_every_draw() -> None:
    rng = np.random.default_rng(5)
    totals = rng.integers(1, 9, (30, 1)).astype(float)
    hits = np.minimum(totals, rng.integers(0, 9, (30, 1)))
    more = np.minimum(totals, hits + 1)
    (found,) = pooled_intervals((hits, totals), (more, totals), USING)
    difference = (more.sum() - hits.sum()) / totals.sum()
    assert found.low is not None
    assert found.high is not None
    assert found.low < difference < found.high

    def ratio(index: np.ndarray[tuple[int, ...], np.dtype[np.int64]], axis: int) -> object:
        bottom = totals[:, 0][index].sum(axis=axis)
        tops = (side[:, 0][index].sum(axis=axis) for side in (more, hits))
        one, other = (top / bottom for top in tops)
        return one - other

    alone = bootstrap(
        (np.arange(30),), ratio, n_resamples=999, method="BCa", rng=np.random.default_rng(0)
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx(tuple(alone), abs=1e-12)


def test_holm_skips_what_was_not_tested() -> None:
    assert holm([0.01, None, 0.03]) == [0.02, None, 0.03]
    assert holm([]) == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_keeps_the_order_and_is_no_stricter_than_bonferroni(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    pairs = sorted(zip(p_values, adjusted, strict=True))
    assert [q for _, q in pairs] == sorted(q for q in adjusted if q is not None)
    for p, q in pairs:
        assert q is not None
        assert p <= q <= min(1.0, len(p_values) * p) or q == pytest.approx(len(p_values) * p)


def test_large_families_get_as_many_patterns_as_they_need() -> None:
    flips = flips_needed(360, alpha=0.05, least=9_999)
    assert 360 * 2 / (flips + 1) < 0.05 / 4
