"""How long to wait before asking a server again."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_FIRST_S: Final = 1.0
_LONGEST_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """Patience and chance. They decide when a text comes, never what it says."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    dice: random.Random = field(default_factory=random.Random)

    def wait_s(self, failures: int, *, asked_s: float | None = None) -> float:
        """Return how long to wait after so many failures, one or more.

        Full jitter, uniform up to 1, 2, 4 … 60 s, so that clients that failed together do not come
        back together. What the server asked for goes before that, capped at 60 s, with up to 1 s
        on top.
        """
        if asked_s is not None:
            return min(_LONGEST_S, asked_s) + self.dice.uniform(0, _FIRST_S)
        return self.dice.uniform(0, min(_LONGEST_S, _FIRST_S * 2.0 ** min(failures - 1, 10)))


def asked_s(retry_after: str | None, date: str | None) -> float | None:
    """Return the seconds that a Retry-After asks for; None where it makes no sense.

    Args:
        retry_after: seconds, or an HTTP date.
        date: the answer's own Date, by which a date is read: the server's clock may be off.

    >>> asked_s("Sun, 01 Mar 2026 12:00:07 GMT", "Sun, 01 Mar 2026 12:00:00 GMT")
    7.0
    """
    if retry_after is None:
        return None
    try:
        return max(0.0, min(float(retry_after), 2 * _LONGEST_S))
    except ValueError:
        pass
    try:
        until, now = (parsedate_to_datetime(text or "") for text in (retry_after, date))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):  # no date, or one without a zone
        return None
