"""Print a sentence without the words that were cut, its marks and first letter put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from digest.backends.fusion.parsed import STOPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.fusion.parsed import Cut

_PAUSES: Final = frozenset({",", ";", ":", "–", "—", "--"})
_CLOSING: Final = _PAUSES | STOPS | {")", "’s", "'s"}


def remaining(words: Sequence[str], taken: Sequence[Cut]) -> list[int]:
    """Return the places of the words that stay after some cuts; cuts may lie inside one another.

    Marks that would stand twice, first, or before the last one go, too.
    """
    gone = {place for cut in taken for place in range(cut.start, cut.end)}
    runs = {cut.run for cut in taken if cut.run is not None}
    # Where all asides of a run are gone there is nothing to close.
    gone |= {closing for start, closing in runs if gone.issuperset(range(start, closing))}
    kept: list[int] = []
    for place, word in enumerate(words):
        if place in gone:
            continue
        if (
            kept
            and words[kept[-1]] in _PAUSES
            and word in _PAUSES | STOPS
            and kept[-1] + 1 != place
        ):
            kept.pop()
        if kept or word not in _PAUSES:
            kept.append(place)
    return kept


def printed(text: str, spans: Sequence[tuple[int, int]], kept: Sequence[int]) -> str:
    r"""Return the words that stay as text: its own spaces, one where words went.

    >>> import re
    >>> from digest.backends.fusion.parsed import Cut, Kind
    >>> text = "On Monday, the vote, held in Oslo, passed."
    >>> spans = [match.span() for match in re.finditer(r"\w+|[,.]", text)]
    >>> words = [text[start:end] for start, end in spans]
    >>> first = Cut(weight=0, start=0, end=3, kind=Kind.OPENING)
    >>> second = Cut(weight=0, start=5, end=10, kind=Kind.ASIDE)
    >>> printed(text, spans, remaining(words, [first, second]))
    'The vote passed.'
    """
    parts: list[str] = []
    for before, place in zip([None, *kept], kept, strict=False):
        start, end = spans[place]
        word = text[start:end]
        if before is None:
            parts.append(word)
        elif before + 1 == place:
            parts.append(text[spans[before][1] : end])
        else:
            apart = text[start - 1 : start].isspace() or word not in _CLOSING
            parts.append(f" {word}" if apart else word)
    left = "".join(parts)
    opened = kept[:1] != [0] and bool(kept) and text[slice(*spans[kept[0]])].islower()
    return left[:1].upper() + left[1:] if opened else left
