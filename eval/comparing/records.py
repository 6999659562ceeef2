"""What a comparison says: systems, pairs of them, and each metric of a pair."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Which way of a metric is good; `NONE` describes an output without judging it."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


class Verdict(StrEnum):
    """What may be said of a candidate beside its baseline.

    `NO_CHANGE`: the outputs are the same, byte for byte. `NO_DIFFERENCE`: the outputs differ, and
    nothing was shown at the declared level; see `mde80` for what could have been. `MIXED`, of a
    pair: better on one primary metric, worse on another. `INTERVAL_ONLY`:
    the metric was not declared as primary, so it is not tested. `NOT_COMPARABLE`: neither has
    values to compare.
    """

    BETTER = "better"
    WORSE = "worse"
    MIXED = "better and worse"
    NO_DIFFERENCE = "no difference shown"
    NO_CHANGE = "no change"
    INTERVAL_ONLY = "interval only"
    NOT_COMPARABLE = "not comparable"


class Outcome(StrEnum):
    """What a gate says. `FAILED` is a cell of a night that has nothing to compare."""

    PASS = "pass"  # noqa: S105 - not a password
    REGRESSED = "regressed"
    INCONCLUSIVE = "inconclusive"
    NOT_COMPARABLE = "not comparable"
    FAILED = "failed"

    @property
    def exit_code(self) -> int:
        """Return what a command exits with."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Outcome.PASS: 0,
    Outcome.REGRESSED: 3,
    Outcome.FAILED: 3,
    Outcome.INCONCLUSIVE: 4,
    Outcome.NOT_COMPARABLE: 5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How often something was met: a state of outputs, a reason why there was no value."""

    what: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where a figure lies at `level` (.95 for 95 %); None where it cannot be said.

    `method` says how it was made, or why there is none.
    """

    low: float | None
    high: float | None
    level: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One metric of one system: the mean over its `n` outputs with a value.

    `without` counts the outputs that had none, by reason. `pooled` is sum(hits) / sum(total) over
    all outputs, for ratios.
    """

    metric: str
    mean: float | None
    sd: float | None
    n: int
    interval: Interval | None
    pooled: float | None
    without: tuple[Counted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One entrant: a configuration, a run, or anybody's outputs.

    Its rows are those of the run called `run` in `source`, a folder of scores. `outputs_sha256`
    is the hash of all its outputs by cluster id. `states` count what became of the outputs.
    """

    name: str
    source: str
    run: str
    n: int
    states: tuple[Counted, ...]
    outputs_sha256: str
    metrics: tuple[Measured, ...]

    def measured(self, metric: str) -> Measured | None:
        """Return one of its metrics, None where it has no such metric."""
        return next((m for m in self.metrics if m.metric == metric), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Two ratios, each pooled over the clusters of a pair, and their difference."""

    baseline: float | None
    candidate: float | None
    difference: float | None
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricComparison:
    """One metric of a pair, over the `n` clusters for which both have a value.

    `difference` is the mean of candidate minus baseline, whatever way is good. `p` and
    `p_adjusted` (Holm, over all primary metrics of all pairs of the comparison) are None for
    metrics that were not declared as primary. `effect` is the mean difference over its standard
    deviation (Cohen's d_z); `mde80` the smallest difference that `n` clusters would have shown
    four times in five. `wins`, `ties` and `losses` count clusters for the candidate; where no way
    is good, a win is a higher value. `without` counts the clusters left out, by reason.
    """

    metric: str
    signature: str
    direction: Direction
    primary: bool
    n: int
    baseline_mean: float | None
    candidate_mean: float | None
    difference: float | None
    interval: Interval | None
    p: float | None
    p_adjusted: float | None
    effect: float | None
    mde80: float | None
    wins: int
    ties: int
    losses: int
    pooled: Pooled | None
    without: tuple[Counted, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A candidate beside a baseline: which clusters differ, and what each metric says.

    `identical`: all outputs are the same, byte for byte; then `metrics` is empty. `differing` are
    ids of clusters whose outputs differ. `verdict` sums the primary metrics up: BETTER or WORSE
    where all that was shown goes one way, MIXED where it goes both. `reasons` has a line for each
    primary metric.
    """

    baseline: str
    candidate: str
    identical: bool
    differing: tuple[str, ...]
    metrics: tuple[MetricComparison, ...]
    verdict: Verdict
    reasons: tuple[str, ...]

    def metric(self, name: str) -> MetricComparison | None:
        """Return one metric, None where the pair was not compared on it."""
        return next((m for m in self.metrics if m.metric == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Several systems on the clusters of one corpus.

    `baseline` names the system that all others are held against; None: every pair was compared.
    `missing` names the rule for outputs that are missing, failed or empty. `cluster_ids` are in
    order. `notes` are for people.
    """

    schema_version: int
    corpus: str
    corpus_sha256: str
    cluster_ids: tuple[str, ...]
    baseline: str | None
    primary: tuple[str, ...]
    missing: str
    alpha: float
    seed: int
    resamples: int
    signatures: tuple[str, ...]
    systems: tuple[System, ...]
    pairs: tuple[Pair, ...]
    notes: tuple[str, ...]

    def system(self, name: str) -> System:
        """Return a system by name.

        Raises:
            KeyError: there is none of this name.
        """
        for system in self.systems:
            if system.name == name:
                return system
        raise KeyError(name)

    def pair(self, baseline: str, candidate: str) -> Pair | None:
        """Return a pair, None where these two were not compared in this order."""
        wanted = (baseline, candidate)
        return next((p for p in self.pairs if (p.baseline, p.candidate) == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """One metric at a gate: `margin` is the loss that nobody minds, in the metric's own unit."""

    metric: str
    margin: float
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a gate says in all; `reasons` has a line for each."""

    outcome: Outcome
    metrics: tuple[Gated, ...]
    reasons: tuple[str, ...]
