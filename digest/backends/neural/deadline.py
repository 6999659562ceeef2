"""The end of a call that takes too long: noticed between two tokens, told as a failure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from digest.errors import BackendError

if TYPE_CHECKING:
    import torch


class LateError(BackendError):
    """A model on this machine took longer than it may."""


class Deadline:
    """When a call must end, counted from now.

    A batch has as long as its texts would have one by one, so that nobody is late for the company
    alone.

    Args:
        texts: how many the call writes.
        timeout_s: seconds for each of them.
    """

    def __init__(self, *, texts: int, timeout_s: float) -> None:
        self._texts, self._timeout_s = texts, timeout_s
        self._ends = time.monotonic() + texts * timeout_s

    def check(self) -> None:
        """Go on while there is time.

        Raises:
            LateError: there is none left.
        """
        if time.monotonic() > self._ends:
            many = "a text" if self._texts == 1 else f"{self._texts} texts together"
            raise LateError(
                f"time-out: {many} took more than {self._texts * self._timeout_s:g} s and the model"
                " was stopped; raise timeout_s, lower num_beams, candidates or max_input_tokens, or"
                " take a smaller model or a faster device"
            )

    def criteria(self) -> Any:  # noqa: ANN401 - transformers is imported lazily
        """Return what `generate` asks after each token: it ends by the error, not half-way."""
        from transformers import StoppingCriteriaList  # noqa: PLC0415 - 0.9 s

        def in_time(ids: torch.Tensor, _: object, **__: object) -> torch.Tensor:
            import torch  # noqa: PLC0415 - 1.7 s

            self.check()
            return torch.zeros(len(ids), dtype=torch.bool, device=ids.device)

        build: Any = StoppingCriteriaList
        return build([in_time])
