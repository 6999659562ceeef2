from __future__ import annotations

import numpy as np
import pytest

from digest.errors import ConfigError
from eval.comparing.gate import gate_comparison, gated_margins
from eval.comparing.records import Outcome
from eval.comparing.settings import CompareConfig, GateConfig
from tests.eval.comparing.builders import entrant

CONFIG = CompareConfig(resamples=999)
BASE = [float(v) for v in np.random.default_rng(0).uniform(0.1, 0.3, 60)]


def _gate(
    shift: float, *, spread: float = 0.01, margin: float = 0.02, metric: str = "rouge2_fmeasure"
) -> tuple[Outcome, str]:
    noise = np.random.default_rng(1).normal(0, spread, 60)
    other = [v + shift + float(n - noise.mean()) for v, n in zip(BASE, noise, strict=True)]
    systems = [entrant("old", BASE, metric=metric), entrant("new", other, metric=metric)]
    _, decision = gate_comparison(systems, CONFIG, {metric: margin})
    return decision.outcome, decision.reasons[0]


@pytest.mark.parametrize(
    ("shift", "spread", "outcome", "code"),
    [
        (0.0, 0.01, Outcome.PASS, 0),
        (-0.015, 0.01, Outcome.PASS, 0),  # a loss, surely within the margin
        (-0.03, 0.01, Outcome.REGRESSED, 3),
        (-0.018, 0.03, Outcome.REGRESSED, 3),  # surely a loss, the margin within reach
        (0.0, 0.2, Outcome.INCONCLUSIVE, 4),
        (-0.009, 0.05, Outcome.INCONCLUSIVE, 4),
    ],
)
def test_the_interval_decides(shift: float, spread: float, outcome: Outcome, code: int) -> None:
    found, reason = _gate(shift, spread=spread)
    assert found is outcome
    assert found.exit_code == code
    assert reason.startswith(outcome.value + ": rouge2_fmeasure")
    assert "margin 0.02" in reason


def test_a_fall_is_a_gain_where_less_is_better() -> None:
    assert _gate(-0.03, metric="max_similarity")[0] is Outcome.PASS
    assert _gate(0.03, metric="max_similarity")[0] is Outcome.REGRESSED


def test_one_metric_that_regressed_fails_the_pair_and_each_has_a_line() -> None:
    systems = [entrant("old", BASE), entrant("new", [v - 0.1 for v in BASE])]
    margins = {"rouge2_fmeasure": 0.01}
    _, decision = gate_comparison(systems, CONFIG, margins)
    assert decision.outcome is Outcome.REGRESSED
    assert [gated.outcome for gated in decision.metrics] == [Outcome.REGRESSED]


def test_the_same_outputs_pass_with_their_reason() -> None:
    systems = [entrant("old", BASE, text="t"), entrant("new", BASE, text="t")]
    _, decision = gate_comparison(systems, CONFIG, {"rouge2_fmeasure": 0.0})
    assert decision.outcome is Outcome.PASS
    assert "byte for byte" in decision.reasons[0]


def test_no_values_are_not_comparable() -> None:
    nothing: list[float | None] = [None] * 60
    systems = [entrant("old", nothing), entrant("new", nothing)]
    _, decision = gate_comparison(systems, CONFIG, {"rouge2_fmeasure": 0.1})
    assert decision.outcome is Outcome.NOT_COMPARABLE
    assert decision.outcome.exit_code == 5


def test_inconclusive_says_how_many_clusters_would_do() -> None:
    _, reason = _gate(0.0, spread=0.2)
    assert "clusters would show a loss of that size" in reason


def test_margins_are_checked() -> None:
    assert gated_margins(GateConfig(), []) == GateConfig().margins
    assert gated_margins(GateConfig(), ["rouge1_fmeasure=0.5"]) == {"rouge1_fmeasure": 0.5}
    with pytest.raises(ConfigError, match="no way of 'density' is good"):
        gated_margins(GateConfig(margins={"density": 1}), [])
    with pytest.raises(ConfigError, match="must be 0 or more, got -1"):
        gated_margins(GateConfig(), ["rouge1_fmeasure=-1"])
    with pytest.raises(ConfigError, match="metric=number"):
        gated_margins(GateConfig(), ["rouge1_fmeasure"])
