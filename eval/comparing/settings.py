"""How systems are compared: declared before anything is looked at."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from digest.config import Section


class CompareConfig(Section):
    """The choices behind every verdict."""

    primary: tuple[str, ...] = Field(
        ("rouge2_fmeasure", "rougeLsum_fmeasure", "entity_precision_source"),
        min_length=1,
        description="metrics that are tested, and corrected for their number; the others get "
        "intervals",
    )
    missing: Literal["worst", "as_scored"] = Field(
        "worst",
        description="outputs that are missing, failed or empty: 0 where more is better, the worst "
        "value of any output where less is; as_scored: what an empty text scores",
    )
    alpha: float = Field(0.05, gt=0, lt=0.5, description="chance of any false alarm")
    resamples: int = Field(9_999, ge=999, le=1_000_000)
    seed: int = 0


class GateConfig(Section):
    """By how much each metric may fall: what is a loss nobody minds, in the metric's own unit."""

    margins: dict[str, float] = Field(
        default={"rouge2_fmeasure": 0.01, "entity_precision_source": 0.02}, min_length=1
    )


class GateFile(Section):
    """The file of `digest eval gate --config`; a nightly's has the same two sections."""

    schema_version: Literal[1] = 1
    compare: CompareConfig = CompareConfig()
    gate: GateConfig = GateConfig()
