"""Neighbouring sentences read as one: a name is told better by what is said around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

# Characters of a passage, spaces not counted: about 100 words or 130 pieces. A piece has a
# character or more, so that no passage of several sentences exceeds what an encoder reads (512).
ROOM: Final = 500


class Passage(NamedTuple):
    """Sentences that are read together, and those of them whose names are wanted."""

    read: slice
    own: slice


def passages(lengths: Sequence[int], *, room: int = ROOM, own: int | None = None) -> list[Passage]:
    """Return passages of neighbouring sentences; each sentence is one passage's own.

    A passage with room left reads what lies before its own sentences and behind them, too.

    >>> [(p.read.start, p.own.start, p.own.stop) for p in passages([200, 200, 300, 900, 100])]
    [(0, 0, 2), (1, 2, 3), (3, 3, 4), (4, 4, 5)]
    >>> passages([200, 200, 200])[-1]
    Passage(read=slice(1, 3, None), own=slice(2, 3, None))

    Args:
        lengths: characters of each sentence.
        room: the most characters of a passage; a sentence that is longer stands alone.
        own: the most characters of its own sentences; None for as many as there is room for.
    """
    made: list[slice] = []
    start, taken = 0, 0
    for place, length in enumerate(lengths):
        if place > start and taken + length > (own or room):
            made.append(slice(start, place))
            start, taken = place, 0
        taken += length
    runs = [*made, slice(start, len(lengths))] if lengths else []
    return [Passage(_grown(run, lengths, room), run) for run in runs]


def _grown(run: slice, lengths: Sequence[int], room: int) -> slice:
    start, stop = run.start, run.stop
    left = room - sum(lengths[run])
    before, behind = True, True
    while before or behind:
        before = start > 0 and lengths[start - 1] <= left
        if before:
            start -= 1
            left -= lengths[start]
        behind = stop < len(lengths) and lengths[stop] <= left
        if behind:
            left -= lengths[stop]
            stop += 1
    return slice(start, stop)
