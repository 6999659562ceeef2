from __future__ import annotations

import numpy as np
import pytest

from eval.comparing.records import Outcome
from eval.nights.records import Cause, Fact, Level, Noise, TrendPoint
from eval.nights.settings import TrendConfig
from eval.nights.steps import find_steps, segment

CONFIG = TrendConfig(permutations=499)
METRIC = "rouge2_fmeasure"


def _point(
    night: int, mean: float | None, *, noise: float = 0.0, facts: tuple[Fact, ...] = ()
) -> TrendPoint:
    return TrendPoint(
        night=f"n{night:02}",
        configuration="default",
        corpus="seeds",
        outcome=Outcome.PASS,
        outputs_sha256="",
        n=10,
        states=(),
        levels=(Level(metric=METRIC, mean=mean, sd=0.1, n=10),),
        noise=(Noise(metric=METRIC, difference=noise, runs=2),),
        facts=facts,
    )


def _fact(cause: Cause, name: str, value: str) -> Fact:
    return Fact(cause=cause, name=name, value=value)


def test_where_generation_is_deterministic_every_change_is_a_step() -> None:
    points = [_point(n, 0.2 if n < 2 else 0.18) for n in range(3)]
    (step,) = find_steps(points, [METRIC], CONFIG)
    assert (step.night, step.previous_night, step.p) == ("n02", "n01", None)
    assert (step.before, step.after) == (0.2, 0.18)
    assert step.causes[0].cause is Cause.UNEXPLAINED


@pytest.mark.parametrize("cause", [c for c in Cause if c is not Cause.UNEXPLAINED])
def test_a_step_has_the_cause_that_changed_that_night(cause: Cause) -> None:
    points = [
        _point(n, 0.2 if n < 4 else 0.18, facts=(_fact(cause, "x", "1" if n < 4 else "2"),))
        for n in range(6)
    ]
    (step,) = find_steps(points, [METRIC], CONFIG)
    assert step.night == "n04"
    assert [(c.cause, c.name, c.before, c.after) for c in step.causes] == [(cause, "x", "1", "2")]


def test_a_step_in_a_noisy_history_is_found_beside_the_change_that_made_it() -> None:
    rng = np.random.default_rng(0)
    facts = {"old": (_fact(Cause.LIBRARY, "torch", "2.6"),)}
    facts["new"] = (_fact(Cause.LIBRARY, "torch", "2.7"),)
    points = [
        _point(
            n,
            float(rng.normal(0.2 if n < 12 else 0.17, 0.01)),
            noise=0.01,
            facts=facts["old" if n < 12 else "new"],
        )
        for n in range(24)
    ]
    (step,) = find_steps(points, [METRIC], CONFIG)
    assert step.night == "n12"
    assert step.p is not None
    assert step.p <= 0.01
    assert step.before == pytest.approx(0.2, abs=0.01)
    assert step.causes[0].after == "2.7"


def test_a_noisy_history_without_a_step_has_none_in_99_of_100() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(0.2, 0.01, (200, 20))
    found = sum(bool(segment(row, alpha=0.01, permutations=499)) for row in rows)
    assert found <= 6  # 2 expected; more than 6 has a chance below 1 in 200


def test_two_steps_are_told_apart() -> None:
    values = np.concatenate([np.tile(v, 8) + np.tile([0, 0.001], 4) for v in (0.1, 0.3, 0.2)])
    assert [place for place, _ in sorted(segment(values, alpha=0.01, permutations=499))] == [8, 16]


def test_a_short_or_level_history_has_no_step() -> None:
    assert segment(np.array([0.1, 0.9, 0.1]), alpha=0.01, permutations=499) == []
    assert segment(np.full(30, 0.1), alpha=0.01, permutations=499) == []
    assert find_steps([_point(0, 0.1)], [METRIC], CONFIG) == ()
    assert find_steps([], [METRIC], CONFIG) == ()


def test_nights_without_the_metric_are_passed_over() -> None:
    points = [_point(0, 0.1), _point(1, None), _point(2, 0.2)]
    (step,) = find_steps(points, [METRIC, "words"], CONFIG)
    assert (step.previous_night, step.night) == ("n00", "n02")
