"""What a meta-evaluation finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eval.intervals import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One statistic of one metric against one label of one corpus.

    Attributes:
        corpus: the labelled file's name.
        level: what a row is: a "mention", an "output", or a "system", the mean of its outputs.
        metric: what is measured.
        against: what people said.
        subset: which rows, "" for all.
        statistic: "pearson", "spearman", "kendall", "auc", "precision", "recall", "f1" or
            "balanced_accuracy"; precision and the like are of the rows that people reject.
        estimate: its value and interval; `n` counts the rows that had a value.
        without: the share in [0, 1] of rows for which the metric has no value, and which are not in
            `n`: outputs that name nothing, for instance.
        signature: the choices behind the metric.
    """

    corpus: str
    level: str
    metric: str
    against: str
    statistic: str
    estimate: Estimate
    signature: str
    subset: str = ""
    without: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaReport:
    """All agreements found, in the order of the files; `notes` say what was left out, and why."""

    agreements: tuple[Agreement, ...]
    notes: tuple[str, ...]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """A published number and ours, over `n` outputs or mentions.

    `decimals` is how many the published one is printed with, `tolerance` what it may differ by
    where that is stated with it. `note` says how ours was made.
    """

    what: str
    published: float
    ours: float
    decimals: int
    n: int
    tolerance: float | None = None
    note: str = ""

    @property
    def difference(self) -> float:
        """Ours less the published number."""
        return self.ours - self.published

    @property
    def same(self) -> bool:
        """Whether ours prints as the published number."""
        return abs(self.difference) <= 0.5 * 10.0**-self.decimals + 1e-9

    @property
    def within(self) -> bool:
        """Whether ours is within the stated tolerance, else within 1 of the last digit printed."""
        allowed = 10.0**-self.decimals if self.tolerance is None else self.tolerance
        return abs(self.difference) <= allowed + 1e-9
