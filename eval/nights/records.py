"""What nights leave behind: cells, points of a history, steps in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from eval.comparing.records import Counted, Outcome  # noqa: TC001 - read back by pydantic


class Cause(StrEnum):
    """What was different on the machine from the night of a step on."""

    CONFIG = "config"
    MODEL = "model"
    DATA = "data"
    LIBRARY = "library"
    MACHINE = "machine"
    MEASURE = "measure"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was true of a run: what kind of thing, its name, its value (often a hash)."""

    cause: Cause
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A fact that differs between two runs; None where one has no such fact."""

    cause: Cause
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One metric on one night: the mean over `n` outputs, and their standard deviation."""

    metric: str
    mean: float | None
    sd: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How far the mean of a metric moved between identical re-runs of one night: 0 if not at all.

    `difference` is the largest absolute difference of means between two of the `runs`.
    """

    metric: str
    difference: float
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One configuration on one corpus on one night: a line of `history.jsonl`."""

    night: str
    configuration: str
    corpus: str
    outcome: Outcome
    outputs_sha256: str
    n: int
    states: tuple[Counted, ...]
    levels: tuple[Level, ...]
    noise: tuple[Noise, ...]
    facts: tuple[Fact, ...]

    def level(self, metric: str) -> Level | None:
        """Return one metric, None where the night has no such metric."""
        return next((found for found in self.levels if found.metric == metric), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A lasting change of a metric: from `night` on, the mean is `after` instead of `before`.

    `p` is None where generation is deterministic and the change is therefore certain. `causes` are
    the changes between the night before and `night`, one with `Cause.UNEXPLAINED` where nothing
    that is recorded changed.
    """

    configuration: str
    corpus: str
    metric: str
    night: str
    previous_night: str
    before: float
    after: float
    p: float | None
    causes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The whole history: points by night, and the steps found in it."""

    points: tuple[TrendPoint, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NightlyCell:
    """One configuration on one corpus tonight.

    `pinned` is the night it was held against, tonight itself when it is new, None where it failed
    before it was ever pinned. `outcome` is that of the gate against the pinned night; `reasons` has
    a line for each reason. `failure` says why there are no scores, None where there are. `changes`
    is what differs from the pinned night. `folder` is relative to the night's folder.
    """

    configuration: str
    corpus: str
    folder: str
    pinned: str | None
    outcome: Outcome
    reasons: tuple[str, ...]
    failure: str | None
    identical: bool
    outputs_sha256: str | None
    noise: tuple[Noise, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A finished night: `night.json`. `notes` are for people."""

    schema_version: int
    night: str
    cells: tuple[NightlyCell, ...]
    outcome: Outcome
    exit_code: int
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """What a finished cell measured: `cell.json`, written last."""

    outputs_sha256: str
    n: int
    states: tuple[Counted, ...]
    levels: tuple[Level, ...]
    noise: tuple[Noise, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFailure:
    """Why a cell has no scores. `busy`: another process is at it."""

    busy: bool
    why: str
