"""Tests keep their promises: simulated on scores that nobody can tell apart."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.calibration import KINDS, coverage, family_rates, rates, read_scores

if TYPE_CHECKING:
    from eval.weighted import Floats

OURS = "sign flips (ours)"
needs_data = pytest.mark.skipif("DIGEST_DATA" not in os.environ, reason="needs DIGEST_DATA")


def _skewed(clusters: int = 60, systems: int = 16) -> Floats:
    """Return scores like those of faithfulness: most are 1, and hard clusters are hard for all."""
    rng = np.random.default_rng(11)
    hard = rng.uniform(0, 0.5, (clusters, 1))
    wrong = rng.random((clusters, systems)) < hard
    found: Floats = np.where(wrong, rng.beta(5, 2, (clusters, systems)), 1.0)
    return found


def test_skewed_scores_alarm_no_more_than_declared() -> None:
    alarms, _ = rates(_skewed(), 120)[OURS]
    assert alarms <= 9  # 5 expected; the dice are fixed


def test_eight_alike_systems_alarm_no_more_than_declared_together() -> None:
    found = family_rates(_skewed(), 60)
    for uncorrected, corrected in found.values():
        assert corrected <= 9
        assert uncorrected > corrected  # the correction is needed


@needs_data
def test_real_scores_keep_the_promises_roughly() -> None:
    scores = read_scores(["rouge2"])["rouge2"]
    found = rates(scores, 100)
    assert found[OURS][0] <= 9
    assert 68 <= found[OURS][1] <= 92
    assert found["sacreBLEU's paired bootstrap"][0] > found[OURS][0]
    assert coverage(scores, 100) >= 90


@pytest.mark.slow
@needs_data
@pytest.mark.parametrize("kind", KINDS)
def test_real_scores_keep_the_promises(kind: str) -> None:
    scores = read_scores([kind])[kind]
    alarms, found = rates(scores, 400)[OURS]
    assert 3 <= alarms <= 7
    assert 75 <= found <= 85
    assert all(corrected <= 7 for _, corrected in family_rates(scores, 400).values())


_SHORT = pytest.mark.xfail(reason="BCa covers 92.3 of 100 here: too narrow on these 100 clusters")


@pytest.mark.slow
@needs_data
@pytest.mark.parametrize("kind", ["rouge2", pytest.param("rougeLsum", marks=_SHORT)])
def test_intervals_of_real_scores_cover_what_they_say(kind: str) -> None:
    assert 93 <= coverage(read_scores([kind])[kind], 400) <= 97
