"""A machine that goes down in the middle of a training."""

from __future__ import annotations

import math

from digest.manifest import SilentProgress
from digest.training import loop


class KilledError(Exception):
    """A machine goes down."""


class Kill(SilentProgress):
    """Ends the process, as it were, after some steps; counts those it is told of."""

    def __init__(self, after: float = math.inf) -> None:
        self.after = after
        self.steps = 0

    def advance(self, stage: str) -> None:
        self.steps += stage == loop.STAGE
        if self.steps > self.after:
            raise KilledError
