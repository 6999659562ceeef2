"""May this go out? One system against a baseline, with margins declared before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import ConfigError
from eval.comparing.catalogue import kind_of
from eval.comparing.compare import compare
from eval.comparing.records import Decision, Direction, Gated, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.comparing.entrants import Entrant
    from eval.comparing.records import Comparison, MetricComparison, Pair
    from eval.comparing.settings import CompareConfig, GateConfig


def gated_margins(config: GateConfig, given: Sequence[str]) -> dict[str, float]:
    """Return the margins: those given as `metric=margin` in place of the configured ones.

    Raises:
        ConfigError: one cannot be read, is negative, or belongs to a metric with no good way.
    """
    margins = dict(config.margins)
    if given:
        margins = dict(_parsed(text) for text in given)
    for metric, margin in margins.items():
        if kind_of(metric).direction is Direction.NONE:
            raise ConfigError(f"gate.margins: no way of {metric!r} is good, so it cannot be gated")
        if not 0 <= margin < float("inf"):
            raise ConfigError(f"gate.margins: {metric} must be 0 or more, got {margin}")
    return margins


def _parsed(text: str) -> tuple[str, float]:
    metric, _, margin = text.partition("=")
    try:
        return metric, float(margin)
    except ValueError:
        raise ConfigError(f"--margin takes metric=number, got {text!r}") from None


def gate_comparison(
    entrants: Sequence[Entrant], config: CompareConfig, margins: Mapping[str, float]
) -> tuple[Comparison, Decision]:
    """Return the comparison of a candidate with a baseline, and the gate's decision.

    The metrics with a margin are the primary ones.

    Args:
        entrants: the baseline, then the candidate.
        config: as for `compare`.
        margins: metric -> the loss nobody minds, in the metric's own unit.

    Raises:
        NotComparableError: they were not scored alike on one corpus.
    """
    declared = config.model_copy(update={"primary": tuple(margins)})
    comparison = compare(entrants, declared, baseline=entrants[0].name)
    return comparison, decide(comparison.pairs[0], margins, notes=comparison.notes)


def decide(pair: Pair, margins: Mapping[str, float], *, notes: Sequence[str] = ()) -> Decision:
    """Return whether a pair passes.

    A metric passes where the lower end of its 95 % interval is above -margin; it has regressed
    where the upper end is below 0 and the mean below -margin / 2; else it is inconclusive. All of
    it with the sign turned where less is better. One metric that regressed fails the pair.
    """
    if pair.identical:
        reason = f"pass: {pair.reasons[0]}"
        return Decision(outcome=Outcome.PASS, metrics=(), reasons=(reason, *notes))
    metrics = tuple(_gated(name, margin, pair) for name, margin in margins.items())
    found = {metric.outcome for metric in metrics}
    order = (Outcome.REGRESSED, Outcome.NOT_COMPARABLE, Outcome.INCONCLUSIVE)
    worst = next((outcome for outcome in order if outcome in found), Outcome.PASS)
    return Decision(
        outcome=worst, metrics=metrics, reasons=(*(metric.reason for metric in metrics), *notes)
    )


def _gated(name: str, margin: float, pair: Pair) -> Gated:
    metric = pair.metric(name)
    if metric is None or metric.difference is None:
        outcome, why = Outcome.NOT_COMPARABLE, "no cluster has a value on both sides"
    else:
        outcome, why = _judged(metric, margin)
    return Gated(
        metric=name, margin=margin, outcome=outcome, reason=f"{outcome.value}: {name}: {why}"
    )


def _judged(metric: MetricComparison, margin: float) -> tuple[Outcome, str]:
    mean = metric.difference or 0.0
    interval = metric.interval
    if interval is None or interval.low is None or interval.high is None:
        method = interval.method if interval else "no interval"
        return Outcome.INCONCLUSIVE, f"{mean:+.4f}, {method}; margin {margin:g}"
    low, high = interval.low, interval.high
    said = f"{mean:+.4f} [{low:+.4f}, {high:+.4f}] on {metric.n} clusters; margin {margin:g}"
    if metric.direction is Direction.LOWER:
        mean, low, high = -mean, -high, -low
        said += ", less is better"
    if low > -margin:
        return Outcome.PASS, said
    if high < 0 and mean < -margin / 2:
        return Outcome.REGRESSED, said
    return Outcome.INCONCLUSIVE, f"{said}; {_hint(metric, margin)}"


def _hint(metric: MetricComparison, margin: float) -> str:
    """Say how many clusters would decide: half the interval has to fit into the margin."""
    if not metric.mde80 or not margin:
        return "the interval reaches beyond the margin"
    wanted = round(metric.n * (metric.mde80 / margin) ** 2)
    if wanted <= metric.n:
        return "the interval reaches beyond the margin"
    return f"about {wanted} clusters would show a loss of that size"
