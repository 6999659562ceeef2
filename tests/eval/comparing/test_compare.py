from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digest.codec import decode, encode
from digest.errors import UsageError
from eval.comparing.compare import compare
from eval.comparing.records import Comparison, Direction, Verdict
from eval.comparing.settings import CompareConfig
from eval.errors import NotComparableError
from eval.records import OutputState
from tests.eval.comparing.builders import SIGNATURES, entrant, output

CONFIG = CompareConfig(primary=("rouge2_fmeasure",), resamples=999)


def _scores(shift: float = 0.0, clusters: int = 40, seed: int = 0) -> list[float]:
    found = np.random.default_rng(seed).uniform(0.1, 0.3, clusters) + shift
    return [float(value) for value in found]


def _wobbly(shift: float, seed: int) -> list[float]:
    noise = np.random.default_rng(seed).normal(0, 0.02, 40)
    noise -= noise.mean()
    return [value + float(n) + shift for value, n in zip(_scores(), noise, strict=True)]


def test_a_better_system_is_called_better_and_its_baseline_worse() -> None:
    systems = [entrant("old", _scores()), entrant("new", _wobbly(0.03, 1))]
    there = compare(systems, CONFIG, baseline="old").pairs[0]
    back = compare(systems, CONFIG, baseline="new").pairs[0]

    metric, other = there.metric("rouge2_fmeasure"), back.metric("rouge2_fmeasure")
    assert metric is not None
    assert other is not None
    assert (there.verdict, back.verdict) == (Verdict.BETTER, Verdict.WORSE)
    assert metric.difference == pytest.approx(-(other.difference or 0))
    assert metric.wins == other.losses
    assert (metric.p, metric.n, metric.direction) == (other.p, 40, Direction.HIGHER)
    assert metric.interval is not None
    assert metric.interval.low is not None
    assert 0 < metric.interval.low < (metric.difference or 0) < (metric.interval.high or 0)


def test_less_is_better_where_it_is() -> None:
    old = entrant("old", _scores(), metric="max_similarity")
    new = entrant("new", _wobbly(-0.03, 1), metric="max_similarity")
    config = CompareConfig(primary=("max_similarity",), resamples=999)
    pair = compare([old, new], config, baseline="old").pairs[0]
    assert pair.verdict is Verdict.BETTER
    assert pair.metrics[0].wins > pair.metrics[0].losses


def test_noise_is_no_difference_and_says_what_could_have_been_shown() -> None:
    pair = compare([entrant("a", _scores()), entrant("b", _wobbly(0, 5))], CONFIG).pairs[0]
    assert pair.verdict is Verdict.NO_DIFFERENCE
    assert pair.metrics[0].mde80 == pytest.approx(2.8 * 0.02 / 40**0.5, rel=0.4)


def test_the_same_bytes_are_no_change_and_nothing_more_is_said() -> None:
    one, two = entrant("a", _scores(), text="t"), entrant("b", _scores(), text="t")
    comparison = compare([one, two], CONFIG)
    pair = comparison.pairs[0]
    assert (pair.identical, pair.verdict, pair.metrics) == (True, Verdict.NO_CHANGE, ())
    assert comparison.systems[0].outputs_sha256 == comparison.systems[1].outputs_sha256


def test_all_pairs_or_one_baseline_and_every_test_counts_for_holm() -> None:
    systems = [entrant(name, _wobbly(0.004 * n, n)) for n, name in enumerate("abcd")]
    every = compare(systems, CONFIG)
    one = compare(systems, CONFIG, baseline="b")
    assert len(every.pairs) == 6
    assert [(p.baseline, p.candidate) for p in one.pairs] == [("b", "a"), ("b", "c"), ("b", "d")]
    p_values = [m.p or 0 for p in every.pairs for m in p.metrics]
    adjusted = [m.p_adjusted or 0 for p in every.pairs for m in p.metrics]
    assert min(adjusted) == pytest.approx(6 * min(p_values))


def test_metrics_that_were_not_declared_get_intervals_and_no_verdict() -> None:
    config = CompareConfig(primary=("entity_precision_source",), resamples=999)
    systems = [entrant("a", _scores()), entrant("b", _wobbly(0.1, 1))]
    systems = [
        replace(
            system,
            outputs={
                name: output(
                    text=one.sha256,
                    values={n: v.value for n, v in one.values.items()}
                    | {"entity_precision_source": 1.0},
                )
                for name, one in system.outputs.items()
            },
        )
        for system in systems
    ]
    metric = compare(systems, config).pairs[0].metric("rouge2_fmeasure")
    assert metric is not None
    assert (metric.p, metric.p_adjusted, metric.primary) == (None, None, False)
    assert metric.verdict is Verdict.INTERVAL_ONLY
    assert metric.interval is not None


def test_missing_outputs_score_worst_and_are_counted() -> None:
    scores: list[float | None] = [*_scores()]
    lost = {0: OutputState.MISSING, 1: OutputState.FAILED}
    systems = [entrant("a", scores), entrant("b", [None, None, *scores[2:]], states=lost)]
    comparison = compare(systems, CONFIG)
    metric = comparison.pairs[0].metrics[0]
    assert (metric.n, metric.losses, metric.ties) == (40, 2, 38)
    assert metric.difference == pytest.approx(-((scores[0] or 0) + (scores[1] or 0)) / 40)
    assert "b: 2 of 40 outputs are missing, failed or empty" in " ".join(comparison.notes)
    states = {c.what: c.count for c in comparison.system("b").states}
    assert states == {"failed": 1, "missing": 1, "written": 38}


def test_missing_outputs_get_the_worst_value_seen_where_less_is_better() -> None:
    config = CompareConfig(primary=("max_similarity",), resamples=999)
    scores = _scores()
    lost = {0: OutputState.FAILED}
    systems = [
        entrant("a", scores, metric="max_similarity"),
        entrant("b", [0.0, *scores[1:]], metric="max_similarity", states=lost),
    ]
    found = compare(systems, config).pairs[0].metrics[0]
    assert found.candidate_mean == pytest.approx((max(scores) + sum(scores[1:])) / 40)
    declared = config.model_copy(update={"missing": "as_scored"})
    assert (compare(systems, declared).pairs[0].metrics[0].difference or 0) < 0


def test_nothing_is_worst_where_nobody_has_a_value() -> None:
    lost = {0: OutputState.FAILED}
    systems = [
        entrant("a", [None, *_scores()[1:]]),
        entrant("b", [None, *_scores()[1:]], states=lost),
    ]
    assert compare(systems, CONFIG).pairs[0].metrics[0].n == 39


def test_outputs_that_name_nothing_are_left_out_and_counted() -> None:
    scores: list[float | None] = [*_scores()]
    systems = [entrant("a", [None, None, *scores[2:]]), entrant("b", [None, *scores[1:]])]
    metric = compare(systems, CONFIG).pairs[0].metrics[0]
    assert metric.n == 38
    assert {c.what: c.count for c in metric.without} == {
        "both: nothing named": 1,
        "baseline: nothing named": 1,
    }


def test_other_signatures_are_refused_with_what_differs() -> None:
    other = {**SIGNATURES, "rouge": "rouge1|mref:mean|v:1"}
    systems = [entrant("a", _scores()), entrant("b", _scores(), signatures=other)]
    with pytest.raises(
        NotComparableError, match="rouge: a has mref:best, b has mref:mean"
    ) as found:
        compare(systems, CONFIG)
    assert found.value.exit_code == 5
    assert "rescore" in str(found.value)


def test_other_clusters_are_refused_with_their_names() -> None:
    with pytest.raises(NotComparableError, match=r"1 of 40 clusters are in a .*'c039'"):
        compare([entrant("a", _scores()), entrant("b", _scores(clusters=39))], CONFIG)
    other = entrant("b", _scores())
    changed = replace(other.outputs["c003"], example_sha256="y")
    other = replace(other, outputs={**other.outputs, "c003": changed})
    with pytest.raises(NotComparableError, match=r"1 of 40 clusters have other articles.*'c003'"):
        compare([entrant("a", _scores()), other], CONFIG)


def test_usage() -> None:
    systems = [entrant("a", _scores()), entrant("b", _scores())]
    with pytest.raises(UsageError, match="two systems or more"):
        compare(systems[:1], CONFIG)
    with pytest.raises(UsageError, match="two systems are called 'a'"):
        compare([systems[0], systems[0]], CONFIG)
    with pytest.raises(UsageError, match="no system is called 'c'; there are a, b"):
        compare(systems, CONFIG, baseline="c")
    wrong = CompareConfig(primary=("rouge2_fmesure",))
    with pytest.raises(UsageError, match="did you mean 'rouge2_fmeasure'"):
        compare(systems, wrong)


def test_few_clusters_are_told_apart_from_no_difference() -> None:
    notes = compare([entrant("a", [0.1] * 4), entrant("b", [0.2, 0.3, 0.2, 0.4])], CONFIG).notes
    assert any("cannot reach p 0.05" in note for note in notes)
    assert any("too narrow" in note for note in notes)


def test_a_comparison_is_the_same_each_time_and_can_be_read_back() -> None:
    systems = [entrant("a", _scores()), entrant("b", _wobbly(0.01, 2))]
    first, second = (encode(compare(systems, CONFIG)) for _ in range(2))
    assert first == second
    assert encode(decode(Comparison, first)) == first


def test_better_on_one_and_worse_on_another_is_both() -> None:
    def both(name: str, up: float, seed: int) -> object:
        one, two = _wobbly(up, seed), _wobbly(-up, seed + 1)
        return replace(
            entrant(name, one),
            outputs={
                f"c{n:03}": output(
                    text=f"{name}{n}",
                    values={"rouge2_fmeasure": a, "entity_precision_source": b},
                )
                for n, (a, b) in enumerate(zip(one, two, strict=True))
            },
        )

    config = CompareConfig(primary=("rouge2_fmeasure", "entity_precision_source"), resamples=999)
    pair = compare([both("a", 0.0, 1), both("b", 0.05, 3)], config).pairs[0]  # type: ignore[list-item]
    assert pair.verdict is Verdict.MIXED
    assert len(pair.reasons) == 2
