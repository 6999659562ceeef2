"""What every sentence of a cluster says about the slots that are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.facts.meetings import delegation_leaders, meeting_days, talks_place
from digest.facts.offices import offices
from digest.facts.tolls import tolls

if TYPE_CHECKING:
    from digest.facts.context import Context
    from digest.facts.reading import Reading


def readings(context: Context) -> list[Reading]:
    """Return every reading of every line of the cluster."""
    found: list[Reading] = []
    for number, line in enumerate(context.lines):
        found += tolls(context, line)
        found += meeting_days(context, number)
        found += delegation_leaders(context, line, talks_place(context, number))
        found += offices(context, line)
    return found
