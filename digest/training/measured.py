"""What the training of an embedded model hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from digest.training.loop import Losses


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A finished training: the folder, and what was measured on what it holds."""

    output: Path
    losses: Losses
    scores: Mapping[str, float]

    @property
    def told(self) -> str:
        """The outcome in one line."""
        found = ", ".join(f"{name} {value:.4f}" for name, value in self.scores.items())
        return f"{self.losses.steps} steps; {found}"
